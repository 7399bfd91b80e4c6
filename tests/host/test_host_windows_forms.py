"""What Windows is told and answers, as bytes and words: tried here, because it needs no Windows."""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena import clock
from smena.errors import AccessDenied, FileInUse
from smena.host.held import InUse
from smena.host.trouble import translated
from smena.host.windows import descriptors, locked, long_paths, reparse_data
from smena.host.windows.descriptors import ADMINISTRATORS, ALL, ALLOW, CHANGE, DENY, SYSTEM, Descriptor, Entry
from smena.host.windows.numbers import DENIED, SHARING
from smena.host.windows.reparse_data import Point
from smena.text import plain

# -- paths ---------------------------------------------------------------------------------

PATHS = [
    (r"C:\Program Files\x", r"\\?\C:\Program Files\x"),
    ("C:/Program Files/x", r"\\?\C:\Program Files\x"),
    ("C:\\", "\\\\?\\C:\\"),
    (r"C:\a\..\b", r"\\?\C:\b"),
    (r"\\server\share\x", r"\\?\UNC\server\share\x"),
    (r"\\?\C:\x", r"\\?\C:\x"),
    (r"\\?\C:\x/y", r"\\?\C:\x\y"),
    (r"\\?\UNC\server\share", r"\\?\UNC\server\share"),
    (r"\\.\C:", r"\\.\C:"),
]


@pytest.mark.parametrize(("given_path", "wanted"), PATHS)
def test_a_path_at_any_length(given_path: str, wanted: str) -> None:
    assert long_paths.whole(given_path) == wanted
    assert long_paths.whole(wanted) == wanted


@pytest.mark.parametrize(
    ("long", "wanted"),
    [
        (r"\\?\C:\x", r"C:\x"),
        (r"\??\C:\x", r"C:\x"),
        (r"\\?\UNC\server\share\x", r"\\server\share\x"),
        (r"\\?\Volume{0-1}\x", r"\\?\Volume{0-1}\x"),
        (r"C:\x", r"C:\x"),
        ("versions\\4.7", "versions\\4.7"),
    ],
)
def test_the_usual_form_of_a_path(long: str, wanted: str) -> None:
    assert long_paths.usual(long) == wanted


def test_a_name_that_the_usual_form_cannot_say_stays() -> None:
    assert long_paths.joined("\\\\?\\C:\\data", "ends in a dot.") == r"\\?\C:\data\ends in a dot."
    assert long_paths.joined("\\\\?\\C:\\", "x") == r"\\?\C:\x"


# -- links ---------------------------------------------------------------------------------

NAMES = st.text(st.characters(blacklist_characters='\\/:*?"<>|\0', blacklist_categories=()), min_size=1, max_size=30)


@given(NAMES, st.sampled_from(["junction", "symbolic"]))
def test_a_link_is_read_as_it_was_made(name: str, kind: reparse_data.Kind) -> None:
    point = Point(kind, f"C:\\versions\\x{name}x")
    assert reparse_data.parsed(reparse_data.built(point)) == point


def test_a_link_from_its_own_folder() -> None:
    point = Point("symbolic", r"..\4.7\bin", True)
    assert reparse_data.parsed(reparse_data.built(point)) == point


def test_the_bytes_of_a_junction() -> None:
    """As `mklink /j x C:\\ab` makes them."""
    followed, shown = "\\??\\C:\\ab".encode("utf-16-le"), "C:\\ab".encode("utf-16-le")
    body = struct.pack("<4H", 0, 18, 20, 10) + followed + b"\0\0" + shown + b"\0\0"
    assert reparse_data.built(Point("junction", "C:\\ab")) == struct.pack("<LHH", 0xA0000003, len(body), 0) + body


def test_a_mount_point_and_other_things_are_no_links() -> None:
    volume = reparse_data.built(Point("junction", "\\\\?\\Volume{8b1e0cfe-0000-0000-0000-100000000000}\\"))
    assert reparse_data.parsed(volume) is None
    assert reparse_data.parsed(struct.pack("<LHH", 0x80000013, 0, 0)) is None  # deduplicated
    assert not reparse_data.stands_for_another(0x80000013)
    assert reparse_data.stands_for_another(reparse_data.JUNCTION)


# -- access --------------------------------------------------------------------------------

POOL = "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334"
USERS, EVERYBODY = "S-1-5-32-545", "S-1-1-0"
NUMBERS = st.builds(
    lambda parts: "-".join(["S-1-5", *map(str, parts)]),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8),
)
ENTRIES = st.builds(
    Entry, st.sampled_from([ALLOW, DENY]), st.integers(0, 31), st.integers(0, 2**32 - 1), NUMBERS, st.just(b"")
)


@given(NUMBERS)
def test_an_account_is_read_as_it_was_written(number: str) -> None:
    assert descriptors.account_of(descriptors.account_bytes(number)) == number


