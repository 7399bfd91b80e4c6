"""After a backup was put back: the desk learns from its answer log what it has done since.

Until a person has confirmed it, a key is served only if its question shows that it has applied every answer which the
log knows and the store does not: then nothing can be given twice. The log holds whole answers, so each can be read in
again, and is the very same to the bit when it is signed anew.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from smena.errors import AnswerLogBad, DeskBehind
from smena.keys import licence
from smena.keys.codec.messages import Question
from smena.keys.desk import accounts, answerlog, orders
from smena.keys.desk.accounts import Known
from smena.keys.desk.answerlog import Answered, Enrolled, Line, Mark
from smena.keys.desk.desk import Desk, Floor, keep, known_line
from smena.keys.exchange import receiving
from smena.keys.exchange.account import Account
from smena.keys.exchange.ports import key_id, shown_id
from smena.keys.primitives import digest
from smena.text import _, plain

_SERIAL = "INSERT INTO issuer VALUES (?,?) ON CONFLICT (number) DO UPDATE SET serial=max(serial, excluded.serial)"


class Found(msgspec.Struct, frozen=True):
    """What the log knows and the store does not. `lost`: the log itself has to be written anew."""

    lines: tuple[Line, ...]
    lost: bool

    @property
    def keys(self) -> dict[str, int]:
        """By key, how many answers."""
        counts: dict[str, int] = {}
        for line in self.lines:
            name = shown_id(key_id(_public(line)))
            counts[name] = counts.get(name, 0) + isinstance(line.entry, Answered)
        return counts


def look(desk: Desk) -> Found:
    return Found(tuple(_unknown(desk)), desk.trouble is not None)


def recover(desk: Desk) -> Found:
    """Read in what the log knows; where the log is lost, write it anew from the store. A person has confirmed it."""
    found = look(desk)
    if found.lost:
        _write_anew(desk)
    last = orders.last_number(desk)
    with desk.change():
        keep(desk.store, "floor", Floor(last))
        _read_in(desk, found.lines)
        desk.mark, desk.unread = desk.tip, ()
        keep(desk.store, "mark", desk.mark)
        desk.note("desk recovered", answers=len(found.lines), log_lost=found.lost, keys=found.keys)
    return found


def known(desk: Desk, question: Question) -> Known | None:
    """The key that asks, brought up to date if it has applied everything; else a person has to confirm first."""
    lines = [line for line in _unknown(desk) if key_id(_public(line)) == question.key]
    if lines:
        last = max((_epoch(line) for line in lines), default=0)
        if question.epoch < last:
            raise behind(desk)
        with desk.change():
            _read_in(desk, lines)
    return accounts.by_id(desk.store, question.key)


def refuse_behind(desk: Desk, public: bytes) -> None:
    """Nothing is ordered for a key of which the log knows more."""
    if any(_public(line) == public for line in _unknown(desk)):
        raise behind(desk)


def behind(desk: Desk) -> DeskBehind:
    lines = list(_unknown(desk))
    return DeskBehind(
        _(
            "this desk was put back from a backup: its answer log knows {count} things that it does not",
            count=len(lines),
        ),
        state=_("nothing was changed"),
        hint=plain("smena desk recover"),
    )


def _unknown(desk: Desk) -> Iterable[Line]:
    return (line for line in desk.unread if not known_line(desk.store, line.content))


def _read_in(desk: Desk, lines: Iterable[Line]) -> None:
    for line in lines:
        entry = line.entry
        if isinstance(entry, Enrolled):
            account = receiving.enrolled(entry.enrolment, desk.trust.realm)
            if accounts.of(desk.store, account.public) is None:
                accounts.add(desk.store, account, entry.about)
        else:
            _take_in(desk, entry)
        number = line.after.number
        desk.store.write("INSERT INTO logged VALUES (?,?,?)", number, answerlog.hash_of(line.content), line.content)
        if isinstance(entry, Answered):
            desk.store.write(_SERIAL, entry.inputs.issuer, entry.inputs.serial)


def _take_in(desk: Desk, entry: Answered) -> None:
    found = accounts.of(desk.store, entry.public)
    if found is None:
        raise AnswerLogBad(
            _("the answer log tells of a key that this desk does not know: {key}", key=shown_id(key_id(entry.public))),
            hint=_("enrol that key anew, then go on: smena desk recover"),
        )
    accounts.save(desk.store, _with(found.account, entry))


def _with(account: Account, entry: Answered) -> Account:
    """The account as it was when this answer was prepared."""
    inputs = msgspec.structs.replace(entry.inputs, answer=b"")
    if inputs.old == account.promised:
        account = receiving.moved(account, "typed")
    elif inputs.old != account.state:
        raise AnswerLogBad(
            _("the answer log and the desk do not agree about the key {key}", key=shown_id(account.key_id)),
            why=[_("an answer starts from a state that the desk does not know")],
            hint=_("look for a newer backup of the desk"),
        )
    if any(one.question == inputs.question for one in account.inputs):
        return account
    made = account.made if digest(inputs.new) in account.made else (*account.made, digest(inputs.new))
    return msgspec.structs.replace(account, inputs=(*account.inputs, inputs), made=made)


def _write_anew(desk: Desk) -> None:
    """From the store: everything that was ever logged stands there too."""
    contents = [row["line"] for row in desk.store.all("SELECT line FROM logged ORDER BY number")]
    answerlog.rewritten(desk.places.log, contents)
    mark = Mark()
    for line in answerlog.lines(desk.places.log, mark):
        mark = line.after
    desk.mark, desk.unread, desk.trouble = mark, (), None


def _public(line: Line) -> bytes:
    from smena.keys.codec.messages import decode_enrolment

    entry = line.entry
    return entry.public if isinstance(entry, Answered) else decode_enrolment(entry.enrolment).public


def _epoch(line: Line) -> int:
    return licence.read(line.entry.inputs.new).epoch if isinstance(line.entry, Answered) else 0
