"""Authored steps: what a vendor may write in a procedure, one class a kind.

These are templates; the plan turns them into resolved steps (one may become
several). In YAML a step is a mapping with its kind as the one key, and beside it
`when` and `title` if need be: `{stop: {services: [server]}, when: {edition: team}}`.
The builder adds by itself what must never be forgotten: the hold and the maintenance
page before the first stop, a `keep` for everything a step `changes`, and their ends.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.definition.condition import Condition
from smena.definition.scalars import Argument, Encoding, Glob, Id, KeyPath, PathTemplate, Regex, Seconds, Template, Url
from smena.definition.values import Localized


class Authored(msgspec.Struct, frozen=True, rename="kebab", kw_only=True, omit_defaults=True):
    """Base of all authored parameters."""


class Foreign(Authored, frozen=True, kw_only=True):
    """A step that runs code that is not smena's, and so must say what that code changes."""

    changes: tuple[Id, ...] = ()
    """Paths of the instance that it may rewrite; each is kept before."""
    no_return: Localized | None = None
    """Why there is no way back after it."""
    within: Seconds = Seconds(600.0)


class Fetch(Authored, frozen=True, kw_only=True):
    """Get a component's package into the releases' folder."""

    component: Id


class Verify(Authored, frozen=True, kw_only=True):
    """Judge a package's hash, and list what is in it."""

    component: Id


class Unpack(Authored, frozen=True, kw_only=True):
    """Unpack a package beside the old version; the folder is shared and never removed by undo."""

    component: Id
    to: PathTemplate
    strip: int = 0
    owner: Template | None = None


class InstallPackage(Foreign, frozen=True, kw_only=True):
    """Run a platform's installer on a package."""

    component: Id
    action: Literal["install", "update", "remove"] = "install"
    back: Literal["remove", "old-package"] = "remove"
    """What undo needs: taking the new one away, or the old version's package too, because this installer may
    remove the old version. When that package is not at hand, the plan shows a point of no return."""
    features: tuple[str, ...] = ()
    properties: dict[str, Argument] = {}
    old_features: tuple[str, ...] = ()
    """With what undo installs the old version again, where that is another thing than this installation."""
    old_properties: dict[str, Argument] = {}
    application: Template | None = None
    """The application of IIS that it sets up, `SITE/PATH`: undo sets its folder and its pool back."""
    pool: Template | None = None
    """The application pool that it sets up."""


class Backup(Authored, frozen=True, kw_only=True):
    """Make a backup and read it back."""

    paths: tuple[Id, ...] = ()


class Hold(Authored, frozen=True, kw_only=True):
    """Keep anyone but the run from starting the instance (put in by itself before the first stop)."""


class Maintenance(Authored, frozen=True, kw_only=True):
    """Show users the maintenance page (put in by itself before the first stop)."""

    retry_after: Seconds = Seconds(120.0)


class Stop(Authored, frozen=True, kw_only=True):
    """Stop services, all of them when none is named, in the reverse of their order."""

    services: tuple[Id, ...] = ()


class Start(Foreign, frozen=True, kw_only=True):
    """Start services; a start that converts data says what it changes."""

    services: tuple[Id, ...] = ()


class Keep(Authored, frozen=True, kw_only=True):
    """Keep what lies at these paths, for undo; a path that begins with `HKLM\\` is a key of the registry."""

    paths: tuple[Id, ...]


class Relink(Authored, frozen=True, kw_only=True):
    """Point links in a folder into the new version."""

    in_: PathTemplate = msgspec.field(name="in")
    to: PathTemplate
    links: tuple[str, ...]
    optional: tuple[str, ...] = ()
    """Links that a version may lack: then the link goes."""


class MakeFolder(Authored, frozen=True, kw_only=True):
    """Make folders, and those above them that are missing; undo takes away only what the step made."""

    paths: tuple[PathTemplate, ...] = ()
    """The instance's own."""
    shared: tuple[PathTemplate, ...] = ()
    """Folders that other instances use too: undo leaves them unless they are empty."""


class Render(Authored, frozen=True, kw_only=True):
    """Write a file from a template of the package."""

    file: PathTemplate
    template: PathTemplate
    values: dict[str, Template] = {}


class MakeServices(Authored, frozen=True, kw_only=True):
    """Write the units of a new instance; only where systemd runs its services."""

    templates: PathTemplate
    """The folder with a template for each service that has a unit: `NAME.service`."""
    values: dict[str, Template] = {}


class MakeSite(Authored, frozen=True, kw_only=True):
    """Lay the site of a new instance where the web server reads it; only where it stands behind one."""

    template: PathTemplate
    values: dict[str, Template] = {}


class MergeConfig(Authored, frozen=True, kw_only=True):
    """Bring the administrator's changes into the new version's default files (all of `instance.config` by default)."""

    files: tuple[PathTemplate, ...] = ()


