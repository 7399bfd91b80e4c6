"""What a task of ours begins with: it gets its log and its settings from its command line, because a task has neither.

`python -c "…" run LOG NAME=VALUE… -- HOME RUN [resume]`, or `recover LOG NAME=VALUE… -- HOME`. What cannot even be
imported is told in the log.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_BINARY = getattr(os, "O_BINARY", 0)


def main(arguments: Sequence[str]) -> int:
    what, log, *rest = arguments
    _say_into(log)
    end = rest.index("--")
    os.environ.update(dict(setting.split("=", 1) for setting in rest[:end]))
    return _carried_out(what, rest[end + 1 :])


def _carried_out(what: str, words: Sequence[str]) -> int:
    if what == "run":
        from smena.service import carrying

        return carrying.main(words)
    from smena.service import takeup

    return takeup.main(words)


def _say_into(log: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o640)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    if descriptor > 2:
        os.close(descriptor)
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115 - a program without a console has none
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
