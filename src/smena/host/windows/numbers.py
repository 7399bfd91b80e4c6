"""Numbers of Windows' errors, and which of them Python takes for something else than they are."""

from __future__ import annotations

import errno

NOT_FOUND, NO_PATH, DENIED, NOT_SAME_DEVICE = 2, 3, 5, 17
SHARING, LOCK, NOT_EMPTY = 32, 33, 145
NOT_SUPPORTED, INVALID, NO_CALL, MORE_DATA = 50, 87, 1, 234
NOT_A_POINT, OTHER_POINT = 4390, 4394
NOBODY_OF_THIS_NAME = 1332

HELD = {SHARING, LOCK, 303, 1224}
"""Somebody has the file open in a way that forbids it: opened, locked, being deleted, mapped."""

_MEANT = {
    19: errno.EROFS,  # write-protected
    39: errno.ENOSPC,
    303: errno.EACCES,
    1224: errno.EACCES,
    1295: errno.ENOSPC,  # a quota: the way back is the same as from a full disk
    1307: errno.EPERM,  # this account may not be made the owner
    1314: errno.EPERM,  # a right of the account is lacking
    4390: errno.EINVAL,
}


def meant(number: int) -> int | None:
    """What an error means where Python's own table says something else or nothing; None where it is right."""
    return _MEANT.get(number)
