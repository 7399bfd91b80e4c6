"""The built-in definitions, as typed objects and as plain text by key."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from smena import products
from smena.definition.load import load
from smena.definition.model import Definition

PRODUCTS = Path(products.__file__).parent
NAMES = sorted(path.parent.name for path in PRODUCTS.glob("*/product.yaml"))


def file_of(name: str) -> Path:
    return PRODUCTS / name / "product.yaml"


@cache
def builtin(name: str) -> Definition:
    return load(file_of(name).read_bytes(), name)


@cache
def raw(name: str) -> Any:
    """What is written in the file: mappings, lists and texts, nothing guessed."""
    return yaml.load(file_of(name).read_text("utf-8"), yaml.CBaseLoader)
