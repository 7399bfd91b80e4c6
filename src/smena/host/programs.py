"""Running Windows programs: on Windows as they are, elsewhere through Wine (see `host.drives`).

Through Wine an exit status loses all but eight bits on its way (1603 becomes 67), so the program runs under
Wine's `cmd`, which says the whole number on the last line. `cmd` gets the command line in a variable that it puts
in after it has read its own line: no sign in it (`&`, `>`, `^`) means anything to `cmd` then; `windows.words` sees to
`%NAME%`, which would still be replaced.

`cmd` also says that it begins. Wine at times fails to bring up a process at all (seen once in many thousand, with
`ShellExecuteEx failed: Internal error` from its own starter); as long as `cmd` has not said so nothing of the
program has run, and it is begun again. So it is where `cmd` could not begin it, which looks as if there were none.
"""

from __future__ import annotations

import re
import secrets as words
from collections.abc import Callable, Sequence

from smena.errors import ProgramFailed
from smena.host import drives, process
from smena.host.console import text_of
from smena.host.output import masked, tail
from smena.host.paths import encode
from smena.host.ports import Identity
from smena.host.process import Command, Outcome
from smena.host.windows.words import line
from smena.text import _, plain

_VARIABLE = "SMENA_COMMAND"
_BEGUN = f"smena-{words.token_hex(8)}"
_MARK = f"{_BEGUN}="
"""Of this process alone: no program writes them."""
_BEGINNINGS = 3
_NONE, _NONE_SAID = "9009", "Can't recognize"
"""What Wine's `cmd` says of a program that it cannot begin."""
Started = Callable[[Identity], None]
_BYTES = "latin-1"
"""Every byte is a sign of it: the encoding is told later, from all of them."""


def run(
    args: Sequence[str],
    *,
    limit: float = 60.0,
    good: Sequence[int] | None = None,
    secrets: Sequence[str] = (),
    encoding: str | None = None,
    started: Started | None = None,
) -> Outcome:
    """Run a Windows program to its end; the whole exit status is told. One that is not in `good` is an error.

    `started` hears who runs before it is waited for, as in `process.run`.
    """
    place = drives.prefix()
    if place is None:
        ended = process.run(_native(args, limit, secrets), started)
    else:
        ended = _unpacked(args, _begun(_through_wine(place, args, limit, secrets), started), secrets)
    status, out, err, seconds = ended
    told = Outcome(status, text_of(out.encode(_BYTES), encoding), text_of(err.encode(_BYTES), encoding), seconds)
    if good is not None and told.status not in good:
        shown = encode(masked(line(args), secrets))
        message = _("{command} ended with status {status}", command=shown, status=told.status)
        last = encode(masked(tail(told.err) or tail(told.out), secrets))
        raise ProgramFailed(message, why=[plain(last)] if last else [])
    return told


def _native(args: Sequence[str], limit: float, secrets: Sequence[str]) -> Command:
    return Command(tuple(args), process.environment(), limit=limit, encoding=_BYTES, secrets=secrets)


def _through_wine(place: str, args: Sequence[str], limit: float, secrets: Sequence[str]) -> Command:
    environment = process.environment(WINEPREFIX=place, WINEDEBUG="-all", **{_VARIABLE: line(args)})
    command = ("wine", "cmd", "/v:on", "/c", f"echo {_BEGUN}&!{_VARIABLE}!&echo.&echo {_MARK}!errorlevel!")
    return Command(command, environment, limit=limit, encoding=_BYTES, secrets=secrets)


def _begun(command: Command, started: Started | None) -> Outcome:
    for _attempt in range(_BEGINNINGS - 1):
        ended = process.run(command, started)
        if _has_begun(ended):
            return ended
    return process.run(command, started)


def _has_begun(ended: Outcome) -> bool:
    not_found = ended.out.rstrip().endswith(f"{_MARK}{_NONE}") and _NONE_SAID in ended.err
    return ended.out.startswith(_BEGUN) and not not_found


def _unpacked(args: Sequence[str], ended: Outcome, secrets: Sequence[str]) -> Outcome:
    """What the program itself wrote, and its whole status, from what came through Wine's `cmd`."""
    before, found, after = ended.out.removeprefix(f"{_BEGUN}\r\n").rpartition(_MARK)
    number = after.strip()
    if not found or not re.fullmatch(r"-?\d+", number):
        message = _("it cannot be told how {command} ended", command=encode(masked(line(args), secrets)))
        last = tail(text_of((ended.err or ended.out).encode(_BYTES))) or str(ended.status)
        raise ProgramFailed(message, why=[plain(masked(last, secrets))])
    return Outcome(int(number), before.removesuffix("\r\n"), ended.err, ended.seconds)


__all__ = ["Outcome", "line", "run"]
