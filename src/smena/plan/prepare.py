"""The part of a plan that happens while the instance is still up.

Everything that can be done before the stop is done here: packages are judged and
unpacked beside the old version, configuration is merged, the large copies are begun,
and the backup is made and read back.
"""

from __future__ import annotations

from smena.definition import steps as a
from smena.definition.checks import Check
from smena.definition.model import ConfigFile, Definition
from smena.definition.windows import joined, last_name
from smena.errors import PlanImpossible
from smena.plan import params as p
from smena.plan.around import down, reserve, up
from smena.plan.authored import SWITCHING, aside_name, offered, switch_steps
from smena.plan.kept import carried_first, carried_trees, first_copy, keep, kept_paths, user_trees
from smena.plan.life_params import SetAside
from smena.plan.merges import all_merges
from smena.plan.model import PhaseName, PlannedStep, in_phase, planned
from smena.plan.request import Request
from smena.plan.resolve import Hop
from smena.plan.windows_params import Environment
from smena.plan.world import PackageSpec, World
from smena.text import _

PREPARE: PhaseName = "prepare"


def prepare_steps(request: Request) -> list[PlannedStep]:
    """All of it, in order."""
    hops = [Hop(request, number) for number in range(1, len(request.hops) + 1)]
    return [
        judge(hops[0], PREPARE),
        reserve(request.world),
        *environment(request.definition, request.world),
        *(step for hop in hops for step in packages(hop)),
        *merges(request),
        *(set_aside(hops[0], file) for file in offered(hops[0])),
        *first_copies(request),
        *backup(request),
    ]


def environment(definition: Definition, world: World, back_to: str | None = None) -> list[PlannedStep]:
    """Before the first of the vendor's programs, which may set them."""
    spec = definition.instance.windows if world.platform == "windows" else None
    if spec is None or not spec.environment:
        return []
    shown = ", ".join(spec.environment)
    title = _("remember the environment variables {names}", names=shown)
    if back_to is not None:
        title = _("set the environment variables {names} back", names=shown)
    params = Environment(names=spec.environment, back_to=back_to)
    return [planned("environment", params, title, PREPARE)]


def judge(hop: Hop, phase: PhaseName) -> PlannedStep:
    """Ask what can be asked before a hop: what the definition asks, and what every upgrade is asked."""
    authored: list[Check] = [check for check in hop.request.definition.before if hop.applies(check.when)]
    if hop.number > 1:  # behind the page nobody can answer, and the first hop's copies already take the room
        authored = [check for check in authored if check.kind not in ("answers", "closed", "room")]
    asked = [hop.asked(check) for check in authored]
    checks = (*always(hop), *required_software(hop), *asked, *licences(hop, authored))
    params = p.Judge(hop=hop.number, checks=checks, accepted=hop.request.options.accepted)
    title = _("ask everything before {from_} → {to}", from_=hop.step.from_, to=hop.step.to)
    return planned("judge", params, title, phase, hop=hop.number)


def always(hop: Hop) -> list[p.Asked]:
    """What every upgrade is asked once, at its beginning."""
    site = hop.request.world.site
    kinds = [
        "facts",
        "risks",
        "packages",
        "room",
        "writable",
        "mounted",
        "units",
        *(["restart", "accounts"] if hop.request.world.platform == "windows" else []),
        *(["site"] if site is not None and site.server == "nginx" else []),
        *(["iis"] if uses_iis(hop.request.world) else []),
    ]
    return [p.Asked(kind=kind) for kind in kinds] if hop.number == 1 else []


def uses_iis(world: World) -> bool:
    """By its site or by a service that is an application pool."""
    return (world.site is not None and world.site.server == "iis") or any(s.pool for s in world.services)


def required_software(hop: Hop) -> list[p.Asked]:
    """What the hop and its target need on the host; asked for every hop at the beginning, and again before each."""
    hops = hop.request.hops if hop.number == 1 else (hop.step,)
    known = {str(name): spec for name, spec in hop.request.definition.software.items()}
    needed = {
        (name, wanted)
        for step in hops
        for name, ranges in step.software.items()
        for wanted in ranges
        if name not in known or hop.applies(known[name].when)
    }
    return [p.Asked(kind="software", question={"name": name, "range": wanted}) for name, wanted in sorted(needed)]


def licences(hop: Hop, authored: list[Check]) -> list[p.Asked]:
    """An edge that needs new licences is never gone over unasked, whatever the definition forgets to ask."""
    hops = hop.request.hops if hop.number == 1 else (hop.step,)
    forgotten = any(step.licence for step in hops) and all(check.kind != "licence" for check in authored)
    return [p.Asked(kind="licence")] if forgotten else []


