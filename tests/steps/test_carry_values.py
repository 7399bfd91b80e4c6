"""carry-values: single values of the old file in the new version's own, and what has no place there is told."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from smena.journal.journal import Journal
from smena.plan.life_params import CarryValues
from smena.run.context import StepContext
from smena.steps import carry_values
from support.stepworld import Alone, StepWorld

CASES = [
    pytest.param(
        "xml",
        b'<c><loginom><server address="srv" port="4580" proxy="none"/></loginom><other a="old"/></c>',
        b'<c>\r\n <loginom new="1">\r\n  <server address="localhost" port="4580" />\r\n </loginom><other a="x"/></c>',
        ("c/loginom/*", "c/settings/*"),
        b'<c>\r\n <loginom new="1">\r\n  <server address="srv" port="4580" />\r\n </loginom><other a="x"/></c>',
        "carried over: c/loginom/server/@address; the new version has no place for c/loginom/server/@proxy",
        id="all below an element",
    ),
    pytest.param(
        "yaml",
        b'{"host": "srv", "port": 81}\n',
        b'{"host": "localhost", "port": 80, "ssl": false}\r\n',
        ("*",),
        b'{"host": "srv", "port": 81, "ssl": false}\r\n',
        "carried over: host, port",
        id="everything of JSON",
    ),
    pytest.param("xml", b'<c a="1"/>', b'<c a="1"/>', ("c/*",), b'<c a="1"/>', "it is so already", id="the same"),
]


@pytest.mark.parametrize(("kind", "old", "new", "keys", "wanted", "told"), CASES)
def test_values_go_over_by_key(
    tmp_path: Path, kind: str, old: bytes, new: bytes, keys: tuple[str, ...], wanted: bytes, told: str
) -> None:
    world = StepWorld(tmp_path).made()
    file = world.inst / "conf/new.file"
    file.write_bytes(new)
    (world.folder / "aside").mkdir()
    (world.folder / "aside/old").write_bytes(old)
    params = CarryValues(file=str(file), staged="aside/old", format=kind, keys=keys)
    world.new_run([("carry-values", params)])
    with closing(Journal.open(world.folder)) as journal:
        ctx = StepContext(journal, ("run", journal.steps()[0]), world.tools(journal), Alone(), undoing=False)
        assert str(carry_values.do(params, ctx).note) == told
        assert file.read_bytes() == wanted
        carry_values.undo(params, ctx)
        assert file.read_bytes() == new
