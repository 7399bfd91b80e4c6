"""A Guardant key: smena cannot read it, and says so; a person who has looked answers for it by name.

Its memory is updated by the maker's own program, around which the wizard leads.
"""

from __future__ import annotations

from smena.errors import KeyUnmeasured
from smena.text import _

KIND = "guardant"
ACCEPT = "licence-not-measured"


def refuse() -> KeyUnmeasured:
    """What every question about its content is answered with."""
    return KeyUnmeasured(
        _("what this Guardant key grants was not measured"),
        why=[_("only the programs of its maker can read it")],
        hint=_("look with the maker's program, then accept it by name: --accept {name}", name=ACCEPT),
    )
