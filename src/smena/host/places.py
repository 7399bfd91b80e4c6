"""Where on the host the content of a restore point can lie so that a rename reaches it.

Device numbers do not tell (bind mounts, subvolumes, quotas, overlays): a rename is tried. The
trial leaves nothing: the empty file starts in our own folder, and the times of the other folder are put back.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from smena import faults
from smena.errors import AccessDenied, FileFailed, PathUnfit
from smena.host import files
from smena.host.native import attributes, mounts, moves, processes
from smena.host.paths import encode, followed
from smena.host.removal import OURS
from smena.host.trouble import telling
from smena.text import Text, _

_TRIAL = ".smena-trial-"


def same_mount(ours: Path, other: Path) -> bool:
    """Whether a rename leads from one folder to the other and back, tried with an empty file made in `ours`."""
    with telling(_("cannot try a rename between {ours} and {other}", ours=encode(ours), other=encode(other))):
        if ours.samefile(other):
            return True
        if not moves.one_mount(str(ours), str(other)):
            return False
        for folder in (ours, other):
            clear_trials(folder)
        return _tried(ours, other)


def content_root(path: Path, instance: Sequence[Path] = ()) -> Path:
    """The nearest `.smena` folder to which `path` can be renamed, made 0700 if it is missing.

    "Nearest" is the first folder upwards that lies outside all of the instance's own folders. A mount
    point cannot be renamed itself, only what lies in it: then, and only then, the folder lies inside it.
    """
    real = followed(path.parent) / path.name
    if mounts.is_point(str(real)):
        return _made(real / OURS)
    own = [followed(folder) for folder in instance]
    reasons: list[Text] = []
    for candidate in real.parents:
        if any(candidate.is_relative_to(folder) for folder in own):
            continue
        if not _on_mount_of(candidate, real.parent):
            break
        root = _usable(candidate, real.parent, reasons)
        if root is not None:
            return root
    message = _("there is no place for a restore point of {path} on its own file system", path=encode(path))
    raise PathUnfit(message, why=reasons, hint=_("let smena write to a folder above it, on the same file system"))


def _usable(candidate: Path, parent: Path, reasons: list[Text]) -> Path | None:
    try:
        root = _made(candidate / OURS)
        if same_mount(root, parent):
            return root
        reasons.append(_("a rename does not lead to {path}", path=encode(root)))
    except (FileFailed, PathUnfit) as error:
        reasons.append(error.message)
    return None


def _on_mount_of(candidate: Path, parent: Path) -> bool:
    with telling(_("cannot try a rename between {ours} and {other}", ours=encode(candidate), other=encode(parent))):
        return moves.one_mount(str(candidate), str(parent))


def _made(root: Path) -> Path:
    """A folder for root's eyes only. One that somebody else put there is not used."""
    files.make_folder(root, attributes.own(0o700))
    if not attributes.is_private(str(root)):
        raise AccessDenied(_("{path} is open to others, so nothing is kept there", path=encode(root)))
    return root


def _tried(ours: Path, other: Path) -> bool:
    here = ours / f"{_TRIAL}{os.getpid()}"
    there = other / here.name
    before = other.stat()
    here.touch(0o600, exist_ok=False)
    try:
        moves.rename_new(str(here), str(there))
        faults.point("places.there")
        moves.rename_new(str(there), str(here))
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        raise
    finally:
        moves.remove(str(here))
        moves.remove(str(there))
        with suppress(PermissionError):  # not our folder: then its time stays moved, which harms nothing
            attributes.set_times(str(other), before)
    return True


def clear_trials(folder: Path) -> None:
    """Take away what a death left in the middle of a trial."""
    for trial in folder.glob(f"{_TRIAL}*"):
        number = trial.name.removeprefix(_TRIAL)
        dead = number.isdigit() and (int(number) == os.getpid() or not processes.runs(int(number)))
        if dead and trial.is_file() and not trial.lstat().st_size:
            trial.unlink(missing_ok=True)
