"""Kinds of step that act on a folder of small files: enough of a world to see whether the engine finds back.

`append` adds its word to a file (repeatable: it looks first). `foreign` behaves like a vendor's
program: it destroys the file, then writes it anew; what lay there before is kept by `keep`.
Run as a program, this module carries the run in the folder it is given, so that a test can kill it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import StepFailed
from smena.journal.journal import Journal
from smena.journal.rows import Header, NewStep
from smena.run.engine import Engine
from smena.run.step import Context, Done, Kind, NoUndo, Outcome, Retry, Table, Wait
from smena.text import plain


class Word(msgspec.Struct, frozen=True, kw_only=True):
    file: str
    word: str
    fails: bool = False
    undo_fails: bool = False
    retries: int = 0
    waits: bool = False


class Note(msgspec.Struct, frozen=True):
    words: list[str]


World = Context[Path]


def _read(path: Path) -> list[str]:
    return path.read_text("utf-8").split() if path.exists() else []


def _write(path: Path, words: list[str]) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(" ".join(words), "utf-8")
    temporary.rename(path)


def append(p: Word, ctx: World) -> Outcome:
    path = ctx.tools / p.file
    if ctx.recorded(Note) is None:
        ctx.record(Note(_read(path)))
    faults.point("toy.append")
    if p.fails:
        raise StepFailed(plain("as asked"))
    if p.waits and not ctx.resumed:
        return Wait(plain("a person"))
    if ctx.attempt <= p.retries:
        return Retry(0.01, plain("again"))
    note = ctx.recorded(Note)
    assert note is not None
    _write(path, [*note.words, p.word])
    faults.point("toy.appended")
    return Done()


def take_away(p: Word, ctx: World) -> None:
    note = ctx.recorded(Note)
    if p.undo_fails and not (ctx.tools / "mended").exists():
        raise StepFailed(plain("undo as asked"))
    faults.point("toy.undo")
    if note is not None:
        _write(ctx.tools / p.file, note.words)


def rewrite(p: Word, ctx: World) -> Outcome:
    path = ctx.tools / p.file
    words = _read(path)
    if words and words[-1].startswith("half"):
        raise StepFailed(plain("half-written data"))
    _write(path, ["half"])
    faults.point("toy.half")
    if p.fails:
        raise StepFailed(plain("foreign failure"))
    _write(path, [*words, p.word])
    return Done()


def keep(p: Word, ctx: World) -> Outcome:
    if ctx.recorded(Note) is None:
        ctx.record(Note(_read(ctx.tools / p.file)))
    return Done()


TABLE: Table[Path] = Table(
    Kind(name="append", params=Word, do=append, undo=take_away),
    Kind(name="keep", params=Word, do=keep, undo=take_away),
    Kind(name="foreign", params=Word, do=rewrite, undo=NoUndo("the keep before it puts back"), interrupted="undo"),
)


class Quiet:
    """Nobody asks for anything, unless a file of that name stands in the world."""

    def __init__(self, world: Path) -> None:
        self.world = world

    def stopping(self) -> bool:
        return (self.world / "stop").exists()

    def asked(self, request: str) -> bool:
        return (self.world / request).exists()

    def answered(self, request: str) -> None:
        (self.world / request).unlink(missing_ok=True)

    def sleep(self, seconds: float) -> None:
        pass


def make(folder: Path, *steps: tuple[str, Word] | tuple[str, Word, str], no_return: int = 0) -> Journal:
    """A run of these steps in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {"id": folder.name, "kind": "upgrade", "instance": "i", "product": "p", "from_version": "1"}
    header = Header(**words, to_version="2", plan=b"{}", plan_hash="h", options=b"{}", smena="0", who="me", host="here")
    rows = [
        NewStep(
            kind=step[0],
            params=msgspec.json.encode(step[1]),
            title=plain(step[1].word),
            phase=step[2] if len(step) > 2 else "switch",
            no_return=plain("gone") if seq == no_return else None,
        )
        for seq, step in enumerate(steps, start=1)
    ]
    return Journal.create(folder, header, rows)


def carry(folder: Path, world: Path, *, resume: bool = False) -> str:
    journal = Journal.open(folder)
    try:
        return Engine(journal, TABLE, world, Quiet(world)).carry(resume=resume)
    finally:
        journal.close()


if __name__ == "__main__":
    print(carry(Path(sys.argv[1]), Path(sys.argv[2]), resume="resume" in sys.argv))
