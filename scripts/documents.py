"""Write the table of errors in docs/errors.md anew: the words come from the classes, so nobody writes them twice."""

from __future__ import annotations

import sys
from pathlib import Path

from smena.errors import SmenaError, all_errors

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/errors.md"
HEAD = "| code | exit status | HTTP | meaning |\n| --- | --- | --- | --- |\n"
BEGIN, END = "<!-- errors -->\n", "<!-- end -->\n"


def table() -> str:
    """Every error below the root, by exit status, then as it stands in the tree."""
    kinds = [kind for kind in all_errors() if kind is not SmenaError]
    rows = [
        f"| `{kind.code}` | {kind.exit} | {kind.http} | {(kind.__doc__ or '').strip()} |\n"
        for kind in sorted(kinds, key=lambda kind: kind.exit)
    ]
    return HEAD + "".join(rows)


def written(words: str) -> str:
    """The document with the table that is true now."""
    before, _begin, rest = words.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def main() -> int:
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
