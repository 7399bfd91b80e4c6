"""One case a kind of step: a small real world, and the step as a plan would have it.

`before` makes what the step needs; `steps` are what runs: the kind itself, and what must come before it.
`same` says of a step that it leaves the instance as it was.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena.definition.values import Localized
from smena.host import marks
from smena.instances.instance import Instance
from smena.journal.journal import Journal
from smena.plan import life_params as life
from smena.plan import params as p
from smena.plan.kept import slot_of
from smena.plan.windows_params import Shortcut, SitePath
from support.stepworld import NAME, SECRET, Steps, StepWorld


def nothing(_world: StepWorld) -> None:
    """The world as it is."""


class Case(NamedTuple):
    steps: Callable[[StepWorld], Steps]
    before: Callable[[StepWorld], None] = nothing
    same: bool = False
    """The instance is afterwards as it was before."""
    root: bool = False
    slow: bool = False


def once(kind: str, make: Callable[[StepWorld], p.Params]) -> Callable[[StepWorld], Steps]:
    return lambda world: [(kind, make(world))]


# --- asking, reading, preparing ---------------------------------------------------------------

ASKED = (p.Asked(kind="room"),)


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ready")

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def serve(world: StepWorld) -> None:
    """A tiny site; it lives as long as the process of the tests, and its port stands in a file."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (world.root / "port").write_text(str(server.server_address[1]), "utf-8")


def site(world: StepWorld) -> str:
    return f"http://127.0.0.1:{(world.root / 'port').read_text('utf-8')}/"


def await_http(world: StepWorld) -> p.Params:
    return p.AwaitHttp(url=site(world), has="read", within=5.0)


def fetch(world: StepWorld) -> p.Params:
    file = world.home / "releases" / "toy" / world.package.name
    return p.Fetch(
        source=str(world.package),
        file=str(file),
        sha256=world.sha256(world.package),
        size=world.package.stat().st_size,
    )


def verify(world: StepWorld) -> p.Params:
    return p.Verify(file=str(world.package), sha256=world.sha256(world.package), size=world.package.stat().st_size)


def unpack(world: StepWorld) -> p.Params:
    target = world.root / "versions" / "new" / "4"
    return p.Unpack(file=str(world.package), sha256=world.sha256(world.package), to=str(target), strip=3)


def merge_item(world: StepWorld) -> p.MergeItem:
    defaults = world.root / "defaults"
    return p.MergeItem(
        file=str(world.inst / "conf/site.yml"),
        format="yaml",
        ours=str(world.inst / "conf/site.yml"),
        new=str(defaults / "new.yml"),
        base=str(defaults / "old.yml"),
        staged="staged/1/site",
    )


def defaults(world: StepWorld) -> None:
    (world.root / "defaults").mkdir()
    (world.root / "defaults/old.yml").write_text("port: 8080\nname: 'old'\n", "utf-8")
    (world.root / "defaults/new.yml").write_text("port: 8080\nname: 'new'\nmore: yes\n", "utf-8")


def backup(world: StepWorld) -> p.Params:
    trees = {"data": str(world.inst / "data"), "conf": str(world.inst / "conf"), "gone": str(world.inst / "gone")}
    return p.Backup(name="before", trees=trees, target=str(world.home / "backups"), about={"version": "1"})


def frozen_backup(world: StepWorld) -> Steps:
    data = str(world.inst / "data")
    keep = p.Keep(path=data, slot=slot_of(data))
    made = p.Backup(name="before", trees={"data": data}, frozen=True, target=str(world.home / "backups"))
    return [("keep", keep), ("backup", made)]


def shortcut(world: StepWorld) -> p.Params:
    return Shortcut(file=str(world.inst / "conf/site.xml"), target="C:\\Program Files\\x\\y.exe", directory="C:\\x")


def site_path(_world: StepWorld) -> p.Params:
    return SitePath(server="iis", directory="app", path="C:\\new\\Client")


def site_header(world: StepWorld) -> p.Params:
    file = str(world.root / "site/site.conf")
    return p.SiteHeader(instance=NAME, server="toy", site="main", file=file, seconds=60.0)


# --- services -----------------------------------------------------------------------------------


