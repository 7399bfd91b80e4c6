"""nginx: found, of one mind with itself, running, and free to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.drivers.nginx import Configuration
from smena.errors import ProgramMissing, SmenaError
from smena.host.paths import encode
from smena.instances.instance import Instance
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import Text, _, plain

PACKAGES = {"debian": "nginx", "rpm": "nginx", "alt": "nginx"}


def nginx(scene: Scene) -> Iterator[Finding]:
    needed = any(_needs(scene, instance) for instance in scene.instances)
    what = plain("nginx")
    try:
        version = scene.nginx.version()
    except ProgramMissing as error:
        if needed:
            yield told("nginx", what, error, scene.getting(PACKAGES))
        else:
            yield missing("nginx", what, _("not here; no instance here needs it"), scene.getting(PACKAGES))
        return
    yield ok("nginx", what, plain(version))
    found = scene.web
    if isinstance(found, SmenaError):
        yield from _refused(scene, found, needed=needed)
        return
    yield ok(
        "nginx.configuration", _("configuration of nginx"), _("it holds; sites lie in {folders}", folders=_sites(found))
    )
    yield from _running(scene, found, needed=needed)
    yield from _free(scene)


def _needs(scene: Scene, instance: Instance) -> bool:
    try:
        site = scene.lookups(instance).site
    except SmenaError:
        return False
    return site is not None and site.server == "nginx"


def _refused(scene: Scene, error: SmenaError, *, needed: bool) -> Iterator[Finding]:
    what = _("configuration of nginx")
    if not scene.root and any("ermission denied" in str(why) for why in error.why):
        hint = scene.everything_hint
        yield missing("nginx.configuration", what, _("this user may not read it"), hint)
    elif needed or scene.root:
        yield told("nginx.configuration", what, error)
    else:
        yield missing("nginx.configuration", what, error.message, error.hint)


def _sites(found: Configuration) -> str:
    """The folders whose every file is read, as far as they hold something or are the usual ones."""
    folders = dict.fromkeys(pattern.parent for pattern in found.includes() if "*" in pattern.name)
    used = {Path(path).parent for path in found.files}
    shown = [folder for folder in folders if folder in used] or list(folders)
    return ", ".join(encode(folder) for folder in shown) or encode(found.main)


def _running(scene: Scene, found: Configuration, *, needed: bool) -> Iterator[Finding]:
    what, start = _("nginx's process"), _start(scene)
    master = scene.nginx.master(found)
    if master is not None:
        yield ok("nginx.process", what, _("it runs: process {pid}", pid=master))
    elif needed:
        yield wrong("nginx.process", what, _("it does not run, so nobody reaches the sites"), start)
    else:
        yield missing("nginx.process", what, _("it does not run"), start)


def _start(scene: Scene) -> Text:
    return plain("systemctl start nginx" if scene.systemd else "nginx")


def _free(scene: Scene) -> Iterator[Finding]:
    what, busy = _("turn to change sites"), scene.nginx.busy()
    if busy is None:
        yield ok("nginx.turn", what, _("free"))
    else:
        hint = plain("smena run list")
        yield missing("nginx.turn", what, busy.why[0] if busy.why else busy.message, hint)
