"""The part of a plan that happens while the instance is down, and how users are let in again."""

from __future__ import annotations

from smena.definition import steps as a
from smena.definition.checks import AfterCheck, Log
from smena.definition.windows import joined
from smena.plan import params as p
from smena.plan.around import down, open_again, release
from smena.plan.authored import site_header, switch_steps
from smena.plan.kept import keep, names_kept, user_trees
from smena.plan.model import PlannedStep, planned
from smena.plan.prepare import is_hot, judge
from smena.plan.request import Request
from smena.plan.resolve import Hop
from smena.text import _


def hop_steps(hop: Hop, kept: set[str], *, is_down: bool) -> list[PlannedStep]:
    """One hop: asked anew unless it is the first; down if it is not yet; then its procedure, then its checks.

    What the definition has kept before a stop is kept right after it: a tree that is in use cannot be frozen.
    """
    made: list[PlannedStep] = [judge(hop, "switch")] if hop.number > 1 else []
    if not hop.starts():
        made += marks(hop)
    for step in hop.after_stop():
        if isinstance(step.params, a.Stop) and not (is_down or stops(made)):
            made += down(hop.request, "switch", back=is_hot(hop.request))
        else:
            made += keeps(hop, step, kept)
            if any(step.params is start for start in hop.starts()):
                made += marks(hop, step.params)
            made += switch_steps(hop, step)
        if isinstance(step.params, a.Stop):
            for early in hop.before_stop():
                made += keeps(hop, early, kept)
    return [*made, check(hop)]


def stops(steps: list[PlannedStep]) -> bool:
    return any(step.kind == "stop" for step in steps)


def keeps(hop: Hop, step: a.Step, kept: set[str]) -> list[PlannedStep]:
    """A `keep` for everything that this step changes and that was not kept before."""
    made = []
    for name in names_kept(step.params):
        path = hop.path(name)
        if path in kept:
            continue
        kept.add(path)
        title, always = _("keep {path} as it is now", path=path), isinstance(step.params, a.Keep)
        made.append(keep(path, title, "switch", hop.number, always=always))
    return made


def marks(hop: Hop, start: a.Authored | None = None) -> list[PlannedStep]:
    """Remember where the logs end that this hop reads later: the last hop's words must not count."""
    globs = [hop.text(step.params.files) for step in hop.procedure() if isinstance(step.params, a.AwaitLog)]
    globs += [hop.text(check.question.files) for check in _after(hop) if isinstance(check.question, Log)]
    globs += log_globs(hop)
    if not globs:
        return []
    params = p.MarkLogs(globs=tuple(dict.fromkeys(globs)), slot=hop.slot(start))
    return [planned("mark-logs", params, _("remember where the logs end"), "switch", hop=hop.number)]


def log_globs(hop: Hop) -> list[str]:
    """Every log of the instance, when the definition names words that must not appear in them."""
    if not hop.request.definition.log_errors:
        return []
    logs = hop.request.definition.instance.roles.get("logs", ())
    return [joined(hop.path(name), "**/*.log") for name in logs if name in hop.request.world.paths]


def check(hop: Hop) -> PlannedStep:
    """What is asked after a hop, behind the page."""
    params = p.Check(hop=hop.number, checks=after_checks(hop), facts=hop.number == len(hop.request.hops))
    return planned("check", params, _("check that {version} works", version=hop.step.to), "closed", hop=hop.number)


def after_checks(hop: Hop) -> tuple[p.Asked, ...]:
    asked = [hop.asked(question, slot=hop.slot()) for question in _after(hop)]
    asked = [_with_target(hop, item) for item in asked]
    never = list(hop.request.definition.log_errors)
    for files in log_globs(hop):
        asked.append(p.Asked(kind="log", question={"files": files, "never": never, "slot": hop.slot()}))
    return tuple(asked)


def _with_target(hop: Hop, asked: p.Asked) -> p.Asked:
    """The version that must be measured, spelled out."""
    return (
        p.Asked(kind=asked.kind, question={**asked.question, "is": hop.step.to}) if asked.kind == "version" else asked
    )


def _after(hop: Hop) -> list[AfterCheck]:
    return [question for question in hop.request.definition.after if hop.applies(question.when)]


def opening(hop: Hop) -> list[PlannedStep]:
    """Users in: from here on there is new data of theirs, so a person decides about going back."""
    world, options = hop.request.world, hop.request.options
    _release, opened = open_again(world, "open")
    made = [release(world, "closed"), opened, *headers(hop.request), fingerprint(hop.request)]
    if options.probation:
        params = p.Probation(seconds=options.probation, checks=probation_checks(hop))
        made.append(
            planned("probation", params, _("watch it for {seconds} s", seconds=round(options.probation)), "open")
        )
    return [*made, *notices(hop.request)]


def headers(request: Request) -> list[PlannedStep]:
    """One for the whole run, however many hops ask for it: the last one's, because users come in only then."""
    hops = (Hop(request, number) for number in range(len(request.hops), 0, -1))
    asked = ((hop, step.params) for hop in hops for step in hop.procedure())
    found = next(((hop, params) for hop, params in asked if isinstance(params, a.SiteHeader)), None)
    return [] if found is None else [site_header(*found)]


def probation_checks(hop: Hop) -> tuple[p.Asked, ...]:
    return tuple(item for item in after_checks(hop) if item.kind in ("services", "http", "log"))


def fingerprint(request: Request) -> PlannedStep:
    trees = user_trees(request)
    return planned("fingerprint", p.Fingerprint(trees=trees), _("remember what users find"), "open")


def notices(request: Request) -> list[PlannedStep]:
    made = []
    for number in range(1, len(request.hops) + 1):
        hop = Hop(request, number)
        for step in hop.procedure():
            if isinstance(step.params, a.Notice):
                text = hop.words(step.params.text)
                made.append(planned("notice", p.Notice(text=text), _("tell: {text}", text=text), "open", hop=number))
    return made