def stop(world: StepWorld, *, back: bool = True, kill: bool = False) -> p.Params:
    return p.Stop(instance=NAME, services=world.services, back=back, kill=kill)


def start(world: StepWorld, *changes: str) -> p.Params:
    return p.Start(instance=NAME, services=world.services, changes=changes)


def keep(path: Path, *, always: bool = False) -> p.Params:
    return p.Keep(path=str(path), slot=slot_of(str(path)), always=always)


def running(world: StepWorld) -> None:
    world.start()


def half_running(world: StepWorld) -> None:
    """One of the services was down before anybody came."""
    world.start("base")


def converting(world: StepWorld) -> Steps:
    data = world.inst / "data"
    return [
        ("hold", p.Hold(instance=NAME)),
        ("stop", stop(world)),
        ("relink", relink(world)),
        ("keep", keep(data)),
        ("start-converting", start(world, str(data))),
        ("await-log", awaited(world)),
    ]


def to_convert(world: StepWorld) -> None:
    world.start()
    _wait(lambda: all((world.logs / f"{spec.name}.log").exists() for spec in world.services))
    marks.take(world.folder, "hop1", [str(world.logs / "*.log")])


def _wait(condition: Callable[[], bool]) -> None:
    for _time in range(200):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it never came")


def awaited(world: StepWorld) -> p.Params:
    return p.AwaitLog(
        glob=str(world.logs / "*.log"),
        slot="hop1",
        last_line="Upgrade completed",
        never=("(?i)error",),
        within=20.0,
        instance=NAME,
        services=world.services,
    )


# --- the switch ------------------------------------------------------------------------------------


def relink(world: StepWorld) -> p.Params:
    versions = world.root / "versions"
    links = {"bin": str(versions / "2/bin"), "fresh": str(versions / "2"), "dangling": str(versions / "2/not there")}
    return p.Relink(folder=str(world.inst), links=links, optional=("dangling",))


def staged(world: StepWorld) -> None:
    folder = world.folder / "staged/1"
    folder.mkdir(parents=True)
    for name in ("one", "two", "new", "renamed"):
        (folder / name).write_text(f"{name}=merged\n", "utf-8")


def place(world: StepWorld) -> p.Params:
    conf = world.inst / "conf"
    return p.Place(
        items=(
            p.PlaceItem(file=str(conf / "one.conf"), staged="staged/1/one"),
            p.PlaceItem(file=str(conf / "two.conf"), staged="staged/1/two", formerly=str(conf / "no such.conf")),
            p.PlaceItem(file=str(conf / "new.conf"), staged="staged/1/new"),
            p.PlaceItem(file=str(conf / "renamed.conf"), staged="staged/1/renamed", formerly=str(conf / "three.conf")),
        )
    )


def template(world: StepWorld) -> None:
    (world.root / "template").write_text("name=${name} password=${password}\n", "utf-8")


def render(world: StepWorld) -> p.Params:
    values = {"name": NAME, "password": SECRET}
    return p.Render(file=str(world.inst / "conf/one.conf"), template=str(world.root / "template"), values=values)


def edit_yaml(world: StepWorld) -> p.Params:
    return p.EditYaml(file=str(world.inst / "conf/site.yml"), set={"name": SECRET}, remove=("port",))


def edit_xml(world: StepWorld) -> p.Params:
    sets = (p.XmlSet(element=("a/no such", "a/b"), attribute="value", value=SECRET),)
    return p.EditXml(file=str(world.inst / "conf/site.xml"), set=sets)


def remove(world: StepWorld) -> p.Params:
    return p.Remove(folder=str(world.inst), names=("conf/t*.conf", "data/deep", "no such*", "link"))


def owner(world: StepWorld) -> p.Params:
    return p.Owner(paths=(str(world.inst / "conf"), str(world.inst / "program")), owner="daemon", group="daemon")


def vendor(world: StepWorld) -> p.Params:
    creates = world.root / "versions/5"
    script = f'mkdir "{creates}" && echo half > "{creates}/half" && echo "$PASSWORD" > "{creates}/whole" && exit 3'
    return p.RunVendor(
        command=("/bin/sh", "-c", script),
        package=str(world.package),
        sha256=world.sha256(world.package),
        creates=str(creates),
        directory=str(world.root),
        environment={"PASSWORD": SECRET},
        success=(0, 3),
    )


