"""The texts of the stand-in's units and site: filled in by its installer, and carried as templates by its packages."""

from __future__ import annotations

from typing import NamedTuple

UNIT = """[Unit]
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

SITE = """# Site of the stand-in instance {name}
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


class Words(NamedTuple):
    """What differs from instance to instance."""

    name: str
    user: str
    config: str
    python: str
    environment: str
    instance_file: str


LOOKUPS = Words(**{name: "${" + name.replace("_", "-") + "}" for name in Words._fields})
"""The same as look-ups of a template."""


def unit(service: str, words: Words) -> str:
    after = "" if service == "comindware" else f" comindware{words.name}.service"
    return UNIT.format(service=service, after=after, **words._asdict())


def site(name: str, port: str, gateway_port: str) -> str:
    return SITE.format(name=name, port=port, gateway_port=gateway_port, fqdn="_")


def of_package(services: tuple[str, ...]) -> dict[str, bytes]:
    """The templates as they lie in a version's folder."""
    found = {f"units/{service}.service": unit(service, LOOKUPS).encode() for service in services}
    return {**found, "units/site.conf": site("${name}", "${port}", "${gateway-port}").encode()}
