"""Questions, answers and confirmations at the desk, and keys that take the place of others.

What is answered is shown first; the answer is given only if it is still what was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from smena.errors import OrderUnfit, SmenaError
from smena.host import files
from smena.host.native import attributes
from smena.keys import beside
from smena.keys.codec import messages, qr, typed
from smena.keys.desk import accounts, answering, confirming, letters, listing, receiving, replacing, vault
from smena.keys.desk.accounts import Known
from smena.keys.desk.answering import Ask, Choice, Given
from smena.keys.desk.confirming import Confirmed
from smena.keys.desk.replacing import Replaced, What
from smena.keys.exchange.ports import shown_id
from smena.service.desk import at
from smena.text import Text, _

GROUP = 100
"""So many answers share their commits."""


class Left(NamedTuple):
    """A question that was not answered, and why."""

    key: str
    error: SmenaError


class Offer(NamedTuple):
    """What would be answered."""

    choices: tuple[Choice, ...]
    left: tuple[Left, ...]


class Carriers(NamedTuple):
    """An answer in each of its forms."""

    given: Given
    text: str
    typed: str


def receive(place: Path, data: bytes) -> receiving.Seen:
    with at(place) as desk:
        return receiving.receive(desk, data)


def offer(place: Path, data: bytes, order: int = 0) -> Offer:
    """What this question would be answered with; it is kept, even if it cannot be answered yet."""
    with at(place) as desk:
        receiving.receive(desk, data)
        return Offer((answering.choose(desk, Ask(data, order)),), ())


def offer_all(place: Path) -> Offer:
    """What all waiting questions would be answered with, and which cannot be."""
    choices, left = [], []
    with at(place) as desk:
        desk.ready()
        for data in receiving.open_questions(desk):
            try:
                choices.append(answering.choose(desk, Ask(data)))
            except SmenaError as error:
                left.append(Left(shown_id(messages.decode_question(data).key), error))
    return Offer(tuple(choices), tuple(left))


def give(place: Path, shown: Offer) -> list[Carriers]:
    """Answer what was shown, if it is still so."""
    given: list[Given] = []
    with at(place) as desk:
        for group in _groups(shown.choices):
            given += answering.give(desk, [_same(one, answering.choose(desk, one.ask)) for one in group])
        trust = beside.content(desk.places.trust)
    return [Carriers(one, letters.carried(one, trust), typed.show(one.answer)) for one in given]


def write(path: Path, carriers: Carriers) -> Path:
    """The answer's file; into a folder under its own name."""
    target = path / letters.file_name(carriers.given) if path.is_dir() else path
    files.write_file(target.absolute(), carriers.text.encode("utf-8"), attributes.own(0o644))
    return target


def write_mail(place: Path, path: Path, carriers: Carriers) -> Path:
    """The mail's draft; into a folder under a name of its own."""
    name = letters.file_name(carriers.given).rpartition(".")[0]
    target = path / f"{name}.eml" if path.is_dir() else path
    content = letters.draft(carriers.given, beside.content(place / "trust"))
    files.write_file(target.absolute(), content, attributes.own(0o600))
    return target


def write_code(path: Path, carriers: Carriers) -> Path:
    """The QR code as a picture, of the kind that the file's name says."""
    makers = {".svg": qr.svg, ".png": qr.png}
    if path.suffix.lower() not in makers:
        raise OrderUnfit(_("a QR code is written as .svg or .png"), state=_("the answer was made; ask for it again"))
    files.write_file(path.absolute(), makers[path.suffix.lower()](carriers.given.answer), attributes.own(0o644))
    return path


def code(carriers: Carriers) -> str:
    """The QR code for a terminal."""
    return qr.terminal(carriers.given.answer)


def confirm(place: Path, data: bytes) -> Confirmed:
    with at(place) as desk:
        return confirming.confirm(desk, data)


def find(place: Path, name: str) -> Known:
    with at(place) as desk:
        return accounts.find(desk.store, name)


class Replacing(NamedTuple):
    """What happened to which key, and which one takes its place."""

    key: str
    what: What
    reason: str
    instead: str | None = None


def replace(place: Path, said: Replacing, root: Path | None, passphrase: vault.Passphrase) -> tuple[Replaced, bool]:
    """A key counts no more. With the root at hand the trust list says so at once; returns whether it does."""
    seed = None if root is None else vault.read(root, "root", passphrase)
    with at(place) as desk:
        if seed is not None:
            listing.check_root(desk, seed)
        new = None if said.instead is None else accounts.find(desk.store, said.instead)
        done = replacing.replace(desk, accounts.find(desk.store, said.key), said.what, said.reason, new)
        if seed is not None:
            listing.publish(desk, seed)
        return done, seed is not None


def _groups(choices: tuple[Choice, ...]) -> Iterator[tuple[Choice, ...]]:
    yield from (choices[start : start + GROUP] for start in range(0, len(choices), GROUP))


def _same(shown: Choice, now: Choice) -> Choice:
    before, after = shown.seen.received.account, now.seen.received.account
    if shown.wanted == now.wanted and before.state == after.state:
        return now
    raise OrderUnfit(
        _(
            "something was changed since this was shown: the order, or what the key {key} holds",
            key=now.seen.known.name,
        ),
        state=_("nothing was answered"),
        hint=_("look at it again"),
    )


def reasons(left: Iterable[Left]) -> list[Text]:
    return [_("{key}: {reason}", key=one.key, reason=one.error.message) for one in left]
