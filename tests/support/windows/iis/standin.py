"""IIS as far as appcmd shows it: a real applicationHost.config in a folder, and what runs, which no file of IIS tells.

`answer` takes the words of one call and gives what appcmd writes and its exit status: the same words, the
same form with and without `/xml`, the same numbers. It knows what smena asks for and refuses the rest. The
front (`front.py`) serves what stands here. `trouble` makes it misbehave:

- `denied`: no right at all; `denied-writes`: reading only;
- `stays`: this pool stays in Stopping; `lingers`: this pool's worker outlives its stop by so many seconds;
- `gone`: so many calls end as if the other side had died in the middle.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lxml import etree

EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<configuration>
    <system.applicationHost>
        <applicationPools>
            <add name="DefaultAppPool" />
            <applicationPoolDefaults managedRuntimeVersion="v4.0">
                <processModel identityType="ApplicationPoolIdentity" />
            </applicationPoolDefaults>
        </applicationPools>
        <sites>
            <site name="Default Web Site" id="1">
                <application path="/">
                    <virtualDirectory path="/" physicalPath="%SystemDrive%\\inetpub\\wwwroot" />
                </application>
                <bindings>
                    <binding protocol="http" bindingInformation="*:80:" />
                </bindings>
            </site>
            <siteDefaults>
                <logFile logFormat="W3C" directory="%SystemDrive%\\inetpub\\logs\\LogFiles" />
            </siteDefaults>
            <applicationDefaults applicationPool="DefaultAppPool" />
            <virtualDirectoryDefaults allowSubDirConfig="true" />
        </sites>
    </system.applicationHost>
    <system.webServer>
        <httpProtocol>
            <customHeaders>
                <clear />
                <add name="X-Powered-By" value="ASP.NET" />
            </customHeaders>
        </httpProtocol>
    </system.webServer>
</configuration>
"""
NOT_SHARED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n    <configurationRedirection />\n</configuration>\n'
)
COLLECTION = re.compile(r"([+-])(\w+)\.\[(.*)\]", re.DOTALL)
PAIR = re.compile(r"(\w+)='([^']*)'")
TAGS = {"site": "SITE", "app": "APP", "vdir": "VDIR", "apppool": "APPPOOL", "wp": "WP", "config": "CONFIG"}


class Refusal(Exception):
    """What appcmd ends with: a number of Windows, or none, and its words."""

    def __init__(self, status: int, words: str, *, numbered: bool = True) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.number = f"{0x80070000 + status:08x}" if numbered else None


