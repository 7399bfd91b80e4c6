"""Settings: a default must be of the setting's own type, and a secret has none."""

from __future__ import annotations

from collections.abc import Callable

from smena.definition import read
from smena.definition.mistake import Wrong, nearest, short
from smena.definition.model import Definition, Setting
from smena.definition.nodes import Path
from smena.definition.reading import Reading
from smena.text import _, plain

_READERS: dict[str, Callable[[str], object]] = {
    "port": read.port,
    "hostname": read.hostname,
    "path": read.path,
    "url": read.url,
    "number": read.number,
    "flag": read.flag,
}


def check_settings(definition: Definition, reading: Reading) -> None:
    """Report defaults and choices that do not fit their setting."""
    for name, setting in definition.instance.settings.items():
        place = ("instance", "settings", name)
        _choices(setting, place, reading)
        if setting.type == "secret" and setting.default is not None:
            reading.wrong_at((*place, "default"), _("a secret has no default: it would stand here for all to read"))
        elif isinstance(setting.default, str) and "${" not in setting.default:
            _default(setting, setting.default, (*place, "default"), reading)


def _choices(setting: Setting, place: Path, reading: Reading) -> None:
    if setting.type == "choice" and not setting.choices:
        reading.wrong_at((*place, "choices"), _("a choice needs its choices"), plain("choices: […]"))
    if setting.type != "choice" and setting.choices:
        reading.wrong_at((*place, "choices"), _("only a setting of the type choice has choices"), plain("type: choice"))


def _default(setting: Setting, default: str, path: Path, reading: Reading) -> None:
    if setting.type == "choice":
        if setting.choices and default not in setting.choices:
            what = _("{text} is not one of the choices", text=short(default))
            reading.wrong_at(path, what, nearest(default, setting.choices))
        return
    try:
        _READERS.get(setting.type, read.text)(default)
    except Wrong as wrong:
        reading.wrong_at(path, wrong.text, wrong.right)
