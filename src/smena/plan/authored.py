"""From authored steps to planned ones: one small function a kind, and the table of them.

Where a step has its part before the switch (packages, merges), that part is made by
`prepare`; the functions here make what happens while the instance is down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from smena.definition import installer
from smena.definition import steps as a
from smena.definition.model import ConfigFile
from smena.definition.values import Localized
from smena.definition.windows import joined, last_name
from smena.errors import PlanImpossible
from smena.plan import params as p
from smena.plan.kept import carried_slot, user_trees
from smena.plan.life_params import CarryOver, CarryValues, MakeFolder, MakeServices, MakeSite
from smena.plan.merges import all_merges
from smena.plan.model import PhaseName, PlannedStep, planned
from smena.plan.resolve import Hop
from smena.plan.services import held_names, may_kill, names, stop_title
from smena.plan.windows_params import Application, InstallPackage, Shortcut, SitePath
from smena.text import Text, _, plain

SWITCH: PhaseName = "switch"
DESKTOP = r"C:\Users\Public\Desktop"
"""Where shortcuts for everybody lie, unless an administrator has moved it."""
Make = Callable[[Hop, Any], list[PlannedStep]]


def switch_steps(hop: Hop, step: a.Step) -> list[PlannedStep]:
    """What one authored step comes to in the switch; nothing for a step that is over by then."""
    if step.kind not in SWITCHING:
        if step.kind in PREPARED:
            return []
        raise _impossible(hop, step.kind)
    made = SWITCHING[step.kind](hop, step.params)
    return made if step.title is None else [_titled(item, step) for item in made]


def _titled(item: PlannedStep, step: a.Step) -> PlannedStep:
    return msgspec.structs.replace(item, title=plain(step.title), detail=item.detail or item.title)


def _one(hop: Hop, kind: str, params: p.Params, title: Text, **more: Any) -> list[PlannedStep]:
    return [planned(kind, params, title, SWITCH, hop=hop.number, **more)]


def stop(hop: Hop, step: a.Stop) -> list[PlannedStep]:
    services = hop.services(step.services)
    kill = may_kill(hop.request)
    params = p.Stop(instance=hop.request.world.instance, services=services, back=False, kill=kill)
    return _one(hop, "stop", params, stop_title(services, kill=kill))


def start(hop: Hop, step: a.Start) -> list[PlannedStep]:
    services = hop.services(step.services)
    changes = tuple(hop.path(name) for name in step.changes)
    params = p.Start(instance=hop.request.world.instance, services=services, changes=changes)
    title = _("start {services}", services=names(services))
    return _one(hop, "start-converting" if changes else "start", params, title, no_return=step.no_return)


def relink(hop: Hop, step: a.Relink) -> list[PlannedStep]:
    folder, to = hop.text(step.in_), hop.text(step.to)
    links = {name: joined(to, name) for name in (*step.links, *step.optional)}
    params = p.Relink(folder=folder, links=links, optional=step.optional)
    title = _("point {count} links in {folder} to {to}", count=len(links), folder=folder, to=to)
    return _one(hop, "relink", params, title)


def place(hop: Hop, step: a.MergeConfig) -> list[PlannedStep]:
    merged = all_merges(hop.request)[hop.number]
    wanted = set(hop.texts(step.files)) or {item.file for item in merged}
    items = tuple(
        p.PlaceItem(file=item.file, staged=item.staged, formerly=item.formerly)
        for item in merged
        if item.file in wanted
    )
    carried = [step for file in offered(hop) for step in _values(hop, file)]
    if not items:
        return carried
    title = _("put {count} merged configuration files in place", count=len(items))
    return [*_one(hop, "place", p.Place(items=items), title), *carried]


def offered(hop: Hop) -> list[ConfigFile]:
    """Files that an installer brings, so no default is known: single values of the old one are put into them."""
    merging = any(step.kind == "merge-config" for step in hop.procedure())
    files = hop.config_files() if merging else []
    return [file for file in files if file.default is None and file.keep and file.formerly]


def aside_name(file: str) -> str:
    """Where the old version's file waits, below the run's folder."""
    return f"aside/{hashlib.sha256(file.encode()).hexdigest()[:16]}"


def _values(hop: Hop, config: ConfigFile) -> list[PlannedStep]:
    """A person leaves a value as the new version has it by resolving it to `new`."""
    file = hop.text(config.file)
    left = {key for key, to in hop.request.options.resolutions.get(file, {}).items() if to == "new"}
    keys = tuple(str(key) for key in config.keep if str(key) not in left)
    params = CarryValues(file=file, staged=aside_name(file), format=config.format, encoding=config.encoding, keys=keys)
    title = _("put the old values of {keys} into {file}", keys=", ".join(keys), file=file)
    return _one(hop, "carry-values", params, title) if keys else []


def carry(hop: Hop, step: a.Carry) -> list[PlannedStep]:
    """The old one stays as it is: it is the way back. A tree's first copy was made while the instance ran."""
    source, target = hop.text(step.from_), hop.text(step.to)
    params = CarryOver(
        source=source,
        target=target,
        include=step.include,
        exclude=step.exclude,
        missing_ok=step.missing_ok,
        slot="" if step.include else carried_slot(source, target),
    )
    return _one(hop, "carry-over", params, _carried(params))


