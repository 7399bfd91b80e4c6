"""Changing single files so that a death at any instant leaves the old or the new, whole.

Every change goes to a temporary neighbour first, is written out, and is then renamed over the
old name; the folder is written out last. The neighbour's name depends only on the file's name:
whoever repeats the change, or takes it back, finds and clears what a death left (`tidy`).
Nothing here replaces a thing of another kind: a link is not overwritten by a file, nor a file by a link.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from smena import faults
from smena.errors import PathUnfit
from smena.host.native import attributes, durable, folders, links, moves
from smena.host.native import content as contents
from smena.host.paths import encode
from smena.host.ports import Attributes
from smena.host.trouble import telling
from smena.text import Text, _

NEW = ".smena-new"
_TRIES = 50
_LONGEST = 255  # bytes of one name on the usual file systems


def temporary(path: Path) -> Path:
    """The neighbour under whose name the next state of `path` is prepared; hidden from `*` and `*.conf`."""
    name = f".{path.name}{NEW}"
    if len(os.fsencode(name)) > _LONGEST:
        name = f".{hashlib.blake2b(os.fsencode(path.name), digest_size=16).hexdigest()}{NEW}"
    return path.with_name(name)


def tidy(path: Path) -> None:
    """Take away the file, link or empty folder that a death left beside `path`."""
    fresh = temporary(path)
    with telling(_("cannot remove {path}", path=encode(fresh))):
        if _is_folder(fresh):
            folders.remove(str(fresh))
        else:
            moves.remove(str(fresh))


def write_file(path: Path, content: bytes, wanted: Attributes | None = None) -> None:
    """Replace or make a file; attributes as given, else of the file replaced, else what the folder gives."""
    with telling(_("cannot write {path}", path=encode(path))):
        if _there(path, stat.S_IFREG) and wanted is None:
            wanted = attributes.read(str(path))
        fresh = temporary(path)
        try:
            _fill(fresh, content, wanted)
            moves.replace(str(fresh), str(path))
        except BaseException:
            moves.remove(str(fresh))
            raise
        faults.point("files.renamed")
        durable.sync_folder(str(path.parent))


def there(path: Path) -> bool:
    """Whether anything lies there, a link that leads nowhere too."""
    return folders.there(str(path))


def is_link(path: Path) -> bool:
    """Whether a link lies there: on Windows a junction is one too."""
    return links.is_link(str(path))


def link_target(path: Path) -> str:
    """What a link leads to, as it stands there."""
    return links.target(str(path))


def look(path: Path) -> os.stat_result:
    """What lies at a path itself."""
    return folders.look(str(path))


def make_link(path: Path, target: str, kind: str = "") -> None:
    """Make a link under a name that is free. `kind`: of which kind it was, where it is made again."""
    with telling(_("cannot make the link {path}", path=encode(path))):
        if links.IN_ONE_INSTANT:
            links.make(str(path), target, kind)
        else:
            _make_beside(path, target, kind)
        faults.point("files.linked")
        durable.sync_folder(str(path.parent))


def _make_beside(path: Path, target: str, kind: str) -> None:
    """A half-made link never has the name; a death leaves it beside, and the next try takes it away."""
    fresh = temporary(path)
    moves.remove(str(fresh))
    links.make(str(fresh), target, kind)
    try:
        faults.point("files.link-made")
        moves.rename_new(str(fresh), str(path))
    except BaseException:
        moves.remove(str(fresh))
        raise


def replace_link(path: Path, target: str) -> None:
    """Point a link elsewhere, in one instant: nobody ever finds it missing."""
    replace_links({path: target})


def replace_links(links: Mapping[Path, str]) -> None:
    """The same for many, each in an instant of its own; their folders are written out once, at the end."""
    for path, target in links.items():
        with telling(_("cannot change the link {path}", path=encode(path))):
            _replace_link(path, target)
    for folder in dict.fromkeys(path.parent for path in links):
        with telling(_("cannot write out {path}", path=encode(folder))):
            durable.sync_folder(str(folder))


def _replace_link(path: Path, target: str) -> None:
    old = look(path) if _there(path, stat.S_IFLNK) else None
    if old is not None and links.retarget(str(path), target):
        faults.point("files.renamed")
        return
    fresh = temporary(path)
    moves.remove(str(fresh))
    try:
        links.make(str(fresh), target)
        if old is not None:
            attributes.apply(str(fresh), Attributes(uid=old.st_uid, gid=old.st_gid))
        faults.point("files.link-made")
        moves.replace(str(fresh), str(path))
    except BaseException:
        moves.remove(str(fresh))
        raise
    faults.point("files.renamed")


def rename(old: Path, new: Path) -> None:
    """Give a file or a whole tree another name on the same mount, durably; the new name must be free."""
    with telling(_("cannot rename {old} to {new}", old=encode(old), new=encode(new))):
        try:
            moves.rename_new(str(old), str(new))
        except FileExistsError as error:
            raise PathUnfit(
                _("cannot rename {old} to {new}: that name is taken", old=encode(old), new=encode(new))
            ) from error
        faults.point("files.renamed")
        durable.sync_folder(str(new.parent))  # first where it is now, so that no power cut loses both names
        if new.parent != old.parent:
            durable.sync_folder(str(old.parent))


def make_folder(path: Path, wanted: Attributes | None = None) -> None:
    """Make a folder, and those above it that are missing. One that is there already is left as it is.

    Two may make one folder at the same time (two runs, one place for their restore points): either wins.
    """
    with telling(_("cannot make the folder {path}", path=encode(path))):
        for tries_left in range(_TRIES, -1, -1):
            if _there(path, stat.S_IFDIR):
                return
            if not path.parent.is_dir():
                make_folder(path.parent, wanted)
            try:
                _make_folder(path, wanted or attributes.own(0o755))
                return
            except (FileExistsError, FileNotFoundError, IsADirectoryError):
                if not tries_left:
                    raise


def _make_folder(path: Path, wanted: Attributes) -> None:
    fresh = temporary(path)
    if not _is_folder(fresh):
        moves.remove(str(fresh))
        folders.make(str(fresh), wanted)
    try:
        attributes.apply(str(fresh), wanted)
        faults.point("files.folder-made")
        moves.rename_new(str(fresh), str(path))
        attributes.apply(str(path), wanted)  # two at once may have taken each other's neighbour
    except FileExistsError:  # the other one won: ours is not needed
        with suppress(FileNotFoundError):
            folders.remove(str(fresh))
    except BaseException:
        with suppress(OSError):  # the error that is on its way says more
            folders.remove(str(fresh))
        raise
    durable.sync_folder(str(path.parent))


def claim_folder(path: Path, wanted: Attributes) -> bool:
    """Make a folder whose name nobody has; False if somebody has it. Of two who claim a name one gets it."""
    make_folder(path.parent, wanted)
    with telling(_("cannot make the folder {path}", path=encode(path))):
        try:
            folders.make(str(path), wanted)
        except FileExistsError:
            return False
        attributes.apply(str(path), wanted)
        durable.sync_folder(str(path.parent))
    return True


def remove_file(path: Path) -> None:
    """Take a file's or a link's name away, durably; a missing one is fine. Folders are never removed here."""
    with telling(_("cannot remove {path}", path=encode(path))):
        moves.remove(str(path))
        durable.sync_folder(str(path.parent))


def sync_tree(path: Path) -> None:
    """All that was written on the file system of this folder is on the disk afterwards."""
    with telling(_("cannot write out {path}", path=encode(path))), durable.tree_synced(str(path)):
        pass


def _fill(fresh: Path, content: bytes, wanted: Attributes | None) -> None:
    """Nobody else may read it before it has its owner and mode: it may hold secrets."""
    moves.remove(str(fresh))
    descriptor = contents.create(str(fresh), wanted)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        faults.point("files.made")
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        if wanted is not None:
            attributes.apply(descriptor, wanted)
        faults.point("files.filled")
        durable.sync_file(descriptor)
        faults.point("files.synced")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not is_link(path)


def _there(path: Path, kind: int) -> bool:
    """Whether there is something; then it has to be of this kind."""
    try:
        mode = look(path).st_mode
    except FileNotFoundError:
        return False
    if stat.S_IFMT(mode) != kind:
        raise PathUnfit(_not_of(kind, encode(path)))
    return True


def _not_of(kind: int, path: str) -> Text:
    if kind == stat.S_IFREG:
        return _("{path} is not a file", path=path)
    if kind == stat.S_IFLNK:
        return _("{path} is not a link", path=path)
    return _("{path} is not a folder", path=path)
