"""The only place of the command line that prints.

For people: words on standard output, remarks and errors on standard error. For
programs (`--json`): one object on standard output and nothing else there, errors too.
On a terminal long lines are wrapped; in a pipe a line stays one line, whatever its
length, without colour. rich is imported only when a table is really printed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from textwrap import TextWrapper
from typing import TYPE_CHECKING, TextIO

import click

from smena.errors import OutputFailed
from smena.text import Text, _

if TYPE_CHECKING:
    from smena.errors import SmenaError

_WIDE = 100  # help is not wider than this; in a pipe it is this wide


class Output:
    """Where the words of one call go."""

    def __init__(self, *, json: bool = False, quiet: bool = False) -> None:
        self.json = json
        self.quiet = quiet

    def show(self, result: object, people: Callable[[Page], object]) -> None:
        """The answer of a command: `result` for programs, what `people` writes for people."""
        if self.json:
            _write(sys.stdout, encoded(result) + b"\n")
        else:
            page = Page(sys.stdout)
            people(page)
            _write(sys.stdout, page.text())

    def remark(self, text: Text) -> None:
        """Something worth saying beside the answer; `--quiet` does without."""
        if not self.quiet:
            page = Page(sys.stderr)
            page.line(text)
            _write(sys.stderr, page.text())

    def remark_page(self, people: Callable[[Page], object]) -> None:
        """More than one line beside the answer."""
        if not self.quiet:
            page = Page(sys.stderr)
            people(page)
            _write(sys.stderr, page.text())

    def error(self, error: SmenaError) -> None:
        """An error: what, why, in which state things are, and the next command."""
        if self.json:
            _write(sys.stdout, encoded({"error": error.as_dict()}) + b"\n")
            return
        page = Page(sys.stderr)
        page.line(_("Error: {message}", message=error.message), colour="red")
        for reason in error.why:
            page.item(reason)
        if error.state is not None:
            page.line(_("Now: {state}", state=error.state))
        if error.hint is not None:
            page.line(_("Next: {hint}", hint=error.hint))
        _write(sys.stderr, page.text())

    def usage(self, words: str) -> None:
        """How a command is called, above the mistake that was made in calling it; programs know."""
        if not self.json:
            _write(sys.stderr, f"{words}\n")

    def traceback(self, words: str) -> None:
        """What `--debug` shows; on standard error in either mode."""
        _write(sys.stderr, words)


class Page:
    """Words for people, put together before they are written."""

    def __init__(self, stream: TextIO | None) -> None:
        self._parts: list[str] = []
        self._width = terminal_width(stream)
        self._colour = self._width is not None and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def text(self) -> str:
        return "".join(self._parts)

    def block(self, words: str) -> None:
        """Lines that are laid out already."""
        self._parts.append(words if words.endswith("\n") else f"{words}\n")

    def line(self, words: Text | str = "", *, colour: str | None = None) -> None:
        """One line, or a paragraph that is wrapped on a terminal."""
        shown = self._filled(str(words), "", "")
        self.block(click.style(shown, fg=colour) if colour and self._colour else shown)

    def item(self, words: Text | str, *, depth: int = 1) -> None:
        """One entry of a list."""
        lead = "  " * depth
        self.block(self._filled(str(words), f"{lead}- ", f"{lead}  "))

    def table(self, heads: Sequence[Text | str], rows: Sequence[Sequence[object]]) -> None:
        """Columns without lines; in a pipe each row stays one line."""
        from smena.cli.table import table

        self.block(table([str(head) for head in heads], rows, width=self._width, colour=self._colour))

    def _filled(self, words: str, first: str, rest: str) -> str:
        if self._width is None:
            return first + words.replace("\n", f"\n{rest}")
        wrapper = TextWrapper(self._width, first, rest, break_on_hyphens=False, break_long_words=False)
        return "\n".join(wrapper.fill(line) for line in words.split("\n"))


def encoded(result: object) -> bytes:
    """One line of JSON, in UTF-8 whatever the terminal speaks; sentences are rendered in the current language."""
    import msgspec

    return msgspec.json.encode(plain_values(result))


def plain_values(value: object) -> object:
    """The same value made of nothing but mappings, lists, texts and numbers."""
    import msgspec

    if isinstance(value, Text):
        return _valid(str(value))
    if isinstance(value, str):
        return _valid(value)
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        return {field.encode_name: plain_values(getattr(value, field.name)) for field in fields}
    if isinstance(value, dict):
        return {str(name): plain_values(held) for name, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_values(held) for held in value]
    return value


def terminal_width(stream: TextIO | None) -> int | None:
    """The terminal's width; None where nobody looks but a program."""
    if stream is None or not stream.isatty():
        return None
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, 40)
    except (OSError, ValueError):
        return 80


def help_width() -> int:
    """Help is read by people even in a pipe, so it is always wrapped."""
    return min(terminal_width(sys.stdout) or _WIDE, _WIDE)


def _valid(words: str) -> str:
    """A file's name may hold bytes that are no text; JSON and terminals get an escape instead."""
    return words.encode("utf-8", "backslashreplace").decode()


def _write(stream: TextIO | None, words: str | bytes) -> None:
    if stream is None:  # closed by the caller: nobody listens
        return
    try:
        click.echo(words, file=stream, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(
            _("cannot write the answer: {reason}", reason=error.strerror),
            state=_("the command itself has done its work; only its words are lost"),
        ) from error
