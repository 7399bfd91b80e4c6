"""The order of versions, under each of the three schemes.

A version becomes a *key*: a plain tuple, so that everything else compares with `<`.
Two versions are the same version exactly when their keys are equal:

- `dotted`: numbers of any count. Missing numbers count as zero, so `5.0`, `5` and `5.0.0`
  are one version (an installer says `5.0.0.0` where the manual says `5.0`), and `4.07` is `4.7`.
- `semver`: as semver.org orders; what stands after `+` does not count.
- `pep440`: as Python orders; `5.0` and `5.0.0` are one version, spellings are normalised.

For every scheme `key + (0,)` lies directly above `key`: no other version is between them.
`ranges.py` needs that to write every range as a half-open interval of keys.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from smena.definition.model import Scheme
from smena.text import Text, _

Key = tuple[Any, ...]

LOWEST: Key = ()
HIGHEST: Key = (float("inf"),)
LONGEST = 200
"""No real version is longer; the bound keeps hostile ones cheap."""

_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_SEMVER = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_PEP440 = re.compile(
    r"v?(?:(?P<epoch>[0-9]+)!)?(?P<numbers>[0-9]+(?:\.[0-9]+)*)"
    r"(?:[-_.]?(?P<phase>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<pre>[0-9]*))?"
    r"(?:-(?P<bare>[0-9]+)|(?P<posted>[-_.]?(?:post|rev|r))[-_.]?(?P<post>[0-9]*))?"
    r"(?:(?P<developed>[-_.]?dev)[-_.]?(?P<dev>[0-9]*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
_PEP440_PREFIX = re.compile(r"(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)")


class Unreadable(ValueError):
    """A version or range that its scheme does not know; `text` says what would be right."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


@lru_cache(maxsize=1 << 16)
def key(version: str, scheme: Scheme = "dotted") -> Key:
    """What the version is compared by."""
    if len(version) > LONGEST:
        raise Unreadable(_("a version has at most {most} characters", most=LONGEST))
    if scheme == "dotted":
        return _dotted(version)
    return _semver(version) if scheme == "semver" else _pep440(version)


def bounds(prefix: str, scheme: Scheme = "dotted") -> tuple[Key, Key]:
    """The first key of everything that starts with these numbers, and the first key after it."""
    epoch, numbers = _prefix_numbers(prefix, scheme)
    after = (*numbers[:-1], numbers[-1] + 1)
    if scheme == "semver":
        return numbers, after
    if scheme == "dotted":
        return _stripped(numbers), after
    return (epoch, _stripped(numbers)), (epoch, after)


def same(one: str, other: str, scheme: Scheme = "dotted") -> bool:
    return key(one, scheme) == key(other, scheme)


def _prefix_numbers(prefix: str, scheme: Scheme) -> tuple[int, tuple[int, ...]]:
    form = _PEP440_PREFIX if scheme == "pep440" else _NUMBERS
    found = form.fullmatch(prefix) if len(prefix) <= LONGEST else None
    if found is None:
        raise Unreadable(_("“{prefix}.*” must begin with numbers and dots, such as 4.7.*", prefix=prefix[:LONGEST]))
    if scheme == "pep440":
        return int(found[1] or 0), _numbers(found[2])
    numbers = _numbers(prefix)
    if scheme == "semver" and len(numbers) > 3:
        raise Unreadable(_("“{prefix}.*” has more than the three numbers of a semantic version", prefix=prefix))
    return 0, numbers


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def _stripped(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Without trailing zeros: then tuples compare as if the shorter were filled up with zeros."""
    end = len(numbers)
    while end and not numbers[end - 1]:
        end -= 1
    return numbers[:end]


def _dotted(version: str) -> Key:
    if not _NUMBERS.fullmatch(version):
        raise Unreadable(_("“{version}” is no version: numbers and dots are expected, such as 4.7.2", version=version))
    return _stripped(_numbers(version))


def _semver(version: str) -> Key:
    found = _SEMVER.fullmatch(version)
    if found is None:
        raise Unreadable(
            _(
                "“{version}” is no semantic version: three numbers are expected, such as 4.7.2 or 4.7.2-rc.1",
                version=version,
            )
        )
    return (int(found[1]), int(found[2]), int(found[3]), _before_final(found["pre"], version))


def _before_final(pre: str | None, version: str) -> Key:
    """A version without a pre-release part stands above all of its pre-releases."""
    if pre is None:
        return (1,)
    parts = pre.split(".")
    if any(part.isdigit() and part != "0" and part.startswith("0") for part in parts):
        raise Unreadable(_("“{version}” is no semantic version: a number begins with a zero", version=version))
    return (0, *((0, int(part)) if part.isdigit() else (1, part) for part in parts))


def _pep440(version: str) -> Key:
    found = _PEP440.fullmatch(version.strip().lower())
    if found is None:
        raise Unreadable(_("“{version}” is no Python version: such as 4.7.2, 4.7rc1 or 4.7.post1", version=version))
    posted = found["posted"] is not None or found["bare"] is not None
    developed = found["developed"] is not None
    return (
        int(found["epoch"] or 0),
        _stripped(_numbers(found["numbers"])),
        _phase(found["phase"], int(found["pre"] or 0), only_dev=developed and not posted),
        int(found["bare"] or found["post"] or 0) if posted else -1,
        (0, int(found["dev"] or 0)) if developed else (1, 0),
        _local(found["local"]),
    )


def _phase(phase: str | None, number: int, *, only_dev: bool) -> Key:
    """`1.0.dev1` comes before `1.0a1`, and that before `1.0`."""
    if phase is None:
        return (-1, 0) if only_dev else (9, 0)
    return ({"a": 0, "b": 1}.get(phase[0], 2), number)


def _local(local: str | None) -> Key:
    parts = re.split(r"[-_.]", local) if local else []
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts)
