"""What smena refuses before it does anything: a Python that sees another host, and who may not change this one.

Whoever only looks is not asked for rights.
"""

from __future__ import annotations

import sys

from smena.errors import NotElevated, NotOnThisPlatform
from smena.text import _

ADMINISTRATOR = "powershell Start-Process cmd -Verb RunAs"
"""Opens a console in which everything may be done; Windows asks first."""
_WIDE = "py -3-64 -m pip install smena"


def refuse_interpreter(platform: str = sys.platform, widest: int = sys.maxsize) -> None:
    """A 32-bit program is shown another registry and other folders of programs than those of a 64-bit Windows."""
    if platform == "win32" and widest < 1 << 32:
        raise NotOnThisPlatform(
            _("smena cannot work with a 32-bit Python"),
            why=[_("Windows shows it another registry and other folders than the products have")],
            state=_("nothing was changed"),
            hint=_("with a 64-bit Python: {command}", command=_WIDE),
        )


def refuse_without_rights() -> None:
    """Before anything on the host changes. On Linux each file and unit says itself what its owner may do."""
    from smena.host.native import rights

    if rights.NEEDED and not rights.everything():
        raise NotElevated(
            _("smena may not change this host"),
            why=[_("this console was not opened as an administrator")],
            state=_("nothing was changed"),
            hint=_("in the console that this opens: {command}", command=ADMINISTRATOR),
        )