@given(NUMBERS, NUMBERS, st.lists(ENTRIES, max_size=6), st.booleans())
def test_a_descriptor_is_read_as_it_was_made(owner: str, group: str, entries: list[Entry], closed: bool) -> None:
    wanted = Descriptor(owner, group, tuple(entries), closed)
    assert descriptors.parsed(descriptors.built(wanted)) == wanted


def test_a_descriptor_of_windows() -> None:
    """O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU), as the system lays it out: lists first, then accounts."""
    system, users, admins = (descriptors.account_bytes(name) for name in (SYSTEM, USERS, ADMINISTRATORS))
    entries = struct.pack("<BBHL", 0, 3, 8 + len(system), ALL) + system
    entries += struct.pack("<BBHL", 0, 3, 8 + len(users), 0x1200A9) + users
    rights = struct.pack("<BBHHH", 2, 0, 8 + len(entries), 2, 0) + entries
    owner = 20 + len(rights)
    head = struct.pack("<BBHLLLL", 1, 0, 0x9404, owner, owner + len(admins), 0, 20)
    data = head + rights + admins + system
    found = descriptors.parsed(data)
    assert found == Descriptor(
        ADMINISTRATORS, SYSTEM, (Entry(ALLOW, 3, ALL, SYSTEM), Entry(ALLOW, 3, 0x1200A9, USERS)), True
    )
    assert descriptors.as_kept(data)[2:4] == struct.pack("<H", 0x9504)
    assert descriptors.parsed(descriptors.as_kept(data)) == found


def test_an_entry_that_is_not_understood_is_kept() -> None:
    """One with a condition (type 9)."""
    entry = Entry(9, 0, ALL, "", descriptors.account_bytes(EVERYBODY) + b"artx\0\0\0\0")
    wanted = Descriptor(SYSTEM, SYSTEM, (entry,))
    assert descriptors.parsed(descriptors.built(wanted)) == wanted
    assert descriptors.others(wanted, (), write=False)


def _list(*entries: Entry, closed: bool = False) -> Descriptor:
    return Descriptor(SYSTEM, SYSTEM, entries, closed)


def test_the_same_access_under_another_spelling() -> None:
    one = _list(Entry(ALLOW, 3, ALL, SYSTEM), Entry(ALLOW, 0x13, CHANGE, POOL))
    assert descriptors.same_access(one, _list(Entry(ALLOW, 3, CHANGE, POOL), Entry(ALLOW, 0x13, ALL, SYSTEM)))
    assert descriptors.same_access(one, _list(Entry(ALLOW, 3, 0x10000000, SYSTEM), Entry(ALLOW, 3, CHANGE, POOL)))


@pytest.mark.parametrize(
    "other",
    [
        _list(Entry(ALLOW, 0, ALL, SYSTEM)),
        _list(Entry(ALLOW, 0, ALL, SYSTEM), Entry(ALLOW, 0, CHANGE, EVERYBODY)),
        _list(Entry(ALLOW, 0, ALL, SYSTEM), Entry(ALLOW, 3, CHANGE, POOL)),
        _list(Entry(ALLOW, 0, ALL, SYSTEM), Entry(ALLOW, 0, CHANGE, POOL), closed=True),
        Descriptor(SYSTEM, SYSTEM, None),
    ],
)
def test_other_access(other: Descriptor) -> None:
    one = _list(Entry(ALLOW, 0, ALL, SYSTEM), Entry(ALLOW, 0, CHANGE, POOL))
    assert not descriptors.same_access(one, other)


def test_where_something_is_denied_the_order_counts() -> None:
    denied, allowed = Entry(DENY, 0, ALL, USERS), Entry(ALLOW, 0, ALL, USERS)
    assert not descriptors.same_access(_list(denied, allowed), _list(allowed, denied))


def test_what_is_made_for_few_is_for_few() -> None:
    closed = descriptors.parsed(descriptors.built(descriptors.private(POOL, folder=True)))
    assert closed.closed
    assert descriptors.others(closed, [POOL], write=False) == []
    assert descriptors.others(closed, [], write=False) == [POOL]


@pytest.mark.parametrize(
    ("entries", "read", "write"),
    [
        ([Entry(ALLOW, 0x13, 0x1200A9, USERS)], True, False),
        ([Entry(ALLOW, 0, 0x100116, USERS)], False, True),
        ([Entry(ALLOW, 0, 0x10000000, EVERYBODY)], True, True),
        ([Entry(ALLOW, 0x0B, ALL, USERS)], False, False),  # only what comes to lie there
        ([Entry(DENY, 0, ALL, USERS)], False, False),
        ([Entry(ALLOW, 0, 0x100000, USERS)], False, False),
    ],
)
def test_who_else_may(entries: list[Entry], read: bool, write: bool) -> None:
    found = _list(Entry(ALLOW, 3, ALL, SYSTEM), *entries)
    assert bool(descriptors.others(found, [], write=False)) == read
    assert bool(descriptors.others(found, [], write=True)) == write


