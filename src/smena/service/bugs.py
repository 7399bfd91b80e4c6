"""What is written down when smena itself is wrong, for whoever mends it.

Arguments' values, the environment and local variables stay out, and what looks like a
secret in an exception's own words is masked: people send this file by mail.
"""

from __future__ import annotations

import os
import platform
import re
import traceback
from pathlib import Path

from smena import __version__, clock
from smena.ids import new_run_id

_SECRET = re.compile(r"((?:password|passwd|secret|token|key|пароль)\w*['\"]?\s*[:=]\s*)[^\s,;]+", re.IGNORECASE)


def record(error: BaseException, home: Path) -> Path:
    """Write the details into the home's folder `bugs`; the new file."""
    folder = home / "bugs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{new_run_id()}.txt"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(details(error))
    return path


def details(error: BaseException) -> str:
    """The traceback and the versions, without anything that is secret."""
    trace = "".join(traceback.format_exception(error))
    head = f"smena {__version__}\npython {platform.python_version()} on {platform.platform()}\n{clock.stamp()}\n\n"
    return head + _SECRET.sub(r"\1***", trace).encode("utf-8", "backslashreplace").decode()
