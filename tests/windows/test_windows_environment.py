"""environment: variables of the machine, in the real registry of Wine."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from smena.drivers import registry
from smena.journal.journal import Journal
from smena.plan.windows_params import Environment
from smena.run.context import StepContext
from smena.steps import environment
from smena.steps.environment import KEY
from smena.steps.tools import Tools
from support.stepworld import Alone, StepWorld

NAMES = ("SMENA_HOME_OF_JAVA", "SMENA_OPTS", "SMENA_NEW")
OPTS = '-Dpassword="a b" -Dx=C:\\Program Files\\'


def present() -> list[object]:
    found = registry.values(KEY) or {}
    return [found.get(name.casefold()) for name in NAMES]


def ran(world: StepWorld, journal: Journal, run: str = "run") -> StepContext[Tools]:
    return StepContext(journal, (run, journal.steps()[0]), world.tools(journal, run), Alone(), undoing=False)


def test_variables_are_given_back_and_nobody_else_may_read_them(tmp_path: Path, shared_prefix: Path) -> None:
    assert shared_prefix.is_dir()
    registry.set_text(KEY, NAMES[0], "%SystemDrive%\\java")
    registry.set_text(KEY, NAMES[1], OPTS)
    before = present()
    others = {name for name in registry.values(KEY) or {} if name.upper() not in NAMES}
    params = Environment(names=NAMES)
    world = StepWorld(tmp_path).made()
    world.new_run([("environment", params)])
    with closing(Journal.open(world.folder)) as journal:
        ctx = ran(world, journal)
        environment.do(params, ctx)
        registry.set_text(KEY, NAMES[0], "D:\\java")
        registry.set_text(KEY, NAMES[1], None)
        registry.set_text(KEY, NAMES[2], "1")
        environment.do(params, ctx)
        noted = world.folder / "environment.json"
        assert noted.stat().st_mode & 0o777 == 0o600
        assert b"password" not in b"".join(path.read_bytes() for path in world.folder.glob("*.db*"))
        after = present()
        environment.undo(params, ctx)
        environment.undo(params, ctx)
    assert present() == before == ["%SystemDrive%\\java", OPTS, None]
    assert {name for name in registry.values(KEY) or {} if name.upper() not in NAMES} == others
    _forth_and_back(world, before, after)


def _forth_and_back(world: StepWorld, before: list[object], after: list[object]) -> None:
    """A rollback sets them as an earlier run had met them, and its own undo back again."""
    registry.set_text(KEY, NAMES[0], "D:\\java")
    registry.set_text(KEY, NAMES[1], None)
    registry.set_text(KEY, NAMES[2], "1")
    assert present() == after
    params = Environment(names=NAMES, back_to="run")
    world.new_run([("environment", params)], "back")
    with closing(Journal.open(world.folder.with_name("back"))) as journal:
        ctx = ran(world, journal, "back")
        environment.do(params, ctx)
        assert present() == before
        environment.undo(params, ctx)
        assert present() == after
