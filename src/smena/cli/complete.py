"""What the shell offers for arguments that name products, versions and editions."""

from __future__ import annotations

from collections.abc import Callable

import click

from smena.errors import SmenaError


def complete_products(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.service import products

    return _starting(products.names(), incomplete)


def complete_versions(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.service import paths

    return _of_product(ctx, paths.versions, incomplete)


def complete_editions(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.service import products

    return _of_product(ctx, lambda product: list(products.definition(product).editions), incomplete)


def _of_product(ctx: click.Context, names: Callable[[str], list[str]], incomplete: str) -> list[str]:
    # An option that still lacks its value ends click's parsing; the arguments are then left over.
    product = ctx.params.get("product") or next(iter(ctx.args), None)
    if not product:
        return []
    try:
        return _starting(names(product), incomplete)
    except SmenaError:  # nothing to offer for a product that is not known or cannot be read
        return []


def _starting(names: list[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
