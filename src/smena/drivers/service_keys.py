"""Putting back a key of the registry that may define a service.

The service manager reads these keys at a boot only. So a service that is gone is made through it, one that came is
taken away through it, and what it remembers (program, account, start type) is told to it; the registry's own
values come last, so that nothing of the key is lost. A password is not in the key: `loses_password` tells that before.
"""

from __future__ import annotations

from pathlib import Path

from smena.drivers import registry, sc, service_accounts
from smena.drivers.registry_file import Values, parse
from smena.drivers.windows_service import SERVICES, start_word


def put_back(key: str, kept: Path | None) -> None:
    name = service_of(key)
    if name is not None and kept is None and sc.query(name) is not None:
        sc.delete(name)
    if name is not None and kept is not None:
        _service_back(name, _own(key, kept))
    registry.put_back(key, kept)


def loses_password(key: str, kept: Path | None) -> str | None:
    """The account that the service has again once its key is put back, but without its password; asked before."""
    name = service_of(key)
    values = {} if name is None or kept is None else _own(key, kept)
    if name is None or "imagepath" not in values:
        return None
    account, now = service_accounts.written(values), service_accounts.of(name)
    there = now is not None and service_accounts.same(now, account)
    return account if service_accounts.needs_password(account) and not there else None


def service_of(key: str) -> str | None:
    """The service that a key defines; None for every other key."""
    start = registry.whole(SERVICES).casefold()
    whole = registry.whole(key)
    name = whole[len(start) :]
    return name if whole.casefold().startswith(start) and name and "\\" not in name else None


def _service_back(name: str, values: Values) -> None:
    program = str(values.get("imagepath", ""))
    if not program:
        return
    options = {"binPath": program, "start": start_word(values)}
    if isinstance(values.get("displayname"), str):
        options["DisplayName"] = str(values["displayname"])
    depends = values.get("dependonservice")
    if isinstance(depends, tuple) and depends:
        options["depend"] = "/".join(depends)
    if sc.query(name) is None:
        sc.create(name, **options)
    else:
        sc.configure(name, **options)
    service_accounts.set_so(name, values)


def _own(key: str, kept: Path) -> Values:
    found = {name.casefold(): values for name, values in parse(kept.read_bytes()).items()}
    return {name.casefold(): value for name, value in found.get(registry.whole(key).casefold(), {}).items()}
