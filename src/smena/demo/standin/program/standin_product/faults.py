"""Failure on demand: what `standin-faults.json` or the variable STANDIN_FAULTS asks for.

A JSON object (or a list of them) of the names below. A plain value is meant for the
service that the table names, an object gives a value for each service. With `"version"`
the wishes hold only for the versions that begin with it, so that an instance can be well
before its upgrade and fail after it. A name that is not in the table is refused: a
misspelt fault would be a test that tests nothing.
"""

from __future__ import annotations

import json
import os

from .refusal import Refusal

FILE = "standin-faults.json"
VARIABLE = "STANDIN_FAULTS"

NAMES = {
    "no-start": "comindware",  # true: it ends at once with status 1
    "port-taken": "apigateway",  # true: another socket holds its port
    "slow-start": "comindware",  # seconds before it is up
    "slow-conversion": "comindware",  # seconds that a conversion takes longer
    "conversion-error": "comindware",  # true: the conversion breaks in the middle
    "no-completion": "comindware",  # true: converted, but no log says so
    "error-after": "comindware",  # seconds after which it does not work any more
    "ignore-sigterm": "comindware",  # true: only kill -9 ends it
    "wrong-version": "apigateway",  # the version that it claims to be
}


class Faults:
    """The wishes that concern one service."""

    def __init__(self, wishes: dict[str, object], service: str) -> None:
        self._wishes = wishes
        self._service = service

    def wanted(self, name: str) -> bool:
        return bool(self._value(name))

    def seconds(self, name: str) -> float:
        value = self._value(name)
        if not value:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"{FILE}: '{name}' needs a number of seconds")
        return float(value)

    def text(self, name: str) -> str:
        return str(self._value(name) or "")

    def _value(self, name: str) -> object:
        value = self._wishes.get(name)
        if isinstance(value, dict):
            return value.get(self._service)
        return value if NAMES[name] == self._service else None


def load(config: str, version: str, service: str) -> Faults:
    """What is asked for this version: the file first, then the variable."""
    path = os.path.join(config, FILE)
    wishes: dict[str, object] = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            wishes.update(_concerning(file.read(), FILE, version))
    wishes.update(_concerning(os.environ.get(VARIABLE, ""), VARIABLE, version))
    return Faults(wishes, service)


def _concerning(text: str, where: str, version: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Refusal(f"{where}: {error}") from None
    wishes: dict[str, object] = {}
    for entry in content if isinstance(content, list) else [content]:
        if not isinstance(entry, dict) or not set(entry) <= {*NAMES, "version"}:
            raise Refusal(f"{where}: {entry!r} is no fault; known are {', '.join(sorted(NAMES))}")
        if _begins(version, str(entry.get("version", ""))):
            wishes.update({name: value for name, value in entry.items() if name != "version"})
    return wishes


def _begins(version: str, prefix: str) -> bool:
    return not prefix or version == prefix or version.startswith(prefix + ".")
