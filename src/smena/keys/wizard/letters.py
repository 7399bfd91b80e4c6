"""Mails to the vendor: as a draft that any mail program opens, as a `mailto:` link where it is short enough."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

import msgspec

_LINK = 1900
"""Longer links are cut by some mail programs."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One mail. `files`: name and text of what is attached."""

    to: str = ""
    subject: str
    text: str
    files: tuple[tuple[str, str], ...] = ()


def message(letter: Letter, sender: str = "") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    if letter.to:
        made["To"] = letter.to
    if sender:
        made["From"] = sender
    made["Subject"] = letter.subject
    made.set_content(letter.text, charset="utf-8")
    for name, text in letter.files:
        made.add_attachment(text.encode("utf-8"), maintype="application", subtype="octet-stream", filename=name)
    return made


def draft(letter: Letter) -> bytes:
    """The content of an `.eml` file that mail programs open as a draft."""
    made = message(letter)
    made["X-Unsent"] = "1"
    return made.as_bytes()


def link(letter: Letter) -> str | None:
    """The mail as a `mailto:` link, if it has a short text; what is attached must stand in the text as well."""
    made = f"mailto:{quote(letter.to, safe='@')}?subject={quote(letter.subject)}&body={quote(letter.text)}"
    return made if len(made) <= _LINK and letter.to else None
