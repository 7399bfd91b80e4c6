"""Accidents with tokens: pulled out, full, a wrong PIN, two threads; and what smena cannot read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import msgspec
import pkcs11 as library
import pytest

from smena import faults
from smena.errors import (
    AccessDenied,
    Bug,
    KeyRecordBad,
    KeyUnmeasured,
    PinNeeded,
    PinWrong,
    SmenaError,
    TokenFailed,
    TokenFull,
    TokenMissing,
    TokenUnfit,
)
from smena.keys import beside
from smena.keys.exchange import applying, asking, reading
from smena.keys.exchange.ports import Key
from smena.keys.tokens import cryptoki, kinds, pin, pkcs11
from smena.keys.tokens.pin import Pin
from smena.keys.tokens.pkcs11 import Spec
from smena.text import _
from support import softhsm
from support.disks import tmpfs
from support.keyworld import NOW, SEVEN, SIX, Customer, MemoryStore, Vendor, plain
from support.softhsm import PIN, SoftHsm


@pytest.fixture
def folder(quick: Path) -> Path:
    made = quick / "key"
    made.mkdir()
    return made


@pytest.fixture
def spec(hsm: SoftHsm, folder: Path, vendor: Vendor) -> Spec:
    found = hsm.spec
    pkcs11.make(folder, found, vendor.realm, hsm.source())
    return found


# --- pulled out ---------------------------------------------------------------------------------


class Pulled:
    """A token and its store that are gone from the n-th use on, until they are put in again."""

    def __init__(self, customer: Customer) -> None:
        self._token, self._store = customer.key.token, customer.key.store
        self.left = 10**6
        customer.key = Key(self, self, customer.key.trust)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        self.left -= 1
        if self.left < 0:
            raise TokenMissing(_("the token is not there any more"))
        return getattr(self._store if name in ("read", "create", "destroy") else self._token, name)


def uses(customer: Customer, pulled: Pulled, answer: bytes) -> int:
    """How often the token is used while an answer is applied, on a copy."""
    memory = pulled._store
    assert isinstance(memory, MemoryStore)
    before = memory.read()
    pulled.left = 10**6
    customer.apply(answer)
    memory.contents = before
    return 10**6 - pulled.left


def test_token_pulled_out_at_each_point_of_apply(vendor: Vendor) -> None:
    customer = Customer(vendor)
    customer.exchange(SIX)
    answer = customer.desk.answer(customer.ask(), SEVEN)
    pulled = Pulled(customer)
    memory = pulled._store
    assert isinstance(memory, MemoryStore)
    before = memory.read()
    for number in range(uses(customer, pulled, answer)):
        memory.contents = list(before)
        pulled.left = number
        with pytest.raises(TokenMissing):
            customer.apply(answer)
        pulled.left = 10**6
        held = reading.read(customer.key)
        assert plain(held.licence) in (SIX, SEVEN)
        assert (held.pending is not None) == (plain(held.licence) == SIX)
        customer.apply(answer)
        assert plain(customer.licence) == SEVEN


def test_token_pulled_out_at_each_point_of_a_question(vendor: Vendor) -> None:
    customer = Customer(vendor)
    pulled = Pulled(customer)
    shown = None
    for number in range(50):
        pulled.left = number
        try:
            shown = customer.ask()
            break
        except TokenMissing:
            pulled.left = 10**6
            assert len(pulled._store.read()) <= 2
    pulled.left = 10**6
    assert shown == customer.ask()
    assert number > 3


def test_a_real_token_pulled_out_at_each_point(
    hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened() -> Iterator[Customer]:
        with pkcs11.opened(folder, spec, vendor.trust(), hsm.source()) as key:
            customer.key = key
            yield customer

    with pkcs11.opened(folder, spec, vendor.trust(), hsm.source()) as key:
        customer = Customer(vendor, key.token, key.store)
        customer.exchange(SIX)
    for point in ("keys.verified", "keys.signed", "keys.created", "keys.read-back", "keys.destroyed"):
        wanted = SEVEN if plain(customer.desk.account.licence) == SIX else SIX
        for at in opened():
            answer = at.desk.answer(at.ask(), wanted)
        with monkeypatch.context() as patch:
            patch.setattr(faults, "point", lambda name, point=point: hsm.pull_out() if name == point else None)
            for at in opened():
                with pytest.raises(SmenaError):
                    at.apply(answer)
        hsm.put_in()
        for at in opened():
            assert plain(at.licence) in (SIX, SEVEN)
            at.desk.confirm(at.apply(answer))
            assert plain(at.licence) == wanted


def test_a_token_that_is_not_there(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    other = msgspec.structs.replace(spec, serial="0000")
    for wrong in (other, msgspec.structs.replace(spec, library="/nowhere/lib.so")):
        with pytest.raises(TokenMissing), pkcs11.opened(folder, wrong, vendor.trust(), hsm.source()):
            raise AssertionError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DeviceRemoved", TokenMissing),
        ("SessionHandleInvalid", TokenMissing),
        ("TokenNotPresent", TokenMissing),
        ("DeviceMemory", TokenFull),
        ("GeneralError", TokenFailed),
    ],
)
def test_the_tokens_words_become_ours(name: str, kind: type[SmenaError]) -> None:
    thrown: Callable[[], Exception] = getattr(library, name)
    error = thrown()
    made = cryptoki.translated(error, _("cannot read the token"))
    assert type(made) is kind
    assert name in " ".join(str(why) for why in made.why)
    assert made.hint is not None


# --- full ------------------------------------------------------------------------------------------


def test_token_full(vendor: Vendor) -> None:
    customer = Customer(vendor)
    customer.exchange(SIX)
    answer = customer.desk.answer(customer.ask(), SEVEN)
    customer.store.room = 1
    before = customer.store.read()
    attempts: list[Callable[[], bytes]] = [lambda: customer.apply(answer), lambda: asking.cancel(customer.key)]
    for attempt in attempts:
        with pytest.raises(TokenFull):
            attempt()
        assert customer.store.read() == before
    customer.store.room = 2
    customer.apply(answer)
    assert plain(customer.licence) == SEVEN


def test_a_real_token_that_is_full(quick: Path, folder: Path, vendor: Vendor) -> None:
    """The old licence is as before; with room again the same answer is applied."""
    with tmpfs(quick / "small", "400k") as small:
        hsm = softhsm.made(small)
        spec = hsm.spec
        pkcs11.make(folder, spec, vendor.realm, hsm.source())
        with pkcs11.opened(folder, spec, vendor.trust(), hsm.source()) as key:
            customer = Customer(vendor, key.token, key.store)
            customer.exchange(SIX)
            answer = customer.desk.answer(customer.ask(), SEVEN)
            before = key.store.read()
            _fill(small / "filling")
            with pytest.raises(TokenFull):
                customer.apply(answer)
            assert key.store.read() == before
            (small / "filling").unlink()
            customer.desk.confirm(customer.apply(answer))
            assert plain(customer.licence) == SEVEN


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return


# --- the PIN ------------------------------------------------------------------------------------------


class Counted:
    """A source of PINs that knows how often it was asked."""

    def __init__(self, given: Pin) -> None:
        self.given = given
        self.times = 0

    def __call__(self) -> Pin:
        self.times += 1
        return self.given


def test_a_wrong_pin_is_tried_once_and_never_again(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    stored = folder / "pin"
    stored.write_text("000000\n")
    stored.chmod(0o600)
    source = pin.from_file(stored)
    with pytest.raises(PinWrong, match="wrong") as caught, pkcs11.opened(folder, spec, vendor.trust(), source):
        raise AssertionError
    assert "tried once" in str(caught.value.why[0])
    for _again in range(3):
        with pytest.raises(PinWrong) as caught, pkcs11.opened(folder, spec, vendor.trust(), source):
            raise AssertionError
        assert "not tried again" in str(caught.value.why[0])
        assert "before" in str(caught.value.why[0])
    assert b"000000" not in b"".join(path.read_bytes() for path in folder.iterdir() if path != stored)
    stored.write_text(PIN)
    with pkcs11.opened(folder, spec, vendor.trust(), pin.from_file(stored)) as key:
        assert reading.read(key)
    assert not (folder / "pin-refused").exists()


def test_the_pin_is_asked_for_once_an_opening(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    source = Counted(Pin(PIN))
    with pkcs11.opened(folder, spec, vendor.trust(), source) as key:
        asking.ask(key, NOW)
    assert source.times == 1
    wrong = Counted(Pin("1"))
    with pytest.raises(PinWrong), pkcs11.opened(folder, spec, vendor.trust(), wrong):
        raise AssertionError
    assert wrong.times == 1


@pytest.mark.parametrize(("flag", "words"), [(0x20000, "one try"), (0x40000, "locked itself")])
def test_the_last_try_is_left_to_a_person(folder: Path, flag: int, words: str) -> None:
    class Cautious:
        flags = flag

        def open(self, **_options: object) -> object:
            raise AssertionError

    with pytest.raises(PinWrong) as caught:
        pkcs11._logged_in(folder, Cautious(), lambda: Pin(PIN))  # type: ignore[arg-type]
    assert words in str(caught.value.why[0])


def test_nobody_to_ask(spec: Spec, folder: Path, vendor: Vendor) -> None:
    with pytest.raises(PinNeeded), pkcs11.opened(folder, spec, vendor.trust()):
        raise AssertionError


def test_a_pin_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    stored = tmp_path / "pin"
    stored.write_text(PIN)
    stored.chmod(0o644)
    with pytest.raises(AccessDenied) as caught:
        pin.from_file(stored)()
    assert "chmod 600" in str(caught.value.hint)
    assert PIN not in repr(Pin(PIN))


def test_the_service_manager_may_hand_over_the_pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert pin.from_system() is None
    (tmp_path / pin.CREDENTIAL).write_text(PIN)
    (tmp_path / pin.CREDENTIAL).chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    source = pin.from_system()
    assert source is not None
    assert source().value == PIN


# --- threads, other tokens, other kinds ------------------------------------------------------------------


def test_one_thread_uses_a_token(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    seen: list[BaseException] = []

    def elsewhere(key: Key) -> None:
        try:
            key.token.sign(b"x")
        except BaseException as error:  # noqa: BLE001 - the other thread has to hand over what it met
            seen.append(error)

    with pkcs11.opened(folder, spec, vendor.trust(), hsm.source()) as key:
        thread = Thread(target=elsewhere, args=(key,))
        thread.start()
        thread.join()
        assert [type(error) for error in seen] == [Bug]
        assert key.token.sign(b"x")


def test_a_token_without_our_keys(hsm: SoftHsm, folder: Path, vendor: Vendor) -> None:
    with pytest.raises(TokenUnfit), pkcs11.opened(folder, hsm.spec, vendor.trust(), hsm.source()):
        raise AssertionError


def test_a_token_may_do_without_typed_questions(hsm: SoftHsm, folder: Path, vendor: Vendor) -> None:
    found = hsm.spec
    pkcs11.make(folder, found, vendor.realm, hsm.source(), typed=False)
    with pkcs11.opened(folder, found, vendor.trust(), hsm.source()) as key:
        assert key.token.identity().agree == b""
        customer = Customer(vendor, key.token, key.store)
        with pytest.raises(TokenUnfit):
            customer.ask(typed=True)
        with pytest.raises(TokenUnfit):
            key.token.agree(bytes(33))
        customer.apply(customer.desk.answer(customer.ask()))
        assert len(applying.confirmation(customer.key, NOW, typed=True)) == 73


def test_keys_of_two_vendors_on_one_token(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    other = Vendor(demo=True)
    pkcs11.make(folder, spec, other.realm, hsm.source())
    identities = []
    for one in (vendor, other):
        with pkcs11.opened(folder, spec, one.trust(), hsm.source()) as key:
            customer = Customer(one, key.token, key.store)
            customer.exchange(SIX)
            assert len(key.store.read()) == 1
            identities.append(key.token.identity().public)
    assert len(set(identities)) == 2


def test_making_keys_twice_keeps_them(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    with pkcs11.opened(folder, spec, vendor.trust(), hsm.source()) as key:
        before = key.token.identity()
    pkcs11.make(folder, spec, vendor.realm, hsm.source())
    with pkcs11.opened(folder, spec, vendor.trust(), hsm.source()) as key:
        assert key.token.identity() == before


def test_a_key_that_could_be_copied_is_no_licence_key(hsm: SoftHsm, spec: Spec, folder: Path) -> None:
    from pkcs11 import Attribute, KeyType, MechanismFlag
    from pkcs11.util.ec import encode_named_curve_parameters

    realm = bytes(32)
    with pkcs11._session(folder, spec, hsm.source(), 0.0) as (session, _token):
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
            store=True,
            label=pkcs11._label(realm, "sign"),
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template={Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: False},
        )
        with pytest.raises(TokenUnfit):
            pkcs11._pair(session, realm, "sign")


def test_a_folder_says_which_kind_of_key_it_has(hsm: SoftHsm, spec: Spec, folder: Path, vendor: Vendor) -> None:
    beside.begin(folder, vendor.anchor(), vendor.sealed())
    kinds.keep(folder, kinds.Keep(kind="pkcs11", token=spec))
    with kinds.opened(folder, kinds.Ask(pin=hsm.source())) as key:
        assert key.token.identity().kind == "pkcs11"
    kinds.keep(folder, kinds.Keep(kind="pkcs11"))
    with pytest.raises(KeyRecordBad), kinds.opened(folder):
        raise AssertionError
    kinds.keep(folder, kinds.Keep(kind="another"))
    with pytest.raises(KeyRecordBad), kinds.opened(folder):
        raise AssertionError


def test_a_guardant_key_is_not_measured(folder: Path, vendor: Vendor) -> None:
    beside.begin(folder, vendor.anchor(), vendor.sealed())
    kinds.keep(folder, kinds.Keep(kind="guardant"))
    with pytest.raises(KeyUnmeasured) as caught, kinds.opened(folder):
        raise AssertionError
    assert "--accept licence-not-measured" in str(caught.value.hint)
    assert "guardant" not in kinds.MEASURED


def test_records_beside_a_token_are_private(spec: Spec, hsm: SoftHsm, folder: Path, vendor: Vendor) -> None:
    aside = msgspec.structs.replace(spec, beside=True)
    with pkcs11.opened(folder, aside, vendor.trust(), hsm.source()) as key:
        asking.ask(key, NOW)
    [lying] = list(folder.glob("*.record"))
    assert lying.stat().st_mode & 0o077 == 0
    assert lying.stat().st_uid == os.geteuid()
