"""What can be upgraded: the built-in definitions, and files that somebody names.

A product is called by its name; what looks like a path is the file of a definition that
a vendor is writing. A list reads only the heads of the files: it must be there at once.
"""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smena.definition.head import Head, head
from smena.errors import BadDefinition, FileMissing, ProductUnknown, WrongUsage
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.definition.finding import Finding
    from smena.definition.model import Definition

BUILT_IN = Path(__file__).parent.parent / "products"
_FILE = "product.yaml"
_ENOUGH = 4 * 1024 * 1024 + 1
"""One byte more than a definition may have."""


def listed() -> list[Head]:
    """The products that smena knows, by name."""
    found = [head(path.read_bytes(), str(path)) for path in sorted(BUILT_IN.glob(f"*/{_FILE}"))]
    return [one for one in found if one is not None]


def names() -> list[str]:
    """Just the names, for completion."""
    return [path.parent.name for path in sorted(BUILT_IN.glob(f"*/{_FILE}"))]


def definition(product: str) -> Definition:
    """The definition of a product, or of a file."""
    from smena.definition.load import load

    path = _place(product)
    return load(read(path), str(path) if _is_file(product) else product)


class Looked(NamedTuple):
    """What a look at one file found."""

    file: str
    product: str
    mistakes: list[Text]
    warnings: list[Text]


def checked(files: Sequence[str]) -> list[Looked]:
    """Everything that is wrong with these files, all at once."""
    return [_look(file) for file in files]


def judge(looked: Sequence[Looked]) -> None:
    """Refuse what has mistakes, with every one of them."""
    wrong = [one for one in looked if one.mistakes]
    if wrong:
        raise BadDefinition(
            _("mistakes in definitions: {count}", count=sum(len(one.mistakes) for one in wrong)),
            why=[text for one in wrong for text in (*one.mistakes, *one.warnings)],
            hint=plain(shlex.join(["smena", "product", "check", *(one.file for one in wrong)])),
        )


def described(known: Definition) -> dict[str, object]:
    """What there is to say of a product, for programs; sentences in the current language."""
    return {
        "product": known.product,
        "title": str(known.title),
        "about": str(known.about or ""),
        "demo": known.demo,
        "platforms": platforms(known),
        "editions": {name: str(edition.title) for name, edition in known.editions.items()},
        "components": {name: str(component.title) for name, component in known.components.items()},
        "releases": [
            {
                "version": release.version,
                "released": release.released,
                "recommended": release.recommended,
                "withdrawn": str(release.withdrawn) if release.withdrawn else None,
                "software": release.software,
            }
            for release in known.releases
        ],
        "software": {name: str(software.title) for name, software in known.software.items()},
        "external": [external.name for external in known.external],
        "support": {"email": known.support.email, "url": known.support.url} if known.support else None,
    }


def platforms(known: Definition) -> list[str]:
    """The operating systems on which an instance can live."""
    return [name for name in ("linux", "windows") if getattr(known.instance, name) is not None]


def read(path: Path) -> bytes:
    """The bytes of a definition, never more than enough to refuse it."""
    from smena.host.trouble import telling

    if not path.exists():
        raise FileMissing(_("there is no file {path}", path=path))
    if path.is_dir():
        raise WrongUsage(_("cannot read {path}: it is a folder", path=path))
    with telling(_("cannot read {path}", path=path)), path.open("rb") as file:
        return file.read(_ENOUGH)


def _look(file: str) -> Looked:
    from smena.definition.load import examine

    seen = examine(read(Path(file)), file)
    mistakes = [mistake.sentence() for mistake in seen.mistakes]
    mistakes += [_sentence(file, finding) for finding in seen.findings if finding.severity == "mistake"]
    warnings = [_sentence(file, finding) for finding in seen.findings if finding.severity == "warning"]
    return Looked(file, seen.definition.product if seen.definition else "", mistakes, warnings)


def _sentence(file: str, finding: Finding) -> Text:
    values = {"place": plain(f"{file}:{finding.line}"), "field": finding.field or "–", "what": finding.text}
    if finding.severity == "warning":
        return _("{place}: {field}: warning: {what} [{name}]", name=finding.name, **values)
    return _("{place}: {field}: {what} [{name}]", name=finding.name, **values)


def _is_file(product: str) -> bool:
    return os.sep in product or product.endswith((".yaml", ".yml"))


def _place(product: str) -> Path:
    if _is_file(product):
        return Path(product)
    if product in names():
        return BUILT_IN / product / _FILE
    close = difflib.get_close_matches(product[:64], names(), n=1)
    raise ProductUnknown(
        _("no product is called {name}", name=product[:64]),
        why=[_("did you mean {product}?", product=close[0])] if close else [],
        hint=plain("smena product list"),
    )
