"""Dying at every point that a run passes, and taking it up again until it rests.

`Lab` starts the processes that carry runs, `listed` tells which points a run passes and in which step,
`Case` is one death, and `whole` is what must hold whatever happened: the old version or the new one, byte for byte,
running, with its data, startable by anyone, and nothing of ours left lying about.
"""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from smena.errors import InstanceHeld
from smena.host.paths import decode
from smena.journal.journal import Journal
from smena.service import places, takeup
from support.upgrade_host import NAME, Snapshot, Stock, UpgradeHost

OLD, NEW = "4.7.2", "4.7.3"
HOWS = ("kill", "error", "full")
_ROUNDS = 8
INSIDE = "inside"
_TURNS = {"run.before-do": 0, "run.after-do": 1, "run.before-undo": 0, "run.after-undo": 1}
"""Between two steps the engine does the same every time: for every second step is enough of each."""


class Case(NamedTuple):
    """The N-th passage of a point, and how it dies there."""

    point: str
    number: int
    how: str

    def __str__(self) -> str:
        return f"{self.point}@{self.number}={self.how}"


class Passed(NamedTuple):
    """A point that a run passed, and in which step."""

    step: int
    point: str
    number: int


class Lab:
    """Carries runs in processes that can be killed."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "support.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=Path(__file__).parent.parent,
        )

    def carry(
        self, host: UpgradeHost, run: str, fault: str = "", *, log: Path | None = None, resume: bool = False
    ) -> int:
        """One process's worth of a run; its exit status."""
        said = host.home / "runs" / run / "process.log"
        arguments = [str(host.home), run, *(["resume"] if resume else [])]
        wish = {"arguments": arguments, "fault": fault, "log": str(log or ""), "said": str(said)}
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps(wish) + "\n")
        self._zygote.stdin.flush()
        return int(self._zygote.stdout.readline())

    def recover(self, host: UpgradeHost, run: str) -> list[str]:
        """As the next calls of smena would, until the run is over; the states in which a person had to let it go on."""
        asked: list[str] = []
        for _round in range(_ROUNDS):
            view = host.view(run)
            if view.ended:
                return asked
            if view.state in ("waiting", "parked"):
                asked.append(view.state)
            self.carry(host, run, resume=view.state in ("waiting", "parked"))
        raise AssertionError(f"it never rests: {host.view(run).state} {host.view(run).run.why}\n{host.said(run)}")

    def close(self) -> None:
        self._zygote.kill()
        self._zygote.wait()
        for pipe in (self._zygote.stdin, self._zygote.stdout):
            if pipe is not None:
                pipe.close()


def listed(lab: Lab, host: UpgradeHost, run: str, *, resume: bool = False) -> list[Passed]:
    """Carry the run and tell every point that it passes."""
    log = host.base / "faults.log"
    log.unlink(missing_ok=True)
    lab.carry(host, run, log=log, resume=resume)
    return list(_placed(log.read_text("utf-8").split()))


def _placed(lines: Iterable[str]) -> Iterator[Passed]:
    """Points on the way back belong to the step that is undone: they are counted on, so that none is like another."""
    step = 0
    for line in lines:
        point, _at, number = line.partition("@")
        step += point in ("run.before-do", "run.before-undo", "run.cleanup")
        yield Passed(step, point, int(number))


def turned_back(points: Sequence[Passed]) -> list[Passed]:
    """Those on the way back."""
    places = [place for place, passed in enumerate(points) if passed.point == "run.turned-back"]
    return list(points[places[0] :])


