"""Files and links: whole or not at all, with everything that belongs to them. A world is an empty folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from smena.errors import FileFailed, LockBusy, PathUnfit
from smena.host import files, places, process
from smena.host.lock import Lock
from smena.host.native import attributes
from smena.host.ports import Attributes
from smena.selftest.case import Suite
from smena.selftest.expect import holds, refused, same
from smena.text import _

SUITE = Suite()
_DEATHS = ("files.made", "files.filled", "files.synced", "files.renamed")
_KILLED = -9 if sys.platform != "win32" else 15
"""Windows ends a process with the status that it is given."""
_WRITE = (
    "import sys; from pathlib import Path; from smena.host import files; files.write_file(Path(sys.argv[1]), b'new')"
)


@SUITE.case(_("a new file is there whole"))
def whole(folder: Path) -> None:
    files.write_file(folder / "N.yml", b"port: 80\n")
    same((folder / "N.yml").read_bytes(), b"port: 80\n")
    same([entry.name for entry in folder.iterdir()], ["N.yml"])


@SUITE.case(_("whoever dies while writing leaves the old content or the new"))
def death(folder: Path) -> None:
    path, words = folder / "config", (sys.executable, "-c", _WRITE)
    for point in _DEATHS:
        path.write_bytes(b"old")
        env = process.environment(SMENA_FAULT=f"{point}=kill", PYTHONPATH=os.pathsep.join(sys.path))
        died = process.run(process.Command((*words, str(path)), env))
        same(died.status, _KILLED)
        holds(path.read_bytes() in (b"old", b"new"), f"whole after a death at {point}")
        files.write_file(path, b"again")
        same((path.read_bytes(), [entry.name for entry in folder.iterdir()]), (b"again", ["config"]))


@SUITE.case(_("who replaces a file keeps its owner, mode and extended attributes"))
def attributes_kept(folder: Path) -> None:
    path = folder / "Ignite.config"
    path.write_bytes(b"old")
    path.chmod(0o640)
    _mark(path)
    if sys.platform != "win32" and os.geteuid() == 0:
        attributes.apply(str(path), Attributes(0o640, 33, 34, attributes.read(str(path)).xattrs))
    before = attributes.read(str(path))
    files.write_file(path, b"new")
    same((attributes.read(str(path)), path.read_bytes()), (before, b"new"))


def _mark(path: Path) -> None:
    """Where the file system takes such a thing."""
    if sys.platform != "win32":
        try:
            os.setxattr(path, "user.smena-self-test", b"1")
        except OSError:
            return


@SUITE.case(_("a file that is made for its owner alone is nobody else's"))
def private(folder: Path) -> None:
    path = folder / "secrets"
    path.write_bytes(b"old")
    files.write_file(path, b"new", attributes.own(0o600))
    holds(attributes.is_private(str(path)), "nobody else can read it")


@SUITE.case(_("a link is not overwritten by a file"))
def link_stays(folder: Path) -> None:
    (folder / "real").write_bytes(b"the administrator's")
    (folder / "config").symlink_to("real")
    with refused(PathUnfit):
        files.write_file(folder / "config", b"new")
    same(((folder / "config").readlink(), (folder / "real").read_bytes()), (Path("real"), b"the administrator's"))


@SUITE.case(_("a link that somebody planted beside a file leads nobody astray"))
def planted(folder: Path) -> None:
    (folder / "victim").write_bytes(b"precious")
    files.temporary(folder / "config").symlink_to(folder / "victim")
    files.write_file(folder / "config", b"new")
    same((folder / "victim").read_bytes(), b"precious")
    holds(not (folder / "config").is_symlink(), "it is a file")


@SUITE.case(_("a link is pointed elsewhere in one instant"))
def relinked(folder: Path) -> None:
    files.make_link(folder / "bin", "4.2/bin")
    files.replace_link(folder / "bin", "4.7/bin")
    same((folder / "bin").readlink(), Path("4.7/bin"))
    same([entry.name for entry in folder.iterdir()], ["bin"])


@SUITE.case(_("data is never replaced by a link"))
def data_stays(folder: Path) -> None:
    (folder / "file").write_bytes(b"data")
    (folder / "tree").mkdir()
    for name in ("file", "tree"):
        with refused(PathUnfit):
            files.replace_link(folder / name, "elsewhere")
    same(((folder / "file").read_bytes(), (folder / "tree").is_dir()), (b"data", True))


@SUITE.case(_("a tree gets another name and is the same"))
def renamed(folder: Path) -> None:
    (folder / "Database" / "db").mkdir(parents=True)
    (folder / "Database" / "db" / "1").write_bytes(b"x")
    (folder / "kept").mkdir()
    inode = (folder / "Database" / "db" / "1").stat().st_ino
    files.rename(folder / "Database", folder / "kept" / "0")
    same((folder / "kept/0/db/1").stat().st_ino, inode)
    holds(not (folder / "Database").exists(), "the old name is free")


@SUITE.case(_("a rename replaces nothing"))
def nothing_replaced(folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "file").write_bytes(b"data")
    (folder / "empty").mkdir()
    for name in ("file", "empty"):
        with refused(PathUnfit):
            files.rename(folder / "old", folder / name)
    same(((folder / "old").is_dir(), (folder / "file").read_bytes()), (True, b"data"))


@SUITE.case(_("folders are made with those above, and one that is there stays as it is"))
def folders(folder: Path) -> None:
    files.make_folder(folder / "a" / "b", attributes.own(0o700))
    same([attributes.is_private(str(path)) for path in (folder / "a", folder / "a/b")], [True, True])
    files.make_folder(folder / "a", attributes.own(0o755))
    holds(attributes.is_private(str(folder / "a")), "it stays as it was")


@SUITE.case(_("removing a file twice is fine, and a folder is never removed as one"))
def removed(folder: Path) -> None:
    (folder / "a").write_bytes(b"")
    files.remove_file(folder / "a")
    files.remove_file(folder / "a")
    (folder / "tree").mkdir()
    with refused(FileFailed):
        files.remove_file(folder / "tree")
    holds((folder / "tree").is_dir(), "the folder stays")


@SUITE.case(_("two folders of one file system can exchange their trees by a rename"))
def one_mount(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    holds(places.same_mount(folder / "a", folder / "b"), "a rename leads there and back")
    same([list((folder / name).iterdir()) for name in ("a", "b")], [[], []])


@SUITE.case(_("a lock has one holder, who is named, and can be taken again after him"))
def locked(folder: Path) -> None:
    with Lock(folder / "lock", "self-test"), refused(LockBusy, "self-test", str(os.getpid())):
        Lock(folder / "lock", "another").acquire()
    Lock(folder / "lock", "another").acquire().release()
