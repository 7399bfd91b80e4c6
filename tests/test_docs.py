"""Nothing exists undocumented, and what the documents show is true.

Commands and options in docs/commands.md, error codes in docs/errors.md, the definition's fields,
step kinds and checks in docs/definition.md. In README.md and docs/, the lines of
```console blocks that start with `$ smena` are run, those of one document one after another, in a scratch folder
beside `src`, with a scratch home:

* the lines below are what is shown, both streams, exactly; `…` on a line of its own stands for any lines, within
  a line for any words; where nothing stands below, anything may be shown;
* `# exit status N` behind the command is the exit status, otherwise it is 0.
"""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from scripts import documents
from smena import errors
from smena.cli.frame import Argument, Group, Lazy, Option, everywhere
from smena.cli.root import root
from smena.definition import checks, steps
from smena.text import speaking

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


# --- commands ----------------------------------------------------------------------


def commands(command: click.Command = root, path: str = "smena") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, loaded."""
    real = command.real() if isinstance(command, Lazy) else command
    yield path, real
    if isinstance(real, Group):
        for name, child in real.commands.items():
            yield from commands(child, f"{path} {name}")


def sections(path: Path) -> dict[str, str]:
    """The text below each heading, by the heading's first words in backticks."""
    parts = re.split(r"^#+ +(.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_documented(path: str, command: click.Command) -> None:
    with speaking("en"):
        usage = [path, *(str(argument.metavar) for argument in command.params if isinstance(argument, Argument))]
    heading = f"`{' '.join(usage)}`"
    section = sections(DOCS / "commands.md").get(heading)
    assert section is not None, f"docs/commands.md has no section {heading}"
    missing = [option.opts[0] for option in command.params if isinstance(option, Option)]
    assert [name for name in missing if f"`{name}" not in section] == []


def test_the_options_of_every_command_are_documented() -> None:
    section = sections(DOCS / "commands.md")["Options of every command"]
    assert [option.opts[0] for option in everywhere() if f"`{option.opts[0]}" not in section] == []


def test_no_command_is_documented_that_does_not_exist() -> None:
    known = {path for path, _command in commands()}
    headings = [heading for heading in sections(DOCS / "commands.md") if heading.startswith("`smena")]
    named = {" ".join(word for word in heading.strip("`").split() if word.islower()) for heading in headings}
    assert named - known == set()


# --- errors -------------------------------------------------------------------------


def test_every_error_code_is_documented_and_no_other() -> None:
    words = documents.DOCUMENT.read_text(encoding="utf-8")
    assert words == documents.written(words), "call `make documents`"


def test_every_error_says_what_it_means() -> None:
    assert [kind.code for kind in errors.all_errors() if len((kind.__doc__ or "").splitlines()) != 1] == []


def test_an_error_code_belongs_to_one_error() -> None:
    codes = [kind.code for kind in errors.all_errors()]
    assert sorted(codes) == sorted(set(codes))


# --- definitions ----------------------------------------------------------------------


def structs() -> list[type[msgspec.Struct]]:
    """Every class of the format."""
    found: dict[str, type[msgspec.Struct]] = {}
    for name in ("model", "steps", "checks", "values"):
        module = importlib.import_module(f"smena.definition.{name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == module.__name__:
                found[value.__name__] = value
    return list(found.values())


def fields(kind: type[msgspec.Struct]) -> list[str]:
    inside = {"line", "kind", "params", "question", "tests"}  # not written: the reader fills them in
    return [field.encode_name for field in msgspec.structs.fields(kind) if field.name not in inside]


@pytest.mark.parametrize("kind", structs(), ids=lambda kind: kind.__name__)
def test_every_field_of_a_definition_is_documented(kind: type[msgspec.Struct]) -> None:
    words = (DOCS / "definition.md").read_text(encoding="utf-8")
    assert [
        name for name in fields(kind) if not re.search(rf"`{re.escape(name)}\b[^`]*`|\b{re.escape(name)}:", words)
    ] == []


@pytest.mark.parametrize("table", [steps.KINDS, checks.BEFORE, checks.AFTER], ids=["steps", "before", "after"])
def test_every_step_kind_and_check_is_documented(table: dict[str, object]) -> None:
    words = (DOCS / "definition.md").read_text(encoding="utf-8")
    assert [name for name in table if f"`{name}`" not in words] == []


# --- what the documents show ------------------------------------------------------------


class Shown(msgspec.Struct, frozen=True):
    """One command of a document, and what the document says it shows."""

    place: str
    command: str
    status: int
    lines: tuple[str, ...]


def shown_in(path: Path) -> Iterator[Shown]:
    for block in re.finditer(r"^```console\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            first, *rest = part.rstrip("\n").split("\n")
            command, _hash, remark = first.partition(" # ")
            if command.startswith("smena "):
                status = int(remark.removeprefix("exit status ")) if remark.startswith("exit status ") else 0
                yield Shown(str(path.relative_to(ROOT)), command.strip(), status, tuple(rest))


SHOWN = [one for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md"))) for one in shown_in(path)]


def as_pattern(lines: tuple[str, ...]) -> str:
    shown = ("(?:.*\n)*?" if line.strip() == "…" else f"{re.escape(line.rstrip())}\n" for line in lines)
    return "".join(shown).replace("…", ".*")


def by_document() -> dict[str, list[Shown]]:
    found: dict[str, list[Shown]] = {}
    for one in SHOWN:
        found.setdefault(one.place, []).append(one)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("place", by_document())
def test_what_the_documents_show_is_true(place: str, tmp_path: Path) -> None:
    """The commands of a document run one after another, as a reader would call them."""
    (tmp_path / "src").symlink_to(ROOT / "src")
    for one in by_document()[place]:
        _run_and_compare(one, tmp_path)


def _run_and_compare(one: Shown, folder: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "SMENA_HOME": str(folder / "home"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(one.command)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=180,
    )
    assert done.returncode == one.status, f"{one.command}: {done.stdout}"
    if one.lines:
        said = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
        assert re.fullmatch(as_pattern(one.lines), said), f"{one.command} says now:\n{said}"


def test_the_documents_show_something() -> None:
    assert any(one.place == "README.md" and one.lines for one in SHOWN)
