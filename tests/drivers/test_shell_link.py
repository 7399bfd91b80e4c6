"""Shortcuts as bytes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smena.drivers import shell_link
from smena.drivers.shell_link import Link
from smena.errors import BadContent

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@settings(max_examples=60)
@given(target=TEXT.filter(bool), arguments=TEXT, directory=TEXT, description=TEXT, icon=TEXT)
def test_what_is_written_is_read(target: str, arguments: str, directory: str, description: str, icon: str) -> None:
    link = Link(target=target, arguments=arguments, directory=directory, description=description, icon=icon)
    assert shell_link.read(shell_link.write(link)) == link
    assert shell_link.write(link) == shell_link.write(link)


def test_the_published_form_is_kept() -> None:
    content = shell_link.write(Link(target="C:\\a.exe"))
    assert content[:20].hex() == "4c0000000114020000000000c000000000000046"
    assert int.from_bytes(content[20:24], "little") == 0x1 | 0x2 | 0x80 | 0x200
    assert b"C:\\a.exe\0" in content
    assert content.endswith(bytes(4))


@settings(max_examples=100)
@given(st.data())
def test_a_damaged_one_is_told_and_never_more(data: st.DataObject) -> None:
    whole = bytearray(shell_link.write(Link(target="C:\\a\\b.exe", arguments="x", directory="C:\\a")))
    for _time in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadContent):
        shell_link.read(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


@pytest.mark.parametrize("content", [b"", b"[InternetShortcut]\r\n", bytes(76)])
def test_what_is_no_shortcut_is_told(content: bytes) -> None:
    with pytest.raises(BadContent):
        shell_link.read(content)
