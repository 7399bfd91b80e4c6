"""The trust list: whose it is, that it never goes back, and how roots follow one another."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.errors import BadContent, IssuerUnknown, KeyRecordBad, RealmOther, TrustBad, TrustOld
from smena.keys import beside, roots, trust
from smena.keys.exchange import applying, asking
from smena.keys.primitives import new_seed, public_of
from smena.keys.tokens import virtual
from smena.keys.trust import Anchor, Issuer
from support.death import die, points
from support.keyworld import NOW, SIX, YEAR, Customer, Vendor


def test_a_list_is_accepted_and_remembered(vendor: Vendor) -> None:
    found = vendor.trust()
    assert found.anchor.number == 1
    assert found.certificate(1).products == ("loginom",)
    assert trust.accept(found.anchor, vendor.sealed()) == found
    assert trust.newer(found, vendor.sealed(made=NOW + 1)).list.number == 2


def test_a_list_changed_in_any_byte_is_refused(vendor: Vendor) -> None:
    sealed = vendor.sealed()
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((BadContent, RealmOther)):
            trust.accept(vendor.anchor(), bytes(changed))


@given(st.binary(max_size=300))
def test_no_other_bytes_are_taken_for_a_list(data: bytes) -> None:
    with pytest.raises(TrustBad):
        trust.accept(Anchor(realm=bytes(32)), data)


def test_an_older_list_is_refused_and_passed_over(vendor: Vendor) -> None:
    old, new = vendor.sealed(), vendor.trust(made=NOW + 1)
    with pytest.raises(TrustOld):
        trust.accept(new.anchor, old)
    assert trust.newer(new, old) == new


def test_two_lists_of_one_number_do_not_exist(vendor: Vendor) -> None:
    found = vendor.trust()
    other = trust.seal(msgspec.structs.replace(vendor.list, made=NOW + 1), vendor.root)
    with pytest.raises(TrustBad, match="two different"):
        trust.accept(found.anchor, other)


def test_a_list_of_another_vendor(vendor: Vendor) -> None:
    with pytest.raises(RealmOther):
        trust.accept(vendor.anchor(), Vendor(demo=True).sealed())


@pytest.mark.parametrize("demo", [False, True])
def test_a_demonstration_is_for_demonstrations(demo: bool) -> None:
    vendor = Vendor(demo=demo)
    with pytest.raises(RealmOther, match="demonstration"):
        trust.accept(Anchor(realm=vendor.realm, demo=not demo), vendor.sealed())


def test_the_next_root_takes_over(vendor: Vendor) -> None:
    customer = Customer(vendor)
    customer.exchange(SIX)
    old_root, next_root = vendor.root, new_seed()
    vendor.chain = roots.succeed(vendor.chain, old_root, public_of(next_root))
    vendor.root = next_root
    second = vendor.certificate(2, new_seed(), root=1)
    found = trust.accept(
        customer.key.trust.anchor,
        vendor.sealed(chain=vendor.chain, issuers=(*vendor.list.issuers, Issuer(second.encode()))),
    )
    customer.believe(found)
    assert found.certificate(2) == second
    customer.ask()
    stolen = trust.seal(msgspec.structs.replace(vendor.list, number=9, chain=vendor.chain[:1]), old_root)
    with pytest.raises(TrustBad, match="continue"):
        trust.accept(found.anchor, stolen)
    assert trust.accept(vendor.anchor(), vendor.sealed()).list.chain == vendor.chain


def test_a_root_that_nobody_appointed(vendor: Vendor) -> None:
    stranger = new_seed()
    chain = roots.succeed(vendor.chain, stranger, public_of(stranger))
    with pytest.raises(TrustBad, match="follow"):
        roots.proven(chain, vendor.realm)
    with pytest.raises(TrustBad):
        roots.proven((), vendor.realm)


def test_a_certificate_that_no_root_signed(vendor: Vendor) -> None:
    forged = msgspec.structs.replace(vendor.certificate(3), until=NOW + 9 * YEAR)
    found = vendor.trust(issuers=(Issuer(forged.encode()),))
    with pytest.raises(TrustBad, match="issuer 3"):
        found.certificate(3)
    with pytest.raises(IssuerUnknown):
        found.certificate(1)


def test_the_newest_exchange_key_is_used_while_it_lasts(vendor: Vendor) -> None:
    brief = msgspec.structs.replace(vendor.exchange_key(2, new_seed()), until=NOW)
    found = vendor.trust(exchange=(*vendor.list.exchange, brief))
    number = {now: key.number for now in (NOW - 1, NOW) if (key := found.exchange_key(bytes(32), now))}
    assert number == {NOW - 1: 2, NOW: 1}
    assert found.exchange_key(bytes(32), NOW + YEAR) is None


# --- beside the key ----------------------------------------------------------------------------


def test_the_list_beside_a_key_goes_only_forward(vendor: Vendor, tmp_path: Path) -> None:
    old = vendor.sealed()
    beside.begin(tmp_path, vendor.anchor(), old)
    newer = vendor.sealed(made=NOW + 1)
    assert beside.take(tmp_path, newer).list.number == 2
    assert beside.take(tmp_path, old).list.number == 2
    assert beside.read(tmp_path).list.number == 2
    (tmp_path / "trust").write_bytes(old)
    with pytest.raises(TrustOld):
        beside.read(tmp_path)


def test_a_list_beside_a_key_that_is_damaged(vendor: Vendor, tmp_path: Path) -> None:
    beside.begin(tmp_path, vendor.anchor(), vendor.sealed())
    (tmp_path / "anchor.json").write_bytes(b'{"realm":"')
    with pytest.raises(KeyRecordBad):
        beside.read(tmp_path)


_TAKE = """
    from pathlib import Path
    from smena.keys import beside
    folder = Path({folder!r})
    beside.take(folder, (folder / "new").read_bytes())
"""


@pytest.mark.slow
def test_a_death_while_a_list_is_taken_leaves_one_that_is_accepted(vendor: Vendor, tmp_path: Path) -> None:
    old = vendor.sealed()
    newer = vendor.sealed(made=NOW + 1)

    def folder(name: str) -> Path:
        made = tmp_path / name
        beside.begin(made, vendor.anchor(), old)
        (made / "new").write_bytes(newer)
        return made

    for number, point in enumerate(points(_TAKE.format(folder=str(folder("all"))), tmp_path / "log")):
        here = folder(str(number))
        die(_TAKE.format(folder=str(here)), point)
        found = beside.read(here)
        assert found.list.number in (1, 2)
        assert beside.take(here, newer).list.number == 2
        (here / "trust").write_bytes(old)
        with pytest.raises(TrustOld):
            beside.read(here)


def test_a_virtual_key_needs_a_demonstration(tmp_path: Path) -> None:
    earnest = Vendor()
    virtual.make(tmp_path)
    with pytest.raises(RealmOther), virtual.opened(tmp_path, earnest.trust()):
        raise AssertionError


def test_an_answer_brings_the_list_that_it_needs(vendor: Vendor) -> None:
    """A new issuer's answer comes with the list that names it."""
    customer = Customer(vendor)
    question = customer.ask()
    seed = new_seed()
    second = vendor.certificate(1, seed)
    sealed = vendor.sealed(issuers=(Issuer(second.encode()),))
    vendor.issuer = seed
    answer = customer.desk.answer(question)
    customer.believe(trust.newer(customer.key.trust, sealed))
    assert applying.apply(customer.key, answer, NOW)
    assert asking.ask(customer.key, NOW)
