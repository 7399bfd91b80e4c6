"""How a program of Windows is told its arguments and its environment: each as one text. Pure, so that it is the same
wherever Windows programs are started from.

A program reads its own command line, and nearly all read it alike. Installers also want a property as
`NAME="some words"`, quotes after the sign: for everybody else that is the same word. A `%` stands outside of quotes,
which changes nothing either, and keeps a `cmd` on the way from taking it for a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PLAIN = re.compile(r"[\w./:\\*@+=,-]+")
_PROPERTY = re.compile(r"([A-Z_][A-Z0-9_.]*=)(.*)", re.DOTALL)
_BEFORE_QUOTE = re.compile(r'(\\*)"')


def line(args: Sequence[str]) -> str:
    """The command line of a Windows program, from which it reads these very words."""
    return " ".join(_quoted(arg) for arg in args)


def block(environment: Mapping[str, str]) -> str:
    """The environment as a new process gets it: sorted without regard to case, each variable ended by a zero."""
    named = sorted(environment.items(), key=lambda item: item[0].upper())
    return "".join(f"{name}={value}\0" for name, value in named) + "\0"


def variables(text: str) -> list[str]:
    """`NAME=value` of each variable in such a block, however much follows its end."""
    return text.partition("\0\0")[0].split("\0")


def _quoted(arg: str) -> str:
    if _PLAIN.fullmatch(arg):
        return arg
    named = _PROPERTY.fullmatch(arg)
    name, value = (named[1], named[2]) if named else ("", arg)
    return name + "%".join(_in_quotes(part) for part in value.split("%"))


def _in_quotes(text: str) -> str:
    """Backslashes count only before a quote: there they are doubled."""
    escaped = _BEFORE_QUOTE.sub(_doubled, text)
    ending = len(text) - len(text.rstrip("\\"))
    return '"' + escaped + "\\" * ending + '"'


def _doubled(found: re.Match[str]) -> str:
    return found[1] * 2 + '\\"'
