"""Lines that move from one file into another: other indentation, other line ends, their comments with them."""

from __future__ import annotations

from smena.edit.source import Source, lines_of


def bare(line: str) -> str:
    return line.rstrip("\r\n")


def reindented(text: str, old: str, new: str) -> list[str]:
    """The lines without their ends, moved from the indentation `old` to `new`."""
    moved = []
    for line in map(bare, lines_of(text)):
        kept = len(line) - len(line.lstrip(" \t"))
        moved.append(new + line[min(len(old), kept) :] if line.strip() else "")
    return moved


def comments_above(source: Source, start: int, signs: tuple[str, ...]) -> list[str]:
    """The comment lines directly above the line that starts here."""
    above: list[str] = []
    for line in reversed(lines_of(source.text[:start])):
        if not line.strip().startswith(signs):
            break
        above.insert(0, line.strip())
    return above
