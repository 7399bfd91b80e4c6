"""The escaped form of paths: valid text for every name, and the very same name again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.host.paths import decode, encode

file_names = st.binary(min_size=1, max_size=40).filter(lambda name: b"/" not in name and b"\0" not in name)


@given(file_names)
def test_every_name_of_bytes_comes_back(name: bytes) -> None:
    path = os.fsdecode(name)
    text = encode(path)
    assert decode(text) == path
    assert json.loads(json.dumps(text).encode("utf-8")) == text  # valid text: no lone surrogate is left
    text.encode("utf-8")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("␛\ud800\udcff\udfff0dabcf")), max_size=30))
def test_every_text_comes_back(path: str) -> None:
    """Windows' names may hold any half of a pair; and our escape sign itself may be in a name."""
    assert decode(encode(path)) == path


@given(st.lists(file_names, min_size=2, max_size=6, unique=True))
def test_two_names_never_share_a_form(names: list[bytes]) -> None:
    assert len({encode(os.fsdecode(name)) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (b"/var/www/N", "/var/www/N"),
        ("/srv/Данные".encode(), "/srv/Данные"),
        (b"/x/\xff", "/x/␛dcff"),
        ("/x/␛".encode(), "/x/␛␛"),
        (rb"C:\Program Files\x2d", r"C:\Program Files\x2d"),
        (b"with\nnewline", "with\nnewline"),
    ],
)
def test_the_form_is_this(name: bytes, text: str) -> None:
    assert encode(os.fsdecode(name)) == text


def test_the_form_is_the_same_under_another_locale(tmp_path: Path) -> None:
    """A journal written under UTF-8 names the same file for one whose terminal speaks KOI8-R or ASCII."""
    name = "данные\udcff"
    program = """
import os, sys
from smena.host.paths import decode
sys.stdout.buffer.write(os.fsencode(decode(sys.stdin.read())))
"""
    env = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"}
    shown = subprocess.run([sys.executable, "-c", program], input=encode(name).encode(), capture_output=True, env=env)
    assert shown.stdout == os.fsencode(name), shown.stderr
