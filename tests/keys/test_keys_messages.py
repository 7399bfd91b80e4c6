"""The messages as bytes: their sizes, round trips, and that nothing else is taken for one."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smena.errors import KeyFileForeign, MessageBad
from smena.keys.codec import files, messages, qr, typed
from smena.keys.codec.messages import CONFIRMATION_MAC, Answer, Confirmation, Enrolment, Message, Op, Question, Result
from smena.text import _
from support.need import need


def of(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


three = st.integers(0, 2**24 - 1)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    op, exchange = draw(st.sampled_from(Op)), draw(st.integers(0, 31))
    return Question(
        op=op,
        exchange=exchange,
        key=draw(of(6)),
        epoch=draw(three),
        nonce=draw(of(8)),
        state=draw(of(4)),
        hours=draw(three),
        binding=draw(of(10)) if op is Op.REBIND else b"",
        proof=draw(of(10 if exchange else 64)),
    )


answers = st.builds(
    Answer, issuer=st.integers(0, 255), serial=three, hours=three, patch=st.binary(max_size=200), signature=of(64)
)
confirmations = st.builds(Confirmation, epoch=three, result=st.sampled_from(Result), state=of(4), proof=of(8) | of(64))
enrolments = st.builds(Enrolment, realm=of(32), kind=st.text(), public=of(33), model=st.text(), proof=of(64))
everything = questions() | answers | confirmations | enrolments


@given(everything)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert messages.decode(message.encode()) == message


@given(st.binary(max_size=200))
def test_bytes_are_a_message_of_one_form_or_none(data: bytes) -> None:
    with suppress(MessageBad):
        assert messages.decode(data).encode() == data


@given(everything, st.integers(1, 90))
@example(Confirmation(epoch=1, result=Result.APPLIED, state=bytes(4), proof=bytes(64)), 56)
def test_a_message_that_is_cut_is_none(message: Message, size: int) -> None:
    """A signed confirmation cut to a typed one's length reads as one, and proves nothing (see test_keys_exchange)."""
    if isinstance(message, Confirmation) and len(message.proof) - size == CONFIRMATION_MAC:
        assert messages.decode_confirmation(message.encode()[:-size]).proof == message.proof[:-size]
    elif not isinstance(message, Answer) and size < len(message.encode()):
        with pytest.raises(MessageBad):
            messages.decode(message.encode()[:-size])


@given(questions(), confirmations)
def test_sizes_are_those_that_people_can_type(question: Question, confirmation: Confirmation) -> None:
    more = len(question.binding)
    assert len(question.encode()) - more == (90 if question.signed else 36)
    assert len(confirmation.encode()) == (73 if confirmation.signed else 17)
    assert len(Answer(issuer=1, serial=2, hours=3, patch=bytes(24), signature=bytes(64)).encode()) == 72 + 24


def test_a_message_of_a_newer_smena_is_said_to_be_one() -> None:
    with pytest.raises(MessageBad) as caught:
        messages.decode(b"\x21" + bytes(35))
    assert "update" in str(caught.value.hint)


def test_an_answer_given_as_a_question_is_called_what_it_is() -> None:
    answer = Answer(issuer=1, serial=2, hours=3, patch=b"", signature=bytes(64)).encode()
    with pytest.raises(MessageBad) as caught:
        messages.decode_question(answer)
    assert [str(why) for why in caught.value.why] == ["it is this: answer"]


# --- files ----------------------------------------------------------------------------


@given(everything, st.binary(max_size=300))
def test_a_file_carries_a_message_and_a_list(message: Message, trust: bytes) -> None:
    text = files.write(message.encode(), trust=trust, head=_("question"))
    assert files.read(text) == files.Carried(message.encode(), trust)
    quoted = "Hello!\r\n\r\n> " + text.replace("\n", "\r\n> ") + "\r\nBest regards\r\n"
    assert files.read(quoted) == files.Carried(message.encode(), trust)


def test_a_file_may_hold_the_typed_form() -> None:
    message = Answer(issuer=1, serial=2, hours=3, patch=b"x", signature=bytes(64)).encode()
    assert files.read_bytes(typed.show(message).encode("cp1251"), "a.smena-answer").message == message


def test_a_mail_in_an_old_russian_encoding_is_read() -> None:
    message = Answer(issuer=1, serial=2, hours=3, patch=b"x", signature=bytes(64)).encode()
    content = ("Добрый день!\n" + files.write(message)).encode("cp1251")
    assert files.read_bytes(content).message == message


@pytest.mark.parametrize("ending", ["toserver", "fromserver", "grdvd", "GRDVD"])
def test_a_file_of_another_program_is_named(ending: str) -> None:
    with pytest.raises(KeyFileForeign) as caught:
        files.read_bytes(b"whatever", f"/tmp/some/Loginom.{ending}")
    assert f"Loginom.{ending}" in str(caught.value)
    assert "Guardant" in str(caught.value.why[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text * 2, None),
        (lambda text: text + text.replace("ANSWER", "QUESTION"), "several"),
        (lambda text: text.replace("AAAA", "A?AA"), "damaged"),
        (lambda text: text.replace("AAAA", "AA", 1), "damaged"),
        (lambda text: text + text.replace("AAAA", "AAAB"), "several"),
        (lambda text: "x" * 300_000, "too long"),
        (lambda text: "hello!", "no message"),
    ],
)
def test_files_that_are_not_in_order(change: object, words: str | None) -> None:
    text = files.write(Answer(issuer=1, serial=2, hours=3, patch=b"", signature=bytes(64)).encode())
    assert callable(change)
    if words is None:
        assert files.read(change(text))
        return
    with pytest.raises(MessageBad, match=words):
        files.read(change(text))


# --- QR ---------------------------------------------------------------------------------


def test_a_short_question_fits_the_third_size() -> None:
    assert qr.version(bytes(36)) == 3


def test_a_code_can_be_shown_in_three_ways() -> None:
    message = bytes(range(90))
    assert len(qr.terminal(message).splitlines()) > 20
    assert qr.svg(message).startswith(b"<svg")
    assert qr.png(message).startswith(b"\x89PNG")


def test_another_program_reads_the_code(tmp_path: Path) -> None:
    need(shutil.which("zbarimg"), "zbarimg (zbar-tools)")
    message = Answer(issuer=1, serial=2, hours=3, patch=bytes(40), signature=bytes(range(64))).encode()
    picture = tmp_path / "code.png"
    picture.write_bytes(qr.png(message))
    done = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True)
    assert files.read(done.stdout).message == message
