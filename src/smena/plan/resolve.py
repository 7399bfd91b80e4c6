"""From templates to literal values, for one hop on one host."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from smena.definition.checks import Check, Question
from smena.definition.condition import Condition
from smena.definition.mistake import Wrong
from smena.definition.model import ConfigFile
from smena.definition.steps import Authored, Start, Steps, Stop
from smena.definition.templates import render
from smena.definition.values import Localized
from smena.definition.when import World as Known
from smena.definition.when import holds
from smena.errors import PlanImpossible
from smena.plan.params import Asked, ServiceSpec
from smena.plan.request import HopIn, Request
from smena.plan.world import PackageSpec
from smena.text import _

_EXPRESSIONS = ("has", "never")
"""Fields of checks that hold expressions: `${` has no meaning in them."""


class Hop:
    """One hop with everything that its templates may look up."""

    def __init__(self, request: Request, number: int) -> None:
        self.request = request
        self.number = number
        self.step: HopIn = request.hops[number - 1]
        self.packages = {p.component: p for p in request.packages if p.version == self.step.to}
        files = {f"package.{name}": package.file for name, package in self.packages.items()}
        self.lookups: Mapping[str, str] = {
            **request.world.lookups,
            **files,
            "from": self.step.from_,
            "to": self.step.to,
        }

    def text(self, template: str) -> str:
        try:
            return render(template, self.lookups)
        except Wrong as error:
            raise PlanImpossible(
                _("the procedure {procedure} asks for something that is not known here", procedure=self.step.procedure),
                why=[error.text],
            ) from error

    def words(self, sentence: Localized) -> Localized:
        """A vendor's sentence, with what it looks up."""
        return Localized(en=self.text(sentence.en), ru=self.text(sentence.ru))

    def texts(self, templates: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.text(template) for template in templates)

    def mapping(self, templates: Mapping[Any, str]) -> dict[str, str]:
        return {str(name): self.text(template) for name, template in templates.items()}

    def maybe(self, template: str | None) -> str | None:
        return None if template is None else self.text(template)

    def path(self, name: str) -> str:
        return self.request.world.paths[name]

    def package(self, component: str) -> PackageSpec:
        if component not in self.packages:
            raise PlanImpossible(
                _("the package of {component} {version} is not at hand", component=component, version=self.step.to),
                hint=_("smena release add FILE"),
            )
        return self.packages[component]

    def old_package(self, component: str) -> PackageSpec | None:
        """The package of the version that the hop begins with, if it is at hand."""
        old = (p for p in self.request.packages if p.component == component and p.version == self.step.from_)
        return next(old, None)

    def services(self, names: Iterable[str] = ()) -> tuple[ServiceSpec, ...]:
        """The named services in the definition's order; all of them when none is named."""
        wanted = set(names)
        return tuple(spec for spec in self.request.world.services if not wanted or spec.name in wanted)

    def procedure(self) -> Steps:
        """The authored steps of this hop that are meant for it."""
        steps = self.request.definition.procedures[self.step.procedure]
        return tuple(step for step in steps if self.applies(step.when))

    def before_stop(self) -> Steps:
        """What comes before the first stop happens beside the running instance: the builder does it beforehand."""
        steps = self.procedure()
        first = next((index for index, step in enumerate(steps) if step.kind == "stop"), 0)
        return steps[:first]

    def after_stop(self) -> Steps:
        return self.procedure()[len(self.before_stop()) :]

    def starts(self) -> list[Authored]:
        """The first start after each stop: only what the logs gain from there on counts for what follows."""
        found: list[Authored] = []
        rests = True
        for step in self.after_stop():
            if isinstance(step.params, Start) and rests:
                found.append(step.params)
            rests = isinstance(step.params, Stop) or (rests and not isinstance(step.params, Start))
        return found

    def slot(self, params: Authored | None = None) -> str:
        """The name of the mark that says where the logs ended: of the hop's first start, or the last before a step."""
        starts = self.starts()
        times = 0
        for step in self.procedure():
            times += any(step.params is start for start in starts)
            if step.params is params:
                break
        return f"hop{self.number}" if params is None or times < 2 else f"hop{self.number}-{times}"

    def applies(self, condition: Condition) -> bool:
        """Whether a step or check is meant for this hop; what cannot be known is not left out."""
        return holds(condition, self._known(), self.request.definition.versions) is not False

    def _known(self) -> Known:
        """What conditions are evaluated over."""
        world = self.request.world
        settings = {
            name.removeprefix("settings."): v for name, v in world.lookups.items() if name.startswith("settings.")
        }
        return Known(
            edition=world.edition,
            platform=world.platform,
            os_family=world.family or None,
            components=world.components,
            settings=settings,
            facts=world.facts,
            from_=tuple({self.step.from_, self.step.from_release or self.step.from_}),
            to=(self.step.to,),
        )

    def config_files(self) -> list[ConfigFile]:
        return [item for item in self.request.definition.instance.config if self.applies(item.when)]

    def asked(self, check: Check, **more: object) -> Asked:
        """A check with its templates looked up; `more` is what only the plan knows (such as a log's mark)."""
        fields = _fields(check.question).items()
        question = {name: value if name in _EXPRESSIONS else self._literal(value) for name, value in fields}
        return Asked(kind=check.kind, question={**question, **more})

    def _literal(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._literal(item) for item in value]
        return value


def _fields(question: Question) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(question)
    return fields