def chosen(points: Sequence[Passed], seed: int, *, full: bool) -> list[Case]:
    """Every passage in every way; or a kill inside each step, and in turns one before it, an error inside it, one after
    it, a full disk inside it.

    Inside a step each way takes a point of its own by lot, and every point there is is taken at least once.
    """
    if full:
        return [Case(passed.point, passed.number, how) for passed in points for how in HOWS]
    dice = random.Random(seed)
    by_place: dict[tuple[int, str], list[Passed]] = {}
    by_step: dict[int, list[Passed]] = {}
    for passed in points:
        by_place.setdefault((passed.step, _place(passed.point)), []).append(passed)
        by_step.setdefault(passed.step, []).append(passed)
    cases = [
        _case(dice.choice(some), "kill")
        for (step, place), some in by_place.items()
        if place == INSIDE or _TURNS.get(place, step % 2) == step % 2
    ]
    for step, some in by_step.items():
        inside = [passed for passed in some if _place(passed.point) == INSIDE] or some
        if step % 2:
            cases.append(_case(dice.choice(inside), ("error", "full")[step // 2 % 2]))
    taken = {case.point for case in cases}
    rare = {passed.point: passed for passed in points if passed.point not in taken}
    return [*cases, *(_case(passed, "kill") for passed in rare.values())]


def _place(point: str) -> str:
    """The engine's own points lie before and after a step; all others inside it."""
    return point if point.startswith("run.") else INSIDE


def _case(passed: Passed, how: str) -> Case:
    return Case(passed.point, passed.number, how)


class Reference(NamedTuple):
    """The old and the new state as they must be."""

    old: Snapshot
    new: Snapshot


def normal(host: UpgradeHost, snapshot: Snapshot) -> Snapshot:
    """What is the same on every host: its folder and its port are not. Other numbers may begin with a port's."""
    port = re.compile(rb"(?<![0-9])%d(?![0-9])" % host.port)

    def told(value: object) -> object:
        return port.sub(b"PORT", value.replace(str(host.base).encode(), b"BASE")) if isinstance(value, bytes) else value

    return {
        name: {path: tuple(told(value) for value in entry) for path, entry in tree.items()}
        for name, tree in snapshot.items()
    }


def stranger(host: UpgradeHost, reference: Reference) -> None:
    """Somebody starts the instance in the middle: refused, unless it is whole."""
    if not (host.home / "hold" / NAME).exists():
        assert normal(host, host.snapshot()) in reference, "half-switched, and nothing keeps anyone from starting it"
        return
    control, specs = host.services()
    for spec in specs:
        try:
            control.start(spec)
        except InstanceHeld:
            continue
        raise AssertionError(f"{spec.name} was started under the hold")


def whole(host: UpgradeHost, run: str, reference: Reference) -> str:
    """What must hold in the end; the state that the run has come to."""
    assert takeup.take_up(host.home) == [], "there was something left to do for the next call"
    host.over(run)
    view = host.view(run)
    wanted, version = reference.old, view.run.from_version
    if view.state == "final":
        wanted, version = reference.new, view.run.to_version
    assert view.state in ("final", "undone"), f"{view.state}: {view.run.why}"
    found = differing(wanted, normal(host, host.snapshot()))
    assert not found, f"{view.state}, but: {found}"
    health = host.health()
    assert health is not None, f"{view.state}, but nobody answers"
    assert (health.status, health.version) == ("ok", version), health
    assert host.data() == host.known, "data is lost, or came from nowhere"
    assert len(host.running()) == 3, host.running()
    assert not list(host.home.glob("hold/*")), "held for ever"
    strays, left = host.strays(), left_over(host, run)
    assert not strays, strays
    assert not left, left
    return view.state


def differing(wanted: Snapshot, found: Snapshot) -> list[str]:
    """Every path that is not as it should be, for people."""
    told = []
    for name, tree in wanted.items():
        now = found[name]
        paths = [path for path in sorted(tree.keys() | now.keys()) if tree.get(path) != now.get(path)]
        told += [f"{name}/{path}: {now.get(path)} instead of {tree.get(path)}"[:300] for path in paths]
    return told


def left_over(host: UpgradeHost, run: str) -> list[str]:
    """Half-made neighbours, reserves that were not given back, content that no entry of the restore point knows."""
    found = [str(path) for path in (*host.root.rglob("*.smena-new"), *host.home.glob("backups/**/*.smena-new"))]
    found += [
        str(path) for path in host.home.glob("backups/*/*.zst") if not path.with_name(f"{path.name}.json").exists()
    ]
    found += [str(path) for path in host.base.rglob(f"{run}/reserve")]
    journal = Journal.read(host.home / "runs" / run)
    try:
        kept = journal.kept()
    finally:
        journal.close()
    contents = {entry.id: Path(decode(entry.content)) for entry in kept if entry.content is not None}
    lost = [contents[entry.id] for entry in kept if entry.state == "kept" and entry.id in contents]
    found += [f"{path} is lost" for path in lost if not path.exists() and not path.is_symlink()]
    names = {path.name for path in contents.values()} | {f"replaced-{entry.id}" for entry in kept}
    for place in host.root.rglob(f".smena/{run}"):
        found += [f"{path} is nobody's" for path in place.iterdir() if path.name not in names]
    return found


class Bench:
    """Hosts for case after case: one that came out old serves again, with whatever earlier cases left on it."""

    def __init__(self, lab: Lab, version: str = OLD, to: str = NEW, **more: object) -> None:
        self.lab, self.version, self.to, self.more = lab, version, to, more
        self.wishes: list[dict[str, object]] = []
        """Failures on demand."""
        self.missed = 0
        """First deaths that never came, because the run did not pass the point as often as another did."""
        self._host: UpgradeHost | None = None
        self._reference: Reference | None = None

    def host(self) -> UpgradeHost:
        if self._host is None:
            self._host = self.lab.stock.host(self.version, **self.more)
            self._host.faults(*self.wishes)
            self._host.start()
        return self._host

    def discard(self) -> None:
        if self._host is not None:
            self._host.close()
        self._host = None

    def begin(self, **options: object) -> str:
        """A run that nobody carries yet."""
        return self.host().write_down(self.host().plan(self.to, **options))

    @property
    def reference(self) -> Reference:
        """The state before, and what a run that nobody disturbed comes to (again the old, where it is to fail)."""
        if self._reference is None:
            host = self.host()
            old = normal(host, host.snapshot())
            run = self.begin()
            assert self.lab.carry(host, run) == (1 if self.wishes else 0), host.said(run)
            self._reference = Reference(old, normal(host, host.snapshot()))
            self.discard()
        return self._reference

    def listed(self) -> list[Passed]:
        """Every point that a run of this bench passes."""
        found = listed(self.lab, self.host(), self.begin())
        self.discard()
        return found

    def dies(self, *cases: Case, cancelled: bool = False) -> str:
        """Deaths of one run, one after the other, its recovery, and what must hold then.

        `cancelled`: after the first death a person wants it back. The result is the state that the run has come to.
        """
        reference = self.reference
        host, run = self.host(), self.begin()
        try:
            for place, case in enumerate(cases):
                status = self.lab.carry(host, run, str(case))
                self.missed += place == 0 and case.how == "kill" and status != -signal.SIGKILL
                stranger(host, reference)
                if cancelled:
                    (host.home / "runs" / run / places.REQUESTS / "cancel").touch()
            self.lab.recover(host, run)
            state = whole(host, run, reference)
        except BaseException:
            self.discard()
            raise
        if state == "final":
            self.discard()
        return state


def all_hold(cases: Iterable[Case], dies: Callable[[Case], str]) -> Counter[str]:
    """Every case, and in the end all that went wrong; how often each end was come to."""
    ends: Counter[str] = Counter()
    wrong = []
    for case in cases:
        try:
            ends[dies(case)] += 1
        except AssertionError as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            wrong.append(f"{case}: {error or where.line}"[:2000])
    assert not wrong, "\n".join(wrong)
    return ends
