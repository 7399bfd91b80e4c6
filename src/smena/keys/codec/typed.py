"""Messages as people type, read out and mail them: groups of five symbols and a check, with hyphens between.

Written: six groups a line. Read: in any case, with or without hyphens, blanks and line ends anywhere, in the middle of
a mail, quoted or not. A mistake is named at its group.
"""

from __future__ import annotations

from collections.abc import Iterator

from smena.errors import MessageBad
from smena.keys.codec import diagnosis, field, groups, letters
from smena.text import _

A_LINE = 6
_QUOTES = ">|"
_MOST_LINES = 80  # of one message; the longest there is has fewer
_MOST_TOGETHER = 400  # lines that are searched for it


def symbols(message: bytes) -> str:
    """All symbols in one row: what a QR code holds."""
    return "".join(written(message))


def written(message: bytes) -> list[str]:
    """The groups."""
    values = [len(message) % 32, *field.to_symbols(message)]
    found = []
    for number, start in enumerate(range(0, len(values), groups.SIZE - 1), 1):
        five = values[start : start + groups.SIZE - 1]
        found.append("".join(field.ALPHABET[value] for value in [*five, field.check(five, number)]))
    return found


def show(message: bytes) -> str:
    """Lines of groups; every line but the last ends in a hyphen, so that nobody can lose a border."""
    found = written(message)
    lines = ["-".join(found[start : start + A_LINE]) for start in range(0, len(found), A_LINE)]
    return "-\n".join(lines)


def read(text: str) -> bytes:
    """The message in a text that a person typed or a mail program went over."""
    runs = _runs(text)
    for run in runs:
        for window in _windows(run):
            found = _message(window)
            if found is not None:
                return found
    raise _unreadable(runs)


def _unreadable(runs: list[list[str]]) -> MessageBad:
    hint = _("look at the named group and type it again")
    if not runs:
        return MessageBad(_("there is no message in this text"))
    joined = max(("".join(run) for run in runs), key=_how_good)
    why = [trouble.words for trouble in diagnosis.diagnose(joined)]
    message = _("this message was not typed or carried over as it was sent")
    return MessageBad(message, why=why, state=_("nothing was changed"), hint=hint)


def _how_good(text: str) -> tuple[int, int]:
    return sum(group.right for group in groups.judged(groups.by_hyphens(text))), len(text)


def _message(text: str) -> bytes | None:
    for cut in (groups.by_hyphens(text), groups.by_sixes(text.replace("-", ""))):
        if cut and groups.is_right(cut[0], 1):
            found = groups.message(groups.judged(cut))
            if found is not None:
                return found
    return None


def _windows(run: list[str]) -> Iterator[str]:
    """Neighbouring lines, the most first: words of a mail may stand directly above or below a message."""
    for size in range(len(run), 0, -1):
        if size <= _MOST_LINES:
            for start in range(len(run) - size + 1):
                yield "".join(run[start : start + size])


def _runs(text: str) -> list[list[str]]:
    """Lines that hold nothing but symbols and hyphens, those together that nothing else parts; without blanks.

    Words before a colon are a heading.
    """
    found: list[list[str]] = [[]]
    for line in letters.tidy(text).splitlines():
        bare = "".join(line.strip().lstrip(_QUOTES + " ").rpartition(":")[2].split())
        if bare and all(sign == "-" or letters.is_symbol(sign) for sign in bare):
            found[-1].append(bare)
        elif bare:
            found.append([])
    return [run[:_MOST_TOGETHER] for run in found if any(line.strip("-") for line in run)]
