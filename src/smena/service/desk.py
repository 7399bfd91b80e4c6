"""The vendor's desk: made, looked at, keys enrolled, its records proven.

Everything here opens the desk for one deed and closes it again; only one process is at a desk at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from smena.errors import FileMissing
from smena.host import owners
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys.codec import files
from smena.keys.codec.messages import Enrolment, Message, Question
from smena.keys.desk import accounts, answerlog, audit, enrolling, issuers, making, orders, receiving, recovering
from smena.keys.desk import desk as desks
from smena.keys.desk.accounts import Known
from smena.keys.desk.answerlog import Mark
from smena.keys.desk.audit import Entry, Head
from smena.keys.desk.desk import Desk, Pending
from smena.keys.desk.enrolling import Enrolled, Said
from smena.keys.desk.orders import Order
from smena.keys.desk.recovering import Found
from smena.keys.trust import TrustList
from smena.text import Text, _

LARGEST = 1024 * 1024


class Standing(NamedTuple):
    """How things stand at the desk."""

    trust: TrustList
    pending: Pending
    keys: int
    open: tuple[Order, ...]
    questions: int
    head: Head
    troubles: tuple[Text, ...]


class Shown(NamedTuple):
    """One key with its orders."""

    known: Known
    orders: tuple[Order, ...]


class Proven(NamedTuple):
    """The records hold: how many entries, how many lines of the answer log, and what the log knows beyond the chain."""

    entries: int
    head: bytes
    lines: int
    strange: tuple[int, ...]
    found: bool | None


def folder(home: Path, given: str | None) -> Path:
    """Where the desk is."""
    return Path(given).absolute() if given else home / "desk"


@contextmanager
def at(place: Path) -> Iterator[Desk]:
    """The desk, open, with whoever sits there."""
    with desks.opened(place, owners.me()) as desk:
        yield desk


Wanted = Literal["enrolment", "question"]
_KINDS: dict[Wanted, type[Message]] = {"enrolment": Enrolment, "question": Question}


def message(name: str, content: bytes, wanted: Wanted | None = None) -> bytes:
    """The message in a file, a mail, or a typed text; of an activation, which has two, the wanted one."""
    return files.read_bytes(content, name, None if wanted is None else _KINDS[wanted]).message


def content_of(path: Path) -> bytes:
    """A file that somebody sent."""
    with telling(_("cannot read {path}", path=encode(path))):
        if not path.exists():
            raise FileMissing(_("there is no file {path}", path=encode(path)))
        with path.open("rb") as file:
            return file.read(LARGEST)


def init(place: Path, wish: making.Wish) -> TrustList:
    return making.make(place, wish)


def me() -> str:
    return owners.me()


def standing(place: Path) -> Standing:
    """A look at the whole desk."""
    with at(place) as desk:
        waiting = desks.pending(desk)
        return Standing(
            desk.trust.list,
            waiting,
            len(accounts.everyone(desk.store)),
            tuple(orders.listed(desk, "open")),
            len(receiving.open_questions(desk)),
            desk.head,
            tuple(_troubles(desk, waiting)),
        )


def enrol(place: Path, data: bytes, said: Said) -> Enrolled:
    with at(place) as desk:
        return enrolling.enrol(desk, data, said)


def keys(place: Path) -> list[Known]:
    with at(place) as desk:
        return accounts.everyone(desk.store)


def key(place: Path, name: str) -> Shown:
    with at(place) as desk:
        known = accounts.find(desk.store, name)
        return Shown(known, tuple(orders.of(desk, known.account.public)))


def entries(place: Path, last: int | None) -> list[Entry]:
    with at(place) as desk:
        return audit.entries(desk.store, last)


def proven(place: Path, head: str | None = None) -> Proven:
    """Follow the audit chain and the answer log from their beginnings. `head`: of a mail; is it in the chain?"""
    with at(place) as desk:
        desk.ready()
        heads = list(audit.proven(desk.store))
        known = {b"", *heads}
        lines = list(answerlog.lines(desk.places.log, Mark()))
        strange = tuple(line.after.number for line in lines if line.entry.audit not in known)
        wanted = None if head is None else any(one.hex().startswith(_bare(head)) for one in heads if _bare(head))
        return Proven(len(heads), desk.head.hash, len(lines), strange, wanted)


def behind(place: Path) -> Found:
    """What a recovery would read in."""
    with at(place) as desk:
        return recovering.look(desk)


def recover(place: Path) -> Found:
    with at(place) as desk:
        return recovering.recover(desk)


def _bare(head: str) -> str:
    return head.strip().lower()


def _troubles(desk: Desk, waiting: Pending) -> Iterator[Text]:
    if desk.trouble is not None:
        yield desk.trouble.message
    if desk.unread:
        yield recovering.behind(desk).message
    if waiting.lost or waiting.revoked:
        yield _("a new trust list waits for the root: smena desk trust publish --root FILE")
    for one, revoked in issuers.everyone(desk):
        if not revoked and one.until <= desk.now:
            yield _("the time of issuer {number} is over", number=one.number)
        elif not revoked and one.until - desk.now < 60 * 24:
            yield _(
                "the time of issuer {number} ends in {days} days", number=one.number, days=(one.until - desk.now) // 24
            )
    for known in accounts.everyone(desk.store):
        if known.account.owed:
            yield _("{key}: what was taken away was never confirmed with a signature", key=known.name)
