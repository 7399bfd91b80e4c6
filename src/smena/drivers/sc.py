"""The service manager of Windows, asked and told through `sc`.

Its words come in the language of Windows, so none is read: a field is known by its place, a state by its number, a
failure by the exit status, which is the number of the system's error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from smena.errors import AccessDenied, ServiceFailed, ServiceUnknown
from smena.host import programs
from smena.host.output import tail
from smena.host.programs import Outcome
from smena.text import _, plain

STOPPED, START_PENDING, STOP_PENDING, RUNNING = 1, 2, 3, 4
NEVER_STARTED = 1077
SHARED = 0x20
NO_ACCESS, NO_SERVICE, NOT_RUNNING, RUNS_ALREADY, NOT_NOW = 5, 1060, 1062, 1056, 1061
MARKED_FOR_DELETE = 1072

_FIELD = re.compile(r"\s+\S[^:]*:\s*(\S*)")
_NAME = re.compile(r"\S[^:]*:\s*(.*?)\s*")


class Queried(NamedTuple):
    """What `sc queryex` says; the numbers only. `error` is why it ended last, `own` the service's own word on it."""

    name: str
    type: int
    state: int
    error: int
    own: int
    hint: int
    pid: int

    @property
    def shared(self) -> bool:
        """Its process is other services' too."""
        return bool(self.type & SHARED)


def query(name: str) -> Queried | None:
    """The service as it is now; None where there is none of this name."""
    outcome = _sc("queryex", name)
    if outcome.status == NO_SERVICE:
        return None
    found = next(parse(outcome.out), None) if outcome.status == 0 else None
    if found is None:
        raise failed(name, outcome)
    return found


def known(name: str) -> Queried:
    found = query(name)
    if found is None:
        raise ServiceUnknown(_("there is no service {service} on this host", service=name))
    return found


def dependents(name: str) -> list[str]:
    """Services that run now and cannot without this one, those that have to be stopped first at the head."""
    outcome = _sc("enumdepend", name, "65536")
    if outcome.status:
        raise failed(name, outcome)
    return [found.name for found in parse(outcome.out) if found.state not in (STOPPED, STOP_PENDING)]


def tell(name: str, what: str) -> int:
    """`start` or `stop`; the exit status, to be judged by whoever asked."""
    return _sc(what, name).status


def configure(name: str, **options: str) -> None:
    """`start="disabled"`; real `sc` wants the sign at the option and the value as a word of its own."""
    words = [word for option, value in options.items() for word in (f"{option}=", value)]
    outcome = _sc("config", name, *words)
    if outcome.status:
        raise failed(name, outcome)


def create(name: str, **options: str) -> None:
    words = [word for option, value in options.items() for word in (f"{option}=", value)]
    outcome = _sc("create", name, *words)
    if outcome.status:
        raise failed(name, outcome)


def have_managed(name: str) -> None:
    """The password of its account is the domain's to keep."""
    outcome = _sc("managedaccount", name, "true")
    if outcome.status:
        raise failed(name, outcome)


def delete(name: str) -> None:
    outcome = _sc("delete", name)
    if outcome.status not in (0, NO_SERVICE, MARKED_FOR_DELETE):
        raise failed(name, outcome)


def parse(text: str) -> Iterator[Queried]:
    """Every service in the answer; in whatever language the fields are called."""
    name, fields = "", list[str]()
    for line in [*text.splitlines(), ""]:
        if found := _FIELD.match(line):
            fields.append(found[1])
        elif line.strip() and not line[0].isspace() and (named := _NAME.fullmatch(line)) and not line.startswith("["):
            name = name or named[1]
        elif not line.strip():
            if len(fields) >= 6:
                yield _queried(name, fields)
            name, fields = "", []


def _queried(name: str, fields: list[str]) -> Queried:
    kind, state, error, own, _checkpoint, hint, *more = fields
    pid = int(more[0]) if more and more[0].isdigit() else 0
    return Queried(name, int(kind, 16), int(state), int(error), int(own), int(hint, 16), pid)


def failed(name: str, outcome: Outcome) -> ServiceFailed | AccessDenied:
    words = tail(outcome.out) or tail(outcome.err)
    if outcome.status == NO_ACCESS:
        return AccessDenied(
            _("smena may not control the service {service}", service=name),
            why=[plain(words)] if words else [],
            hint=_("run smena as an administrator"),
        )
    return ServiceFailed(
        _("the service manager refused {service}: error {number}", service=name, number=outcome.status),
        why=[plain(words)] if words else [],
    )


def _sc(what: str, name: str, *more: str) -> Outcome:
    return programs.run(["sc", what, name, *more])
