"""Secrets of an instance: in a file of their own that only smena's user reads, and nowhere else.

Everything that is stored, planned, shown or logged holds `${secret:NAME}` instead. A step
calls `reveal` in the instant in which it needs the value, and hands what it got to nothing but the product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from smena.errors import BadContent, SecretUnknown
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _

FOLDER = "secrets"

_REFERENCE = re.compile(r"\$\{secret:([^{}]*)\}")


def reference(name: str) -> str:
    """What stands for a secret everywhere."""
    return f"${{secret:{name}}}"


def names(home: Path, instance: str) -> tuple[str, ...]:
    """Which secrets are known; never what they are."""
    return tuple(sorted(_read(home, instance)))


def put(home: Path, instance: str, secrets: Mapping[str, str]) -> None:
    """Store these beside those that are there; all of them, or none if we die."""
    if secrets:
        files.make_folder(home / FOLDER, attributes.own(0o700))
        _write(home, instance, {**_read(home, instance), **secrets})


def forget(home: Path, instance: str) -> None:
    """Forget all of an instance's secrets."""
    if _file(home, instance).parent.is_dir():
        files.remove_file(_file(home, instance))


def place(home: Path, instance: str) -> Path:
    """The file that holds them, for those who keep it whole."""
    return _file(home, instance)


def reveal(home: Path, instance: str, text: str) -> str:
    """The text with every reference replaced; what is put in is not looked at again."""
    if "${secret:" not in text:
        return text
    known = _read(home, instance)

    def value(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise SecretUnknown(
                _("the secret {name} of {instance} is not known", name=found[1], instance=instance),
                why=[_("it was never given, or the file of secrets was removed")],
                hint=_(
                    "it is given when an instance is added: smena instance add {instance} --secret {name}",
                    instance=instance,
                    name=found[1],
                ),
            )
        return known[found[1]]

    return _REFERENCE.sub(value, text)


def _file(home: Path, instance: str) -> Path:
    return home / FOLDER / f"{instance}.json"


def _read(home: Path, instance: str) -> dict[str, str]:
    path = _file(home, instance)
    with telling(_("cannot read {path}", path=encode(path))):
        if not path.exists():
            return {}
        content = path.read_bytes()
    try:
        return msgspec.json.decode(content, type=dict[str, str])
    except msgspec.DecodeError:  # its words might quote a secret
        raise BadContent(_("{path} is damaged: it is no file of secrets", path=encode(path))) from None


def _write(home: Path, instance: str, secrets: dict[str, str]) -> None:
    files.write_file(_file(home, instance), msgspec.json.encode(secrets), attributes.own(0o600))