def _carried(params: CarryOver) -> Text:
    if not params.include:
        return _("carry {source} over to {target}", source=params.source, target=params.target)
    told = {"names": ", ".join(params.include), "source": params.source, "target": params.target}
    if not params.exclude:
        return _("carry {names} from {source} over to {target}", **told)
    return _("carry {names} from {source} over to {target}, except {others}", **told, others=", ".join(params.exclude))


def make_folder(hop: Hop, step: a.MakeFolder) -> list[PlannedStep]:
    params = MakeFolder(paths=hop.texts(step.paths), shared=hop.texts(step.shared))
    title = _("make the folders {paths}", paths=", ".join((*params.paths, *params.shared)))
    return _one(hop, "make-folder", params, title)


def render_file(hop: Hop, step: a.Render) -> list[PlannedStep]:
    params = p.Render(file=hop.text(step.file), template=hop.text(step.template), values=hop.mapping(step.values))
    return _one(hop, "render", params, _("write {file}", file=params.file))


def make_services(hop: Hop, step: a.MakeServices) -> list[PlannedStep]:
    """Only where systemd runs them; smena itself needs no files for what it runs."""
    world = hop.request.world
    folder = hop.text(step.templates)
    files = {one.unit: f"{folder}/{one.name}.service" for one in world.services if one.unit is not None}
    if world.driver != "systemd" or not files:
        return []
    params = MakeServices(instance=world.instance, files=files, values=hop.mapping(step.values))
    return _one(hop, "make-services", params, _("make the units {units}", units=", ".join(files)))


def make_site(hop: Hop, step: a.MakeSite) -> list[PlannedStep]:
    site = hop.request.world.site
    if site is None or site.server != "nginx" or site.file is None:
        return []
    params = MakeSite(
        instance=hop.request.world.instance,
        server=site.server,
        file=site.file,
        site=site.name,
        template=hop.text(step.template),
        values=hop.mapping(step.values),
    )
    return _one(hop, "make-site", params, _("make the site {file}", file=site.file))


def edit_yaml(hop: Hop, step: a.EditYaml) -> list[PlannedStep]:
    params = p.EditYaml(file=hop.text(step.file), set=hop.mapping(step.set), remove=tuple(step.remove))
    return _one(hop, "edit-yaml", params, _edit_title(params.file, [*params.set, *params.remove]))


def edit_xml(hop: Hop, step: a.EditXml) -> list[PlannedStep]:
    sets = tuple(p.XmlSet(element=e.element, attribute=e.attribute, value=hop.text(e.value)) for e in step.set)
    params = p.EditXml(file=hop.text(step.file), set=sets)
    return _one(hop, "edit-xml", params, _edit_title(params.file, [e.attribute or e.element[0] for e in sets]))


def edit_env(hop: Hop, step: a.EditEnv) -> list[PlannedStep]:
    params = p.EditEnv(file=hop.text(step.file), set=hop.mapping(step.set), remove=step.remove)
    return _one(hop, "edit-env", params, _edit_title(params.file, [*params.set, *params.remove]))


