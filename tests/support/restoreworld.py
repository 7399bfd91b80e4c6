"""A small instance with a run's restore point beside it, and everything that a restore point can do to it.

The instance is `inst`, the shared version folders are `versions`; both are compared as whole trees.
Each deed is a function of this module, so that it can be done in a process that dies in its middle.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from smena.host import owners
from smena.host.ports import Attributes
from smena.journal.journal import Journal
from smena.journal.rows import Header, NewStep
from smena.restore.ahead import Ahead
from smena.restore.copies import Copies
from smena.restore.exchange import Exchange
from smena.restore.point import RestorePoint
from smena.text import plain
from support import trees

RUN = "run"
Deed = Callable[[RestorePoint, int, Path], None]


class Place:
    """One test's folder."""

    def __init__(self, root: Path, inst: Path | None = None) -> None:
        self.root = root
        self.inst = inst or root / "inst"
        self.runs = root / "runs"
        self.others = [self.runs]
        """What is not the instance's and need not be kept."""

    def made(self) -> Place:
        """With files of every kind in it."""
        self.inst.mkdir(parents=True, exist_ok=True)
        trees.plant(self.inst)
        (self.inst / "conf").mkdir()
        for name in ("one", "two", "three"):
            (self.inst / "conf" / f"{name}.conf").write_text(f"{name}=old\n", "utf-8")
        (self.inst / "conf" / "one.conf").chmod(0o640)
        os.setxattr(self.inst / "conf" / "one.conf", "user.note", b"mine")
        (self.inst / "bin").symlink_to("../versions/1/bin")
        for version in "123":
            (self.root / "versions" / version / "bin").mkdir(parents=True)
            (self.root / "versions" / version / "bin" / "program").write_text(f"program {version}", "utf-8")
        if os.geteuid() == 0:
            os.chown(self.inst / "conf" / "one.conf", 1234, 2345)
            os.chown(self.inst / "bin", 1234, 2345, follow_symlinks=False)
        trees.grow_old(self.inst)
        return self

    def new_run(self, name: str = RUN, *steps: tuple[str, bytes], begun: bool = True) -> Place:
        """A run with these steps (kind and parameters), ten plain ones when none is named."""
        folder = self.runs / name
        folder.mkdir(parents=True)
        words = {"kind": "upgrade", "instance": "i", "product": "p", "from_version": "1", "to_version": "2"}
        header = Header(id=name, **words, plan=b"{}", plan_hash="", options=b"{}", smena="0", who="me", host="here")
        rows = [NewStep(kind=kind, params=params, title=plain(kind)) for kind, params in steps or [("any", b"{}")] * 10]
        with closing(Journal.create(folder, header, rows)) as journal:
            for seq in range(1, len(rows) + 1) if begun else ():
                journal.begin(seq, "doing")
        return self

    def point(self, name: str = RUN) -> RestorePoint:
        return RestorePoint(Journal.open(self.runs / name), name, [self.inst, self.root / "versions"])

    def copies(self, name: str = RUN) -> Copies:
        return Copies(self.point(name), self.runs / name / "copies")

    @contextmanager
    def ahead(self) -> Iterator[Ahead]:
        """Copies that go on to a new place."""
        point = self.point()
        with closing(point.journal):
            yield Ahead(point, self.runs / RUN / "copies")

    def seen(self) -> dict[str, trees.Entry]:
        """Everything of the instance. Times of folders are left out: whatever is put into a folder moves its time."""
        found = trees.seen(self.inst)
        ours = {path for path in found if path == ".smena" or path.startswith(".smena/")}
        return {path: _without_folder_time(entry) for path, entry in found.items() if path not in ours}

    def exact(self) -> dict[str, trees.Entry]:
        """As `seen`, with the times of folders."""
        return {path: entry for path, entry in trees.seen(self.inst).items() if not path.startswith(".smena")}

    def treasure(self) -> set[str]:
        """The digest of every file there is, the restore points' among them: nothing of it may ever be lost."""
        found = set()
        for folder, _folders, files in os.walk(os.fsencode(self.root)):
            for name in files:
                path = folder + b"/" + name
                other = path.startswith(tuple(os.fsencode(place) for place in self.others))
                if not (other or name.endswith(b".smena-new")) and stat.S_ISREG(os.lstat(path).st_mode):
                    found.add(hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).hexdigest())
        return found


def _without_folder_time(entry: trees.Entry) -> trees.Entry:
    mode = int(str(entry[0]), 8)
    return (*entry[:-1], 0) if stat.S_ISDIR(mode) else entry


# --- what a step does through a restore point ---------------------------------------------


def write_file(point: RestorePoint, seq: int, inst: Path) -> None:
    point.write(seq, inst / "conf/one.conf", b"one=new\n")