def vendor_in_place(world: StepWorld) -> Steps:
    data = world.inst / "data"
    script = f'echo half > "{data}/base"; rm -r "{data}/deep"; echo new > "{data}/base"'
    made = p.RunVendor(
        command=("/bin/sh", "-c", script),
        package=str(world.package),
        sha256=world.sha256(world.package),
        changes=(str(data),),
    )
    return [("keep", keep(data)), ("run-vendor", made)]


def whole_hop(world: StepWorld, version: str = "2") -> Steps:
    """All of a hop, as plans have it: what one step does, another does again in the same places."""
    data, conf = world.inst / "data", world.inst / "conf"
    links = {"bin": str(world.root / "versions" / version / "bin"), "fresh": str(world.root / "versions" / version)}
    settings = p.EditEnv(file=str(conf / "site.env"), set={"VERSION": version})
    return [
        ("hold", p.Hold(instance=NAME)),
        ("maintenance", world.page),
        ("stop", stop(world, back=version == "2")),
        ("keep", keep(data)),
        ("relink", p.Relink(folder=str(world.inst), links=links)),
        ("place", place(world)),
        ("edit-env", settings),
        ("edit-env", p.EditEnv(file=str(conf / "one.conf"), set={"by": "edit"})),
        ("remove", p.Remove(folder=str(world.inst), names=("data/deep/*", "conf/t*.conf"))),
        ("start-converting", start(world, str(data))),
        ("await-log", awaited(world)),
        ("check", p.Check(hop=1, checks=ASKED)),
    ]


def two_hops(world: StepWorld) -> Steps:
    return [*whole_hop(world), *whole_hop(world, "3")[4:8], ("release", p.Release(instance=NAME)), ("open", world.page)]


def whole(world: StepWorld) -> None:
    staged(world)
    to_convert(world)


# --- an earlier run -----------------------------------------------------------------------------------


def upgraded_before(world: StepWorld) -> None:
    """A run that is final: it pointed a link elsewhere, took a file away and converted the data."""
    data = world.inst / "data"
    script = f'echo new > "{data}/base"; rm -r "{data}/deep"'
    convert = p.RunVendor(
        command=("/bin/sh", "-c", script),
        package=str(world.package),
        sha256=world.sha256(world.package),
        changes=(str(data),),
    )
    steps: Steps = [
        ("keep", keep(data)),
        ("relink", relink(world)),
        ("remove", remove_conf(world)),
        ("run-vendor", convert),
    ]
    world.new_run(steps, "earlier")
    assert world.carry("earlier") == "final"


def remove_conf(world: StepWorld) -> p.Params:
    return p.Remove(folder=str(world.inst / "conf"), names=("t*.conf",))


# --- an instance's life ----------------------------------------------------------------------------------


def described(**more: object) -> life.Described:
    made: life.Described = msgspec.to_builtins(Instance(name=NAME, product="toy"))
    return {**made, **more}


def registered(world: StepWorld) -> None:
    world.new_run([("register", register(world))], "earlier")
    assert world.carry("earlier") == "final"
    with closing(Journal.read(world.folder.with_name("earlier"))) as journal:
        assert journal.state() == "final"


def register(world: StepWorld) -> p.Params:
    return life.Register(instance=described(), top=str(world.inst))


def folders(world: StepWorld) -> p.Params:
    paths = (str(world.inst / "made/deep"), str(world.inst / "empty"))
    return life.MakeFolder(paths=paths, shared=(str(world.inst / "shared/of all"),))


def carried(world: StepWorld) -> p.Params:
    return life.Carry(source=str(world.inst / "data"), target=str(world.inst / "other/place/data"))


def carried_over(world: StepWorld, target: str = "other/place/data") -> p.Params:
    return life.CarryOver(source=str(world.inst / "data"), target=str(world.inst / target))


def carried_later(world: StepWorld) -> Steps:
    """The first copy, then somebody writes, then the difference."""
    source, target = str(world.inst / "data"), str(world.inst / "other/place/data")
    (world.root / "template").write_text("new", "utf-8")
    return [
        ("first-copy", p.FirstCopy(path=source, slot="slot", to=target)),
        ("render", p.Render(file=str(world.inst / "data/base"), template=str(world.root / "template"), values={})),
        ("remove", p.Remove(folder=str(world.inst / "data"), names=("deep",))),
        ("carry-over", life.CarryOver(source=source, target=target, slot="slot")),
    ]


