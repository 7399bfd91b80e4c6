#!/usr/bin/env python3
"""Writes docs/definition.schema.json anew from the classes of the format; a test holds that it was done."""

from __future__ import annotations

import json
from pathlib import Path

from smena.definition.schema import json_schema

FILE = Path(__file__).parent.parent / "docs" / "definition.schema.json"


def text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
