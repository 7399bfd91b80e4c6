"""From arguments to an exit status: the one place where exceptions become words.

Every error of the tree has its own exit status; click's mistakes of usage take the same
shape as ours. Anything else is a bug: it is written down, and no traceback is
shown unless `--debug` asks for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from smena.cli import language
from smena.cli.frame import COMPLETE, Frame
from smena.cli.output import Output, help_width
from smena.cli.root import root
from smena.errors import Abandoned, Bug, OutputFailed, SmenaError, WrongUsage, by_ctrl_c
from smena.text import Text, _, plain

READER_GONE = 141
"""As every program that writes into a pipe which nobody reads any more."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line; the exit status."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    language.speak(language.chosen(words, os.environ))
    frame = Frame(Output(json=language.flagged(words, "--json")))
    _tolerate_any_name()
    try:
        return _told(frame, words)
    except BrokenPipeError:
        _forget_output()
        return READER_GONE
    except OutputFailed as error:  # not even the error could be written
        _forget_output()
        return error.exit


def _told(frame: Frame, words: list[str]) -> int:
    try:
        return _carried_out(frame, words)
    except (BrokenPipeError, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - nothing may end in a traceback
        return _explained(frame, error)


def _carried_out(frame: Frame, words: list[str]) -> int:
    """What click's own `main` does, without its handling of errors and of broken pipes."""
    settings = {"obj": frame, "terminal_width": help_width()}
    instruction = os.environ.get(COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(root, settings, "smena", COMPLETE, instruction)
    try:
        with root.make_context("smena", words, None, **settings) as ctx:
            status = root.invoke(ctx)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return status if isinstance(status, int) else 0


def _explained(frame: Frame, error: BaseException) -> int:
    if frame.debug:
        import traceback

        frame.out.traceback("".join(traceback.format_exception(error)))
    shown = as_ours(error) or _bug(frame, error)
    if os.environ.get(COMPLETE):  # somebody is typing: nothing may appear between the words
        return shown.exit
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not frame.out.json:
        frame.out.usage(error.message)
        return shown.exit
    if isinstance(error, click.UsageError) and error.ctx is not None:
        frame.out.usage(error.ctx.get_usage())
    frame.out.error(shown)
    if isinstance(shown, OutputFailed):
        _forget_output()
    return shown.exit


def as_ours(error: BaseException) -> SmenaError | None:
    """The error of our tree that says the same; None for what nobody foresaw."""
    if isinstance(error, SmenaError):
        return error
    if isinstance(error, click.Abort | EOFError) or by_ctrl_c(error):
        return Abandoned(_("stopped by Ctrl-C"))
    if isinstance(error, click.UsageError):
        path = "smena" if error.ctx is None else error.ctx.command_path
        return WrongUsage(plain(_sentence(error)), hint=plain(f"{path} --help"))
    if isinstance(error, click.ClickException):
        return WrongUsage(plain(error.format_message()))
    return None


def _sentence(error: click.UsageError) -> Text | str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return _("a command is missing")
    return error.format_message()


def _bug(frame: Frame, error: BaseException) -> Bug:
    from smena.service import bugs

    try:
        place = bugs.record(error, frame.home)
    except (SmenaError, OSError) as second:
        state = _("The details could not be written down: {reason}", reason=second)
    else:
        state = _("The details are in {path}", path=place)
    return Bug(
        _("smena itself is wrong here ({name})", name=type(error).__name__),
        state=state,
        hint=_("the same command with --debug shows where"),
    )


def _tolerate_any_name() -> None:
    """A file's name may hold what the terminal's encoding cannot say; that must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Nothing can be written any more: the interpreter must not complain about it while it ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nothing, stream.fileno())