def ahead(world: StepWorld) -> p.Params:
    return p.FirstCopy(path=str(world.inst / "data"), slot="slot", to=str(world.inst / "other/place/data"))


def carried_files(world: StepWorld) -> p.Params:
    return life.CarryOver(
        source=str(world.inst / "conf"),
        target=str(world.inst / "data/conf"),
        include=("*.XML", "*.yml"),
        exclude=("site.yml",),
    )


def carried_values(world: StepWorld) -> Steps:
    """The new version's own file comes between: it has the key, and another value."""
    site = str(world.inst / "conf/site.xml")
    new = p.EditXml(file=site, set=(p.XmlSet(element=("a/b",), attribute="value", value="new"),))
    return [
        ("set-aside", life.SetAside(file=site, staged="aside/site")),
        ("edit-xml", new),
        ("carry-values", life.CarryValues(file=site, staged="aside/site", format="xml", keys=("a/b/@value", "a/@no"))),
    ]


UNIT = "[Service]\nExecStart=/bin/${what}\n[Install]\nWantedBy=multi-user.target new.target\n"


def templates(world: StepWorld) -> None:
    """What a package brings for units and sites; and a unit of somebody else."""
    (world.root / "templates").mkdir()
    (world.root / "templates/base.service").write_text(UNIT, "utf-8")
    (world.root / "templates/site.conf").write_text("site of ${what}\n", "utf-8")
    (world.root / "units/multi-user.target.wants").mkdir(parents=True)
    (world.root / "units/other.service").write_text("[Service]\n", "utf-8")


def make_services(world: StepWorld) -> p.Params:
    files = {"toy-base": str(world.root / "templates/base.service")}
    return life.MakeServices(instance=NAME, files=files, values={"what": "true"})


def units(world: StepWorld) -> None:
    """A unit with a drop-in of the administrator, started at boot."""
    templates(world)
    for path, text in (("toy-base.service", UNIT), ("toy-base.service.d/mine.conf", "[Service]\nNice=5\n")):
        (world.root / "units" / path).parent.mkdir(exist_ok=True)
        (world.root / "units" / path).write_text(text, "utf-8")
    (world.root / "units/multi-user.target.wants/toy-base.service").symlink_to("../toy-base.service")


def make_site(world: StepWorld) -> p.Params:
    file, template = str(world.root / "site/new"), str(world.root / "templates/site.conf")
    return life.MakeSite(instance=NAME, server="toy", file=file, template=template, values={"what": "toy"})


def a_site(world: StepWorld) -> None:
    (world.root / "site/new").write_text("site\n", "utf-8")
    (world.root / "site/new.link").symlink_to("new")


def cleared(world: StepWorld) -> None:
    shutil.rmtree(world.inst / "closed")


TEXT = Localized(en="do it", ru="сделайте")

