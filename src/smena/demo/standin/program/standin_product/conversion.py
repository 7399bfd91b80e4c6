"""Brings a database of an older structure to this product's own, at the first start after an upgrade.

As with the vendor's product this is neither atomic nor repeatable: files are rewritten
one by one, and a database that was left in the middle is refused for good. Only a copy
made before it leads back. What the logs say on the way is what upgrades wait for:
from 4.7 on `UpgradeOntology<date>.log` and `upgrade<date>.log`, before that `upgrade.log`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from . import caches, database, records
from .faults import Faults
from .instance import Instance
from .logs import Logs, today
from .refusal import Refusal

Stage = tuple[str, Callable[[], None]]


def judge(instance: Instance, state: database.State) -> bool:
    """Whether a conversion is due; a database that this product must not touch is refused."""
    own = instance.release.structure
    if state.state == "converting":
        raise Refusal(
            f"the database is half converted (from structure {state.structure} to {state.target}): "
            "the conversion was cut short and cannot go on; restore the database from a backup"
        )
    if state.structure == own:
        return False
    if state.structure in instance.release.converts:
        return True
    raise Refusal(
        f"the database has structure {state.structure}; version {instance.release.version} reads {own}"
        f" and converts only {', '.join(instance.release.converts) or 'nothing'}"
    )


class Conversion:
    """One conversion, with its words in the logs."""

    def __init__(self, instance: Instance, logs: Logs, faults: Faults) -> None:
        self._instance = instance
        self._logs = logs
        self._faults = faults
        self._own = instance.release.structure

    def run(self, state: database.State) -> None:
        """Convert all of it; on failure the database stays as it is by then."""
        folder, old = self._instance.database, state.structure
        self._say(f"Upgrade of ontology from structure {old} to {self._own} started")
        database.State(old, "converting", self._own).save(folder)
        stages = self._stages(folder, old)
        for place, (title, act) in enumerate(stages):
            self._break_on_demand(place, len(stages))
            time.sleep(self._faults.seconds("slow-conversion") / len(stages))
            act()
            self._say(f"Converted {place + 1} of {len(stages)}: {title}")
            self._logs.heartbeat(f"upgrade {100 * (place + 1) // len(stages)} %")
        database.State(self._own).save(folder)
        self._complete()

    def _stages(self, folder: str, old: str) -> list[Stage]:
        """Every record file is a stage, so that there are many instants to be killed at."""
        records.mend(folder)
        stages = [self._rewriting(path, old, torn=False) for path in records.files(folder, "snapshots")]
        stages += [self._rewriting(path, old, torn=True) for path in records.files(folder, "wal")]
        stages.append(("FullTextSearch", lambda: database.index(folder, self._own)))
        if not self._instance.release.stale_caches_refused:
            stages.append(("db", lambda: caches.convert(folder, self._own)))
        return stages

    def _rewriting(self, path: str, old: str, torn: bool) -> Stage:
        title = "/".join(path.replace(os.sep, "/").split("/")[-2:])
        return title, lambda: records.convert(path, old, self._own, torn)

    def _break_on_demand(self, place: int, stages: int) -> None:
        if place == stages // 2 and self._faults.wanted("conversion-error"):
            for name in self._names():
                self._logs.write(name, "ERROR Upgrade of ontology failed: ошибка преобразования структуры")
            raise Refusal(f"the conversion to structure {self._own} failed")

    def _say(self, text: str) -> None:
        for name in self._names():
            self._logs.write(name, f"INFO {text}")

    def _complete(self) -> None:
        if self._faults.wanted("no-completion"):
            return
        if self._instance.release.upgrade_log == "plain":
            self._logs.write("upgrade.log", "INFO Upgrade completed")
            return
        self._logs.write(f"UpgradeOntology{today()}.log", "INFO Upgrade of ontology completed successfully")
        self._logs.write(f"upgrade{today()}.log", "INFO Upgrade completed")

    def _names(self) -> list[str]:
        if self._instance.release.upgrade_log == "plain":
            return ["upgrade.log"]
        return [f"UpgradeOntology{today()}.log", f"upgrade{today()}.log"]
