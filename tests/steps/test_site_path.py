"""site-path gives back what it met, and never what somebody else has set since."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from smena.errors import IisChanged
from smena.journal.journal import Journal
from smena.plan.windows_params import SitePath
from smena.run.context import StepContext
from smena.steps import site_path
from support.stepworld import Alone, StepWorld

OLD, NEW, OTHER = "C:\\old\\Client", "C:\\new\\Client", "D:\\by\\hand"
POINT = SitePath(server="iis", directory="app", path=NEW)


@pytest.mark.parametrize(("there", "after"), [(NEW, OLD), ("c:\\NEW\\client\\", OLD), (OLD, OLD), (OTHER, None)])
def test_undo_sets_back_only_its_own(tmp_path: Path, there: str, after: str | None) -> None:
    world = StepWorld(tmp_path).made()
    world.new_run([("site-path", POINT)])
    with closing(Journal.open(world.folder)) as journal:
        tools = world.tools(journal)
        ctx = StepContext(journal, ("run", journal.steps()[0]), tools, Alone(), undoing=False)
        site_path.do(POINT, ctx)
        site_path.do(POINT, ctx)
        assert tools.pages.path(POINT) == NEW
        tools.pages.set_path(POINT, there)
        if after is None:
            with pytest.raises(IisChanged, match="by"):
                site_path.undo(POINT, ctx)
        else:
            site_path.undo(POINT, ctx)
        assert tools.pages.path(POINT) == (after or there)


def test_a_rollback_sets_back_only_what_the_run_set(tmp_path: Path) -> None:
    world = StepWorld(tmp_path).made()
    back = msgspec.structs.replace(POINT, path="C:\\oldest", instead_of=NEW)
    world.new_run([("site-path", back)])
    with closing(Journal.open(world.folder)) as journal:
        tools = world.tools(journal)
        ctx = StepContext(journal, ("run", journal.steps()[0]), tools, Alone(), undoing=False)
        with pytest.raises(IisChanged):
            site_path.do(back, ctx)
        assert tools.pages.path(POINT) == OLD
        tools.pages.set_path(POINT, NEW)
        site_path.do(back, ctx)
        assert tools.pages.path(POINT) == "C:\\oldest"
