"""What must not be unpacked: a table of hostile and odd members, in tar and zip, each refused with its name."""

from __future__ import annotations

import io
import stat
import tarfile
import warnings
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from smena.drivers import archive
from smena.drivers.archive.members import FILE, FOLDER, HARD_LINK, LINK, Gate, Limits, Member
from smena.errors import BadArchive
from support.trees import content


class Case(NamedTuple):
    """Members as (name, kind, target), the one that is refused, and a word of the reason."""

    members: list[tuple[str, str, str]]
    refused: str
    word: str


HOSTILE = {
    "up": Case([("../evil", FILE, "")], "../evil", "leads out"),
    "up in the middle": Case([("a/../../evil", FILE, "")], "a/../../evil", "leads out"),
    "up and down again": Case([("a/../b", FILE, "")], "a/../b", "leads out"),
    "absolute": Case([("/etc/evil", FILE, "")], "/etc/evil", "absolute"),
    "drive": Case([("C:/evil", FILE, "")], "C:/evil", "absolute"),
    "twice": Case([("a", FILE, ""), ("a", FILE, "")], "a", "already"),
    "case": Case([("Readme", FILE, ""), ("README", FILE, "")], "README", "case"),
    "case of a folder": Case([("Bin/a", FILE, ""), ("bin/b", FILE, "")], "bin/b", "case"),
    "accent": Case([("\u0439", FILE, ""), ("\u0438\u0306", FILE, "")], "\u0438\u0306", "case"),
    "file then folder": Case([("a", FILE, ""), ("a/b", FILE, "")], "a/b", "already"),
    "folder then file": Case([("a/b", FILE, ""), ("a", FILE, "")], "a", "already"),
    "link absolute": Case([("a", LINK, "/etc/passwd")], "a", "outside"),
    "link up": Case([("a", LINK, "../x")], "a", "outside"),
    "link up from below": Case([("d/a", LINK, "../../x")], "d/a", "outside"),
    "link up in its middle": Case([("d/a", LINK, "x/../../../y")], "d/a", "outside"),
    "link empty": Case([("a", LINK, "")], "a", "outside"),
    "chain of links": Case([("d/e/up", LINK, "../.."), ("out", LINK, "d/e/up/../x")], "out", "outside"),
    "through a link": Case([("a", LINK, "b"), ("a/evil", FILE, "")], "a/evil", "already"),
    "link then file": Case([("a", LINK, "b"), ("a", FILE, "")], "a", "already"),
    "link then folder": Case([("a", LINK, "b"), ("a", FOLDER, "")], "a", "already"),
    "nameless": Case([("./", FILE, "")], "./", "no name"),
    "long name": Case([("x" * 256, FILE, "")], "x" * 256, "cannot be"),
}
TAR_ONLY = {
    "hard link up": Case([("a", HARD_LINK, "../../etc/passwd")], "a", "leads out"),
    "hard link absolute": Case([("a", HARD_LINK, "/etc/passwd")], "a", "absolute"),
    "hard link to nothing": Case([("a", HARD_LINK, "b")], "a", "no file before it"),
    "hard link to a link": Case([("b", LINK, "c"), ("a", HARD_LINK, "b")], "a", "no file before it"),
    "hard link to a folder": Case([("b", FOLDER, ""), ("a", HARD_LINK, "b")], "a", "no file before it"),
    "device": Case([("null", "device", "")], "null", "device"),
    "pipe": Case([("pipe", "pipe", "")], "pipe", "device"),
}
TYPES = {
    FILE: tarfile.REGTYPE,
    FOLDER: tarfile.DIRTYPE,
    LINK: tarfile.SYMTYPE,
    HARD_LINK: tarfile.LNKTYPE,
    "device": tarfile.CHRTYPE,
    "pipe": tarfile.FIFOTYPE,
}


def tarred(path: Path, members: list[tuple[str, str, str]]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, kind, target in [("first", FILE, ""), *members]:
            header = tarfile.TarInfo(name)
            header.type, header.linkname = TYPES[kind], target
            tar.addfile(header)
    return path


def zipped(path: Path, members: list[tuple[str, str, str]]) -> Path:
    modes = {FILE: stat.S_IFREG, FOLDER: stat.S_IFDIR, LINK: stat.S_IFLNK}
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as made:
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, kind, target in [("first", FILE, ""), *members]:
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            entry.external_attr = (modes[kind] | 0o644) << 16
            made.writestr(entry, target)
    return path


def refused(path: Path, case: Case) -> None:
    target = path.parent / "out" / "5.0"
    target.parent.mkdir()
    outside = content(path.parent)
    with pytest.raises(BadArchive) as caught:
        archive.unpack(path, target)
    assert str(caught.value) == f"the archive's member {case.refused} is refused"
    assert case.word in str(caught.value.why[0])
    assert content(path.parent) == outside  # nothing was left, inside or outside


@pytest.mark.parametrize("name", [*HOSTILE, *TAR_ONLY])
def test_refused_in_a_tar(tmp_path: Path, name: str) -> None:
    case = {**HOSTILE, **TAR_ONLY}[name]
    refused(tarred(tmp_path / "package", case.members), case)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "nameless"])
def test_refused_in_a_zip(tmp_path: Path, name: str) -> None:
    refused(zipped(tmp_path / "package", HOSTILE[name].members), HOSTILE[name])


def test_backslashes_in_a_zip_are_folders(tmp_path: Path) -> None:
    case = Case([("..\\..\\evil", FILE, "")], "../../evil", "leads out")
    refused(zipped(tmp_path / "package", case.members), case)
    archive.unpack(zipped(tmp_path / "good", [("bin\\program", FILE, "x")]), tmp_path / "5.0")
    assert (tmp_path / "5.0" / "bin" / "program").read_bytes() == b"x"


