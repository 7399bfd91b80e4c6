"""What has to survive a power cut on Windows, where folders cannot be written out, only files."""

from __future__ import annotations

from contextlib import AbstractContextManager

from smena.host.windows.unfit import unfit
from smena.text import _


def sync_folder(path: str) -> None:
    """NTFS keeps names in its journal; there is no call for one folder."""


def tree_synced(path: str) -> AbstractContextManager[None]:
    raise unfit(_("write a whole tree out to the disk"))
