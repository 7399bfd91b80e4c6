"""One instance, one home: whoever comes second is refused with both named, and nothing is taken from a running home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smena.errors import InstanceElsewhere, InstanceExists, PathUnfit
from smena.instances import marker, registry
from smena.instances.instance import Instance
from support.death import die, perform


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "www" / "main"
    folder.mkdir(parents=True)
    return folder


def home_with(path: Path, name: str = "main") -> Path:
    registry.add(path, Instance(name=name, product="p"))
    return path


def test_a_claim_is_seen_by_everyone_and_can_be_repeated(tmp_path: Path, top: Path) -> None:
    home = home_with(tmp_path / "one")
    marker.claim(home, top, "main")
    marker.claim(home, top, "main")
    found = marker.read(top)
    assert found is not None
    assert (found.home, found.instance) == (str(home), "main")
    assert marker.place(top).parent == top.parent, "beside the instance, never in it"
    assert list(top.iterdir()) == []
    assert marker.taken(home, top, "main") is None


def test_a_second_home_is_refused_with_both_named(tmp_path: Path, top: Path) -> None:
    one, two = home_with(tmp_path / "one"), home_with(tmp_path / "two")
    marker.claim(one, top, "main")
    with pytest.raises(InstanceElsewhere) as error:
        marker.claim(two, top, "main")
    words = " ".join(map(str, error.value.why))
    assert str(one) in words
    assert str(two) in words
    assert str(error.value.hint) == f"smena --home {one} instance show main"
    marker.check(one, top, "main")


def test_links_to_a_home_or_to_the_instance_change_nothing(tmp_path: Path, top: Path) -> None:
    one = home_with(tmp_path / "one")
    (tmp_path / "link").symlink_to(one)
    (tmp_path / "www-link").symlink_to(top.parent)
    marker.claim(tmp_path / "link", tmp_path / "www-link" / "main", "main")
    marker.check(one, top, "main")
    with pytest.raises(InstanceElsewhere):
        marker.check(tmp_path / "two", tmp_path / "www-link" / "main", "main")


def test_a_home_that_forgot_the_instance_does_not_keep_it(tmp_path: Path, top: Path) -> None:
    one = home_with(tmp_path / "one")
    marker.claim(one, top, "main")
    registry.remove(one, "main")
    marker.claim(home_with(tmp_path / "two"), top, "main")
    assert marker.taken(one, top, "main") is not None


def test_a_home_that_is_gone_keeps_it_until_somebody_takes_it_over(tmp_path: Path, top: Path) -> None:
    one, two = home_with(tmp_path / "one"), home_with(tmp_path / "two")
    marker.claim(one, top, "main")
    one.rename(tmp_path / "moved")
    with pytest.raises(InstanceElsewhere) as error:
        marker.claim(two, top, "main")
    assert "--take-over" in str(error.value.hint)
    marker.claim(two, top, "main", take_over=True)
    marker.check(two, top, "main")


def test_nothing_is_taken_over_from_a_home_in_the_middle_of_a_run(tmp_path: Path, top: Path) -> None:
    one, two = home_with(tmp_path / "one"), home_with(tmp_path / "two")
    marker.claim(one, top, "main")
    (one / "hold").mkdir()
    (one / "hold" / "main").touch()
    with pytest.raises(InstanceElsewhere, match="taken over"):
        marker.claim(two, top, "main", take_over=True)
    marker.check(one, top, "main")


def test_one_instance_has_one_name_in_a_home(tmp_path: Path, top: Path) -> None:
    one = home_with(tmp_path / "one")
    marker.claim(one, top, "main")
    with pytest.raises(InstanceExists, match="main"):
        marker.claim(one, top, "other")
    registry.remove(one, "main")
    marker.claim(one, top, "other")
    found = marker.read(top)
    assert found is not None
    assert found.instance == "other"


def test_a_marker_that_somebody_broke_is_named(tmp_path: Path, top: Path) -> None:
    marker.place(top).write_text("what?", "utf-8")
    with pytest.raises(PathUnfit, match=r"\.smena-home\.main"):
        marker.claim(tmp_path / "one", top, "main")


def test_release_takes_away_only_our_own(tmp_path: Path, top: Path) -> None:
    one, two = home_with(tmp_path / "one"), home_with(tmp_path / "two")
    marker.release(one, top, "main")
    marker.claim(one, top, "main")
    marker.release(two, top, "main")
    assert marker.read(top) is not None
    marker.release(one, top, "main")
    assert list(top.parent.iterdir()) == [top]


FOLLOW = """
    from pathlib import Path
    from smena.instances import marker
    marker.follow(Path({home!r}), Path({new!r}), "main", [Path({old!r}), Path({new!r})])
"""


def test_it_follows_a_top_folder_that_moved_with_the_day_since_when(tmp_path: Path, top: Path) -> None:
    home, new = home_with(tmp_path / "one"), tmp_path / "opt" / "main"
    new.mkdir(parents=True)
    marker.claim(home, top, "main")
    before = marker.read(top)
    words = FOLLOW.format(home=str(home), new=str(new), old=str(top))
    die(words, "marker.followed")
    assert marker.read(top) == marker.read(new) == before, "two that say the same"
    for _again in range(2):
        assert perform(words).returncode == 0
        assert (marker.read(top), marker.read(new)) == (None, before)


def test_it_follows_past_what_is_not_its_own(tmp_path: Path, top: Path) -> None:
    """Neither another instance's marker nor another home's goes with it."""
    one, two = home_with(tmp_path / "one"), home_with(tmp_path / "two")
    new = top.with_name("new")
    new.mkdir()
    marker.claim(one, top, "other")
    marker.follow(one, new, "main", [top, tmp_path / "nothing" / "here", new])
    assert marker.read(top) is not None
    marker.claim(two, top.with_name("theirs"), "main")
    with pytest.raises(InstanceElsewhere):
        marker.follow(one, top.with_name("theirs"), "main", [new])
    assert marker.read(new) is not None, "what cannot come to its place stays"


def test_of_two_homes_at_the_same_moment_one_wins(tmp_path: Path, top: Path) -> None:
    one, two = home_with(tmp_path / "one"), home_with(tmp_path / "two")
    code = """
        from pathlib import Path
        from smena.instances import marker
        marker.claim(Path({home!r}), Path({top!r}), "main")
    """
    die(code.format(home=str(one), top=str(top)), "marker.written")
    assert marker.read(top) is None, "written beside, and not yet in its place"
    marker.claim(two, top, "main")
    late = perform(code.format(home=str(one), top=str(top)))
    assert "InstanceElsewhere" in late.stderr
    again = perform(code.format(home=str(two), top=str(top)))
    assert again.returncode == 0, again.stderr
    found = marker.read(top)
    assert found is not None
    assert found.home == str(two)


def test_a_folder_whose_name_is_no_text_is_marked_like_any_other(tmp_path: Path) -> None:
    top = tmp_path / os.fsdecode(b"inst\xff")
    top.mkdir()
    home = home_with(tmp_path / os.fsdecode(b"home\xfe"))
    marker.claim(home, top, "main")
    marker.check(home, top, "main")
    with pytest.raises(InstanceElsewhere, match="main"):
        marker.check(tmp_path / "two", top, "main")