def test_a_backslash_in_a_tar_is_part_of_a_name(tmp_path: Path) -> None:
    archive.unpack(tarred(tmp_path / "package", [(r"dev-disk\x2dby.mount", FILE, "")]), tmp_path / "5.0")
    assert (tmp_path / "5.0" / r"dev-disk\x2dby.mount").exists()


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    zipped(tmp_path / "package", [("secret", FILE, "x")])
    raw = bytearray((tmp_path / "package").read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "package").write_bytes(raw)
    refused(tmp_path / "package", Case([], "secret", "encrypted"))


def test_links_that_stay_inside_are_made(tmp_path: Path) -> None:
    members = [("a/b/c", FILE, ""), ("a/up", LINK, "../first"), ("a/b/here", LINK, "./c"), ("root", LINK, "a/../first")]
    with pytest.raises(BadArchive):
        archive.unpack(tarred(tmp_path / "package", members), tmp_path / "5.0")
    archive.unpack(tarred(tmp_path / "package", members[:-1]), tmp_path / "5.0")
    assert (tmp_path / "5.0" / "a" / "up").resolve() == tmp_path / "5.0" / "first"


# -- too much --------------------------------------------------------------------------------


def bomb(path: Path, size: int) -> Path:
    """Zeros squeeze to almost nothing."""
    header = tarfile.TarInfo("zeros")
    header.size = size
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        tar.addfile(header, io.BytesIO(bytes(size)))
    path.write_bytes(zstandard.compress(raw.getvalue()))
    return path


def test_a_bomb_is_noticed_while_it_unpacks(tmp_path: Path) -> None:
    path = bomb(tmp_path / "package", 40_000_000)
    limits = Limits(small=1_000_000, ratio=100)
    with pytest.raises(BadArchive, match="holds too much"):
        list(archive.members(path, limits=limits))
    assert len(list(archive.members(path, limits=Limits(small=1_000_000, ratio=40_000_000)))) == 1


def test_more_bytes_than_allowed(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="zeros is refused"):
        list(archive.members(bomb(tmp_path / "package", 5000), limits=Limits(total=4999)))


def test_more_members_than_allowed(tmp_path: Path) -> None:
    path = tarred(tmp_path / "package", [(str(number), FILE, "") for number in range(9)])
    assert len(list(archive.members(path, limits=Limits(members=10)))) == 10
    with pytest.raises(BadArchive, match="member 8 is refused"):
        list(archive.members(path, limits=Limits(members=9)))


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "package", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("zeros", bytes(100_000))
    raw = bytearray((tmp_path / "package").read_bytes())
    place = raw.rindex(b"PK\x01\x02") + 24
    raw[place : place + 4] = (10).to_bytes(4, "little")
    (tmp_path / "package").write_bytes(raw)
    with pytest.raises(BadArchive):
        archive.unpack(tmp_path / "package", tmp_path / "5.0")
    assert not (tmp_path / "5.0").exists()


def test_a_zip_whose_members_share_their_bytes(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "package", "w") as made:
        made.writestr("a", bytes(5000))
        made.writestr("b", bytes(5000))
    raw = bytearray((tmp_path / "package").read_bytes())
    second = raw.rindex(b"PK\x01\x02")
    raw[second + 42 : second + 46] = (100).to_bytes(4, "little")
    (tmp_path / "package").write_bytes(raw)
    with pytest.raises(BadArchive, match="damaged"):
        list(archive.members(tmp_path / "package"))


def test_a_header_that_claims_a_huge_name(tmp_path: Path) -> None:
    """tarfile would read all of it into memory."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    (tmp_path / "package").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(20_000))
    with pytest.raises(BadArchive) as caught:
        list(archive.members(tmp_path / "package"))
    assert "header is longer" in str(caught.value.why[0])


# -- on Windows, and the law ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CON", "aux.txt", "a:b", "end.", "end ", "a\\b", "what?", 'q"'])
def test_names_that_windows_cannot_have(name: str) -> None:
    Gate(Limits(), windows=False).judge(Member(name, FILE))
    with pytest.raises(BadArchive):
        Gate(Limits(), windows=True).judge(Member(name, FILE))


names = st.lists(st.sampled_from(["a", "b", "A", "..", ".", "", "c"]), min_size=1, max_size=4).map("/".join)
raw_members = st.builds(
    Member, names, st.sampled_from([FILE, FOLDER, LINK, HARD_LINK]), target=st.one_of(names, st.just("/a"))
)


@given(st.lists(raw_members, max_size=8), st.integers(0, 2))
def test_whatever_passes_stays_inside(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Member], strip: int
) -> None:
    """What the gate lets through is made for real, and every path and link then resolves inside."""
    root = tmp_path_factory.mktemp("gate")
    gate = Gate(Limits(), strip=strip)
    for member in listed:
        try:
            placed = gate.judge(member)
        except BadArchive:
            continue
        if placed is not None:
            place = root / placed.path
            assert place.parent.resolve().is_relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            _make(placed, place, root)
    for path in root.rglob("*"):
        assert _inside(path, root)


def _make(member: Member, place: Path, root: Path) -> None:
    if member.kind == FOLDER:
        place.mkdir(exist_ok=True)
    elif member.kind == LINK:
        place.symlink_to(member.target)
    elif member.kind == HARD_LINK:
        place.hardlink_to(root / member.target)
    else:
        place.touch(exist_ok=False)


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except RuntimeError:  # links in a circle lead nowhere
        return True
