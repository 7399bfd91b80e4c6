"""The systemd units and the nginx site of an instance, as the vendor would ship them: texts only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from smena.demo.standin import templates
from smena.demo.standin.install import Layout, layout
from smena.demo.standin.packages import SERVICES

Family = Literal["debian", "rpm", "alt"]

OWNERS: dict[Family, str] = {"debian": "www-data", "rpm": "nginx", "alt": "_nginx"}
SITES: dict[Family, str] = {
    "debian": "etc/nginx/sites-available/comindware{name}",
    "rpm": "etc/nginx/conf.d/comindware{name}.conf",
    "alt": "etc/nginx/sites-available.d/comindware{name}.conf",
}


def units(root: Path | str, name: str, *, family: Family = "debian") -> dict[Path, str]:
    """The three units, by the path where each belongs."""
    where = layout(root, name)
    return {
        where.root / "etc/systemd/system" / f"{service}{name}.service": _unit(where, service, OWNERS[family])
        for service in SERVICES
    }


def site(root: Path | str, name: str, ports: tuple[int, int], *, family: Family = "debian") -> tuple[Path, str]:
    """The nginx site: its path, and its text; `ports` are the site's own and the gateway's."""
    where = layout(root, name)
    text = templates.site(name, str(ports[0]), str(ports[1]))
    return where.root / SITES[family].format(name=name), text


def _unit(where: Layout, service: str, user: str) -> str:
    words = templates.Words(
        name=where.name,
        user=user,
        config=str(where.config),
        python=sys.executable,
        environment=str(where.environment_file),
        instance_file=str(where.instance_file),
    )
    return templates.unit(service, words)
