"""Attacks, each by its name. Nobody is granted twice, nothing is changed, and it is said what was seen."""

from __future__ import annotations

import msgspec
import pytest

from smena.errors import (
    AnswerOther,
    BadContent,
    IssuerExpired,
    IssuerRevoked,
    IssuerUnfit,
    IssuerUnknown,
    KeyBehind,
    KeyCloned,
    KeyLost,
    KeyProofBad,
    KeyRecordBad,
    KeyStateUnknown,
    OrderWaits,
    QuestionForged,
    Refused,
    TrustOld,
)
from smena.keys import certificates, licence, record, stored, trust
from smena.keys.codec import messages
from smena.keys.codec.messages import Answer, Op, Question
from smena.keys.exchange import account, answering, applying, asking, proofs, proving, reading, receiving
from smena.keys.exchange.ports import Key
from smena.keys.primitives import agreed, digest, mac, new_seed, public_of, sign
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Issuer
from support.keyworld import LESS, NOW, SEVEN, SIX, YEAR, Customer, MemoryStore, Vendor, plain


@pytest.fixture
def customer(vendor: Vendor) -> Customer:
    return Customer(vendor)


def refused(customer: Customer, answer: bytes, kind: type[Refused] = AnswerOther) -> Refused:
    """The answer is refused, and the key is as it was: its question still open, its answer still good."""
    before = customer.store.read()
    with pytest.raises(kind) as caught:
        customer.apply(answer)
    assert customer.store.read() == before
    return caught.value


# --- answers ---------------------------------------------------------------------------------


def test_answer_for_another_key(customer: Customer, vendor: Vendor) -> None:
    other = Customer(vendor)
    answer = other.desk.answer(other.ask())
    customer.ask()
    refused(customer, answer)


def test_answer_for_another_question(customer: Customer) -> None:
    first = customer.desk.answer(customer.ask())
    asking.cancel(customer.key)
    second = customer.desk.answer(customer.ask())
    assert "still open" in str(refused(customer, first).state)
    customer.apply(second)


def test_answer_of_another_realm(customer: Customer) -> None:
    """The same issuer's key in another vendor's hands signs for another realm."""
    elsewhere = Vendor(demo=True)
    elsewhere.issuer = customer.vendor.issuer
    twin = Customer(elsewhere, customer.key.token)
    question = customer.ask()
    twin.desk.account = msgspec.structs.replace(twin.desk.account, state=customer.desk.account.state)
    stamp = answering.Stamp(elsewhere.certificate(), 500, NOW)
    received = receiving.Received(twin.desk.account, messages.decode_question(question), healed=False)
    kept, inputs = answering.prepare(received, SIX, stamp)
    _kept, answer = account.signed(kept, inputs, elsewhere.issuer)
    refused(customer, answer)


