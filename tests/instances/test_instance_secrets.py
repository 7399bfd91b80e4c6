"""Secrets lie where only smena's user reads them, and are put in place of their names only when asked."""

from __future__ import annotations

import secrets as random
import stat
from pathlib import Path

import pytest

from smena.errors import BadContent, SecretUnknown
from smena.instances import secrets


def test_what_is_put_is_revealed_and_nothing_else_changes(tmp_path: Path) -> None:
    word, other = random.token_hex(8), "со ${secret:db} внутри"
    secrets.put(tmp_path, "main", {"db": word})
    secrets.put(tmp_path, "main", {"mq": other})
    assert secrets.names(tmp_path, "main") == ("db", "mq")
    assert secrets.reveal(tmp_path, "main", "a ${secret:db} b ${name} $${x}") == f"a {word} b ${{name}} $${{x}}"
    assert secrets.reveal(tmp_path, "main", "${secret:mq}") == other, "what is put in is not looked at again"
    assert secrets.reveal(tmp_path, "main", "nothing") == "nothing"


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    secrets.put(tmp_path, "main", {"db": random.token_hex(8)})
    file = tmp_path / secrets.FOLDER / "main.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_each_instance_has_its_own(tmp_path: Path) -> None:
    secrets.put(tmp_path, "main", {"db": "one"})
    with pytest.raises(SecretUnknown) as error:
        secrets.reveal(tmp_path, "second", "${secret:db}")
    assert "second" in str(error.value)
    secrets.put(tmp_path, "second", {"db": "two"})
    assert secrets.reveal(tmp_path, "main", "${secret:db}") == "one"


def test_a_missing_secret_is_named_and_the_known_ones_are_not_shown(tmp_path: Path) -> None:
    word = random.token_hex(8)
    secrets.put(tmp_path, "main", {"db": word})
    with pytest.raises(SecretUnknown) as error:
        secrets.reveal(tmp_path, "main", "${secret:db}${secret:mq}")
    assert "mq" in str(error.value)
    assert word not in repr(error.value.as_dict())


def test_a_damaged_file_is_told_without_what_is_in_it(tmp_path: Path) -> None:
    word = random.token_hex(8)
    (tmp_path / secrets.FOLDER).mkdir()
    (tmp_path / secrets.FOLDER / "main.json").write_text(f'{{"db": "{word}"', "utf-8")
    with pytest.raises(BadContent) as error:
        secrets.reveal(tmp_path, "main", "${secret:db}")
    assert word not in repr(error.value.as_dict()) + repr(error.value.__cause__)


def test_forget_takes_all_away(tmp_path: Path) -> None:
    secrets.forget(tmp_path, "main")
    secrets.put(tmp_path, "main", {"db": "x"})
    secrets.forget(tmp_path, "main")
    assert secrets.names(tmp_path, "main") == ()
