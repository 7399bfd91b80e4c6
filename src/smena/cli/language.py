"""Which language to speak, known before the first argument is parsed.

Errors of parsing must already be in the right language, so `--lang` is looked up in the
raw arguments. Click translates its own words through gettext's process-wide domain;
that one is pointed at our catalogue and told the same language.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Mapping, Sequence

from smena.text import LANGUAGES, set_language

_RUSSIAN = 0x19  # Windows' number of the primary language


def speak(name: str) -> None:
    """Show everything in this language from here on, click's own words too."""
    set_language(name)
    os.environ["LANGUAGE"] = name
    gettext.bindtextdomain("smena", os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale"))  # noqa: PTH118, PTH120
    gettext.textdomain("smena")


def chosen(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """`--lang`, else SMENA_LANG, else the first locale variable that is set, else what Windows says."""
    asked = [_asked(arguments), environ.get("SMENA_LANG", "")]
    for name in asked:
        if name in LANGUAGES:
            return name
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(variable):
            return "ru" if environ[variable].startswith("ru") else "en"
    return _of_system()


def flagged(arguments: Sequence[str], flag: str) -> bool:
    """Whether a flag stands among the raw arguments: how `--json` is known when parsing itself fails."""
    return flag in _options(arguments)


def _asked(arguments: Sequence[str]) -> str:
    options = _options(arguments)
    found = ""
    for index, word in enumerate(options):
        if word == "--lang" and index + 1 < len(options):
            found = options[index + 1]
        elif word.startswith("--lang="):
            found = word.removeprefix("--lang=")
    return found


def _options(arguments: Sequence[str]) -> Sequence[str]:
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


if sys.platform == "win32":

    def _of_system() -> str:
        import ctypes

        return "ru" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == _RUSSIAN else "en"

else:

    def _of_system() -> str:
        return "en"