class Carry(Authored, frozen=True, kw_only=True):
    """Copy a tree to its new place and prove it by hash."""

    from_: PathTemplate = msgspec.field(name="from")
    to: PathTemplate
    include: tuple[Glob, ...] = ()
    exclude: tuple[Glob, ...] = ()
    missing_ok: bool = False
    never_written: bool = False
    """The target is never written by the product: then it may be a rename."""


class XmlEdit(Authored, frozen=True, kw_only=True):
    """One attribute or text to set on an element."""

    element: tuple[str, ...]
    """Element paths; the first that exists is taken: `configuration/loginom`. If none does, a person decides."""
    attribute: str | None = None
    value: Template


class EditXml(Authored, frozen=True, kw_only=True):
    """Change values in an XML file, and no other byte."""

    file: PathTemplate
    set: tuple[XmlEdit, ...]


class EditYaml(Authored, frozen=True, kw_only=True):
    """Change values in a YAML file, and no other byte."""

    file: PathTemplate
    set: dict[KeyPath, Template] = {}
    remove: tuple[KeyPath, ...] = ()


class EditEnv(Authored, frozen=True, kw_only=True):
    """Change variables in an environment file, and no other byte."""

    file: PathTemplate
    set: dict[str, Template] = {}
    remove: tuple[str, ...] = ()


class RunVendor(Foreign, frozen=True, kw_only=True):
    """Run a vendor's program from a package whose hash is recorded."""

    component: Id
    command: tuple[Argument, ...]
    directory: PathTemplate | None = None
    environment: dict[str, Template] = {}
    success: tuple[int, ...] = (0,)
    creates: PathTemplate | None = None
    """What it makes beside the old; when that is there already, it need not run."""


class AwaitLog(Authored, frozen=True, kw_only=True):
    """Wait until a log says that the product is done; only what came after the start counts."""

    files: Glob
    last_line: Regex | None = None
    """What the last line says then. Without it nothing is waited for: `never` is judged once."""
    never: tuple[Regex, ...] = ()
    encoding: Encoding | None = None
    follow: Glob | None = None
    """A log that shows people meanwhile how far it is."""
    ask: Url | None = None
    """An address that is asked meanwhile: some products begin only when somebody opens the site."""
    within: Seconds = Seconds(3600.0)


class AwaitHttp(Authored, frozen=True, kw_only=True):
    """Wait until an address answers."""

    url: Url
    status: int = 200
    has: Regex | None = None
    within: Seconds = Seconds(120.0)


class Remove(Authored, frozen=True, kw_only=True):
    """Take files away; they move into the restore point."""

    in_: PathTemplate = msgspec.field(name="in")
    names: tuple[Glob, ...]
    """Names below the folder, written with `/` on every platform; what is not there is no mistake."""


class SitePath(Authored, frozen=True, kw_only=True):
    """Point a site's virtual directory at a folder."""

    path: PathTemplate
    application: Template | None = None


class SiteHeader(Authored, frozen=True, kw_only=True):
    """Have browsers forget what they cached, for a while."""

    for_: Seconds = msgspec.field(name="for", default=Seconds(604800.0))


class ServiceConfig(Authored, frozen=True, kw_only=True):
    """Change variables in a service's own environment file."""

    service: Id
    file: PathTemplate | None = None
    set: dict[str, Template] = {}


class Owner(Authored, frozen=True, kw_only=True):
    """Give files to the account that the product runs under."""

    paths: tuple[PathTemplate, ...]
    owner: Template
    group: Template | None = None


class Shortcut(Authored, frozen=True, kw_only=True):
    """A shortcut on the desktop."""

    name: Template
    to: PathTemplate


class Manual(Authored, frozen=True, kw_only=True):
    """Something that only a person can do; the run waits."""

    text: Localized
    undo: Localized | None = None


class Notice(Authored, frozen=True, kw_only=True):
    """Something that a person should be told afterwards."""

    text: Localized


KINDS: dict[str, type[Authored]] = {
    "fetch": Fetch,
    "verify": Verify,
    "unpack": Unpack,
    "install-package": InstallPackage,
    "backup": Backup,
    "hold": Hold,
    "maintenance": Maintenance,
    "stop": Stop,
    "start": Start,
    "keep": Keep,
    "relink": Relink,
    "make-folder": MakeFolder,
    "render": Render,
    "make-services": MakeServices,
    "make-site": MakeSite,
    "merge-config": MergeConfig,
    "carry": Carry,
    "edit-xml": EditXml,
    "edit-yaml": EditYaml,
    "edit-env": EditEnv,
    "run-vendor": RunVendor,
    "await-log": AwaitLog,
    "await-http": AwaitHttp,
    "remove": Remove,
    "site-path": SitePath,
    "site-header": SiteHeader,
    "service-config": ServiceConfig,
    "owner": Owner,
    "shortcut": Shortcut,
    "manual": Manual,
    "notice": Notice,
}


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One authored step of a procedure."""

    kind: str
    params: Authored
    when: Condition = Condition()
    title: Localized | None = None
    line: int = 0


Steps = tuple[Step, ...]