def packages(hop: Hop) -> list[PlannedStep]:
    """Judge each package that the hop uses, then unpack it."""
    made: list[PlannedStep] = []
    judged: set[str] = set()
    for step in hop.procedure():
        component = getattr(step.params, "component", None)
        if component is not None and component not in judged:
            judged.add(component)
            made.append(_verify(hop, hop.package(component)))
        if isinstance(step.params, a.InstallPackage) and (old := hop.old_package(step.params.component)):
            made.append(_verify(hop, old))
        if isinstance(step.params, a.Unpack):
            made.append(_unpack(hop, step.params))
        elif step.kind in SWITCHING and step.kind != "backup" and step in hop.before_stop():
            _refuse_early_change(hop, step)
            made += [in_phase(item, PREPARE) for item in switch_steps(hop, step)]
    return made


def _refuse_early_change(hop: Hop, step: a.Step) -> None:
    """What changes while users work can be neither kept nor put back."""
    if isinstance(step.params, a.Foreign) and step.params.changes:
        raise PlanImpossible(
            _("the step {kind} changes what the running instance uses", kind=step.kind),
            why=[_("the procedure {procedure} has it before the first stop", procedure=hop.step.procedure)],
        )


def _verify(hop: Hop, package: PackageSpec) -> PlannedStep:
    params = p.Verify(file=package.file, sha256=package.sha256, size=package.size)
    title = _("judge the package {file}", file=last_name(package.file))
    return planned("verify", params, title, PREPARE, hop=hop.number)


def _unpack(hop: Hop, step: a.Unpack) -> PlannedStep:
    package = hop.package(step.component)
    params = p.Unpack(
        file=package.file,
        sha256=package.sha256,
        to=hop.text(step.to),
        strip=step.strip,
        owner=hop.maybe(step.owner),
    )
    title = _(
        "unpack {component} {version} to {folder}", component=step.component, version=hop.step.to, folder=params.to
    )
    return planned("unpack", params, title, PREPARE, hop=hop.number)


def set_aside(hop: Hop, config: ConfigFile) -> PlannedStep:
    """An installer may take the old version's file away."""
    file = hop.text(config.formerly or config.file)
    params = SetAside(file=file, staged=aside_name(hop.text(config.file)))
    return planned("set-aside", params, _("set {file} aside as it is now", file=file), PREPARE, hop=hop.number)


def merges(request: Request) -> list[PlannedStep]:
    made = []
    for number, items in all_merges(request).items():
        if items:
            title = _("merge {count} configuration files for {to}", count=len(items), to=request.hops[number - 1].to)
            made.append(planned("merge", p.Merge(hop=number, items=items), title, PREPARE, hop=number))
    return made


def first_copies(request: Request) -> list[PlannedStep]:
    kept = [first_copy(path) for path in kept_paths(request)]
    return [*kept, *(carried_first(source, target) for source, target in carried_trees(request))]


def backup(request: Request) -> list[PlannedStep]:
    """Hot where the product allows it; else the instance stands still for as long as a frozen copy takes."""
    trees = backup_trees(request)
    if not trees:
        return []
    params = _backup_params(request, trees, frozen=not is_hot(request))
    made = planned("backup", params, _("make a backup and read it back"), PREPARE)
    return [made] if is_hot(request) else [*_frozen(request, trees), made]


def is_hot(request: Request) -> bool:
    """Whether the backup is made while the instance runs. If not, the stop for the frozen copy is the first one,
    and the only one whose undo starts the services again."""
    spec = request.definition.backup
    return spec is not None and spec.hot == "copy"


def backup_trees(request: Request) -> dict[str, str]:
    """What the definition names, else configuration, data and uploads."""
    definition, world = request.definition, request.world
    if definition.backup is None or not definition.backup.paths:
        return user_trees(request)
    return {name: world.paths[name] for name in definition.backup.paths if name in world.paths}


def _backup_params(request: Request, trees: dict[str, str], *, frozen: bool) -> p.Backup:
    world, spec = request.world, request.definition.backup
    return p.Backup(
        name=request.options.backup_name,
        trees=trees,
        without=tuple(spec.without) if spec else (),
        frozen=frozen,
        target=joined(world.home, "backups", world.instance),
        about={"product": world.product, "instance": world.instance, "version": world.version},
    )


def _frozen(request: Request, trees: dict[str, str]) -> list[PlannedStep]:
    """Copies as they are at one instant: first copies, a short stop, the differences, and up again."""
    kept = set(kept_paths(request))
    first = [first_copy(path) for path in trees.values() if path not in kept]
    freeze = [keep(path, _("freeze a copy of {path}", path=path), PREPARE) for path in trees.values()]
    return [*first, *down(request, PREPARE), *freeze, *up(request, PREPARE)]
