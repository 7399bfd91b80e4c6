"""Whose smena's home is on Windows itself: run by a Python for Windows (see test_windows_python), never by ours.

Below Wine an access list is what the modes of Linux say, so a folder is opened to others from there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from smena.errors import HomeOpen, PathUnfit
from smena.host import common, files
from smena.host.native import attributes
from smena.host.windows import access, descriptors
from smena.host.windows.api import calls, handles, security
from smena.host.windows.descriptors import ALL, ALLOW, Descriptor, Entry
from smena.host.windows.long_paths import whole
from smena.host.windows.numbers import DENIED
from smena.service import booting, home_access, launching, places, turns
from smena.service.doctor import home as doctor_home
from smena.service.doctor.scene import Scene
from smena.service.home import home as home_of

assert sys.platform == "win32"  # tells mypy too

EVERYBODY = "S-1-1-0"
RUN = "20260101T000000-abc"


def opened(path: Path) -> Path:
    """Everybody may do everything in it."""
    rights = Descriptor("", "", tuple(Entry(ALLOW, 3, ALL, who) for who in (access.us(), EVERYBODY)), closed=True)
    with handles.handle(whole(str(path)), handles.WRITE_LIST) as found:
        security.set_descriptor(found, security.LIST, descriptors.as_kept(descriptors.built(rights)), str(path))
    return path


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everybody may make folders."""
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path))
    return home_of(environ={**os.environ, "SMENA_HOME": ""})


def test_the_usual_home_lies_where_the_environment_says(usual: Path, tmp_path: Path) -> None:
    assert usual == tmp_path / "smena"
    assert booting.known().name(usual) == r"\smena\recover"


def test_whoever_makes_the_home_first_makes_it_ours_alone(usual: Path) -> None:
    with common.alone(usual, "x", "test", 1.0):
        assert attributes.is_private(str(usual))
    home_access.refuse_if_not_ours(usual)


def test_the_task_at_start_is_made_for_a_home_of_ours(usual: Path) -> None:
    assert booting.known().prepare(usual)
    assert attributes.is_private(str(usual))


@pytest.mark.parametrize("place", ["", "runs", "secrets", f"runs/{RUN}"])
def test_nothing_is_begun_or_taken_up_where_others_write(usual: Path, place: str) -> None:
    for folder in ("secrets", f"runs/{RUN}"):
        files.make_folder(usual / folder, attributes.own(0o700))
    home_access.refuse_if_not_ours(usual, places.run_folder(usual, RUN))
    at = opened(usual / place)
    with pytest.raises(HomeOpen) as caught:
        launching.start(usual, RUN)
    assert str(caught.value.why[0]) == f"{at} is open to others"
    assert str(caught.value.hint).startswith(f'icacls "{at}" /inheritance:r')
    if not place.startswith("runs/"):
        with pytest.raises(HomeOpen):
            booting.known().prepare(usual)
        with pytest.raises(HomeOpen), turns.turn(usual, "crm", "test"):
            pass


def test_a_home_too_long_for_the_scheduler_is_refused_in_words(tmp_path: Path) -> None:
    home = tmp_path.joinpath("x" * 120, "y" * 120)
    with pytest.raises(PathUnfit, match="too long"):
        booting.known().prepare(home)
    assert not home.exists()


def test_the_doctor_tells_who_may_not_look_at_the_home(usual: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A console that was not opened as an administrator; Wine's always is."""
    files.make_folder(usual, attributes.own(0o700))

    def denied(_handle: int, path: str) -> bytes:
        raise calls.failure(path, DENIED)

    monkeypatch.setattr(access, "of", denied)
    told = {one.topic: one for one in doctor_home.home(Scene(usual))}
    assert told["home.owner"].hint is not None