class Standin:
    """One host's IIS; `folder` is its `inetsrv`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config" / "applicationHost.config"
        self.redirection = folder / "config" / "redirection.config"
        self.state_file = folder / "standin.json"

    def made(self) -> Standin:
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(EMPTY, "utf-8")
        self.redirection.write_text(NOT_SHARED, "utf-8")
        (self.folder / "appcmd.exe").touch()
        self.state_file.write_text(json.dumps({"sites": {}, "pools": {}, "workers": {}, "trouble": {}, "next": 4000}))
        self.boot()
        return self

    # -- for tests --------------------------------------------------------------------

    def trouble(self, **what: Any) -> None:
        with self.opened() as (_root, state):
            state["trouble"] = {name.replace("_", "-"): value for name, value in what.items()}

    def boot(self) -> None:
        """What a boot starts: all that says so, and no worker yet."""
        with self.opened() as (root, state):
            state["workers"] = {}
            for site in root.iter("site"):
                state["sites"][site.get("name")] = _started(site.get("serverAutoStart"))
            for pool in pools(root):
                state["pools"][pool.get("name")] = _started(pool.get("autoStart"))

    def visit(self, pool: str) -> int | None:
        """A request for this pool: IIS starts a worker for the first one. None where the pool is stopped."""
        with self.opened() as (_root, state):
            if state["pools"].get(pool) != "Started":
                return None
            for pid, worker in state["workers"].items():
                if worker["pool"] == pool and worker["until"] is None:
                    return int(pid)
            state["next"] += 4
            state["workers"][str(state["next"])] = {"pool": pool, "until": None}
            return int(state["next"])

    def state(self) -> dict[str, Any]:
        with self.opened() as (_root, state):
            return dict(state)

    @contextmanager
    def opened(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The configuration and what runs, for one who is alone with them; both are written where they changed."""
        lock = os.open(self.folder / "standin.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = json.loads(self.state_file.read_text("utf-8"))
            tree = etree.fromstring(self.config.read_bytes(), etree.XMLParser(remove_blank_text=True))
            before = json.dumps(state), etree.tostring(tree)
            _settle(state)
            yield tree, state
            if json.dumps(state) != before[0]:
                self.state_file.write_text(json.dumps(state), "utf-8")
            if etree.tostring(tree) != before[1]:
                etree.indent(tree, "    ")
                written = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
                self.config.with_suffix(".new").write_bytes(written)
                self.config.with_suffix(".new").replace(self.config)
        finally:
            os.close(lock)

    def answer(self, words: list[str]) -> tuple[bytes, int]:
        """What appcmd writes, and its exit status."""
        asked = [word for word in words if not word.lower().startswith("/xml")]
        xml = len(asked) < len(words)
        try:
            return _written(self._answered(asked), xml), 0
        except Refusal as refusal:
            return _refused(refusal, xml), refusal.status

    def _answered(self, words: list[str]) -> list[Any]:
        if len(words) < 2:
            raise Refusal(87, "The parameter is incorrect.")
        verb, kind = words[0].lower(), words[1].lower()
        kind = kind[:-1] if kind.endswith("s") and kind[:-1] in TAGS else kind
        with self.opened() as (root, state):
            trouble = state["trouble"]
            if trouble.get("gone", 0) > 0:
                trouble["gone"] -= 1
                self.state_file.write_text(json.dumps(state), "utf-8")
                raise Refusal(1726, "The remote procedure call failed.\r\n")
            if trouble.get("denied") or (trouble.get("denied-writes") and verb != "list"):
                raise Refusal(
                    5, "Failed to process input: cannot read or write configuration.\r\nAccess is denied.\r\n"
                )
            if verb == "list":
                return Listing(root, state, words[2:], self.folder.parents[2]).of(kind)
            return Change(root, state, verb, kind, words[2:]).made()


def pools(root: Any) -> list[Any]:
    return list(root.find("system.applicationHost/applicationPools").iterchildren("add"))


def sites(root: Any) -> list[Any]:
    return list(root.iter("site"))


def app_name(site: Any, app: Any) -> str:
    return f"{site.get('name')}{app.get('path')}"


def vdir_name(site: Any, app: Any, vdir: Any) -> str:
    above = app.get("path").rstrip("/")
    return f"{site.get('name')}{above}{vdir.get('path')}"


def pool_of(app: Any) -> str:
    return str(app.get("applicationPool") or "DefaultAppPool")


def host_path(drive: Path, path: str) -> Path:
    """Where a path of Windows lies."""
    path = re.sub("%SystemDrive%", "C:", path, flags=re.IGNORECASE)
    return drive.joinpath(*path.removeprefix("C:").strip("\\").split("\\"))


def named(root: Any, kind: str) -> dict[str, Any]:
    """All objects of a kind by their whole names."""
    if kind == "apppool":
        return {pool.get("name"): pool for pool in pools(root)}
    if kind == "site":
        return {site.get("name"): site for site in sites(root)}
    apps = [(site, app) for site in sites(root) for app in site.iterchildren("application")]
    if kind == "app":
        return {app_name(site, app): app for site, app in apps}
    return {vdir_name(s, a, vdir): vdir for s, a in apps for vdir in a.iterchildren("virtualDirectory")}


def headers(root: Any, path: str) -> dict[str, str]:
    """The custom headers of a place, those set for all of IIS first."""
    found: dict[str, str] = {}
    names = [path[:at] for at, sign in enumerate(f"{path}/") if sign == "/"] if path else []
    places = [root, *(one for name in names for one in root.iterchildren("location") if one.get("path") == name)]
    for place in places:
        for add in place.findall("system.webServer/httpProtocol/customHeaders/add"):
            found[add.get("name")] = add.get("value")
    return found


class Listing:
    """The objects of one kind, those whose attributes are as asked."""

    def __init__(self, root: Any, state: dict[str, Any], words: list[str], drive: Path) -> None:
        self.root, self.state, self.drive = root, state, drive
        self.name = next((word for word in words if not word.startswith("/")), None)
        self.wanted = dict(_value(word) for word in words if word.startswith("/"))
        self.whole = self.wanted.pop("config", None) is not None

    def of(self, kind: str) -> list[Any]:
        found = getattr(self, kind)()
        if kind != "config":
            found = [one for one in found if self._fits(kind, one)]
        if not found and (self.wanted or self.name):
            raise Refusal(1, "", numbered=False)
        return list(found)

    def _fits(self, kind: str, found: Any) -> bool:
        shown = {name.lower(): value.lower() for name, value in found.attrib.items()}
        wanted = dict(self.wanted)
        if self.name is not None:
            wanted[f"{TAGS[kind]}.NAME".lower()] = self.name
        return all(shown.get(name.lower()) == value.lower() for name, value in wanted.items())

    def site(self) -> list[Any]:
        found = []
        for site in sites(self.root):
            bindings = [f"{b.get('protocol')}/{b.get('bindingInformation')}" for b in site.iter("binding")]
            one = _object("SITE", site.get("name"), **{"SITE.ID": site.get("id"), "bindings": ",".join(bindings)})
            one.set("state", self.state["sites"].get(site.get("name"), "Unknown"))
            found.append(self._with(one, site))
        return found

    def app(self) -> list[Any]:
        return [
            _object(
                "APP", app_name(s, a), **{"path": a.get("path"), "APPPOOL.NAME": pool_of(a), "SITE.NAME": s.get("name")}
            )
            for s in sites(self.root)
            for a in s.iterchildren("application")
        ]

    def vdir(self) -> list[Any]:
        return [
            _object(
                "VDIR",
                vdir_name(s, a, v),
                **{"physicalPath": v.get("physicalPath"), "path": v.get("path"), "APP.NAME": app_name(s, a)},
            )
            for s in sites(self.root)
            for a in s.iterchildren("application")
            for v in a.iterchildren("virtualDirectory")
        ]

    def apppool(self) -> list[Any]:
        found = []
        for pool in pools(self.root):
            runtime = pool.get("managedRuntimeVersion", "v4.0")
            one = _object("APPPOOL", pool.get("name"), PipelineMode="Integrated", RuntimeVersion=runtime)
            one.set("state", self.state["pools"].get(pool.get("name"), "Unknown"))
            found.append(self._with(one, pool))
        return found

    def wp(self) -> list[Any]:
        return [_object("WP", pid, **{"APPPOOL.NAME": w["pool"]}) for pid, w in self.state["workers"].items()]

    def config(self) -> list[Any]:
        place = self.name or ""
        section = self.wanted.get("section", "").rpartition("/")[2]
        if section != "httpProtocol":
            raise Refusal(87, f'Unknown config section "{section}".', numbered=False)
        one = etree.Element("CONFIG", {"CONFIG.SECTION": "system.webServer/httpProtocol"})
        one.set("path", "MACHINE/WEBROOT/APPHOST" + (f"/{place}" if place else ""))
        one.set("overrideMode", "Inherit")
        one.set("locked", "false")
        inside = etree.SubElement(etree.SubElement(one, "system.webServer-httpProtocol"), "customHeaders")
        for name, value in {**headers(self.root, place), **self._own_headers(place)}.items():
            etree.SubElement(inside, "add", name=name, value=value)
        return [one]

    def _own_headers(self, place: str) -> dict[str, str]:
        """Those that the place's `web.config` sets."""
        found = named(self.root, "vdir").get(place if place.endswith("/") else f"{place}/")
        file = None if found is None else host_path(self.drive, found.get("physicalPath")) / "web.config"
        if file is None or not file.is_file():
            return {}
        adds = etree.fromstring(file.read_bytes()).iterfind("system.webServer/httpProtocol/customHeaders/add")
        return {add.get("name", ""): add.get("value", "") for add in adds}

    def _with(self, one: Any, own: Any) -> Any:
        if self.whole:
            copied = etree.fromstring(etree.tostring(own))
            automatic = {"site": "serverAutoStart", "add": "autoStart"}[own.tag]
            copied.set(automatic, own.get(automatic, "true"))
            if own.tag == "add":
                model = _within(copied, "processModel")
                model.set("identityType", model.get("identityType", "ApplicationPoolIdentity"))
            one.append(copied)
        return one


class Change:
    """One command that changes something."""

    def __init__(self, root: Any, state: dict[str, Any], verb: str, kind: str, words: list[str]) -> None:
        self.root, self.state, self.verb, self.kind = root, state, verb, kind
        self.values = dict(_value(word) for word in words if word.startswith("/") and not COLLECTION.match(word[1:]))
        self.collections = [found for word in words if (found := COLLECTION.match(word[1:]))]
        named = next((word for word in words if not word.startswith("/")), None)
        self.name = self.values.pop(f"{kind}.name", named) if verb != "add" else self.values.get("name")

    def made(self) -> list[Any]:
        act: Callable[[], str] | None = getattr(self, f"{self.verb}_{self.kind}", None)
        if act is None:
            raise Refusal(87, f'Command "{self.verb}" is not supported for {TAGS.get(self.kind, self.kind)} objects.')
        return [etree.Element("STATUS", message=act())]

    def _one(self) -> Any:
        everything = named(self.root, self.kind)
        wanted = (self.name or "").lower()
        found = next((one for name, one in everything.items() if name.lower() in (wanted, f"{wanted}/")), None)
        if found is None:
            raise Refusal(1168, f'Cannot find {TAGS[self.kind]} object with identifier "{self.name}".', numbered=False)
        return found

    def start_site(self) -> str:
        site = self._one()
        if self.state["sites"][site.get("name")] == "Started":
            raise Refusal(1056, "Command execution failed.\r\nAn instance of the service is already running.\r\n")
        others = {n for n, state in self.state["sites"].items() if state == "Started" and n != site.get("name")}
        if set(_bindings(site)) & {b for s in sites(self.root) if s.get("name") in others for b in _bindings(s)}:
            raise Refusal(183, "Command execution failed.\r\nCannot create a file when that file already exists.\r\n")
        self.state["sites"][site.get("name")] = "Started"
        return f'"{site.get("name")}" successfully started.'

    def stop_site(self) -> str:
        site = self._one()
        if self.state["sites"][site.get("name")] == "Stopped":
            raise Refusal(1062, "Command execution failed.\r\nThe service has not been started.\r\n")
        self.state["sites"][site.get("name")] = "Stopped"
        return f'"{site.get("name")}" successfully stopped'

    def start_apppool(self) -> str:
        name = self._one().get("name")
        if self.state["pools"][name] == "Started":
            raise Refusal(1056, "Command execution failed.\r\nAn instance of the service is already running.\r\n")
        if self.state["pools"][name] == "Stopping":
            raise Refusal(1061, "The service cannot accept control messages at this time.\r\n")
        self.state["pools"][name] = "Started"
        return f'"{name}" successfully started.'

    def stop_apppool(self) -> str:
        name = self._one().get("name")
        if self.state["pools"][name] == "Stopped":
            raise Refusal(1062, "Command execution failed.\r\nThe service has not been started.\r\n")
        trouble = self.state["trouble"]
        self.state["pools"][name] = "Stopping" if trouble.get("stays") == name else "Stopped"
        lingers = trouble.get("lingers", {}).get(name, 0.0)
        for worker in self.state["workers"].values():
            if worker["pool"] == name and trouble.get("stays") != name:
                worker["until"] = time.time() + lingers
        return f'"{name}" successfully stopped'

    def set_site(self) -> str:
        return self._set()

    def set_app(self) -> str:
        return self._set()

    def set_vdir(self) -> str:
        return self._set()

    def set_apppool(self) -> str:
        return self._set()

    def _set(self) -> str:
        one = self._one()
        for name, value in self.values.items():
            *above, last = name.split(".")
            place = one
            for tag in above:
                place = _within(place, _cased(tag))
            place.set(_cased(last), value)
        for sign, collection, inside in (found.groups() for found in self.collections):
            _change(one.find(collection), sign, dict(PAIR.findall(inside)))
        return f'{TAGS[self.kind]} object "{self.name}" changed'

    def set_config(self) -> str:
        if self.values.get("commit", "").lower() != "apphost":
            raise Refusal(87, "The stand-in keeps headers in applicationHost.config only.")
        place = self._location(self.name or "")
        section = _within(_within(_within(place, "system.webServer"), "httpProtocol"), "customHeaders")
        for sign, _collection, inside in (found.groups() for found in self.collections):
            _change(section, sign, dict(PAIR.findall(inside)))
        path = f"MACHINE/WEBROOT/APPHOST/{self.name}"
        return (
            f'Applied configuration changes to section "system.webServer/httpProtocol" for "{path}" at configuration '
            f'commit path "MACHINE/WEBROOT/APPHOST"'
        )

    def _location(self, path: str) -> Any:
        found = next((one for one in self.root.iterchildren("location") if one.get("path") == path), None)
        return etree.SubElement(self.root, "location", path=path) if found is None else found

    def add_apppool(self) -> str:
        name = self.values["name"]
        if any(pool.get("name").lower() == name.lower() for pool in pools(self.root)):
            raise Refusal(183, f'Failed to add duplicate collection element "{name}".')
        pool = etree.Element("add")
        for key, value in self.values.items():
            pool.set(_cased(key), value)
        self.root.find("system.applicationHost/applicationPools").insert(len(pools(self.root)), pool)
        self.state["pools"][name] = _started(self.values.get("autostart"))
        return f'APPPOOL object "{name}" added'

    def add_site(self) -> str:
        name = self.values["name"]
        if any(site.get("name").lower() == name.lower() for site in sites(self.root)):
            raise Refusal(183, f'Failed to add duplicate collection element "{name}".')
        site = etree.Element(
            "site", name=name, id=str(1 + max((int(s.get("id")) for s in sites(self.root)), default=0))
        )
        app = etree.SubElement(site, "application", path="/")
        etree.SubElement(app, "virtualDirectory", path="/", physicalPath=self.values.get("physicalpath", ""))
        bindings = etree.SubElement(site, "bindings")
        for binding in filter(None, self.values.get("bindings", "").split(",")):
            protocol, _slash, information = binding.partition("/")
            etree.SubElement(bindings, "binding", protocol=protocol, bindingInformation=information)
        self.root.find("system.applicationHost/sites").insert(len(sites(self.root)), site)
        automatic = self.values.get("serverautostart")
        if automatic is not None:
            site.set("serverAutoStart", automatic)
        self.state["sites"][name] = "Stopped"
        if _started(automatic) == "Started":
            self.name = name
            try:
                self.start_site()
            except Refusal:
                self.state["sites"][name] = "Stopped"
        return f'SITE object "{name}" added\r\nAPP object "{name}/" added\r\nVDIR object "{name}/" added'

    def add_app(self) -> str:
        site = next(s for s in sites(self.root) if s.get("name") == self.values["site.name"])
        app = etree.Element("application", path=self.values["path"])
        etree.SubElement(app, "virtualDirectory", path="/", physicalPath=self.values["physicalpath"])
        site.insert(len(list(site.iterchildren("application"))), app)
        return f'APP object "{app_name(site, app)}" added'

    def add_vdir(self) -> str:
        site, app = next(
            (s, a)
            for s in sites(self.root)
            for a in s.iterchildren("application")
            if app_name(s, a).lower() == self.values["app.name"].lower()
        )
        path = self.values["path"]
        vdir = etree.SubElement(app, "virtualDirectory", path=path, physicalPath=self.values["physicalpath"])
        return f'VDIR object "{vdir_name(site, app, vdir)}" added'

    def delete_site(self) -> str:
        return self._delete("sites")

    def delete_apppool(self) -> str:
        return self._delete("pools")

    def delete_app(self) -> str:
        return self._delete(None)

    def delete_vdir(self) -> str:
        return self._delete(None)

    def _delete(self, group: str | None) -> str:
        one = self._one()
        one.getparent().remove(one)
        if group is not None:
            self.state[group].pop(one.get("name"), None)
        return f'{TAGS[self.kind]} object "{self.name}" deleted'


CASED = {
    name.lower(): name
    for name in (
        "autoStart",
        "serverAutoStart",
        "physicalPath",
        "applicationPool",
        "managedRuntimeVersion",
        "startMode",
    )
}


def _cased(name: str) -> str:
    return CASED.get(name.lower(), name)


def _value(word: str) -> tuple[str, str]:
    name, _colon, value = word[1:].partition(":")
    return name.lower(), value


def _started(automatic: str | None) -> str:
    return "Stopped" if (automatic or "true").lower() == "false" else "Started"


def _bindings(site: Any) -> list[tuple[str, str]]:
    return [(b.get("protocol"), b.get("bindingInformation")) for b in site.iter("binding")]


def _change(collection: Any, sign: str, values: dict[str, str]) -> None:
    tag = "binding" if collection.tag == "bindings" else "add"
    keys = ("protocol", "bindingInformation") if tag == "binding" else ("name",)
    wanted = [values.get(key) for key in keys]
    found = next((one for one in collection.iterchildren(tag) if [one.get(key) for key in keys] == wanted), None)
    if sign == "+" and found is not None:
        raise Refusal(183, f'Failed to add duplicate collection element "{wanted[-1]}".')
    if sign == "-" and found is None:
        raise Refusal(1168, f'Cannot find requested collection element "{wanted[-1]}".', numbered=False)
    if sign == "+":
        etree.SubElement(collection, tag, values)
    else:
        collection.remove(found)


def _within(place: Any, tag: str) -> Any:
    found = place.find(tag)
    return etree.SubElement(place, tag) if found is None else found


def _object(tag: str, name: str, **attributes: str) -> Any:
    one = etree.Element(tag, {f"{tag}.NAME": name})
    for key, value in attributes.items():
        one.set(key, value)
    return one


def _settle(state: dict[str, Any]) -> None:
    """Workers whose time is over are gone."""
    now = time.time()
    gone = [pid for pid, worker in state["workers"].items() if worker["until"] is not None and worker["until"] <= now]
    for pid in gone:
        del state["workers"][pid]


def _written(objects: list[Any], xml: bool) -> bytes:
    if xml:
        root = etree.Element("appcmd")
        root.extend(objects)
        etree.indent(root, "    ")
        text = '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"
        return text.replace("\n", "\r\n").encode("utf-8")
    return "".join(f"{_line(one)}\r\n" for one in objects).encode("utf-8")


def _line(one: Any) -> str:
    if one.tag == "STATUS":
        return str(one.get("message"))
    values = ",".join(f"{k.rpartition('.')[2].lower() if '.' in k else k}:{v}" for k, v in list(one.attrib.items())[1:])
    return f'{one.tag} "{one.get(f"{one.tag}.NAME")}" ({values})'


def _refused(refusal: Refusal, xml: bool) -> bytes:
    if refusal.status == 1 and not refusal.words:
        return _written([], xml) if xml else b""
    if xml:
        error = etree.Element("ERROR", {"hresult": refusal.number} if refusal.number else {}, message=refusal.words)
        return _written([error], xml)
    number = f"hresult:{refusal.number}, " if refusal.number else ""
    return f"ERROR ( {number}message:{refusal.words} )\r\n".encode()
