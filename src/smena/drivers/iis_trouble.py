"""What the numbers of IIS mean, and the named error that each becomes."""

from __future__ import annotations

from collections.abc import Sequence

from smena.drivers.iis_answers import Trouble
from smena.errors import IisDenied, IisFailed, IisLocked, ServiceFailed, SiteConfigBroken, SiteUnknown, SmenaError
from smena.text import Text, _, plain

DENIED, BAD_CONTENT, IN_USE, LOCKED, DUPLICATE = 5, 13, 32, 33, 183
RUNS_ALREADY, NO_CONTROL, NOT_RUNNING, NOT_FOUND = 1056, 1061, 1062, 1168
SERVER_GONE, RPC_GONE = 1722, 1726


def raised(found: Trouble, arguments: Sequence[str]) -> SmenaError:
    """The error of one refused command. `fine` numbers were taken out before."""
    what = " ".join(word for word in arguments if word != "/xml")
    why = _why(found)
    if found.number == DENIED:
        return IisDenied(
            _("IIS may not be changed or read from here: appcmd {what}", what=what),
            why=why,
            hint=_("run smena as an administrator (elevated)"),
        )
    if found.number == NOT_FOUND:
        return SiteUnknown(_("IIS does not know what is asked for: appcmd {what}", what=what), why=why)
    if found.number == LOCKED:
        return IisLocked(
            _("a section of the IIS configuration is locked: appcmd {what}", what=what),
            why=why,
            hint=plain("appcmd unlock config -section:…"),
        )
    if found.number == BAD_CONTENT:
        return SiteConfigBroken(
            _("IIS cannot read its own configuration"), why=why, hint=_("look at applicationHost.config")
        )
    if found.number in (SERVER_GONE, RPC_GONE, NOT_RUNNING):
        return ServiceFailed(_("the services of IIS do not run"), why=why, hint=plain("net start W3SVC"))
    if found.number == DUPLICATE:
        return IisFailed(
            _("IIS has this already: appcmd {what}", what=what),
            why=why,
            hint=_("look for another site with the same name or binding"),
        )
    return IisFailed(_("IIS refused: appcmd {what}", what=what), why=why)


def _why(found: Trouble) -> list[Text]:
    number = "?" if found.number is None else f"{found.number} (0x{0x80070000 + found.number:08X})"
    if found.number is not None and found.number > 0xFFFF:
        number = f"0x{found.number:08X}"
    return [_("error {number}: {words}", number=number, words=" ".join(found.words.split()))]