def test_no_list_lets_everybody() -> None:
    assert descriptors.others(Descriptor(SYSTEM, SYSTEM, None), [], write=True) == [EVERYBODY]


def test_an_account_is_granted_once() -> None:
    denied, inherited = Entry(DENY, 0, ALL, USERS), Entry(ALLOW, 0x13, ALL, SYSTEM)
    found = descriptors.granted(_list(denied, inherited), POOL, folder=True)
    assert found.entries == (denied, Entry(ALLOW, 3, CHANGE, POOL), inherited)
    assert descriptors.granted(found, POOL, folder=True) == found
    assert descriptors.may_change(found, POOL)
    assert not descriptors.may_change(found, EVERYBODY)


# -- what others hold -------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def ticks(self) -> float:
        return self.now


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clock, "sleep", made.sleep)
    monkeypatch.setattr(clock, "ticks", made.ticks)
    return made


def _refusing(number: int, moving: Clock, until: float) -> Callable[[], str]:
    def attempt() -> str:
        if moving.now < until:
            error = PermissionError(errno.EACCES, "the process cannot access the file", r"C:\x")
            error.winerror = number  # type: ignore[attr-defined]
            raise error
        return "done"

    return attempt


SCANNER = locked.Watch(lambda _paths: [(812, "Antimalware Service")], lambda _paths: True)
UNKNOWN = locked.Watch(lambda _paths: [], lambda _paths: True)
UNSEEN = locked.Watch(lambda _paths: [(812, "Antimalware Service")], lambda _paths: False)
"""It lets others remove what it has open, or it has something open below a folder: a trial to open does not see it."""
NOBODY = locked.Watch(lambda _paths: [], lambda _paths: False)


@pytest.mark.parametrize(
    ("number", "watch"), [(SHARING, NOBODY), (SHARING, SCANNER), (DENIED, SCANNER), (DENIED, UNKNOWN), (DENIED, UNSEEN)]
)
def test_what_is_held_is_waited_for(moving: Clock, number: int, watch: locked.Watch) -> None:
    assert locked.patient(_refusing(number, moving, 20.0), "x", watch=watch) == "done"
    assert 20.0 <= moving.now < 21.0


def test_who_does_not_let_go_is_named(moving: Clock) -> None:
    with pytest.raises(InUse) as caught:
        locked.patient(_refusing(SHARING, moving, 99.0), "x", watch=SCANNER)
    assert 29.0 < moving.now <= 30.0
    told = translated(caught.value, plain("cannot write x"))
    assert isinstance(told, FileInUse)
    assert [str(why) for why in told.why] == [r"C:\x is in use", "Antimalware Service holds it (process 812)"]


def test_who_is_not_seen_by_a_trial_is_asked_for_once_and_named(moving: Clock) -> None:
    asked: list[float] = []

    def holders(_paths: Sequence[str]) -> list[tuple[int, str]]:
        asked.append(moving.now)
        return [(812, "product.exe")]

    with pytest.raises(InUse) as caught:
        locked.patient(_refusing(DENIED, moving, 99.0), "x", watch=locked.Watch(holders, UNSEEN.held))
    assert 29.0 < moving.now <= 30.0
    assert caught.value.holders == ((812, "product.exe"),)
    assert len(asked) == 2  # whether to wait, and who it is in the end
    assert 2.0 <= asked[0] < 3.0


def test_a_holder_whom_nobody_knows_is_said_so(moving: Clock) -> None:
    with pytest.raises(InUse) as caught:
        locked.patient(_refusing(SHARING, moving, 99.0), "x", watch=NOBODY)
    told = translated(caught.value, plain("cannot write x"))
    assert str(told.why[1]) == "another program holds it, and the system does not tell which"


def test_a_right_that_is_lacking_is_not_waited_for(moving: Clock) -> None:
    with pytest.raises(PermissionError) as caught:
        locked.patient(_refusing(DENIED, moving, 99.0), "x", watch=NOBODY)
    assert 2.0 <= moving.now < 3.0
    assert isinstance(translated(caught.value, plain("cannot write x")), AccessDenied)


def test_who_is_not_patient_is_told_at_once(moving: Clock) -> None:
    with pytest.raises(InUse):
        locked.patient(_refusing(SHARING, moving, 99.0), "x", watch=SCANNER, patience=0.0)
    assert moving.now == 0.0


def test_another_error_is_not_held_back(moving: Clock) -> None:
    def missing() -> None:
        raise FileNotFoundError(errno.ENOENT, "no such file", "x")

    with pytest.raises(FileNotFoundError):
        locked.patient(missing, "x", watch=SCANNER)
    assert moving.now == 0.0


def test_an_error_that_is_said_to_pass_is_waited_for(moving: Clock) -> None:
    assert locked.patient(_refusing(145, moving, 5.0), "x", watch=NOBODY, passing=145) == "done"
    with pytest.raises(PermissionError) as caught:
        locked.patient(_refusing(145, moving, 99.0), "x", watch=NOBODY, passing=145)
    assert not isinstance(caught.value, InUse)
