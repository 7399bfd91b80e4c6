"""The typed form of a product definition.

The fields are the format: the reader, the JSON Schema and the documentation's test
all walk these classes, so a field exists here or nowhere. Names are written in
kebab-case in YAML (`os-family`). A field called `line` is not part of the format:
the reader fills in where the object was written.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.definition.checks import AfterChecks, BeforeChecks
from smena.definition.condition import Condition
from smena.definition.scalars import (
    Argument,
    Bytes,
    Email,
    Encoding,
    FilePattern,
    Glob,
    Id,
    KeyPath,
    PathTemplate,
    Range,
    Regex,
    Seconds,
    Template,
    Url,
    Version,
)
from smena.definition.steps import Steps
from smena.definition.values import Localized, Value

Platform = Literal["linux", "windows"]
Scheme = Literal["dotted", "pep440", "semver"]
SettingType = Literal["text", "port", "hostname", "path", "url", "number", "flag", "choice", "secret"]
Format = Literal["yaml", "xml", "env", "ini", "text"]
Family = Literal["debian", "rpm", "alt"]
Role = Literal["configuration", "data", "uploads", "logs", "backups", "temporary", "versions"]


class Base(msgspec.Struct, frozen=True, rename="kebab", kw_only=True, omit_defaults=True):
    """Frozen, and named in kebab-case where people write it."""


class Support(Base, frozen=True, kw_only=True):
    """Where a person gets help, and how the mails of a key exchange are headed."""

    email: Email | None = None
    url: Url | None = None
    subjects: dict[Id, Localized] = {}
    """Subjects by mail: `question`, `confirmation`."""


class Edition(Base, frozen=True, kw_only=True):
    """A variant that is sold."""

    title: Localized
    components: tuple[Id, ...] = ()


class Component(Base, frozen=True, kw_only=True):
    """A part that is installed, and how its packages are recognised by file name."""

    title: Localized
    files: dict[Id, FilePattern] = {}
    """Package file names by edition or platform, or under `any`."""
    optional: bool = False
    found: Value | None = None
    """What can be read where this part is installed: then the instance has it, whether a person said so or not."""
    line: int = 0


class Software(Base, frozen=True, kw_only=True):
    """Software that must be on the host, and how to measure its version."""

    title: Localized
    command: tuple[Argument, ...] = ()
    """Asked for its version when it is a program: `[java, -version]`."""
    value: Value | None = None
    """Where the version stands when it is not a program."""
    pattern: Regex | None = None
    """What of the answer is the version (first group)."""
    get: Localized | None = None
    """What a person does to get it."""
    out_of_support: bool = False
    when: Condition = Condition()
    """Where it is needed at all: one platform, one component."""
    line: int = 0


class Release(Base, frozen=True, kw_only=True):
    """One version of the product."""

    version: Version
    builds: Range | None = None
    """Measured builds that are this release: `4.2.*`."""
    title: Localized | None = None
    released: str | None = None
    recommended: bool = False
    withdrawn: Localized | None = None
    """Why it must not be upgraded to any more; what runs on it can still leave."""
    software: dict[Id, Range] = {}
    """What it needs on the host, with the versions that will do."""
    url: Url | None = None
    line: int = 0


class Setting(Base, frozen=True, kw_only=True):
    """Something that differs from instance to instance."""

    type: SettingType = "text"
    title: Localized | None = None
    default: Value | None = None
    choices: tuple[str, ...] = ()
    fixed: bool = False
    """Never changed after the instance was created."""
    line: int = 0


class Service(Base, frozen=True, kw_only=True):
    """One service of the instance; `unit` under systemd and Windows, `command` where smena itself supervises it."""

    name: Id
    unit: Template | None = None
    command: tuple[Argument, ...] = ()
    directory: PathTemplate | None = None
    environment: dict[str, Template] = {}
    environment_file: PathTemplate | None = None
    ready: Url | None = None
    """An address that answers once the service is up."""
    stop_within: Seconds = Seconds(60.0)
    start_within: Seconds = Seconds(120.0)
    pool: Template | None = None
    """The IIS application pool, when the service is one."""
    optional: bool = False
    """It may be absent from the host."""
    line: int = 0


class Site(Base, frozen=True, kw_only=True):
    """Where users come in."""

    server: Literal["nginx", "iis", "apache", "none"]
    name: Template | None = None
    url: Url
    """What users open."""
    probe: Url
    """The same site asked behind the maintenance page."""
    file: PathTemplate | None = None
    """The site's own configuration file, where the server keeps one."""
    application: Template | None = None
    when: Condition = Condition()
    line: int = 0


class VersionRead(Base, frozen=True, kw_only=True):
    """How the version that an instance runs is measured."""

    value: Value
    line: int = 0


class Discovery(Base, frozen=True, kw_only=True):
    """How instances that were installed without smena are found."""

    files: tuple[Glob, ...] = ()
    """Files that each stand for one instance; `{name}` in the pattern is its name."""
    registry: tuple[Template, ...] = ()
    services: tuple[Glob, ...] = ()
    """Services, without the unit's ending."""
    links: tuple[Glob, ...] = ()
    """Links of an instance that lead into a version's folder."""
    sites: tuple[Glob, ...] = ()
    """Files of sites, with or without the ending `.conf`; on Windows sites of IIS by their names."""
    pools: tuple[Glob, ...] = ()
    """Application pools of IIS."""
    not_named: tuple[str, ...] = ()
    line: int = 0