def service_config(hop: Hop, step: a.ServiceConfig) -> list[PlannedStep]:
    """In the file that the step names, or in the one that the service reads its environment from."""
    [service] = hop.services([step.service])
    file = hop.text(step.file) if step.file is not None else service.environment_file
    if file is None:
        raise PlanImpossible(
            _("the service {service} reads no environment file", service=step.service),
            why=[_("the procedure {procedure} changes its configuration", procedure=hop.step.procedure)],
            hint=_("the definition names the file: in the step, or as the service's environment-file"),
        )
    params = p.EditEnv(file=file, set=hop.mapping(step.set))
    title = _("change {keys} of {service} in {file}", keys=", ".join(params.set), service=service.name, file=file)
    return _one(hop, "edit-env", params, title)


def _edit_title(file: str, keys: list[str]) -> Text:
    return _("change {keys} in {file}", keys=", ".join(keys), file=file)


def remove(hop: Hop, step: a.Remove) -> list[PlannedStep]:
    params = p.Remove(folder=hop.text(step.in_), names=hop.texts(step.names))
    title = _(
        "move {names} out of {folder} into the restore point", names=", ".join(params.names), folder=params.folder
    )
    return _one(hop, "remove", params, title)


def owner(hop: Hop, step: a.Owner) -> list[PlannedStep]:
    params = p.Owner(paths=hop.texts(step.paths), owner=hop.text(step.owner), group=hop.maybe(step.group))
    return _one(hop, "owner", params, _("give {paths} to {owner}", paths=", ".join(params.paths), owner=params.owner))


def run_vendor(hop: Hop, step: a.RunVendor) -> list[PlannedStep]:
    package = hop.package(step.component)
    params = p.RunVendor(
        command=hop.texts(step.command),
        package=package.file,
        sha256=package.sha256,
        creates=hop.maybe(step.creates),
        directory=hop.maybe(step.directory),
        environment=hop.mapping(step.environment),
        success=step.success,
        within=step.within,
        changes=tuple(hop.path(name) for name in step.changes),
    )
    title = _("run {command}", command=" ".join(params.command))
    return _one(hop, "run-vendor", params, title, no_return=step.no_return)


_NO_WAY_BACK = Localized(
    en="The installer of the present version is not at hand, and this one may remove it.",
    ru="Установщика нынешней версии под рукой нет, а этот может её удалить.",
)


def install_package(hop: Hop, step: a.InstallPackage) -> list[PlannedStep]:
    """Without the present version's package there is no way back, where this installer may remove it."""
    package, old = hop.package(step.component), hop.old_package(step.component)
    wanted = step.back == "old-package"
    params = InstallPackage(
        instance=hop.request.world.instance,
        services=held_names(hop.request.world.services),
        package=package.file,
        sha256=package.sha256,
        old=old.file if old is not None and wanted else None,
        old_sha256=old.sha256 if old is not None and wanted else "",
        action=step.action,
        features=step.features,
        properties=hop.mapping(step.properties),
        old_features=step.old_features,
        old_properties=hop.mapping(step.old_properties),
        within=step.within,
        changes=tuple(hop.path(name) for name in step.changes),
        application=_application(hop, step),
    )
    no_return = step.no_return or (_NO_WAY_BACK if wanted and old is None else None)
    title = _("install {package}", package=last_name(package.file))
    made = _one(hop, "install-package", params, title, no_return=no_return)
    return [msgspec.structs.replace(item, detail=_command(params)) for item in made]


def _command(params: InstallPackage) -> Text:
    """As it will be run; its log lies in the run's folder."""
    installer.refuse_quotes(params.properties | params.old_properties)  # now, not on the way back
    action = "/x" if params.action == "remove" else "/i"
    words = installer.words(action, params.package, params.features, params.properties, "…")
    return _("run {command}", command=installer.shown(words))


def _application(hop: Hop, step: a.InstallPackage) -> Application | None:
    if step.application is None or step.pool is None:
        return None
    return Application(name=hop.text(step.application), pool=hop.text(step.pool))


def await_log(hop: Hop, step: a.AwaitLog) -> list[PlannedStep]:
    params = p.AwaitLog(
        glob=hop.text(step.files),
        slot=hop.slot(step),
        last_line=step.last_line,
        follow=hop.maybe(step.follow),
        ask=hop.maybe(step.ask),
        never=tuple(step.never),
        encoding=step.encoding or "utf-8",
        within=step.within,
        instance=hop.request.world.instance,
        services=hop.services(),
    )
    return _one(hop, "await-log", params, _("wait until {files} says that it is done", files=params.glob))


