"""`smena` and `python -m smena`. Everything else is imported from here: Ctrl-C is quiet from the first moment."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit status."""
    try:
        from smena.cli.entry import run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
