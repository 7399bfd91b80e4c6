"""The systemd units and the nginx site of an instance, as the vendor would ship them: texts only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from smena.demo.standin.install import Layout, layout
from smena.demo.standin.packages import SERVICES

Family = Literal["debian", "rpm", "alt"]

OWNERS: dict[Family, str] = {"debian": "www-data", "rpm": "nginx", "alt": "_nginx"}
SITES: dict[Family, str] = {
    "debian": "etc/nginx/sites-available/comindware{name}",
    "rpm": "etc/nginx/conf.d/comindware{name}.conf",
    "alt": "etc/nginx/sites-available.d/comindware{name}.conf",
}

_UNIT = """[Unit]
Description=Comindware Platform stand-in: {service} of instance {name}
After=network.target{after}

[Service]
Type=simple
User={user}
WorkingDirectory={config}
Environment=STANDIN_PYTHON={python}
EnvironmentFile=-{environment}
ExecStart={config}/bin/{service} {instance_file}
Restart=on-failure
RestartSec=5
TimeoutStopSec=60

[Install]
WantedBy=multi-user.target
"""

_SITE = """# Site of the stand-in instance {name}
server {{
    listen {port};
    server_name {fqdn};
    client_max_body_size 0;

    location / {{
        proxy_pass http://127.0.0.1:{gateway_port};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }}
}}
"""


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
    text = _SITE.format(name=name, port=ports[0], gateway_port=ports[1], fqdn="_")
    return where.root / SITES[family].format(name=name), text


def _unit(where: Layout, service: str, user: str) -> str:
    after = "" if service == "comindware" else f" comindware{where.name}.service"
    return _UNIT.format(
        service=service,
        name=where.name,
        after=after,
        user=user,
        config=where.config,
        python=sys.executable,
        environment=where.environment_file,
        instance_file=where.instance_file,
    )
