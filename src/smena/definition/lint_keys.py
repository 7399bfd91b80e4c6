"""Licence keys that the gate before an upgrade could not ask, or whose word would be worth nothing."""

from __future__ import annotations

from collections.abc import Iterator

from smena.definition.finding import Finding
from smena.definition.model import Definition
from smena.text import _

_READ = frozenset({"software", "pkcs11"})
"""Kinds that smena reads, outside of demonstrations."""


def look_at_keys(definition: Definition) -> Iterator[Finding]:
    yield from _nobody_to_ask(definition)
    yield from _anybody_s(definition)


def _nobody_to_ask(definition: Definition) -> Iterator[Finding]:
    """The gate asks before each of them whatever `before` says; without `keys` it can only ask a person."""
    if definition.keys is not None:
        return
    for number, edge in enumerate(definition.upgrades):
        if edge.licence:
            text = _("{start} → {end} needs new licence keys, but there is no “keys”", start=edge.from_, end=edge.to)
            field = f"upgrades[{number}].licence"
            yield Finding(name="licence-without-keys", severity="warning", text=text, line=edge.line, field=field)


def _anybody_s(definition: Definition) -> Iterator[Finding]:
    """Everybody can make a desk: whose licences count, only the realm says."""
    keys = definition.keys
    if keys is not None and keys.realm is None and not definition.demo and _READ & {*keys.kinds}:
        text = _("no “realm”: licences of any vendor count")
        yield Finding(name="keys-without-realm", severity="warning", text=text, line=keys.line, field="keys")