CASES: dict[str, Case] = {
    "judge": Case(once("judge", lambda _w: p.Judge(hop=1, checks=ASKED)), same=True),
    "check": Case(once("check", lambda _w: p.Check(hop=1, checks=ASKED, facts=True)), same=True),
    "probation": Case(once("probation", lambda _w: p.Probation(seconds=0.05, checks=ASKED)), same=True),
    "reserve": Case(once("reserve", lambda w: p.Reserve(folders=(str(w.home), str(w.inst)), bytes=1 << 20)), same=True),
    "fetch": Case(once("fetch", fetch), same=True),
    "verify": Case(once("verify", verify), same=True),
    "unpack": Case(once("unpack", unpack), same=True),
    "merge": Case(once("merge", lambda w: p.Merge(hop=1, items=(merge_item(w),))), defaults, same=True),
    "first-copy of what goes on": Case(once("first-copy", ahead), same=True),
    "first-copy": Case(once("first-copy", lambda w: p.FirstCopy(path=str(w.inst / "data"), slot="slot")), same=True),
    "backup": Case(once("backup", backup), same=True),
    "backup of a frozen copy": Case(frozen_backup, same=True),
    "hold": Case(once("hold", lambda _w: p.Hold(instance=NAME))),
    "release": Case(lambda _w: [("hold", p.Hold(instance=NAME)), ("release", p.Release(instance=NAME))], same=True),
    "maintenance": Case(once("maintenance", lambda w: w.page)),
    "open": Case(lambda w: [("maintenance", w.page), ("open", w.page)], same=True),
    "site-header": Case(once("site-header", site_header)),
    "shortcut": Case(once("shortcut", shortcut)),
    "site-path": Case(once("site-path", site_path)),
    "stop": Case(once("stop", stop), running),
    "stop, one down before": Case(once("stop", stop), half_running),
    "start": Case(lambda w: [("stop", stop(w)), ("start", start(w))], running, same=True),
    "start-converting": Case(converting, to_convert, slow=True),
    "keep": Case(once("keep", lambda w: keep(w.inst / "data")), same=True),
    "keep of a file": Case(once("keep", lambda w: keep(w.inst / "conf/one.conf", always=True)), same=True),
    "keep of nothing": Case(once("keep", lambda w: keep(w.inst / "no/such")), same=True),
    "relink": Case(once("relink", relink)),
    "place": Case(once("place", place), staged),
    "render": Case(once("render", render), template),
    "edit-yaml": Case(once("edit-yaml", edit_yaml)),
    "edit-xml": Case(once("edit-xml", edit_xml)),
    "edit-env": Case(
        once("edit-env", lambda w: p.EditEnv(file=str(w.inst / "conf/site.env"), set={"NAME": "new"}, remove=("PORT",)))
    ),
    "remove": Case(once("remove", remove)),
    "owner": Case(once("owner", owner), root=True),
    "run-vendor": Case(once("run-vendor", vendor), same=True),
    "run-vendor in place": Case(vendor_in_place),
    "mark-logs": Case(once("mark-logs", lambda w: p.MarkLogs(globs=(str(w.logs / "*"),), slot="hop1")), same=True),
    "await-log": Case(lambda w: [("await-log", p.AwaitLog(glob=str(w.logs / "*"), slot="hop1"))], same=True),
    "await-http": Case(once("await-http", await_http), serve, same=True),
    "fingerprint": Case(
        once("fingerprint", lambda w: p.Fingerprint(trees={"data": str(w.inst / "data"), "gone": str(w.inst / "no")})),
        same=True,
    ),
    "manual": Case(once("manual", lambda _w: p.Manual(text=TEXT, undo=TEXT)), same=True),
    "notice": Case(once("notice", lambda _w: p.Notice(text=TEXT)), same=True),
    "check of a whole hop": Case(whole_hop, whole, slow=True),
    "open after two hops": Case(two_hops, whole, slow=True),
    "put-back": Case(once("put-back", lambda _w: p.PutBack(run="earlier")), upgraded_before, slow=True),
    "secrets": Case(once("secrets", lambda _w: life.Secrets(instance=NAME, names=())), same=True),
    "register": Case(once("register", register)),
    "describe": Case(once("describe", lambda _w: life.Describe(instance=described(notes="new"))), registered),
    "forget": Case(once("forget", lambda w: life.Forget(instance=described(), top=str(w.inst))), registered),
    "make-folder": Case(once("make-folder", folders), cleared),
    "carry": Case(once("carry", carried)),
    "carry-over": Case(once("carry-over", carried_over)),
    "carry-over onto another": Case(once("carry-over", lambda w: carried_over(w, "conf"))),
    "carry-over after a first copy": Case(carried_later),
    "carry-over of files": Case(once("carry-over", carried_files)),
    "set-aside": Case(
        once("set-aside", lambda w: life.SetAside(file=str(w.inst / "conf/site.xml"), staged="aside/site")), same=True
    ),
    "carry-values": Case(carried_values),
    "make-services": Case(once("make-services", make_services), templates),
    "remove-services": Case(
        once("remove-services", lambda _w: life.RemoveServices(instance=NAME, units=("toy-base",))), units
    ),
    "make-site": Case(once("make-site", make_site), templates),
    "remove-site": Case(
        once("remove-site", lambda w: life.RemoveSite(instance=NAME, server="toy", file=str(w.root / "site/new"))),
        a_site,
    ),
}
