"""The plan by which an instance is set otherwise: its own files are changed, and its data carried where it is wanted.

The old instance is stopped, the new one started: what runs in between changes nothing. A value that
the product reads from a file of its own is written there and nowhere else; only what no file holds is
written into the registry.
"""

from __future__ import annotations

import msgspec

from smena.plan import params as p
from smena.plan.around import hold, open_page, page, release, reserve, stop_all
from smena.plan.kept import own_folders
from smena.plan.life_params import Carry, Describe, Described
from smena.plan.model import HopShown, Plan, PlannedStep, planned
from smena.plan.services import names
from smena.plan.world import World
from smena.text import _


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One value in one of the product's own files."""

    file: str
    format: str
    key: str
    value: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """All that is to be otherwise."""

    edits: tuple[Edit, ...] = ()
    moves: dict[str, str] = {}
    """Old path → new path of trees that are carried."""
    described: Described | None = None
    """What the registry is to say, where that changes."""
    ports: tuple[int, ...] = ()


def build_configure(now: World, then: World, change: Change, *, smena: str) -> Plan:
    """`now` as measured, `then` as it will be."""
    return Plan(
        kind="configure",
        product=now.product,
        instance=now.instance,
        platform=now.platform,
        from_=now.version,
        to=now.version,
        edition=now.edition,
        outside=tuple(dict.fromkeys((*own_folders(now), *own_folders(then)))),
        hops=(HopShown(from_=now.version, to=now.version, procedure="configure", data="same"),),
        steps=(*_prepare(now, change), *_switch(now, change), *_up(now, then)),
        facts=now.facts,
        smena=smena,
    )


def _prepare(now: World, change: Change) -> list[PlannedStep]:
    ports = (p.Asked(kind="port-free", question={"port": port}) for port in change.ports)
    judge = p.Judge(hop=1, checks=(p.Asked(kind="facts"), p.Asked(kind="mounted"), p.Asked(kind="units"), *ports))
    return [
        planned("judge", judge, _("ask everything before {instance} is configured", instance=now.instance), "prepare"),
        reserve(now),
    ]


def _switch(now: World, change: Change) -> list[PlannedStep]:
    made = [hold(now, "switch"), page(now, "switch"), stop_all(now, "switch")]
    for source, target in change.moves.items():
        title = _("carry {source} to {target}, and prove it", source=source, target=target)
        made.append(planned("carry", Carry(source=source, target=target), title, "switch"))
    made += [_edit(edit) for edit in change.edits]
    if change.described is not None:
        params = Describe(instance=change.described)
        made.append(
            planned("describe", params, _("write down what is set for {instance}", instance=now.instance), "switch")
        )
    return made


def _edit(edit: Edit) -> PlannedStep:
    title = _("change {keys} in {file}", keys=edit.key, file=edit.file)
    if edit.format == "xml":
        element, _slash, attribute = edit.key.rpartition("/@")
        one = p.XmlSet(element=(element or edit.key,), attribute=attribute if element else None, value=edit.value)
        return planned("edit-xml", p.EditXml(file=edit.file, set=(one,)), title, "switch")
    if edit.format == "env":
        return planned("edit-env", p.EditEnv(file=edit.file, set={edit.key: edit.value}), title, "switch")
    return planned("edit-yaml", p.EditYaml(file=edit.file, set={edit.key: edit.value}), title, "switch")


def _up(now: World, then: World) -> list[PlannedStep]:
    start = p.Start(instance=then.instance, services=then.services)
    return [
        planned("start", start, _("start {services}", services=names(then.services)), "switch"),
        _check(then),
        release(now, "closed"),
        open_page(then, "closed"),
    ]


def _check(then: World) -> PlannedStep:
    """It runs, it answers where it should now, and its own files say what was wanted."""
    checks = [p.Asked(kind="services"), p.Asked(kind="version", question={"is": then.version})]
    if then.site is not None:
        checks.append(p.Asked(kind="http", question={"url": then.site.probe, "status": 200}))
    checks.append(p.Asked(kind="as-wanted", question={"facts": then.facts}))
    params = p.Check(hop=1, checks=tuple(checks), facts=True)
    return planned("check", params, _("check that it works as it is set now"), "closed")
