"""A missing right to change IIS is told before anything is changed; the file itself is never touched.

Whoever runs these tests may write everything, so the answer of the operating system is put in its place.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smena.drivers import iis, iis_rights
from smena.errors import IisDenied


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(iis_rights, "windows", lambda: str(tmp_path))
    monkeypatch.setattr(iis_rights, "decode", lambda name: name.replace("\\", "/"))
    path = tmp_path / iis.FOLDER.replace("\\", "/") / "config/applicationHost.config"
    path.parent.mkdir(parents=True)
    return path


def test_there_is_none_here(config: Path) -> None:
    assert not config.exists()
    iis_rights.refuse_without_rights()


def test_it_may_be_written_and_is_left_as_it_is(config: Path) -> None:
    config.write_bytes(b"<configuration/>")
    before = config.stat().st_mtime_ns
    iis_rights.refuse_without_rights()
    assert (config.read_bytes(), config.stat().st_mtime_ns) == (b"<configuration/>", before)


@pytest.mark.parametrize(("number", "refused"), [(5, True), (32, False), (33, False)])
def test_no_right_is_told_and_a_file_in_use_is_not_taken_for_one(
    config: Path, monkeypatch: pytest.MonkeyPatch, number: int, refused: bool
) -> None:
    def deny(*_words: object) -> int:
        error = PermissionError(13, "Permission denied", str(config))
        error.winerror = number  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(os, "open", deny)
    if not refused:
        iis_rights.refuse_without_rights()
        return
    with pytest.raises(IisDenied, match="may not change IIS") as caught:
        iis_rights.refuse_without_rights()
    assert caught.value.hint is not None
