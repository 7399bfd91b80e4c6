"""facts: the stable facts on which the plan was built are still true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.definition.model import Definition
from smena.host import digest
from smena.host.paths import decode
from smena.text import Text, _


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    now = scene.measure().facts
    for name, value in scene.plan.facts.items():
        if now.get(name) != value:
            yield _changed(_("{name} was {old} and is now {new}", name=name, old=value, new=now.get(name, "—")))
    for name, value in scene.plan.hashes.items():
        kind, _colon, path = name.partition(":")
        if kind == "definition" and definition_hash(scene.definition) != value:
            yield _changed(
                _("the definition of {product} has changed since the plan was made", product=scene.plan.product)
            )
        if kind == "config" and _hash(Path(decode(path))) != value:
            yield _changed(_("{path} has changed since the plan was made", path=path))


def definition_hash(definition: Definition) -> str:
    return digest.of_bytes(msgspec.json.encode(definition, order="deterministic"))


def _hash(path: Path) -> str:
    return digest.sha256(path).hex if path.is_file() else ""


def _changed(text: Text) -> Finding:
    return Finding(check="facts", blocking=True, text=text, hint=_("make the plan again"))
