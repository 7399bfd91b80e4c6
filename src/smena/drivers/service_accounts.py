"""The account that a service logs on with, as the registry keeps it.

Windows keeps a password apart, where nobody reads it, and forgets it with the service. So an account without one can
be told to the service manager again; any other one only by a person who knows its password.
"""

from __future__ import annotations

from smena.drivers import registry, sc
from smena.drivers.registry_file import Values
from smena.drivers.windows_service import SERVICES

_SYSTEM = "LocalSystem"
_OF_SYSTEM = ("localsystem", ".\\localsystem", "nt authority\\system", "nt authority\\localsystem")
_WITHOUT = ("nt authority\\", "nt service\\")


def written(values: Values) -> str:
    """The account in a service's key; where none is written it is the system's own."""
    name = values.get("objectname")
    return name if isinstance(name, str) and name else _SYSTEM


def of(service: str) -> str | None:
    """The account of a service as it is now; None where there is none of this name."""
    values = registry.values(SERVICES + service)
    return None if values is None or "imagepath" not in values else written(values)


def same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def needs_password(account: str) -> bool:
    """Not the system's own accounts, those of a service, and managed ones, whose names end so."""
    name = _folded(account)
    return not (name == _SYSTEM.casefold() or name.startswith(_WITHOUT) or name.endswith("$"))


def set_so(service: str, wanted: Values) -> None:
    """Tell the account that was kept, unless the service has it, or only a person can."""
    account = written(wanted)
    now = of(service)
    if needs_password(account) or (now is not None and same(now, account)):
        return
    sc.configure(service, obj=account)
    if wanted.get("serviceaccountmanaged") not in (None, bytes(4), 0):
        sc.have_managed(service)


def _folded(account: str) -> str:
    name = account.casefold()
    return _SYSTEM.casefold() if name in _OF_SYSTEM else name
