"""Which configuration files are merged at which hop, and out of what.

At the first hop the administrator's file is the real one; at each later hop it is
what the hop before came to, so that a whole path can be worked out, shown and
settled before anything is stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from smena.definition.model import ConfigFile, PackageFile
from smena.definition.steps import Unpack
from smena.definition.templates import render
from smena.definition.windows import joined
from smena.errors import PlanImpossible
from smena.plan.params import MergeItem
from smena.plan.request import Request
from smena.plan.resolve import Hop
from smena.text import _


def all_merges(request: Request) -> dict[int, tuple[MergeItem, ...]]:
    """The merges of every hop, by its number."""
    results: dict[str, str] = {}
    merges: dict[int, tuple[MergeItem, ...]] = {}
    for number in range(1, len(request.hops) + 1):
        merges[number] = _hop_merges(Hop(request, number), results)
        results.update({item.file: item.staged for item in merges[number]})
    return merges


def staged_name(hop: int, file: str) -> str:
    """Where a merged file waits for the switch, below the run's folder."""
    return f"staged/{hop}/{hashlib.sha256(file.encode()).hexdigest()[:16]}"


def _hop_merges(hop: Hop, results: Mapping[str, str]) -> tuple[MergeItem, ...]:
    merging = [step for step in hop.procedure() if step.kind == "merge-config" and hop.applies(step.when)]
    if not merging:
        return ()
    return tuple(_item(hop, c, c.default, results) for c in hop.config_files() if c.default is not None)


def _item(hop: Hop, config: ConfigFile, default: PackageFile, results: Mapping[str, str]) -> MergeItem:
    file = hop.text(config.file)
    shown = next((c for c in hop.request.merged if c.hop == hop.number and c.file == file), None)
    return MergeItem(
        file=file,
        formerly=hop.maybe(config.formerly),
        format=config.format,
        ours=results.get(file, file),
        new=_default(hop, default, hop.step.to),
        base=_default(hop, default, hop.step.from_),
        staged=staged_name(hop.number, file),
        sha256=(shown.sha256 or None) if shown else None,
        encoding=config.encoding,
        keep=tuple(config.keep),
        secret=tuple(config.secret),
        resolutions=hop.request.options.resolutions.get(file, {}),
    )


def _default(hop: Hop, default: PackageFile, version: str) -> str:
    """A version's own default file."""
    lookups = {**hop.lookups, "to": version}
    return joined(_folder(hop, lookups), render(default.package, lookups))


def _folder(hop: Hop, lookups: Mapping[str, str]) -> str:
    """Where versions lie side by side; a product without such a place has what was unpacked."""
    if "versions" in hop.request.world.paths:
        return joined(hop.path("versions"), lookups["to"])
    unpacked = [step.params.to for step in hop.procedure() if isinstance(step.params, Unpack)]
    if not unpacked:
        raise PlanImpossible(
            _("the procedure {procedure} says nowhere where its default files lie", procedure=hop.step.procedure)
        )
    return render(unpacked[0], lookups)
