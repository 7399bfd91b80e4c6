"""What the merges of a whole path come to, worked out before anything is unpacked.

Defaults are read from a version's folder where it lies on the host already, else out of its
package. Nothing is written: the plan holds hashes and masked differences only.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from smena.drivers import archive
from smena.edit.format import Format
from smena.edit.masks import Masks
from smena.edit.show import unified
from smena.host.paths import decode
from smena.plan.merges import all_merges
from smena.plan.model import ConfigChange
from smena.plan.params import MergeItem, Unpack
from smena.plan.prepare import prepare_steps
from smena.plan.request import Request
from smena.steps.merge import merged_item


class Sources:
    """Where the content of a path comes from, before there is a run."""

    def __init__(self, request: Request) -> None:
        steps = [step for step in prepare_steps(request) if step.kind == "unpack"]
        self._unpacked = [msgspec.json.decode(step.params, type=Unpack) for step in steps]
        self.results: dict[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        if path.startswith("staged/"):
            return self.results.get(path)
        place = Path(decode(path))
        if place.is_file():
            return place.read_bytes()
        for unpack in self._unpacked:
            if path.startswith(f"{unpack.to}/"):
                return archive.read_member(
                    Path(decode(unpack.file)), path.removeprefix(f"{unpack.to}/"), strip=unpack.strip
                )
        return None


def preview(request: Request) -> tuple[ConfigChange, ...]:
    """One entry for each file and hop; a hop goes on from what the hop before came to."""
    sources = Sources(request)
    return tuple(_one(number, item, sources) for number, items in all_merges(request).items() for item in items)


def _one(number: int, item: MergeItem, sources: Sources) -> ConfigChange:
    if sources.read(item.new) is None:
        return ConfigChange(hop=number, file=item.file, sha256="", later=True)
    merged = merged_item(item, sources.read)
    conflicts = tuple(conflict.key for conflict in merged.conflicts)
    before = sources.read(item.ours) or b""
    if merged.result is None:
        return ConfigChange(hop=number, file=item.file, sha256="", conflicts=conflicts)
    sources.results[item.staged] = merged.result
    form = Format(item.format, item.file, item.encoding or "")  # type: ignore[arg-type]
    return ConfigChange(
        hop=number,
        file=item.file,
        sha256=hashlib.sha256(merged.result).hexdigest(),
        carried=tuple(change.key for change in merged.carried),
        unknown_base=merged.unknown_base,
        diff=unified(form, before, merged.result, masks=Masks(keys=item.secret)),
    )
