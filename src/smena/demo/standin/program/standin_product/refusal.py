"""The one error of a service: it will not start, or will not go on, and says why in its log."""

from __future__ import annotations


class Refusal(Exception):
    """Shown to the administrator as it is."""
