"""Messages on their way to the vendor: kept as files beside the key, shown, drafted as mails, sent if so configured."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.definition.model import Definition, Support
from smena.definition.scalars import Id
from smena.host import files, mail
from smena.host.native import attributes
from smena.host.paths import encode
from smena.keys.codec import files as carried
from smena.keys.codec import messages, typed
from smena.keys.exchange.ports import shown_id
from smena.keys.ring import Place
from smena.keys.wizard import progress
from smena.keys.wizard.letters import Letter, draft, link, message
from smena.text import Text, _, plain

_FOLDER = "letters"


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message for the vendor, and every way in which it can travel."""

    key: str
    what: str
    """`question`, `confirmation` or `enrolment`."""
    message: bytes
    head: Text
    file: str
    """Where it lies as a file, in the escaped form."""
    letter: Letter
    link: str | None = None
    mark: str = ""
    """How its sending is remembered: an enrolment by the key, the others by themselves."""
    sent: bool = False
    again: bool = False
    """It was made before, and is the same."""

    @property
    def text(self) -> str:
        return carried.write(self.message, head=self.head)


_WORDS = {
    "question": _("Question of the licence key"),
    "confirmation": _("Confirmation of the licence key"),
    "enrolment": _("A new licence key"),
}


def outgoing(place: Place, definition: Definition, message: bytes, key_id: bytes, *, again: bool = False) -> Outgoing:
    """The message with its file written beside the key."""
    decoded = messages.decode(message)
    what = type(decoded).__name__.lower()
    head = _("{what} {id}, {product}", what=_WORDS[what], id=shown_id(key_id), product=plain(definition.title))
    path = place.folder / _FOLDER / _name(place, decoded)
    files.make_folder(path.parent, attributes.own(0o700))
    text = carried.write(message, head=head)
    files.write_file(path, text.encode("utf-8"), attributes.own(0o600))
    said = progress.read(place.folder)
    marked = progress.mark(decoded.public if isinstance(decoded, messages.Enrolment) else message)
    letter = _letter(definition, what, head, _body(said.reason, text), (path.name, text))
    return Outgoing(
        key=place.name,
        what=what,
        message=message,
        head=head,
        file=encode(path),
        letter=letter,
        link=link(msgspec.structs.replace(letter, files=())),
        mark=marked,
        sent=marked in said.sent,
        again=again,
    )


def foreign_letter(definition: Definition, what: str, text: str, reason: str) -> Letter:
    """The letter with a text that another program has made."""
    return _letter(definition, what, _WORDS[what], _body(reason, text), (f"{what}.txt", text))


def write_draft(place: Place, name: str, letter: Letter) -> Path:
    """The mail as a file that a mail program opens."""
    path = place.folder / _FOLDER / name
    files.make_folder(path.parent, attributes.own(0o700))
    files.write_file(path, draft(letter), attributes.own(0o600))
    return path


def draft_of(place: Place, out: Outgoing) -> Path:
    return write_draft(place, f"{place.name}-{out.what}.eml", out.letter)


def send(home: Path, letter: Letter) -> None:
    """Through the server that the home's `mail.json` names."""
    settings = mail.settings(home)
    mail.send(settings, message(letter, settings.sender))


def is_configured(home: Path) -> bool:
    return mail.is_configured(home)


def typed_text(out: Outgoing) -> str:
    return typed.show(out.message)


def _name(place: Place, decoded: messages.Message) -> str:
    ending = carried.ENDINGS[type(decoded)]
    if isinstance(decoded, messages.Enrolment):
        return f"{place.name}{ending}"
    return f"{place.name}-{decoded.epoch}{ending}" if not isinstance(decoded, messages.Answer) else place.name + ending


def _body(reason: str, text: str) -> str:
    said = _("Reason: {reason}", reason=reason) if reason else None
    return "\n\n".join(str(part) for part in (said, text) if part)


def _letter(definition: Definition, what: str, usual: Text, text: str, file: tuple[str, str]) -> Letter:
    support = definition.support or Support()
    subject = support.subjects.get(Id(what))
    return Letter(to=str(support.email or ""), subject=str(subject or usual), text=text, files=(file,))
