"""What every command has: words in both languages, the options that are the same everywhere, lazy loading.

Help is a `Text` and becomes words only when it is shown. A command that is not called is
not imported: the table in `root.py` knows its name, its place and its short help.
The options of `everywhere()` may stand before or after the sub-command, so every
command has them; each writes into the one `Frame` of the call. (`--json` and `--lang` are
read before parsing, see `language.py`: here they are only allowed, explained and judged.)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from smena import __version__
from smena.cli.output import Output
from smena.errors import QuestionOpen
from smena.text import LANGUAGES, Text, _

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = "_SMENA_COMPLETE"
"""The variable in which a shell asks what fits; see `smena completion`."""

YES = ("y", "yes", "д", "да")


@dataclass
class Frame:
    """One call of the command line: what was asked of it as a whole."""

    out: Output = field(default_factory=Output)
    given_home: str | None = None
    debug: bool = False
    yes: bool = False
    _looked: bool = False

    @property
    def home(self) -> Path:
        """Where smena keeps what it knows. Runs there that something interrupted go on from the first look at it."""
        from smena.service.fitness import refuse_interpreter
        from smena.service.home import home

        refuse_interpreter()
        found = home(self.given_home)
        if not self._looked and not os.environ.get(COMPLETE):
            self._looked = True
            self._take_up(found)
        return found

    @property
    def home_as_it_is(self) -> Path:
        """The same for those who only look: nothing is taken up."""
        from smena.service.home import home

        return home(self.given_home)

    def _take_up(self, home: Path) -> None:
        from smena.service.takeup import take_up

        for taken in take_up(home):
            self.out.remark(taken.said)

    def confirmed(self, question: Text) -> bool:
        """A person's yes or no; `--yes` answers, and without a terminal nobody else does."""
        if self.yes:
            return True
        if self.out.json or not sys.stdin.isatty():
            raise QuestionOpen(
                _("a question is open, and there is nobody to ask: {question}", question=question),
                state=_("nothing was done"),
                hint=_("the same command with --yes says yes"),
            )
        from smena.cli import asking

        return asking.line(_("{question} [yes/no]", question=question)).lower() in YES


class Worded:
    """Help and placeholder that are a `Text`, rendered when they are asked for."""

    words: Text | None = None
    _placeholder: Text | str | None = None

    @property
    def help(self) -> str | None:
        return None if self.words is None else str(self.words)

    @help.setter  # noqa: A003 - click's name
    def help(self, value: str | None) -> None:
        """Click's constructors set what they were given; ours is in `words`."""

    @property
    def metavar(self) -> str | None:
        return None if self._placeholder is None else str(self._placeholder)

    @metavar.setter
    def metavar(self, value: Text | str | None) -> None:
        self._placeholder = value


class Option(Worded, click.Option):
    def __init__(self, declarations: Sequence[str], *, words: Text, **rest: Any) -> None:
        super().__init__(declarations, **rest)
        self.words = words


class Argument(Worded, click.Argument):
    def __init__(self, declarations: Sequence[str], *, words: Text, **rest: Any) -> None:
        super().__init__(declarations, **rest)
        self.words = words


class Command(Worded, click.Command):
    """A command with examples in its help, and with the options that are the same everywhere."""

    def __init__(self, name: str | None, *, words: Text, examples: Sequence[str] = (), **rest: Any) -> None:
        super().__init__(name, add_help_option=False, **rest)
        self.words = words
        self.examples = tuple(examples)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *everywhere()]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = [piece for parameter in self.params for piece in parameter.get_usage_pieces(ctx)]
        return [str(_("[OPTIONS]")), *pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [option for option in self.params if isinstance(option, Option)]
        _write_options(ctx, formatter, _("Options"), own)
        _write_options(ctx, formatter, _("Options of every command"), everywhere())

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        if self.examples:
            with formatter.section(str(_("Examples"))):
                formatter.write("".join(f"  {example}\n" for example in self.examples))


class Group(Command, click.Group):
    """A command with sub-commands, listed in the order in which they were written."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*Command.collect_usage_pieces(self, ctx), str(_("COMMAND [ARGUMENTS]..."))]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        Command.format_options(self, ctx, formatter)


class Lazy(Command):
    """Stands in a group for a command that is imported only when it is called."""

    def __init__(self, name: str, place: str, words: Text) -> None:
        super().__init__(name, words=words)
        self.place = place

    def real(self) -> click.Command:
        module, _colon, attribute = self.place.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - the table is ours
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self.real().make_context(info_name, args, parent, **extra)


def option(*declarations: str, words: Text, **rest: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(*declarations, cls=Option, words=words, **rest)


def argument(*declarations: str, words: Text, **rest: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.argument(*declarations, cls=Argument, words=words, **rest)


@cache
def everywhere() -> tuple[Option, ...]:
    """The options that every command takes, in front of it or behind it."""
    return (
        _flag("--json", _("Print one JSON object for programs.")),
        Option(
            ["--lang"],
            words=_("Language of the words; without it, that of the environment."),
            type=click.Choice(LANGUAGES),
            expose_value=False,
        ),
        Option(
            ["--home"],
            words=_("Where smena keeps what it knows (or SMENA_HOME)."),
            metavar=_("FOLDER"),
            expose_value=False,
            callback=_set_home,
        ),
        _flag("--quiet", _("No progress and no remarks."), _set_quiet),
        _flag("--debug", _("Show what happened inside when something fails."), _set_debug),
        _flag("--help", _("Show this help."), _show_help, is_eager=True),
    )


def asks() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For commands that ask a question: `--yes`."""
    words = _("Answer every question with yes.")
    return option("--yes", words=words, is_flag=True, expose_value=False, callback=_set_yes)


def version_option() -> Option:
    return _flag("--version", _("Show the version of smena."), _show_version, is_eager=True)


def _flag(name: str, words: Text, callback: Callable[..., None] | None = None, **rest: Any) -> Option:
    return Option([name], words=words, is_flag=True, expose_value=False, callback=callback, **rest)


def _write_options(ctx: click.Context, formatter: click.HelpFormatter, title: Text, options: Sequence[Option]) -> None:
    records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
    if records:
        with formatter.section(str(title)):
            formatter.write_dl(records)


def _frame(ctx: click.Context) -> Frame:
    return ctx.find_root().ensure_object(Frame)


def _set_quiet(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        _frame(ctx).out.quiet = True


def _set_debug(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        _frame(ctx).debug = True


def _set_yes(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        _frame(ctx).yes = True


def _set_home(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        _frame(ctx).given_home = value


def _show_help(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        words = ctx.get_help()
        _frame(ctx).out.show({"help": words}, lambda page: page.block(words))
        ctx.exit()


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        _frame(ctx).out.show({"version": __version__}, lambda page: page.line(f"smena {__version__}"))
        ctx.exit()
