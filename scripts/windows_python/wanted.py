"""The packages that the Windows Python of the tests needs: those that smena runs with, and pytest with hypothesis."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["project"]
print(*project["dependencies"], "colorama", "pytest", "hypothesis", sep="\n")
