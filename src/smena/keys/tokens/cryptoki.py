"""What python-pkcs11 needs around it: one thread, a library that is given back, and its errors in our words.

Four threads in one library have crashed it, so every use is checked to be the thread that opened it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, get_ident
from typing import TYPE_CHECKING

from smena.errors import Bug, LockBusy, SmenaError, TokenFailed, TokenFull, TokenMissing
from smena.host.paths import encode
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from pkcs11._pkcs11 import lib as Library  # noqa: N812 - the library's own name for a class

_free = Lock()
_threads: list[int] = []
"""The thread that has a library open, if any has: all libraries count as one."""

_GONE = {"DeviceRemoved", "TokenNotPresent", "SessionHandleInvalid", "SessionClosed", "NoSuchToken", "SlotIDInvalid"}
_FULL = {"DeviceMemory"}


@contextmanager
def opened(path: str, wait: float = 0.0) -> Iterator[Library]:
    """The library at `path`, initialised for this block only: tokens put in later are seen next time."""
    import pkcs11

    if not _free.acquire(timeout=wait):
        raise LockBusy(_("another token is in use just now"), hint=_("try again in a moment"))
    _threads.append(get_ident())
    try:
        with telling(_("cannot use the library {path}", path=encode(path))):
            _refuse_missing(path)
            library = pkcs11.lib(path)
        try:
            yield library
        finally:
            with suppress(pkcs11.PKCS11Error):  # a library whose token was pulled out may not even end
                library.finalize()
    finally:
        _threads.clear()
        _free.release()


@contextmanager
def telling(message: Text) -> Iterator[None]:
    """The library's errors inside the block become ours with `message`; and the thread is the right one."""
    import pkcs11

    if _threads != [get_ident()]:
        raise Bug(_("a token was used by two threads"))
    try:
        yield
    except pkcs11.PKCS11Error as error:
        raise translated(error, message) from error


def translated(error: Exception, message: Text) -> SmenaError:
    name = type(error).__name__
    why = [plain(f"{name} {error}".strip())]
    if name in _GONE:
        return TokenMissing(
            message,
            why=[_("the token is not there any more"), *why],
            hint=_("put the token in, then try again: nothing is lost"),
        )
    if name in _FULL:
        return full(message, error)
    return TokenFailed(message, why=why, hint=_("take the token out, put it in again, and try once more"))


def full(message: Text, error: Exception) -> TokenFull:
    return TokenFull(
        message,
        why=[_("the token has no room left"), plain(f"{type(error).__name__} {error}".strip())],
        state=_("the licence is as before"),
        hint=_("take something that is not needed from the token, or keep the licence in a file beside it"),
    )


def _refuse_missing(path: str) -> None:
    if not Path(path).is_file():
        raise TokenMissing(
            _("there is no library {path}", path=encode(path)),
            hint=_("install the software of the token's maker, or name its PKCS#11 library"),
        )
