"""Tables: the one place where rich is used, imported only when a table is printed."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text as Cell

_NO_LIMIT = 100_000


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, width: int | None, colour: bool) -> str:
    """Aligned columns as text; `width` None (a pipe) means that no cell is ever wrapped."""
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        grid.add_column(Cell(head), overflow="fold", no_wrap=width is None)
    for row in rows:
        grid.add_row(*(Cell(str(value)) for value in row))
    console = Console(
        file=io.StringIO(), width=width or _NO_LIMIT, force_terminal=colour, no_color=not colour, legacy_windows=False
    )
    with console.capture() as captured:
        console.print(grid)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
