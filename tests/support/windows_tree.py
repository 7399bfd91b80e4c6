"""Everything below some folders as Windows sees it: kind, content, access list, marks. Run below Wine, prints JSON."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from smena.host.native import attributes


def seen(root: Path) -> dict[str, list[str]]:
    return {str(path): _entry(path) for path in [root, *sorted(root.rglob("*"))]} if root.exists() else {}


def _entry(path: Path) -> list[str]:
    proof = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    kept = attributes.read(str(path)).xattrs
    return [proof, *(f"{name}: {kept[name].hex()}" for name in sorted(kept))]


if __name__ == "__main__":
    found: dict[str, list[str]] = {}
    for word in sys.argv[1:]:
        found |= seen(Path(word))
    print(json.dumps(found))
