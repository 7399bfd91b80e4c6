"""What a definition means as a whole: judged once everything that could be read was read.

Nothing here stops at the first mistake. `check` reports mistakes into the reading, and
returns findings: what is worth a person's look. The graph itself is judged by `lint.py`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from smena.definition import scalars
from smena.definition.alphabets import mixed
from smena.definition.condition import Condition
from smena.definition.decode import TEMPLATES
from smena.definition.duplicates import check_duplicates
from smena.definition.finding import Finding
from smena.definition.head import KEYS as HEAD_KEYS
from smena.definition.inside import check_inside
from smena.definition.lookups import check_lookups
from smena.definition.mistake import nearest, short
from smena.definition.model import Definition, Scheme
from smena.definition.nodes import Fields, Path, dotted
from smena.definition.ranges import read_range
from smena.definition.reading import Reading, Written
from smena.definition.references import check_references
from smena.definition.settings import check_settings
from smena.definition.versions import Unreadable, key
from smena.text import _, plain

SCHEMA = 1
"""The number of the format; a newer smena may know a higher one."""

_CHOICES = {"platform": ("linux", "windows"), "os-family": ("debian", "rpm", "alt")}


def check(definition: Definition, reading: Reading) -> list[Finding]:
    """Report every mistake of meaning."""
    if definition.schema != SCHEMA and not reading.mistakes.about("schema"):
        what = _("this smena reads definitions of the schema {number}", number=SCHEMA)
        reading.wrong_at(("schema",), what, plain(SCHEMA))
    _versions(definition, reading)
    _expressions(reading)
    check_settings(definition, reading)
    check_duplicates(definition, reading)
    check_inside(definition, reading)
    findings = [*check_references(definition, reading), *check_lookups(definition, reading)]
    return [*findings, *_alphabets(reading), *_head(reading)]


def _versions(definition: Definition, reading: Reading) -> None:
    """Versions and ranges under the product's scheme; those of required software are dotted numbers."""
    if reading.mistakes.about("versions"):
        return  # under which scheme?
    for written in reading.written:
        if written.kind in (scalars.Range, scalars.Version):
            scheme: Scheme = "dotted" if "software" in written.path[1:] else definition.versions
            _version(written, scheme, reading)
    for path, condition in reading.conditions:
        _condition(path, condition, definition.versions, reading)


def _version(written: Written, scheme: Scheme, reading: Reading) -> None:
    try:
        (read_range if written.kind is scalars.Range else key)(written.text, scheme)
    except Unreadable as error:
        reading.wrong(written.node, written.path, error.text)


def _condition(path: Path, condition: Condition, scheme: Scheme, reading: Reading) -> None:
    for name, texts in condition.tests.items():
        for text in (text.removeprefix("!") for text in texts):
            place = (*path, name)
            if name in _CHOICES and text not in _CHOICES[name]:
                what = _("{text} is not possible here", text=short(text))
                reading.wrong_at(place, what, nearest(text, _CHOICES[name]))
            if name in ("from", "to"):
                try:
                    read_range(text, scheme)
                except Unreadable as error:
                    reading.wrong_at(place, error.text)


def _expressions(reading: Reading) -> None:
    """Python warns of expressions that will change their meaning; such a one is a mistake too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for written in reading.written:
            if written.kind is scalars.Regex:
                _expression(written, reading)


def _expression(written: Written, reading: Reading) -> None:
    try:
        re.compile(written.text)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        reading.wrong(written.node, written.path, _("not a regular expression: {problem}", problem=str(error)))


def _alphabets(reading: Reading) -> Iterator[Finding]:
    """Discovery is left alone: it looks for whatever is out there, misspelt folders too."""
    for written in reading.written:
        found = mixed(written.text) if written.kind in TEMPLATES and "discover" not in written.path else None
        if found:
            text = _(
                "“{word}” mixes alphabets: {code} at character {position}; as it should be: {meant}",
                word=short(found.word),
                code=found.code,
                position=found.position,
                meant=short(found.meant) if found.meant else _("one alphabet"),
            )
            yield Finding(
                name="mixed-alphabets",
                severity="mistake",
                text=text,
                line=written.node.line,
                field=dotted(written.path),
            )


def _head(reading: Reading) -> Iterator[Finding]:
    """The list of products reads only the first fields of a file."""
    names = [key.text for key, value in reading.root.pairs] if isinstance(reading.root, Fields) else []
    first = next((at for at, name in enumerate(names) if name not in HEAD_KEYS), len(names))
    for name in names[first:]:
        if name in HEAD_KEYS:
            text = _("{name} belongs to the first fields of the file: lists of products read no further", name=name)
            yield Finding(
                name="head-scattered", severity="warning", text=text, line=reading.line_of((name,)), field=name
            )
