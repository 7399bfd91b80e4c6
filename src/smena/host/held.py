"""The error of a file that another program keeps shut. A module of its own: whoever tells of errors imports it."""

from __future__ import annotations


class InUse(PermissionError):
    """Another program has it open in a way that forbids this; the numbers and names of those that are known."""

    holders: tuple[tuple[int, str], ...] = ()