def test_answer_changed_in_any_bit(customer: Customer) -> None:
    answer = customer.desk.answer(customer.ask())
    for place in range(len(answer) * 8):
        changed = bytearray(answer)
        changed[place // 8] ^= 1 << place % 8
        before = customer.store.read()
        with pytest.raises(Refused):
            customer.apply(bytes(changed))
        assert customer.store.read() == before
    customer.apply(answer)


def test_two_siblings_from_one_state(customer: Customer) -> None:
    """Two answers to one state, as a desk put back from a backup might make them: only the asked one fits, once."""
    question = customer.ask()
    second_desk = msgspec.structs.replace(customer.desk.account)
    first = customer.desk.answer(question, SIX)
    stamp = answering.Stamp(customer.vendor.certificate(), 900, NOW)
    received = receiving.receive(second_desk, question, customer.vendor.trust())
    kept, inputs = answering.prepare(received, SEVEN, stamp)
    _kept, sibling = account.signed(kept, inputs, customer.vendor.issuer)
    customer.apply(first)
    with pytest.raises(Refused):
        customer.apply(sibling)
    assert plain(customer.licence) == SIX
    customer.desk.account = msgspec.structs.replace(kept, state=kept.promised, inputs=())
    with pytest.raises(KeyStateUnknown):  # the desk that made only the sibling sees a state it never made
        customer.desk.receive(customer.ask())


def test_two_siblings_are_seen_as_a_clone(customer: Customer) -> None:
    customer.exchange(SIX)
    made = (*customer.desk.account.made, digest(b"the sibling"))
    customer.desk.account = msgspec.structs.replace(customer.desk.account, made=made)
    question = messages.decode_question(customer.ask())
    forged = msgspec.structs.replace(question, state=digest(b"the sibling")[:4])
    proof = customer.key.token.sign(b"".join(proofs.question_parts(customer.vendor.realm, forged)))
    with pytest.raises(KeyCloned):
        customer.desk.receive(msgspec.structs.replace(forged, proof=proof).encode())


def test_a_question_that_contradicts_itself(customer: Customer) -> None:
    """Signed by the key, and yet its counter does not belong to the state that it shows."""
    customer.exchange(SIX)
    question = messages.decode_question(customer.ask())
    for epoch, kind in ((0, KeyBehind), (2, KeyCloned), (9, KeyCloned)):
        said = msgspec.structs.replace(question, epoch=epoch)
        proof = customer.key.token.sign(b"".join(proofs.question_parts(customer.vendor.realm, said)))
        with pytest.raises(kind):
            customer.desk.receive(msgspec.structs.replace(said, proof=proof).encode())
    customer.desk.receive(question.encode())


# --- copies ------------------------------------------------------------------------------------


def clone(customer: Customer) -> Customer:
    """The very same key once more: its secrets and all that lay on it."""
    store = MemoryStore()
    store.contents = customer.store.read()
    twin = Customer(customer.vendor, customer.key.token, store)
    twin.desk = customer.desk
    return twin


def test_cloned_key(customer: Customer) -> None:
    """Both may ask; only one state is given, and who comes after it was confirmed is seen."""
    customer.exchange(SIX)
    twin = clone(customer)
    customer.exchange(SEVEN)
    with pytest.raises(KeyBehind) as caught:
        twin.exchange(SEVEN)
    assert "replace the key" in str(caught.value.hint)
    assert plain(twin.licence) == SIX


def test_a_clone_that_asks_at_the_same_time_gets_nothing_else(customer: Customer) -> None:
    twin = clone(customer)
    first, second = customer.ask(), twin.ask()
    assert first != second
    answer = customer.desk.answer(first, SIX)
    with pytest.raises(OrderWaits):
        customer.desk.answer(second, SEVEN)
    refused(twin, answer)


def test_restored_old_state(customer: Customer) -> None:
    """Whoever has the PIN can put back what lay on the key; the desk sees it at the next question."""
    customer.exchange(SIX)
    before = customer.store.read()
    customer.exchange(LESS)
    customer.store.contents = before
    assert plain(customer.licence) == SIX
    with pytest.raises(KeyBehind):
        customer.desk.receive(customer.ask())


def test_a_licence_copied_to_another_token(customer: Customer, vendor: Vendor) -> None:
    customer.exchange(SIX)
    other = Customer(vendor)
    other.store.contents = customer.store.read()
    with pytest.raises(KeyRecordBad) as caught:
        reading.read(other.key)
    assert "another key" in str(caught.value.why[0])


def test_a_licence_changed_in_any_bit(customer: Customer, vendor: Vendor) -> None:
    customer.exchange(SIX)
    lying = record.decode(customer.store.contents[0]).stored
    assert lying is not None
    for name in ("realm", "public", "header", "question", "old", "state", "signature", "certificate"):
        content = getattr(lying, name)
        for place in range(0, len(content) * 8, 5):
            changed = bytearray(content)
            changed[place // 8] ^= 1 << place % 8
            with pytest.raises(BadContent):
                stored.verified(msgspec.structs.replace(lying, **{name: bytes(changed)}), vendor.realm)
    assert stored.verified(lying, vendor.realm)


def test_a_broken_record_is_passed_over_but_not_taken_for_blank(customer: Customer) -> None:
    customer.exchange(SIX)
    good = customer.store.contents[0]
    customer.store.contents = [good[:-3], good]
    assert plain(customer.licence) == SIX
    customer.store.contents = [good[:-3]]
    with pytest.raises(KeyRecordBad):
        reading.read(customer.key)


def test_another_token_does_not_prove_presence(customer: Customer) -> None:
    class Impostor(SeedToken):
        def sign(self, message: bytes) -> bytes:
            return sign(new_seed(), message)

    customer.exchange(SIX)
    impostor = Impostor("virtual", new_seed() + new_seed())
    impostor._identity = customer.key.token.identity()
    with pytest.raises(KeyProofBad):
        proving.present(Key(impostor, customer.store, customer.key.trust))


# --- questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("short", [False, True], ids=["signed", "typed"])
def test_forged_question(customer: Customer, vendor: Vendor, short: bool) -> None:
    question = bytearray(customer.ask(typed=short))
    for place in range(1, len(question)):
        changed = question.copy()
        changed[place] ^= 1
        with pytest.raises(Refused):
            customer.desk.receive(bytes(changed))
    stranger = Customer(vendor)
    with pytest.raises(QuestionForged):
        customer.desk.receive(stranger.ask(typed=short))


def forged(customer: Customer, secret: bytes, op: Op = Op.UPDATE, nonce: bytes = bytes(8)) -> bytes:
    """A typed question made by somebody who knows the MAC's key but has no token."""
    state = customer.desk.account
    question = Question(
        op=op,
        exchange=1,
        key=state.key_id,
        epoch=state.licence.epoch,
        nonce=nonce,
        state=digest(state.state)[:4],
        hours=NOW,
    )
    proof = mac(secret, *proofs.question_parts(state.realm, question), size=10)
    return msgspec.structs.replace(question, proof=proof).encode()


def mac_key(customer: Customer, shared: bytes) -> bytes:
    return proofs.exchange_secret(shared, customer.vendor.realm, customer.desk.account.public)


def test_stolen_exchange_key(customer: Customer) -> None:
    """It makes typed questions, but no answer to them fits a key, and nothing is granted twice."""
    customer.exchange(SIX)
    shared = agreed(customer.vendor.exchange, customer.key.token.identity().agree)
    assert shared is not None
    answer = customer.desk.answer(forged(customer, mac_key(customer, shared)), SEVEN)
    customer.ask()
    refused(customer, answer)
    customer.apply(customer.desk.answer(customer.ask(), SEVEN))
    assert plain(customer.licence) == SEVEN


def test_an_exchange_key_that_the_vendor_took_back_proves_nothing(customer: Customer) -> None:
    question = customer.ask(typed=True)
    customer.vendor.sealed(exchange=(customer.vendor.exchange_key(2, new_seed()),))
    with pytest.raises(QuestionForged):
        customer.desk.receive(question)


def test_shared_secret_read_out_with_the_pin(customer: Customer) -> None:
    """Whoever had the PIN once can make typed questions and codes for ever, but no signature: so a reduction is not
    believed, and presence is not proven."""
    customer.exchange(SIX)
    exchange = customer.key.trust.list.exchange[0]
    secret = mac_key(customer, customer.key.token.agree(exchange.edwards))
    question = forged(customer, secret, Op.RETURN)
    answer = customer.desk.answer(question, LESS)
    inputs = customer.desk.account.inputs[0]
    said = messages.Confirmation(epoch=2, result=messages.Result.APPLIED, state=digest(inputs.new)[:4])
    parts = proofs.confirmation_parts(customer.vendor.realm, said, digest(answer), digest(inputs.new))
    code = msgspec.structs.replace(said, proof=mac(secret, *parts, size=8)).encode()
    with pytest.raises(Refused, match="took something away"):
        customer.desk.confirm(code)
    assert plain(customer.desk.account.licence) == SIX
    assert not proving.is_proof(customer.desk.account.public, bytes(32), customer.vendor.realm, secret * 2)


def test_an_enrolment_that_was_changed(customer: Customer, vendor: Vendor) -> None:
    said = messages.decode_enrolment(asking.enrol(customer.key.token, vendor.realm, NOW))
    for change in ({"public": public_of(new_seed())}, {"agree": bytes(32)}, {"model": "better"}, {"proof": bytes(64)}):
        with pytest.raises(QuestionForged):
            receiving.enrolled(msgspec.structs.replace(said, **change).encode(), vendor.realm)
    with pytest.raises(Refused):
        receiving.enrolled(said.encode(), Vendor().realm)


# --- issuers and lists ---------------------------------------------------------------------------------


def by_issuer(customer: Customer, certificate: certificates.Certificate, seed: bytes) -> bytes:
    """An answer of any issuer, made without the desk's own care."""
    received = customer.desk.receive(customer.ask())
    inputs = answering._inputs(received.account, received.question.encode(), SIX, answering.Stamp(certificate, 7, NOW))
    return account.signed(received.account, inputs, seed)[1]


def test_wrong_issuer(customer: Customer, vendor: Vendor) -> None:
    seed = new_seed()
    unknown = vendor.certificate(9, seed)
    refused(customer, by_issuer(customer, unknown, seed), IssuerUnknown)
    refused(customer, by_issuer(customer, vendor.certificate(1, seed), seed), AnswerOther)


def test_issuer_for_another_product(customer: Customer, vendor: Vendor) -> None:
    seed = new_seed()
    other = vendor.certificate(2, seed, products=("another",))
    customer.believe(vendor.trust(issuers=(*vendor.list.issuers, Issuer(other.encode()))))
    refused(customer, by_issuer(customer, other, seed), IssuerUnfit)


@pytest.mark.parametrize(("start", "until"), [(NOW - YEAR, NOW - 1), (NOW + 1, NOW + YEAR)], ids=["over", "not yet"])
def test_expired_issuer(customer: Customer, vendor: Vendor, start: int, until: int) -> None:
    """Measured by the clock, whatever time the answer gives itself."""
    seed = new_seed()
    old = vendor.certificate(2, seed, start=start, until=until)
    customer.believe(vendor.trust(issuers=(*vendor.list.issuers, Issuer(old.encode()))))
    refused(customer, by_issuer(customer, old, seed), IssuerExpired)


def test_an_expired_issuer_and_a_clock_that_was_put_back(customer: Customer, vendor: Vendor) -> None:
    """The vendor's time on the key is a floor under the clock."""
    seed = new_seed()
    brief = vendor.certificate(2, seed, until=NOW)
    customer.believe(vendor.trust(issuers=(*vendor.list.issuers, Issuer(brief.encode()))))
    customer.exchange(SIX)
    customer.now = NOW - 20
    refused(customer, by_issuer(customer, brief, seed), IssuerExpired)


def test_revoked_issuer(customer: Customer, vendor: Vendor) -> None:
    answer = customer.desk.answer(customer.ask())
    customer.believe(vendor.trust(issuers=(Issuer(vendor.certificate().encode(), revoked=True),)))
    refused(customer, answer, IssuerRevoked)


def test_a_licence_of_a_revoked_issuer_counts_no_more(customer: Customer, vendor: Vendor) -> None:
    customer.exchange(SIX)
    seed = new_seed()
    second = vendor.certificate(2, seed)
    revoked = Issuer(vendor.certificate().encode(), revoked=True)
    customer.believe(vendor.trust(issuers=(revoked, Issuer(second.encode()))))
    held = reading.read(customer.key)
    assert [type(found) for found in reading.objections(customer.key, held, NOW)] == [IssuerRevoked]
    customer.apply(by_issuer(customer, second, seed))
    assert reading.objections(customer.key, reading.read(customer.key), NOW) == ()


def test_a_promise_of_a_revoked_issuer_is_taken_back(customer: Customer, vendor: Vendor) -> None:
    customer.desk.answer(customer.ask(), SIX)
    with pytest.raises(OrderWaits):
        answering.withdraw(customer.desk.account, vendor.trust())
    seed = new_seed()
    revoked, second = Issuer(vendor.certificate().encode(), revoked=True), vendor.certificate(2, seed)
    found = vendor.trust(issuers=(revoked, Issuer(second.encode())))
    customer.desk.account = answering.withdraw(customer.desk.account, found)
    customer.believe(found)
    customer.apply(by_issuer(customer, second, seed))
    assert customer.licence.issuer == 2


def test_only_the_issuer_of_a_promise_answers_again(customer: Customer, vendor: Vendor) -> None:
    customer.desk.answer(customer.ask(), SIX)
    asking.cancel(customer.key)
    received = customer.desk.receive(customer.ask())
    with pytest.raises(IssuerUnfit):
        answering.prepare(received, SIX, answering.Stamp(vendor.certificate(2, new_seed()), 9, NOW))


def test_old_trust_list(customer: Customer, vendor: Vendor) -> None:
    """A list from before a revocation does not come back: neither beside the key nor on it."""
    old = vendor.sealed()
    new = vendor.trust(issuers=(Issuer(vendor.certificate().encode(), revoked=True),))
    with pytest.raises(TrustOld):
        trust.accept(new.anchor, old)
    customer.believe(new)
    customer.ask()
    customer.believe(trust.accept(vendor.anchor(), old))
    with pytest.raises(TrustOld):
        reading.read(customer.key)


def test_a_key_that_was_reported_lost(customer: Customer, vendor: Vendor) -> None:
    customer.exchange(SIX)
    question = customer.ask()
    found = vendor.trust(lost=(digest(customer.key.token.identity().public),))
    with pytest.raises(KeyLost):
        customer.desk.receive(question)
    customer.believe(found)
    assert [type(one) for one in reading.objections(customer.key, reading.read(customer.key), NOW)] == [KeyLost]


def test_a_vendors_mistakes_are_not_applied(customer: Customer, vendor: Vendor) -> None:
    """Another product, or a time before the last answer: signed, and refused all the same."""
    customer.exchange(SIX)
    received = customer.desk.receive(customer.ask())
    for wanted, hours in ((msgspec.structs.replace(SIX, product="another"), NOW), (SIX, NOW - 5)):
        old = received.account.licence
        change = licence.patch(old, wanted)
        header = Answer(issuer=1, serial=999, hours=hours, patch=change)
        new = licence.patched(received.account.state, change, hours=hours, issuer=1)
        hashes = (digest(received.question.encode()), digest(received.account.state), digest(new))
        parts = stored.signed_parts(vendor.realm, received.account.public, hashes, header.header())
        answer = msgspec.structs.replace(header, signature=sign(vendor.issuer, *parts)).encode()
        before = customer.store.read()
        with pytest.raises(Refused):
            customer.apply(answer)
        assert customer.store.read() == before


def test_what_was_looked_at_is_not_yet_written(customer: Customer) -> None:
    answer = customer.desk.answer(customer.ask())
    before = customer.store.read()
    assert not applying.look(customer.key, answer, NOW).applied
    assert customer.store.read() == before
