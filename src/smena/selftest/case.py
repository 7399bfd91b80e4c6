"""A case: one promise, tried in a scratch world. The list of a suite is its contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from smena.text import Text

Trial = Callable[[Any], None]


class Case(NamedTuple):
    """`name` is stable, for programs; `title` is the promise, for people."""

    name: str
    title: Text
    trial: Trial


class Suite:
    """Cases in the order in which they were written down."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def case(self, title: Text) -> Callable[[Trial], Trial]:
        """Add the function below; its name is the case's."""

        def added(trial: Trial) -> Trial:
            self.cases.append(Case(trial.__name__.replace("_", "-"), title, trial))
            return trial

        return added
