"""Plans, and what speaks against them."""

from __future__ import annotations

from smena.errors.definitions import BadContent
from smena.errors.tree import Refused


class FolderTaken(Refused):
    """A folder that was to be made anew holds something else."""

    code = "folder-taken"


class ProductUnused(Refused):
    """No instance of this product is registered."""

    code, http = "product-unused", 404


class AlreadyThere(Refused):
    """The instance runs this version already."""

    code = "already-there"


class AlreadySo(Refused):
    """The instance is set so already; nothing is to be changed."""

    code = "already-so"


class ReleaseMissing(Refused):
    """Files that the upgrade needs are not at hand."""

    code = "release-missing"


class RunUnderWay(Refused):
    """Another run of this instance is not over."""

    code = "run-under-way"


class NothingToRollBack(Refused):
    """There is no restore point to go back to."""

    code = "nothing-to-roll-back"


class PlanImpossible(Refused):
    """No plan can be made of this procedure on this host."""

    code = "plan-impossible"


class PlanStale(Refused):
    """What the plan was built on has changed since."""

    code = "plan-stale"


class PlanBad(BadContent):
    """A plan file cannot be read as a plan."""

    code = "plan-bad"


class ChecksFailed(Refused):
    """Something that was asked before the upgrade says no; `why` has every finding."""

    code = "checks-failed"
