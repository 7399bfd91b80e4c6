"""Messages as QR codes: the very symbols that would be typed, so any reader's text can be pasted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from smena.keys.codec import typed

if TYPE_CHECKING:
    from segno import QRCode


def terminal(message: bytes) -> str:
    """Two rows of modules in a line of text; light on dark and dark on light terminals both can be read."""
    out = io.StringIO()
    _code(message).terminal(out=out, compact=True, border=2)
    return out.getvalue()


def svg(message: bytes, scale: int = 4) -> bytes:
    out = io.BytesIO()
    _code(message).save(out, kind="svg", scale=scale, xmldecl=False)
    return out.getvalue()


def png(message: bytes, scale: int = 6) -> bytes:
    out = io.BytesIO()
    _code(message).save(out, kind="png", scale=scale)
    return out.getvalue()


def version(message: bytes) -> int:
    """The size class: a question in typed form is 3, which any camera reads."""
    found = _code(message).version
    assert isinstance(found, int)  # noqa: S101 - never a micro code
    return found


def _code(message: bytes) -> QRCode:
    import segno

    return segno.make(typed.symbols(message), mode="alphanumeric", error="l", micro=False)
