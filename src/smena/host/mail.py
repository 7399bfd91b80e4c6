"""Sending a mail, for those who have configured a server: `mail.json` in the home, readable by its owner alone.

    {"host": "mail.example.org", "port": 587, "security": "starttls", "sender": "admin@example.org",
     "user": "admin", "password-file": "/etc/smena/mail-password"}

The password lies in a file of its own, which nobody else may read.
"""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from smena.errors import AccessDenied, BadContent, MailNotSent
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _, plain

if TYPE_CHECKING:
    import ssl

_FILE = "mail.json"
_PATIENCE = 30.0


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A mail server, and who sends."""

    host: str
    sender: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_file: str = ""


def is_configured(home: Path) -> bool:
    return (home / _FILE).exists()


def settings(home: Path) -> Settings:
    path = home / _FILE
    with telling(_("cannot read {path}", path=encode(path))):
        content = path.read_bytes()
    try:
        return msgspec.json.decode(content, type=Settings)
    except msgspec.MsgspecError as error:
        raise BadContent(_("{path} cannot be read", path=encode(path)), why=[plain(error)]) from error


def send(through: Settings, message: EmailMessage) -> None:
    """One try; whoever called keeps the draft."""
    password = _password(Path(through.password_file)) if through.password_file else ""
    try:
        with _connected(through) as server:
            if through.security == "starttls":
                server.starttls(context=_certificates())
            if through.user:
                server.login(through.user, password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(
            _("the mail could not be sent through {host}", host=through.host),
            why=[plain(type(error).__name__)],
            hint=_("send the draft with your own mail program"),
        ) from error


def _connected(through: Settings) -> smtplib.SMTP:
    if through.security == "tls":
        return smtplib.SMTP_SSL(through.host, through.port, timeout=_PATIENCE, context=_certificates())
    return smtplib.SMTP(through.host, through.port, timeout=_PATIENCE)


def _certificates() -> ssl.SSLContext:
    import ssl  # takes long to load, and most mails go without

    return ssl.create_default_context()


def _password(path: Path) -> str:
    with telling(_("cannot read {path}", path=encode(path))):
        if not attributes.is_private(str(path)):
            raise AccessDenied(
                _("others can read the password in {path}", path=encode(path)),
                hint=_("give the file to yourself alone: chmod 600 {path}", path=encode(path)),
            )
        return path.read_text("utf-8").strip("\r\n")
