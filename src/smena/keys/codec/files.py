"""Messages as files: text that a mail program may wrap, quote and head, and that still is found.

    -----BEGIN SMENA ANSWER-----
    …base64…
    -----END SMENA ANSWER-----

A block TRUST with the vendor's list may stand beside the answer, or alone in a file of its own. The files of other
programs are known by name only.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import PurePath

import msgspec

from smena.errors import KeyFileForeign, MessageBad
from smena.keys.codec import letters, messages, typed
from smena.keys.codec.messages import Message
from smena.text import Text, _, plain

ACTIVATION = ".smena-activation"
QUESTION, ANSWER, CONFIRMATION, ENROLMENT = ".smena-question", ".smena-answer", ".smena-confirmation", ".smena-key"
ENDINGS = {
    messages.Question: QUESTION,
    messages.Answer: ANSWER,
    messages.Confirmation: CONFIRMATION,
    messages.Enrolment: ENROLMENT,
}
TRUST = ".smena-trust"
LARGEST = 256 * 1024

_NAMES = {QUESTION: "QUESTION", ANSWER: "ANSWER", CONFIRMATION: "CONFIRMATION", ENROLMENT: "KEY"}
_TRUST = "TRUST"
_SIGNATURE = 64
"""A list as bytes begins with its signature, then comes JSON."""
_BLOCK = re.compile(r"-----BEGIN SMENA ([A-Z]+)-----\n(.*?)-----END SMENA \1-----", re.DOTALL)


class Carried(msgspec.Struct, frozen=True):
    """What a text held: a message, and perhaps the vendor's trust list."""

    message: bytes
    trust: bytes = b""


def write(message: bytes, *, trust: bytes = b"", head: Text | None = None) -> str:
    """The file's text. `head` are words for people, above the block."""
    kind = _NAMES[ENDINGS[type(messages.decode(message))]]
    blocks = [_block(kind, message)] + ([_block(_TRUST, trust)] if trust else [])
    return (f"{head}\n\n" if head else "") + "\n".join(blocks)


def write_trust(data: bytes, *, head: Text | None = None) -> str:
    """A trust list alone: what a customer gets before there is any key."""
    return (f"{head}\n\n" if head else "") + _block(_TRUST, data)


def read_trust(content: bytes) -> bytes:
    """The one trust list in a file, be it alone (as bytes or as text) or beside an answer."""
    if content[_SIGNATURE:].lstrip().startswith(b"{"):
        return content
    text = _text(content)
    lists = {_bytes(inside) for kind, inside in _BLOCK.findall(_unquoted(text)) if kind == _TRUST}
    if len(lists) != 1:
        raise MessageBad(_("there is no trust list of a vendor in this file"), hint=_("ask the vendor for it"))
    return lists.pop()


def read(text: str, wanted: type[Message] | None = None) -> Carried:
    """What a file, a mail or a typed text holds; the blocks of a file are looked for first.

    `wanted` tells which one is meant where a text holds messages of several kinds, as an activation does.
    """
    if len(text) > LARGEST:
        raise MessageBad(_("this text is too long to be a message of a licence key"))
    found = {(kind, _bytes(inside)) for kind, inside in _BLOCK.findall(_unquoted(text))}
    lists = [data for kind, data in found if kind == _TRUST]
    blocks = [data for kind, data in found if kind != _TRUST]
    if wanted is not None and len(blocks) > 1:
        blocks = [data for kind, data in found if kind == _NAMES[ENDINGS[wanted]]]
    if len(blocks) > 1 or len(lists) > 1:
        raise MessageBad(_("there are several messages in this text"), hint=_("leave one of them, and try again"))
    trust = lists[0] if lists else b""
    if blocks:
        return Carried(blocks[0], trust)
    return Carried(typed.read(text), trust)


def read_bytes(content: bytes, name: str = "", wanted: type[Message] | None = None) -> Carried:
    """The same for a file's content; a file of another program is named for what it is."""
    refuse_foreign(name)
    return read(_text(content), wanted)


def refuse_foreign(name: str) -> None:
    """Files that customers mix up with ours, told by their names."""
    found = _FOREIGN.get(PurePath(name).suffix.lower())
    if found is not None:
        what, hint = found
        raise KeyFileForeign(_("{name} is not a file of smena", name=plain(PurePath(name).name)), why=[what], hint=hint)


_FOREIGN = {
    ".toserver": (
        _("it is the request of a Guardant software key, made by its activation wizard"),
        _("carry it to a computer with internet and open it there with the wizard of the vendor"),
    ),
    ".fromserver": (
        _("it is the reply to the request of a Guardant software key"),
        _("open it with the activation wizard on the computer that made the request"),
    ),
    ".grdvd": (
        _("it is the template of a Guardant software key"),
        _("open it with the activation wizard of the vendor, and have the serial number at hand"),
    ),
}


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise MessageBad(_("this text is too long to be a message of a licence key"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", "replace")


def _block(kind: str, data: bytes) -> str:
    lines = base64.encodebytes(data).decode("ascii")
    return f"-----BEGIN SMENA {kind}-----\n{lines}-----END SMENA {kind}-----\n"


def _bytes(inside: str) -> bytes:
    try:
        return base64.b64decode("".join(inside.split()), validate=True)
    except binascii.Error as error:
        raise MessageBad(
            _("the message in this file is damaged"), hint=_("ask for it again, as an attached file")
        ) from error


def _unquoted(text: str) -> str:
    lines = (line.translate(_DASHES).lstrip("> |\t").rstrip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines)


_DASHES = {ord(dash): "-" for dash in letters.DASHES}
