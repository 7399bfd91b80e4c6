"""Comindware Platform as it lies on a Windows host: versions, one instance, its site and its three pools."""

from __future__ import annotations

from pathlib import Path

from support.windows.iis.world import IisWorld

DATA, VERSIONS = "ProgramData/comindware", "Program Files/Comindware/CBAP"
POOLS = ("", "_adapterhost", "_apigateway")
LINKS = ("bin", "compiled", "resources")
DEFAULTS = {
    "adapterhost.yml": "clusterName: default\nadapters:\n  size: {size}\n",
    "apigateway.yml": "cluster:\n  name: default\nlisten:\n  limit: {size}\n",
    "Ignite.config": '<?xml version="1.0" encoding="utf-8"?>\n<ignite><cache size="{size}"/></ignite>\n',
    "logs.config": '<?xml version="1.0" encoding="utf-8"?>\n<nlog level="Info"/>\n',
}


def version(drive: Path, name: str, size: int) -> Path:
    """A version's folder, with its defaults."""
    folder = drive / VERSIONS / name
    for link in LINKS:
        (folder / link).mkdir(parents=True)
        (folder / link / "of.txt").write_text(name, "utf-8")
    for file, text in DEFAULTS.items():
        (folder / file).write_text(text.format(size=size), "utf-8")
    return folder


def instance(drive: Path, name: str, of: Path, *, port: int = 80, size: int = 16, configs: str = DATA) -> Path:
    """An instance of that version; its own folder."""
    file = drive / configs / "configs/instance" / f"{name}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"clusterName: {name}\nversion: {of.name}\nfqdn: localhost\nport: {port}\n", "utf-8")
    folder = drive / DATA / "Instances" / name
    config = folder / "Config"
    config.mkdir(parents=True, exist_ok=True)
    for below in ("Database/db/node1/metastorage", "Streams", "Temp", "LocalTemp", "Backup", "Logs"):
        (folder / below).mkdir(parents=True, exist_ok=True)
    for link in LINKS:
        (config / link).symlink_to(of / link)
    for default, text in DEFAULTS.items():
        (config / default).write_text(text.format(size=size), "utf-8")
    (folder / "Database/db/records.txt").write_text("of the users\n", "utf-8")
    (folder / "Streams/upload.bin").write_bytes(bytes(range(256)))
    return folder


def site(world: IisWorld, name: str, port: int) -> None:
    """What IIS has of it."""
    for pool in POOLS:
        world.appcmd("add", "apppool", f"/name:Comindware {name}{pool}")
    title, place = f"Comindware {name}", f"C:\\ProgramData\\comindware\\Instances\\{name}\\Config"
    world.appcmd("add", "site", f"/name:{title}", f"/physicalPath:{place}", f"/bindings:http/*:{port}:")
    world.appcmd("set", "app", f"/app.name:{title}/", f"/applicationPool:{title}")
