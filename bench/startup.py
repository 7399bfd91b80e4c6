"""How long the command line takes to answer, against `python -c "import click"`.

Whole processes, in turn in one run, so that whatever else the machine does meets all of
them alike; the median of each is set against the median of the base.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

ROUNDS = int(os.environ.get("ROUNDS", "25"))
SMENA = [sys.executable, "-m", "smena"]
BASE = "import click"

COMMANDS: dict[str, tuple[list[str], float | None]] = {
    BASE: ([sys.executable, "-c", "import click"], None),
    "--version": ([*SMENA, "--version"], 1.3),
    "--help": ([*SMENA, "--help"], 1.7),
    "--help --lang ru": ([*SMENA, "--help", "--lang", "ru"], 1.7),
    "product list": ([*SMENA, "product", "list"], 3.0),
    "product list --json": ([*SMENA, "product", "list", "--json"], 3.0),
}


def measured() -> dict[str, float]:
    """Median seconds by command."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"SMENA_HOME": home, "SMENA_LANG": "en"}
        for turn in range(ROUNDS + 1):  # the first one only warms the caches
            for name, (command, _target) in COMMANDS.items():
                began = time.perf_counter()
                subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
                if turn:
                    times[name].append(time.perf_counter() - began)
    return {name: median(taken) for name, taken in times.items()}


def main() -> None:
    medians = measured()
    print(f"{'command':<22}{'ms':>8}{'ratio':>8}{'target':>8}")
    for name, (_command, target) in COMMANDS.items():
        ratio = medians[name] / medians[BASE]
        wanted = "" if target is None else f"{target:.1f}"
        verdict = "" if target is None else ("  ok" if ratio <= target else "  too slow")
        print(f"{name:<22}{medians[name] * 1000:>8.1f}{ratio:>8.2f}{wanted:>8}{verdict}")


if __name__ == "__main__":
    main()
