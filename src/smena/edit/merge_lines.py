"""Merging by line, for files without keys. A conflict is called by its lines in the administrator's file."""

from __future__ import annotations

from collections.abc import Sequence

from smena.edit.diff3 import Region, merged, regions
from smena.edit.masks import Veil
from smena.edit.merging import Change, Conflict, Merge, Settled, What
from smena.edit.resolutions import Resolutions, Side
from smena.edit.source import LINE_END, Source, lines_of


def merge_lines(base: Source | None, ours: Source, new: Source, resolutions: Resolutions, veil: Veil) -> Merge:
    """Without a base nobody can tell who changed a line: each difference is a conflict."""
    parts = _regions(base, ours, new)
    carried, conflicts, settled = [], [], []
    written: list[str] = []
    for part in parts:
        name = _name(part)
        chosen = resolutions.get(name) if part.verdict in ("ours", "conflict") else None
        if chosen:
            settled.append(Settled(name, chosen.side))
            written += _explicit(chosen.value, new.newline) if chosen.side == "value" else _side(part, chosen.side)
        elif part.verdict == "conflict":
            conflicts.append(_conflict(part, name, base is not None, veil))
        else:
            written += _side(part, "ours" if part.verdict == "ours" else "new")
            carried += [_change(part, name, veil)] if part.verdict == "ours" else []
    result = None if conflicts else _written(new, written)
    if not settled and base is not None and result is not None:
        result = _untouched(base, ours, new) or result
    return Merge(new.file, result, tuple(carried), tuple(conflicts), tuple(settled), base is None)


def line_merged(base: Source, ours: Source, new: Source) -> bytes | None:
    """The three-way merge by line if it is clean: it keeps comments and order of both sides."""
    if (untouched := _untouched(base, ours, new)) is not None:
        return untouched
    if len({base.encoding, ours.encoding, new.encoding}) > 1:
        return None  # a line may be the one that declares the encoding
    lines = merged(_regions(base, ours, new))
    return None if lines is None else _written(new, lines)


def _written(new: Source, lines: Sequence[str]) -> bytes:
    return new.spliced([(0, len(new.text), "".join(lines))]).data


def _untouched(base: Source, ours: Source, new: Source) -> bytes | None:
    """Where one side changed nothing at all, the other side's very bytes: mark, line ends and all."""
    if ours.data == base.data:
        return new.data
    return ours.data if new.data == base.data else None


def _regions(base: Source | None, ours: Source, new: Source) -> list[Region]:
    """Line ends that only one editor changed are no difference: all are compared as the new file has them."""
    newline = new.newline if LINE_END.search(new.text) else ours.newline
    mine, theirs = _lines(ours, newline), lines_of(new.text)
    if base is not None:
        return list(regions(_lines(base, newline), mine, theirs))
    two_way = regions(mine, mine, theirs)
    return [part._replace(base=(), verdict="conflict") if part.verdict == "new" else part for part in two_way]


def _lines(source: Source, newline: str) -> list[str]:
    uniform = len(set(LINE_END.findall(source.text))) == 1
    return lines_of(LINE_END.sub(newline, source.text) if uniform else source.text)


def _name(part: Region) -> str:
    first, last = part.at + 1, part.at + len(part.ours)
    if not part.ours:
        return f"after line {part.at}"
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _side(part: Region, side: Side) -> Sequence[str]:
    return part.ours if side == "ours" else part.new


def _explicit(value: str, newline: str) -> list[str]:
    return [line + newline for line in LINE_END.split(value.rstrip("\r\n"))] if value else []


def _change(part: Region, name: str, veil: Veil) -> Change:
    what: What = "changed" if part.ours and part.base else "added" if part.ours else "removed"
    return Change(name, what, _shown(part.base, veil), _shown(part.ours, veil), _shown(part.new, veil))


def _conflict(part: Region, name: str, known: bool, veil: Veil) -> Conflict:
    base = _shown(part.base, veil) if known else None
    return Conflict(name, part.at + 1 if part.ours else 0, base, _shown(part.ours, veil), _shown(part.new, veil))


def _shown(lines: Sequence[str], veil: Veil) -> str | None:
    return veil.text("".join(lines)) if lines else None
