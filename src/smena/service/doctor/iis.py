"""IIS: found, which version, readable from here, and whether its configuration is this server's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.drivers.iis import Iis, program
from smena.drivers.iis_rights import refuse_without_rights
from smena.drivers.iis_shared import shared_configuration
from smena.errors import IisMissing, SmenaError
from smena.host import pe, target
from smena.host.paths import decode
from smena.instances.instance import Instance
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import _, plain

_GET = "powershell Install-WindowsFeature Web-Server,Web-Scripting-Tools"


def iis(scene: Scene) -> Iterator[Finding]:
    """Nobody asks elsewhere than on Windows."""
    if target.platform() != "windows":
        return
    what = plain("IIS")
    try:
        appcmd = program()
    except IisMissing as error:
        if any(_needs(scene, instance) for instance in scene.instances):
            yield told("iis", what, error, plain(_GET))
        else:
            yield missing("iis", what, _("not here; no instance here needs it"), plain(_GET))
        return
    version = pe.file_version(Path(decode(appcmd)))
    yield ok("iis", what, plain(version) if version else _("its version cannot be told"))
    yield from _readable(scene)


def _readable(scene: Scene) -> Iterator[Finding]:
    what = _("configuration of IIS")
    try:
        sites, elsewhere = Iis(scene.home).sites(), shared_configuration()
        refuse_without_rights()
    except SmenaError as error:
        yield told("iis.configuration", what, error)
        return
    if elsewhere is None:
        names = ", ".join(site.name for site in sites) or "—"
        yield ok("iis.configuration", what, _("this server's own; its sites: {names}", names=names))
        return
    shared = _(
        "it is taken from {place}, which other servers may use: what is changed here is changed there", **elsewhere
    )
    yield wrong("iis.configuration", what, shared, _("accept it by name: --accept iis-shared-configuration"))


def _needs(scene: Scene, instance: Instance) -> bool:
    try:
        found = scene.lookups(instance)
    except SmenaError:
        return False
    pools = any(service.pool and not service.optional for service in found.spec.services)
    return pools or (found.site is not None and found.site.server == "iis")