def await_http(hop: Hop, step: a.AwaitHttp) -> list[PlannedStep]:
    params = p.AwaitHttp(url=hop.text(step.url), status=step.status, has=step.has, within=step.within)
    return _one(hop, "await-http", params, _("wait until {url} answers", url=params.url))


def backup(hop: Hop, step: a.Backup) -> list[PlannedStep]:
    """A backup in the middle of a procedure: the instance stands still, so the trees themselves are read."""
    world = hop.request.world
    params = p.Backup(
        name=f"hop{hop.number}",
        trees={name: hop.path(name) for name in step.paths} or user_trees(hop.request),
        target=joined(world.home, "backups", world.instance),
        about={"product": world.product, "instance": world.instance, "version": hop.step.to},
    )
    return _one(hop, "backup", params, _("make a backup and read it back"))


def manual(hop: Hop, step: a.Manual) -> list[PlannedStep]:
    text = hop.words(step.text)
    undo = None if step.undo is None else hop.words(step.undo)
    return _one(hop, "manual", p.Manual(text=text, undo=undo), _("a person: {text}", text=text))


def site_header(hop: Hop, step: a.SiteHeader) -> PlannedStep:
    """After users were let in. Only where nothing stands before the services there is no one to send a header."""
    site = hop.request.world.site
    if site is None or site.server not in ("nginx", "iis"):
        raise _impossible(hop, "site-header")
    params = p.SiteHeader(
        instance=hop.request.world.instance,
        server=site.server,
        site=site.name,
        file=site.file,
        application=site.application,
        secure=site.url.startswith("https://"),
        seconds=step.for_,
    )
    days = round(step.for_ / 86400)
    title = _("for {days} days, have browsers forget what they cached of {url}", days=days, url=site.url)
    return planned("site-header", params, title, "open", hop=hop.number)


def site_path(hop: Hop, step: a.SitePath) -> list[PlannedStep]:
    """Only IIS keeps the folder of a place as a value of its own."""
    site = hop.request.world.site
    if site is None or site.server != "iis" or site.name is None:
        raise _impossible(hop, "site-path")
    within = hop.maybe(step.application) or site.application or ""
    params = SitePath(server=site.server, directory=f"{site.name}/{within.strip('/')}", path=hop.text(step.path))
    title = _("point {directory} at {path}", directory=params.directory, path=params.path)
    return _one(hop, "site-path", params, title)


def shortcut(hop: Hop, step: a.Shortcut) -> list[PlannedStep]:
    """For all users of the host: whose desktop it is shall not hang on who runs smena."""
    if hop.request.world.platform != "windows":
        raise _impossible(hop, "shortcut")
    target = hop.text(step.to)
    file = f"{DESKTOP}\\{hop.text(step.name)}.lnk"
    params = Shortcut(file=file, target=target, directory=target.rpartition("\\")[0])
    return _one(hop, "shortcut", params, _("put the shortcut {file} to {target}", file=file, target=target))


def _impossible(hop: Hop, kind: str) -> PlanImpossible:
    return PlanImpossible(
        _("this smena cannot carry out the step {kind} on this host", kind=kind),
        why=[_("the procedure {procedure} asks for it", procedure=hop.step.procedure)],
    )


PREPARED = frozenset({"fetch", "verify", "unpack", "hold", "maintenance", "keep", "notice", "site-header"})
"""Kinds whose work the builder puts elsewhere: before the switch, around it, or after it."""

SWITCHING: dict[str, Make] = {
    "stop": stop,
    "start": start,
    "relink": relink,
    "merge-config": place,
    "make-folder": make_folder,
    "render": render_file,
    "make-services": make_services,
    "make-site": make_site,
    "edit-yaml": edit_yaml,
    "edit-xml": edit_xml,
    "edit-env": edit_env,
    "service-config": service_config,
    "remove": remove,
    "owner": owner,
    "site-path": site_path,
    "run-vendor": run_vendor,
    "install-package": install_package,
    "carry": carry,
    "await-log": await_log,
    "await-http": await_http,
    "backup": backup,
    "shortcut": shortcut,
    "manual": manual,
}