def write_with_attributes(point: RestorePoint, seq: int, inst: Path) -> None:
    mine = Attributes(0o604, os.geteuid(), os.getegid(), {"user.note": b"other"})
    point.write(seq, inst / "conf/one.conf", b"one=new\n", mine)


def write_new_file(point: RestorePoint, seq: int, inst: Path) -> None:
    point.write(seq, inst / "conf/four.conf", b"four=new\n")


def link_again(point: RestorePoint, seq: int, inst: Path) -> None:
    point.link(seq, inst / "bin", "../versions/2/bin")


def link_thrice(point: RestorePoint, seq: int, inst: Path) -> None:
    for version in "231":
        point.link(seq, inst / "bin", f"../versions/{version}/bin")


def link_anew(point: RestorePoint, seq: int, inst: Path) -> None:
    point.link(seq, inst / "fresh", "conf")


def link_over_file(point: RestorePoint, seq: int, inst: Path) -> None:
    point.link(seq, inst / "conf/two.conf", "one.conf")


def link_over_folder(point: RestorePoint, seq: int, inst: Path) -> None:
    point.link(seq, inst / "data", "../versions/2")


def move_file(point: RestorePoint, seq: int, inst: Path) -> None:
    point.move_away(seq, inst / "conf/three.conf")


def move_folder(point: RestorePoint, seq: int, inst: Path) -> None:
    point.move_away(seq, inst / "data")


def move_link(point: RestorePoint, seq: int, inst: Path) -> None:
    point.move_away(seq, inst / "bin")


def move_nothing(point: RestorePoint, seq: int, inst: Path) -> None:
    point.move_away(seq, inst / "nowhere/at all")


def move_awkward_name(point: RestorePoint, seq: int, inst: Path) -> None:
    point.move_away(seq, Path(os.fsdecode(os.fsencode(inst) + b"/data/\xff\xfe bad name")))


def move_and_write(point: RestorePoint, seq: int, inst: Path) -> None:
    point.write(seq, inst / "conf/four.conf", b"four=three\n")
    point.move_away(seq, inst / "conf/three.conf")
    point.write(seq, inst / "conf/three.conf", b"three=new\n")


def change_owner(point: RestorePoint, seq: int, inst: Path) -> None:
    for number, name in enumerate(("conf", "program", "bin")):
        record = point.journal.store.path.with_name(f"owners-{number}.list")
        point.own(seq, inst / name, owners.Account(4321, 5432), record)


DEEDS: dict[str, Deed] = {
    deed.__name__: deed
    for deed in (
        *(write_file, write_with_attributes, write_new_file),
        *(link_again, link_thrice, link_anew, link_over_file, link_over_folder),
        *(move_file, move_folder, move_link, move_nothing, move_awkward_name, move_and_write),
        change_owner,
    )
}
ONLY_ROOT = {"change_owner"}


# --- the same in a process that may die -----------------------------------------------------


def do(root: str, deed: str, seq: str = "1", inst: str = "") -> None:
    place = Place(Path(root), Path(inst) if inst else None)
    point = place.point()
    with closing(point.journal):
        DEEDS[deed](point, int(seq), place.inst)


def put_back(root: str, seq: str = "1", inst: str = "") -> None:
    point = Place(Path(root), Path(inst) if inst else None).point()
    with closing(point.journal):
        point.put_back(int(seq))


def freeze(root: str, path: str, seq: str = "2", always: str = "") -> None:
    copies = Place(Path(root)).copies()
    with closing(copies.journal):
        copies.freeze(int(seq), Path(path), "slot", always=bool(always))


def first(root: str, path: str) -> None:
    copies = Place(Path(root)).copies()
    with closing(copies.journal):
        copies.first(Path(path), "slot")


def begin_ahead(root: str) -> None:
    place = Place(Path(root))
    with place.ahead() as ahead:
        ahead.begin(place.root / "old/UserStorage", place.root / "new/Server/UserStorage", "slot")


def finish_ahead(root: str) -> None:
    place = Place(Path(root))
    with place.ahead() as ahead:
        ahead.finish(place.root / "old/UserStorage", place.root / "new/Server/UserStorage", "slot")


def copy_back(root: str, seq: str = "2") -> None:
    copies = Place(Path(root)).copies()
    with closing(copies.journal):
        copies.put_back(int(seq))


def exchange(root: str, old: str, new: str, seq: str = "1") -> None:
    place = Place(Path(root))
    point = place.point(new)
    with closing(point.journal), closing(Journal.read(place.runs / old)) as journal:
        Exchange(point, int(seq)).carry(journal)


def exchange_back(root: str, new: str, seq: str = "1") -> None:
    point = Place(Path(root)).point(new)
    with closing(point.journal):
        Exchange(point, int(seq)).undo()
