"""What an instance leaves on a Windows host: services, keys of the registry, sites and application pools of IIS.

Names are compared without regard to case. A host without IIS, or one where it may not be asked, has no traces there:
what cannot be told finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.definition.model import Discovery
from smena.drivers.iis import Iis
from smena.errors import SmenaError
from smena.host import programs
from smena.host.paths import decode
from smena.instances.finding import named
from smena.instances.lookups import Lookups

_SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"


def services(discover: Discovery) -> dict[str, list[str]]:
    """Services that fit, by the name of the instance: each as its key in the registry."""
    found: dict[str, list[str]] = {}
    present = _below(_SERVICES) if discover.services else []
    for pattern in discover.services:
        for service in present:
            name = named(pattern, service)
            if name is not None:
                found.setdefault(name, []).append(f"{_SERVICES}\\{service}")
    return found


def keys(discover: Discovery) -> dict[str, list[str]]:
    """Keys of the registry that fit, by the name of the instance: `{name}` stands in the last part."""
    found: dict[str, list[str]] = {}
    for pattern in discover.registry:
        above, _sign, last = pattern.rpartition("\\")
        for key in _below(above):
            name = named(last, key)
            if name is not None:
                found.setdefault(name, []).append(f"{above}\\{key}")
    return found


def of_iis(found: Lookups, discover: Discovery) -> dict[str, list[str]]:
    """Sites and pools that fit, in the words in which IIS lists them."""
    by_name: dict[str, list[str]] = {}
    for name, trace in _of_iis(Iis(Path(decode(found["home"]))), discover):
        by_name.setdefault(name, []).append(trace)
    return by_name


def _of_iis(iis: Iis, discover: Discovery) -> Iterator[tuple[str, str]]:
    try:
        sites = [site.name for site in iis.sites()] if discover.sites else []
        pools = [pool.name for pool in iis.pools()] if discover.pools else []
    except SmenaError:
        return
    for word, patterns, names in (("SITE", discover.sites, sites), ("APPPOOL", discover.pools, pools)):
        for pattern in patterns:
            for one in names:
                name = named(pattern, one)
                if name is not None:
                    yield name, f'{word} "{one}"'


def _below(key: str) -> list[str]:
    """The names of the keys right below one: `reg` lists them whole, in whatever language it speaks otherwise."""
    lines = programs.run(["reg", "query", key]).out.splitlines()
    place = "HKEY_LOCAL_MACHINE" + key[key.index("\\") :] + "\\"
    names = (line[len(place) :].rstrip() for line in lines if line.casefold().startswith(place.casefold()))
    return [name for name in names if name and "\\" not in name]
