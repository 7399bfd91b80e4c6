"""Resolved steps: what the plan holds and a step gets, one class a kind.

Only literal values: every path, address and command line is spelled out, as it will
be used. A secret stands as `${secret:NAME}` and is looked up by the step in the
instant of its use, so it is in no plan and no journal. Paths are strings in the
escaped form of `host.paths`.
"""

from __future__ import annotations

import msgspec

from smena.definition.values import Localized


class Params(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all resolved parameters; stored as JSON with the kind's version."""


class Asked(Params, frozen=True, kw_only=True):
    """A check with its question resolved: `kind` is a name of the checks' tables."""

    kind: str
    question: dict[str, object] = {}


# --- before anything changes -------------------------------------------------------


class Judge(Params, frozen=True, kw_only=True):
    """Ask everything that can be asked before this hop; a blocking finding fails."""

    hop: int
    checks: tuple[Asked, ...]
    accepted: tuple[str, ...] = ()


class Reserve(Params, frozen=True, kw_only=True):
    """Hold room back on every device that the run touches."""

    folders: tuple[str, ...]
    bytes: int = 16 * 1024 * 1024


class Fetch(Params, frozen=True, kw_only=True):
    """Bring a package into the releases' folder."""

    source: str
    file: str
    sha256: str
    size: int


class Verify(Params, frozen=True, kw_only=True):
    """Judge a package by its recorded hash."""

    file: str
    sha256: str
    size: int


class Unpack(Params, frozen=True, kw_only=True):
    """Unpack a package beside the old versions. The folder is shared: undo leaves it."""

    file: str
    sha256: str
    to: str
    strip: int = 0
    owner: str | None = None


class MergeItem(Params, frozen=True, kw_only=True):
    """One configuration file of one hop."""

    file: str
    formerly: str | None = None
    """The name it had before, if it is not there under the new one."""
    format: str
    encoding: str | None = None
    ours: str
    """The administrator's file: the real one for the first hop, else the result of the hop before."""
    new: str
    base: str
    """The old version's default; if it is not there, every differing value is listed and accepted by name."""
    staged: str
    """Where the result waits for the switch, relative to the run's folder."""
    sha256: str | None = None
    """What the result must be: as shown in the plan."""
    keep: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    resolutions: dict[str, object] = {}


class Merge(Params, frozen=True, kw_only=True):
    """Work out a hop's configuration files, beside the instance."""

    hop: int
    items: tuple[MergeItem, ...]


class FirstCopy(Params, frozen=True, kw_only=True):
    """Copy a tree into the restore point while the instance still runs; the difference follows after the stop."""

    path: str
    slot: str
    """The name of its copy inside the restore point."""
    to: str | None = None
    """Where the copy is to come to lie in the end, if it is not there to go back."""


class Backup(Params, frozen=True, kw_only=True):
    """Make an archive of these trees and read it back."""

    name: str
    trees: dict[str, str]
    """Name inside the archive → path (or slot of a frozen copy, where `frozen`)."""
    without: tuple[str, ...] = ()
    frozen: bool = False
    target: str
    about: dict[str, str] = {}


# --- the switch ---------------------------------------------------------------------


class Hold(Params, frozen=True, kw_only=True):
    """From here on nobody but the run can start the instance."""

    instance: str
    services: tuple[str, ...] = ()
    coming: bool = False
    """Services that are not there yet, or not any more, are held too."""


class Release(Params, frozen=True, kw_only=True):
    """The instance is whole again: anybody may start it."""

    instance: str
    services: tuple[str, ...] = ()
    coming: bool = False


class Page(Params, frozen=True, kw_only=True):
    """The maintenance page: up (`maintenance`) or down (`open`)."""

    instance: str
    server: str
    site: str | None = None
    file: str | None = None
    application: str | None = None
    """The instance is only this part of a site that others use too."""
    retry_after: int = 120
    probe: str | None = None
    """Where the instance itself answers: the page stays until it does, so that nobody meets an error between."""
    within: float = 600.0
    back: bool = True
    """On the way back, let users in again; only a run's first page says so, as its first stop does."""


class SiteHeader(Params, frozen=True, kw_only=True):
    """A header that has browsers forget what they cached; it ends by itself after so many seconds."""

    instance: str
    server: str
    site: str | None = None
    file: str | None = None
    application: str | None = None
    secure: bool = False
    """Users come in by https."""
    seconds: float


class ServiceSpec(Params, frozen=True, kw_only=True):
    """One service, spelled out."""

    name: str
    unit: str | None = None
    pool: str | None = None
    """The IIS application pool, where the service is one."""
    command: tuple[str, ...] = ()
    directory: str | None = None
    environment: dict[str, str] = {}
    environment_file: str | None = None
    log: str | None = None
    ready: str | None = None
    stop_within: float = 60.0
    start_within: float = 120.0


class Stop(Params, frozen=True, kw_only=True):
    """Stop services, the last first."""

    instance: str
    services: tuple[ServiceSpec, ...]
    back: bool = True
    """On the way back, start again what ran; only the first stop of a run says so, later ones find half-way states."""
    kill: bool = False
    """Who does not stop in time is killed: a person has accepted that by name."""


class Start(Params, frozen=True, kw_only=True):
    """Start services, the first first. Kind `start-converting` when `changes` names what it rewrites."""

    instance: str
    services: tuple[ServiceSpec, ...]
    changes: tuple[str, ...] = ()


class Keep(Params, frozen=True, kw_only=True):
    """Keep a tree as it is now: the difference to the first copy, then frozen."""

    path: str
    slot: str
    always: bool = False
    """The definition itself asks for it: undo puts it back whatever came after, said to change it or not."""


class Relink(Params, frozen=True, kw_only=True):
    """Point links into the new version."""

    folder: str
    links: dict[str, str]
    optional: tuple[str, ...] = ()
    """Links that go when the version lacks what they point to."""


class PlaceItem(Params, frozen=True, kw_only=True):
    """A staged file and where it goes."""

    file: str
    staged: str
    formerly: str | None = None


class Place(Params, frozen=True, kw_only=True):
    """Put merged configuration files into place, by rename."""

    items: tuple[PlaceItem, ...]


class Render(Params, frozen=True, kw_only=True):
    """Write a file from a template."""

    file: str
    template: str
    values: dict[str, str] = {}


class EditYaml(Params, frozen=True, kw_only=True):
    """Change values in a YAML file."""

    file: str
    set: dict[str, str] = {}
    remove: tuple[str, ...] = ()


class XmlSet(Params, frozen=True, kw_only=True):
    """One value of an XML file."""

    element: tuple[str, ...]
    attribute: str | None = None
    value: str


class EditXml(Params, frozen=True, kw_only=True):
    """Change values in an XML file."""

    file: str
    set: tuple[XmlSet, ...]


class EditEnv(Params, frozen=True, kw_only=True):
    """Change variables in an environment file."""

    file: str
    set: dict[str, str] = {}
    remove: tuple[str, ...] = ()


class Remove(Params, frozen=True, kw_only=True):
    """Move what matches into the restore point."""

    folder: str
    names: tuple[str, ...]


class Owner(Params, frozen=True, kw_only=True):
    """Give files to an account."""

    paths: tuple[str, ...]
    owner: str
    group: str | None = None


class RunVendor(Params, frozen=True, kw_only=True):
    """Run a vendor's program; its package's hash is recorded."""

    command: tuple[str, ...]
    creates: str | None = None
    """What it makes beside the old; when that is there already, it need not run."""
    package: str
    sha256: str
    directory: str | None = None
    environment: dict[str, str] = {}
    success: tuple[int, ...] = (0,)
    within: float = 600.0
    changes: tuple[str, ...] = ()


class MarkLogs(Params, frozen=True, kw_only=True):
    """Remember where logs end now, so that only what comes after counts."""

    globs: tuple[str, ...]
    slot: str


class AwaitLog(Params, frozen=True, kw_only=True):
    """Wait until a log's last line says that it is done."""

    glob: str
    slot: str
    last_line: str | None = None
    """Without it nothing is waited for: `never` is judged once."""
    follow: str | None = None
    ask: str | None = None
    never: tuple[str, ...] = ()
    encoding: str = "utf-8"
    within: float = 3600.0
    instance: str = ""
    services: tuple[ServiceSpec, ...] = ()
    """A service that dies meanwhile ends the wait."""


class AwaitHttp(Params, frozen=True, kw_only=True):
    """Wait until an address answers."""

    url: str
    status: int = 200
    has: str | None = None
    within: float = 120.0


# --- settling --------------------------------------------------------------------------


class Check(Params, frozen=True, kw_only=True):
    """Ask what is asked after a hop; a blocking finding fails."""

    hop: int
    checks: tuple[Asked, ...]
    facts: bool = False
    """Write down the facts as they are now, for the report."""


class Fingerprint(Params, frozen=True, kw_only=True):
    """Take the digest of the instance as users will find it: a rollback shows what they changed since."""

    trees: dict[str, str]
    without: tuple[str, ...] = ()


class Probation(Params, frozen=True, kw_only=True):
    """Watch the instance with users in, for a while."""

    seconds: float
    checks: tuple[Asked, ...]


class Manual(Params, frozen=True, kw_only=True):
    """Something that only a person can do."""

    text: Localized
    undo: Localized | None = None


class Notice(Params, frozen=True, kw_only=True):
    """Something that a person should be told."""

    text: Localized


class PutBack(Params, frozen=True, kw_only=True):
    """Put back everything that an earlier run's restore point holds; what lies there now is kept in turn."""

    run: str
