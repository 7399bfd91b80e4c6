"""Which version an instance runs: measured, never remembered; and which release that build belongs to."""

from __future__ import annotations

from smena.definition.graph import Graph
from smena.definition.model import Definition, Release
from smena.definition.versions import Unreadable, key
from smena.errors import NotOnThisPlatform, ValueUnknown, VersionUnmeasured
from smena.instances.lookups import Lookups
from smena.text import Text, _, plain


def version(lookups: Lookups) -> str:
    """The version that the instance runs now; raises `VersionUnmeasured` with what was looked at."""
    spec = lookups.spec.version
    if spec is None:
        raise _unmeasured(
            lookups, _("the definition of {product} does not say how", product=lookups.definition.product)
        )
    try:
        found = lookups.value(spec.value).strip()
    except NotOnThisPlatform as error:
        raise _unmeasured(lookups, error.message, *error.why) from error
    except ValueUnknown as error:
        raise _unmeasured(lookups, *(error.why or (error.message,))) from error
    try:
        key(found, lookups.definition.versions)
    except Unreadable as error:
        raise _unmeasured(lookups, error.text) from error
    return found


def release_of(definition: Definition, version: str) -> Release | None:
    """The release of the definition that this build is of; None for a build that it does not know."""
    graph = Graph(definition, (version,))
    node = graph.equal_to(graph.key(version))
    return None if node is None else node.release


def _unmeasured(lookups: Lookups, *why: Text) -> VersionUnmeasured:
    name = lookups.instance.name
    return VersionUnmeasured(
        _("it cannot be told which version {instance} runs", instance=name),
        why=why,
        state=_("nothing was touched"),
        hint=plain(f"smena instance show {name}"),
    )
