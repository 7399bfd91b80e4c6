"""What the shell offers for arguments that name products, versions and editions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from smena.cli.frame import Frame
from smena.errors import SmenaError

if TYPE_CHECKING:
    from pathlib import Path


def complete_products(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.service import products

    return _starting([head.product for head in products.listed(_home(ctx)) if not head.broken], incomplete)


def complete_versions(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.service import paths

    return _of_product(ctx, paths.versions, incomplete)


def complete_editions(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from smena.service import products

    return _of_product(ctx, lambda product, home: list(products.definition(product, home).editions), incomplete)


def _of_product(ctx: click.Context, names: Callable[[str, Path], list[str]], incomplete: str) -> list[str]:
    # An option that still lacks its value ends click's parsing; the arguments are then left over.
    product = ctx.params.get("product") or next(iter(ctx.args), None)
    if not product:
        return []
    try:
        return _starting(names(product, _home(ctx)), incomplete)
    except SmenaError:  # nothing to offer for a product that is not known or cannot be read
        return []


def _home(ctx: click.Context) -> Path:
    return ctx.find_root().ensure_object(Frame).home


def _starting(names: list[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
