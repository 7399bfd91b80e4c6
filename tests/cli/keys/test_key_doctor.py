"""`smena doctor` looks at licence keys: what each waits for, what will end, and whom it believes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from smena import clock
from smena.keys.tokens import binding
from support.keycustomer import PRODUCT, Office, now
from support.keyworld import SIX

Smena = Callable[..., subprocess.CompletedProcess[str]]
Found = dict[str, tuple[str, str, str | None]]


def look(smena: Smena, *words: str) -> Found:
    """What it says of keys: state, words and next command by topic."""
    said: dict[str, Any] = json.loads(smena("doctor", "--json", *words).stdout)
    return {
        one["topic"]: (one["state"], one["found"], one["hint"])
        for one in said["findings"]
        if one["topic"].startswith("key")
    }


def add(smena: Smena, kind: str = "virtual", name: str = "main") -> None:
    assert smena("key", "add", name, "--kind", kind, "--product", PRODUCT).returncode == 0


def test_no_key_is_nothing_to_worry_about(smena: Smena, home: Path) -> None:
    assert look(smena) == {"keys": ("ok", "none is known here", None)}


def test_what_waits_and_what_ends(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    add(smena)
    assert look(smena)["key"] == ("ok", "well", None)
    office.enrol(smena("key", "enrol").stdout)
    question = smena("key", "question").stdout
    state, words, _hint = look(smena)["key.question"]
    assert (state, "has no answer yet" in words) == ("ok", True)
    (tmp_path / "answer").write_text(
        office.answer(question, msgspec.structs.replace(SIX, expires=clock.now().date() + timedelta(days=20))), "utf-8"
    )
    assert smena("key", "answer", str(tmp_path / "answer"), "--yes").returncode == 0
    found = look(smena)
    assert found["key.confirmation"][::2] == ("wrong", "smena key confirmation --key main")
    assert found["key.end"][::2] == ("wrong", "smena key question --key main --reason WORDS")
    smena("key", "confirmation", "--sent")
    assert "key.confirmation" not in look(smena)
    assert look(smena)["key.trust"][0] == "ok"
    assert "сервер" not in look(smena, "--lang", "ru")["key.end"][1]


def test_an_old_trust_list_and_a_question_that_nobody_answers(smena: Smena, home: Path, office: Office) -> None:
    office.vendor.list = msgspec.structs.replace(office.vendor.list, made=now() - 9000)
    office.define(home)
    add(smena)
    smena("key", "question")
    assert look(smena)["key.trust"][0] == "missing"  # smena can do without a newer one
    from smena.keys.exchange import asking
    from smena.keys.tokens import kinds

    with kinds.opened(home / "keys/main") as key:
        asking.cancel(key)
        asking.ask(key, now() - 15 * 24)
    assert look(smena)["key.question"][::2] == ("wrong", "smena key wizard --key main")


def test_a_key_that_nobody_can_read(smena: Smena, home: Path) -> None:
    add(smena, "guardant", "usb")
    assert look(smena) == {
        "key": ("missing", "what this Guardant key grants was not measured", "smena key wizard --key usb")
    }
    add(smena)
    (home / "keys/main/anchor.json").write_text("{", "utf-8")
    assert look(smena)["key.trust"][0] == "wrong"


def test_one_more_part_and_a_key_must_be_bound_anew(smena: Smena, home: Path) -> None:
    """Said by the doctor and by `key show`, with the command that makes the question for it."""
    from smena.host.facts.computer import PARTS, computer
    from smena.keys.parts import NEEDED
    from smena.keys.tokens import software
    from support.need import need

    here = computer().value
    need(len(here) >= NEEDED, "three parts of this computer that have a name")
    add(smena, "software")
    kept = software._kept(home / "keys/main")
    was = {part: here[part] if part in list(here)[:NEEDED] else "another" for part in PARTS}
    secret = binding.unbind(kept.bound, here).secret
    software._keep(home / "keys/main", msgspec.structs.replace(kept, bound=binding.bind(secret, was)))
    command = "smena key question --rebind --key main"
    state, words, hint = look(smena)["key.bound"]
    assert (state, hint) == ("wrong", command)
    assert "one more part changes and it must be bound anew" in words
    assert f"Next: {command}" in smena("key", "show").stdout