class PlatformSpec(Base, frozen=True, kw_only=True):
    """What an instance is made of on one platform."""

    paths: dict[Id, Value]
    os_family: dict[Family, dict[Id, str]] = {}
    """Values that differ between families of Linux, looked up as `${family.NAME}`."""
    services: tuple[Service, ...] = ()
    site: Site | None = None
    site_instead: tuple[Site, ...] = ()
    """The first whose `when` holds takes the site's place: the same product behind another server."""
    version: VersionRead | None = None
    discover: Discovery | None = None
    environment: tuple[str, ...] = ()
    """Environment variables of the machine that belong to the configuration."""
    line: int = 0


class PackageFile(Base, frozen=True, kw_only=True):
    """A file inside a version's package."""

    package: PathTemplate


class ConfigFile(Base, frozen=True, kw_only=True):
    """A configuration file of the instance: merged, put back, and in every backup without being named there."""

    file: PathTemplate
    format: Format
    default: PackageFile | None = None
    formerly: PathTemplate | None = None
    """The name it had in older versions."""
    secret: tuple[KeyPath, ...] = ()
    keep: tuple[KeyPath, ...] = ()
    """Keys whose present value always wins in a merge: identity, paths, ports."""
    encoding: Encoding | None = None
    when: Condition = Condition()
    line: int = 0


class InstanceSpec(Base, frozen=True, kw_only=True):
    """What is the same for every instance of the product, on each platform."""

    settings: dict[Id, Setting] = {}
    linux: PlatformSpec | None = None
    windows: PlatformSpec | None = None
    roles: dict[Role, tuple[Id, ...]] = {}
    """What the paths are: sizes, backups, hashes and removal go by it."""
    config: tuple[ConfigFile, ...] = ()


class External(Base, frozen=True, kw_only=True):
    """A service outside every restore point; the plan says so."""

    name: Id
    title: Localized | None = None
    setting: KeyPath | None = None
    """The configuration key that names its address."""
    why: Localized | None = None


class Edge(Base, frozen=True, kw_only=True):
    """One direct upgrade that is allowed."""

    from_: Range = msgspec.field(name="from")
    to: Range
    procedure: Id
    data: Literal["same", "converted"] = "converted"
    risks: tuple[Id, ...] = ()
    software: dict[Id, Range] = {}
    licence: bool = False
    """New licence keys are needed before it."""
    downtime: Literal["none", "seconds", "minutes", "hours"] | None = None
    """The class of downtime; by default `seconds` where data stays the same, else `minutes`."""
    recommended: bool = False
    downgrade: bool = False
    editions: tuple[Id, ...] = ()
    platforms: tuple[Platform, ...] = ()
    note: Localized | None = None
    line: int = 0


class Block(Base, frozen=True, kw_only=True):
    """A named refusal of a hop."""

    from_: Range = msgspec.field(name="from")
    to: Range
    name: Id
    why: Localized
    url: Url | None = None
    when: Condition = Condition()
    line: int = 0


class Risk(Base, frozen=True, kw_only=True):
    """A condition that a person accepts by name."""

    why: Localized
    when: Condition = Condition()
    url: Url | None = None
    line: int = 0


class Backup(Base, frozen=True, kw_only=True):
    """What a backup of an instance holds, and how it can be made while the instance runs."""

    paths: tuple[Id, ...] = ()
    """What is not there is left out."""
    without: tuple[Glob, ...] = ()
    hot: Literal["copy"] | None = None
    """`copy`: the product replaces its files atomically, so a plain copy of the running instance is good.
    Without it the instance is stopped for the time of a frozen copy."""
    extension: str | None = None
    line: int = 0


class Keys(Base, frozen=True, kw_only=True):
    """The product's licence keys."""

    kinds: tuple[Literal["virtual", "software", "pkcs11", "guardant", "own"], ...]
    product: Id | None = None
    """The name under which the product stands in a licence state."""
    modules: tuple[Template, ...] = ()
    """Programs and services that must be closed while a key's memory is updated."""
    service: Template | None = None
    """The licence service of network keys; restarted after an update."""
    program: FilePattern | None = None
    realm: str | None = None
    """SHA-256 of the vendor's first root key: only keys of this realm count."""
    trust: str | None = None
    """The vendor's trust list, in base64: what a new key begins with."""
    seats: Template | None = None
    """How many seats are in use now: a number, usually a setting that is read from the product's files."""
    module_seats: dict[Id, Template] = {}
    """The same of single modules."""
    note: Localized | None = None
    line: int = 0


class Definition(Base, frozen=True, kw_only=True):
    """Everything that smena knows of a product."""

    schema: int
    product: Id
    title: Localized
    about: Localized | None = None
    demo: bool = False
    """A stand-in: licence keys of a demo realm are accepted."""
    versions: Scheme = "dotted"
    support: Support | None = None
    editions: dict[Id, Edition] = {}
    components: dict[Id, Component] = {}
    software: dict[Id, Software] = {}
    releases: tuple[Release, ...] = ()
    instance: InstanceSpec = InstanceSpec()
    external: tuple[External, ...] = ()
    upgrades: tuple[Edge, ...] = ()
    blocked: tuple[Block, ...] = ()
    risks: dict[Id, Risk] = {}
    before: BeforeChecks = ()
    procedures: dict[Id, Steps] = {}
    create: Steps = ()
    """How a new instance comes to be."""
    after: AfterChecks = ()
    backup: Backup | None = None
    keys: Keys | None = None
    log_errors: tuple[Regex, ...] = ()
    """Words that must not appear in what the logs gain during an upgrade."""
    room: Bytes | None = None
    """Room that the product itself needs free while it is upgraded."""
