"""Which members may be unpacked. Pure: names and sizes in, a place inside the target out, or a refusal.

Refused, with the member named: a path that leaves the target (absolute, `..`, through a link), a link that leads out of
it, devices and pipes, a name that stands twice or differs from another only in its case (one would replace the other
on some hosts), sparse and encrypted members, and anything over the limits.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import PureWindowsPath

import msgspec

from smena.errors import BadArchive
from smena.host.paths import encode
from smena.text import Text, _

FILE, FOLDER, LINK, HARD_LINK, OTHER = "file", "folder", "link", "hard link", "other"
_LONGEST = 255
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")


class Limits(msgspec.Struct, frozen=True):
    """What an archive may hold at the most. `ratio` is judged only once `small` bytes have come out of it."""

    total: int = 64 * 1024**3
    members: int = 500_000
    ratio: int = 1000
    small: int = 1024**3


class Member(msgspec.Struct, frozen=True):
    """One member as the archive tells it; after `Gate.judge` its path is a place inside the target."""

    path: str
    kind: str
    size: int = 0
    mode: int = 0o644
    mtime: int = 0
    target: str = ""


class Gate:
    """Judges the members of one archive, one after the other: each is judged by those before it too."""

    def __init__(self, limits: Limits, *, strip: int = 0, windows: bool = sys.platform == "win32") -> None:
        self._limits = limits
        self._strip = strip
        self._windows = windows
        self._seen: dict[str, tuple[str, str]] = {}
        self._count = self._total = 0

    def judge(self, member: Member) -> Member | None:
        """The member with its place; None where stripping leaves nothing of its path."""
        self._measure(member)
        if member.kind == OTHER:
            raise refused(member.path, _("it is a device, a pipe or of a kind that is not known"))
        parts = self._parts(member, member.path)[self._strip :]
        if not parts:
            return None
        path = "/".join(parts)
        for depth in range(1, len(parts)):
            self._take("/".join(parts[:depth]), FOLDER, member)
        target = self._target(member, parts)  # first: a member is no second name of itself
        self._take(path, member.kind, member)
        return msgspec.structs.replace(member, path=path, target=target)

    def _measure(self, member: Member) -> None:
        self._count += 1
        self._total += member.size
        if self._count > self._limits.members:
            raise refused(member.path, _("the archive has more than {limit} members", limit=self._limits.members))
        if self._total > self._limits.total:
            raise refused(member.path, _("the archive holds more than {limit} bytes", limit=self._limits.total))

    def _parts(self, member: Member, path: str) -> list[str]:
        if path.startswith("/") or _DRIVE.match(path):
            raise refused(member.path, _("its path is absolute"))
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts and member.kind != FOLDER:
            raise refused(member.path, _("it has no name"))
        for part in parts:
            self._judge_part(part, member)
        return parts

    def _judge_part(self, part: str, member: Member) -> None:
        if part == "..":
            raise refused(member.path, _("its path leads out of the folder"))
        if "\0" in part or len(part.encode("utf-8", "surrogateescape")) > _LONGEST:
            raise refused(member.path, _("its name cannot be a file's name"))
        if self._windows and (PureWindowsPath(part).is_reserved() or part[-1] in ". " or set(part) & set('\\:*?"<>|')):
            raise refused(member.path, _("its name cannot be a file's name on Windows"))

    def _take(self, path: str, kind: str, member: Member) -> None:
        """A folder may be named again and again, everything else once; nothing lies below what is no folder."""
        folded = _folded(path)
        if folded not in self._seen:
            self._seen[folded] = (path, kind)
            return
        before, was = self._seen[folded]
        if before != path:
            raise refused(member.path, _("it differs from {other} only in its case", other=encode(before)))
        if was != FOLDER or kind != FOLDER:
            raise refused(member.path, _("{path} stands in the archive already, as something else", path=encode(path)))

    def _target(self, member: Member, parts: list[str]) -> str:
        if member.kind == LINK:
            self._judge_link(member, parts)
        if member.kind != HARD_LINK:
            return member.target
        target = "/".join(self._parts(member, member.target)[self._strip :])
        if self._seen.get(_folded(target)) not in ((target, FILE), (target, HARD_LINK)):
            other = encode(member.target)
            raise refused(member.path, _("it is a second name of {other}, which is no file before it", other=other))
        return target

    def _judge_link(self, member: Member, parts: list[str]) -> None:
        """Upwards only at the start, and not further than the target's own folder: then no chain of links leads out."""
        target = member.target
        if not target or target.startswith("/") or _DRIVE.match(target) or "\0" in target:
            raise refused(member.path, _("it links to {target}, outside the folder", target=encode(target)))
        steps = [step for step in target.split("/") if step not in ("", ".")]
        ups = next((number for number, step in enumerate(steps) if step != ".."), len(steps))
        if ".." in steps[ups:] or ups > len(parts) - 1:
            raise refused(member.path, _("it links to {target}, outside the folder", target=encode(target)))


def _folded(path: str) -> str:
    """What stands for the path on a host where case and the way of writing accents make no difference."""
    return unicodedata.normalize("NFC", path).casefold()


def refused(path: str, why: Text) -> BadArchive:
    return BadArchive(_("the archive's member {member} is refused", member=encode(path)), why=[why])
