"""What can be upgraded: the definitions that are built in, lie in the home, or stand in a file that somebody names."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smena.definition.head import Head
from smena.errors import BadDefinition
from smena.host.paths import encode
from smena.intake import definitions
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.definition.finding import Finding
    from smena.definition.model import Definition


def listed(home: Path) -> list[Head]:
    """The products that smena knows, by name; a list reads only the heads of the files."""
    return definitions.names(home)


def definition(product: str, home: Path) -> Definition:
    """The definition of a product, or of a file."""
    return definitions.find(product, home)


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


def _look(file: str) -> Looked:
    seen, file = definitions.examined(file), encode(file)
    mistakes = [mistake.sentence() for mistake in seen.mistakes]
    mistakes += [_sentence(file, finding) for finding in seen.findings if finding.severity == "mistake"]
    warnings = [_sentence(file, finding) for finding in seen.findings if finding.severity == "warning"]
    return Looked(file, seen.definition.product if seen.definition else "", mistakes, warnings)


def _sentence(file: str, finding: Finding) -> Text:
    values = {"place": plain(f"{file}:{finding.line}"), "field": finding.field or "–", "what": finding.text}
    if finding.severity == "warning":
        return _("{place}: {field}: warning: {what} [{name}]", name=finding.name, **values)
    return _("{place}: {field}: {what} [{name}]", name=finding.name, **values)
