"""The law of copies: whatever is done to a tree between them, after the last one both are equal."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smena import clock
from smena.host import listing
from smena.host.copy import delta_copy, first_copy, last_copy
from smena.host.copy.state import FILE, State
from smena.host.paths import decode
from support.trees import content, seen

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # writing out costs nothing there
NAMES = ("a", "a.b", "b", "ab", "\udcff")  # `a.b` sorts between `a` and what lies in it, if one is careless
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
contents = st.sampled_from([b"", b"1", b"2", bytes(70_000)])
acts = st.one_of(
    st.tuples(st.just("write"), paths, contents),
    st.tuples(st.just("mkdir"), paths, contents),
    st.tuples(st.just("link"), paths, contents),
    st.tuples(st.just("remove"), paths, contents),
    st.tuples(st.just("chmod"), paths, contents),
    st.tuples(st.just("rename"), paths, contents),
    st.tuples(st.just("join"), paths, contents),
)


def perform(root: Path, act: tuple[str, str, bytes]) -> None:
    """Do it if the tree allows; what it forbids is passed over."""
    what, name, content = act
    path = root / name
    try:
        if what == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        elif what == "mkdir":
            path.mkdir(parents=True)
        elif what == "link":
            path.symlink_to(os.fsdecode(content[:5].replace(b"\0", b"a") or b"."))  # never out of the tree
        elif what == "remove":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        elif what == "chmod":
            path.chmod(0o700 + len(content) % 8)
        elif what == "rename":
            path.rename(root / "moved")
        else:
            os.link(path, root / "joined", follow_symlinks=False)
    except OSError:
        return


@pytest.mark.slow
@settings(max_examples=100)
@given(
    before=st.lists(acts, max_size=8),
    between=st.lists(acts, max_size=5),
    after=st.lists(acts, max_size=5),
    proven=st.booleans(),
)
def test_after_the_last_copy_both_are_equal(
    before: list[tuple[str, str, bytes]],
    between: list[tuple[str, str, bytes]],
    after: list[tuple[str, str, bytes]],
    proven: bool,
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        root, record = Path(folder), Path(folder, "list")
        source, target = root / "source", root / "copy"
        source.mkdir()
        for act in before:
            perform(source, act)
        first_copy(source, target, record, proven=proven)
        for step, live in ((between, True), (after, False)):
            trust(record)
            clock.sleep(0.005)  # one tick of the coarse clock: what is changed within it is not trusted in life
            for act in step:
                perform(source, act)
            delta_copy(source, target, record, live=live, proven=proven)
        assert seen(target) == seen(source)
        for state in listing.read(record, State) if proven else ():
            if state.kind == FILE:
                assert state.proof == hashlib.sha256((target / decode(state.path)).read_bytes()).hexdigest()


@settings(max_examples=100)
@given(before=st.lists(acts, max_size=8), after=st.lists(acts, max_size=5), lost=st.lists(paths, max_size=2))
def test_what_goes_on_is_equal(
    before: list[tuple[str, str, bytes]], after: list[tuple[str, str, bytes]], lost: list[str]
) -> None:
    """The difference that reads as little as it can; also where something of the copy was lost meanwhile."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        root, record = Path(folder), Path(folder, "list")
        source, target = root / "source", root / "copy"
        source.mkdir()
        for act in before:
            perform(source, act)
        first_copy(source, target, record, proven=True)
        trust(record)
        clock.sleep(0.005)
        for act in after:
            perform(source, act)
        for name in lost:
            perform(target, ("remove", name, b""))
        last_copy(source, target, record)
        assert content(target) == content(source)
        if not lost:
            assert seen(target) == seen(source)


def trust(record: Path) -> None:
    """As if everything had been old when the copy began: otherwise all would be copied anew, and nothing tested."""
    states = list(listing.read(record, State))
    with listing.written(record) as write:
        for state in states:
            write(msgspec.structs.replace(state, settled=True))
