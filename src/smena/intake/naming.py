"""Which package a file is: by its name, by what a person says, and both have to agree."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from smena.definition.mistake import nearest
from smena.definition.model import Definition
from smena.definition.versions import Unreadable, key, same
from smena.errors import PackageUnfit
from smena.host.paths import encode
from smena.intake.file_names import Named, named
from smena.intake.shelf import RECORD
from smena.text import Text, _, plain

ANY = "any"


class Said(NamedTuple):
    """What a person says of a package, where its file name does not."""

    version: str | None = None
    component: str | None = None
    variant: str | None = None
    """The edition or platform that it is for."""


def judged(definition: Definition, file: Path, said: Said) -> Named:
    """What the file is; `version` is known then."""
    if file.name == RECORD or file.name.startswith("."):
        raise _unfit(file, _("no package is called so"))
    found = named(definition, file.name) or Named("", ANY, None)
    component = said.component or found.component or _only(definition, file)
    if component not in definition.components:
        what = _("{product} has no component {name}", product=definition.product, name=component)
        raise _unfit(file, _right(what, component, list(map(str, definition.components))))
    variant = said.variant or (found.variant if found.component == component else ANY)
    variants = [ANY, "linux", "windows", *map(str, definition.editions)]
    if variant not in variants:
        what = _("{product} has no edition {name}", product=definition.product, name=variant)
        raise _unfit(file, _right(what, variant, variants))
    return Named(component, variant, _version(definition, file, said.version, found.version))


def expected(definition: Definition, component: str | None = None) -> Text:
    """How packages are called, for people."""
    patterns = [
        str(pattern)
        for name, about in definition.components.items()
        if component in (None, name)
        for pattern in about.files.values()
    ]
    return _("its packages are called: {names}", names=", ".join(dict.fromkeys(patterns)))


def _version(definition: Definition, file: Path, said: str | None, found: str | None) -> str:
    version = said or found
    if version is None:
        raise PackageUnfit(
            _("{file} does not say which version it is", file=encode(file.name)),
            why=[expected(definition)],
            hint=_("smena release add {file} --version VERSION", file=encode(file)),
        )
    try:
        key(version, definition.versions)
    except Unreadable as error:
        raise _unfit(file, error.text) from error
    if said and found and not same(said, found, definition.versions):
        what = _("its name says version {found}, and you say {said}", found=found, said=said)
        raise _unfit(file, what)
    return version


def _only(definition: Definition, file: Path) -> str:
    """The component of a product that has just one."""
    names = list(map(str, definition.components))
    if len(names) == 1:
        return names[0]
    if not names:
        raise _unfit(file, _("the definition of {product} knows of no packages", product=definition.product))
    raise PackageUnfit(
        _("{file} does not say which component it is", file=encode(file.name)),
        why=[expected(definition)],
        hint=plain(f"smena release add {encode(file)} --component {names[0]}"),
    )


def _right(what: Text, name: str, known: Collection[str]) -> Text:
    right = nearest(name, known)
    return what if right is None else _("{what}; right: {right}", what=what, right=right)


def _unfit(file: Path, why: Text) -> PackageUnfit:
    return PackageUnfit(_("{file} cannot be added", file=encode(file.name)), why=[why], state=_("nothing was changed"))
