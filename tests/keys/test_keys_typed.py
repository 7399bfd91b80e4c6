"""Typed messages: every single mistake is named at its group, and what keyboards and mail programs do is undone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.errors import MessageBad
from smena.keys.codec import diagnosis, field, groups, letters, typed

SAMPLES = [random.Random(size).randbytes(size) for size in (17, 36, 73, 96)]
by_size = pytest.mark.parametrize("message", SAMPLES, ids=len)
LONG = [pytest.param(one, marks=pytest.mark.slow) for one in SAMPLES[2:]]
long_ones_slow = pytest.mark.parametrize("message", [*SAMPLES[:2], *LONG], ids=len)

_TO_CYRILLIC = str.maketrans("ABE3KMH0PCTYX", "АВЕЗКМНОРСТУХ")
_TO_LAYOUT = str.maketrans("QWERTYUPASDFGHJKZXCVBNM", "ЙЦУКЕНГЗФЫВАПРОЛЯЧСМИТЬ")


def blamed(text: str) -> set[int]:
    """The groups that are named when the text cannot be read."""
    with pytest.raises(MessageBad) as caught:
        typed.read(text)
    assert caught.value.hint is not None
    return {int(words.values["number"]) for words in caught.value.why}


def others(symbol: str) -> str:
    return field.ALPHABET.replace(symbol, "")


@pytest.mark.parametrize(("size", "data"), [(36, 58), (96, 154), (17, 28)])
def test_a_message_has_no_more_symbols_than_it_must(size: int, data: int) -> None:
    """Beside them: one for the length, one check for every five."""
    assert len(typed.symbols(bytes(size))) == data + 1 + -(-(data + 1) // 5)


@given(st.binary(min_size=1, max_size=300))
def test_what_is_written_is_read(message: bytes) -> None:
    assert typed.read(typed.show(message)) == message
    assert typed.read(typed.symbols(message).lower()) == message


@long_ones_slow
def test_every_single_wrong_symbol_is_named_at_its_group(message: bytes) -> None:
    """Of the longest only every third wrong symbol: the others do not differ in kind."""
    text = typed.show(message).replace("\n", "")
    some = 3 if len(message) > 90 else 1
    for place, symbol in enumerate(text):
        if symbol != "-":
            for wrong in others(symbol)[place % some :: some]:
                changed = text[:place] + wrong + text[place + 1 :]
                assert blamed(changed) == {place // 7 + 1}
            assert blamed(changed.replace("-", "")) == {place // 7 + 1}


@by_size
def test_every_swap_inside_a_group_is_named(message: bytes) -> None:
    for number, group in enumerate(typed.written(message), 1):
        for first in range(len(group)):
            for second in range(first + 1, len(group)):
                if group[first] != group[second]:
                    signs = list(group)
                    signs[first], signs[second] = signs[second], signs[first]
                    assert not groups.is_right("".join(signs), number)


@by_size
def test_two_groups_swapped_are_both_named(message: bytes) -> None:
    written = typed.written(message)
    for first in range(len(written) - 1):
        for second in range(first + 1, min(len(written) - 1, first + 31)):
            if len(written[first]) == len(written[second]) and written[first] != written[second]:
                swapped = list(written)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                assert blamed("-".join(swapped)) >= {first + 1, second + 1}


@by_size
def test_a_symbol_left_out_between_hyphens_is_named(message: bytes) -> None:
    text = "-".join(typed.written(message))
    for place, symbol in enumerate(text):
        if symbol != "-":
            assert blamed(text[:place] + text[place + 1 :]) == {place // 7 + 1}


@by_size
def test_a_symbol_left_out_without_hyphens_is_found(message: bytes) -> None:
    """A neighbour may look as good by chance, so more than one can be named; the right one always is."""
    text = typed.symbols(message)
    named = [blamed(text[:place] + text[place + 1 :]) for place in range(len(text))]
    assert all(place // 6 + 1 in found for place, found in enumerate(named))
    assert sum(len(found) == 1 for found in named) > 0.85 * len(named)


@by_size
def test_a_symbol_typed_twice_is_found_and_said(message: bytes) -> None:
    text = typed.symbols(message)
    for place, symbol in enumerate(text):
        doubled = text[:place] + symbol + text[place:]
        with pytest.raises(MessageBad) as caught:
            typed.read(doubled)
        said = {int(words.values["number"]): words for words in caught.value.why}
        assert place // 6 + 1 in said
        assert "twice" in said[place // 6 + 1].template


@by_size
def test_the_end_of_a_message_that_was_lost_is_missed(message: bytes) -> None:
    written = typed.written(message)
    assert blamed("-".join(written[:-1]))
    with pytest.raises(MessageBad) as caught:
        typed.read("-".join(written[:-2]))
    assert "missing" in str(caught.value.why[0])


@by_size
@pytest.mark.parametrize("table", [_TO_CYRILLIC, _TO_LAYOUT], ids=["look-alikes", "layout"])
def test_cyrillic_is_read(message: bytes, table: dict[int, int]) -> None:
    text = typed.show(message).translate(table)
    assert not text.isascii()
    assert typed.read(text) == message
    assert typed.read(text.lower()) == message


@by_size
def test_each_group_may_be_typed_in_its_own_way(message: bytes) -> None:
    ways: list[Callable[[str], str]] = [str, lambda group: group.translate(_TO_CYRILLIC), str.lower]
    written = [ways[number % 3](group) for number, group in enumerate(typed.written(message))]
    assert typed.read("-".join(written)) == message
    mixed = [group.translate(_TO_LAYOUT) if number == 2 else group for number, group in enumerate(written)]
    assert typed.read("-".join(mixed)) == message


def test_letters_that_look_like_digits_are_read() -> None:
    text = typed.show(SAMPLES[3])
    assert typed.read(text.replace("0", "O").replace("1", "I")) == SAMPLES[3]
    assert typed.read(text.replace("0", "о").replace("1", "l")) == SAMPLES[3]


@by_size
@pytest.mark.parametrize(
    "carry",
    [
        lambda text: "> " + text.replace("\n", "\n> "),
        lambda text: ">> " + text.replace("\n", "\n>> "),
        lambda text: "From: a@example.com\nSubject: answer\n\nHello\n\n" + text + "\n\nBest regards\nAnna\n-- \nVendor",
        lambda text: "Здравствуйте\nвот ответ\n" + text + "\nС уважением\nАнна",
        lambda text: "answer: " + text.replace("\n", " "),
        lambda text: re.sub(r"(.{30})", r"\1\n", text.replace("\n", "")),
        lambda text: text.replace("\n", "\r\n\r\n"),
        lambda text: text.replace("-", "–"),
        lambda text: text.replace("-", " "),
        lambda text: " ".join(text.replace("-", "")),
    ],
    ids=["quoted", "twice-quoted", "mail", "russian-mail", "headed", "wrapped", "spaced", "dashes", "blanks", "loose"],
)
def test_what_mail_programs_and_people_do_is_undone(message: bytes, carry: Callable[[str], str]) -> None:
    assert typed.read(carry(typed.show(message))) == message


@given(st.text(max_size=300))
def test_no_other_text_is_taken_for_a_message(text: str) -> None:
    with pytest.raises(MessageBad):
        typed.read(text)


@given(st.binary(min_size=10, max_size=120), st.data())
def test_several_mistakes_are_each_named(message: bytes, data: st.DataObject) -> None:
    """One a group: every group is judged alone."""
    written = typed.written(message)
    numbers = data.draw(st.sets(st.integers(0, len(written) - 1), min_size=1, max_size=4))
    for number in numbers:
        wrong = data.draw(st.sampled_from(others(written[number][0])))
        written[number] = wrong + written[number][1:]
    assert blamed("-".join(written)) == {number + 1 for number in numbers}


def test_padding_must_be_zero() -> None:
    """17 bytes are 28 symbols, the last four bits of which say nothing."""
    values = [17, *field.to_symbols(bytes(17))]
    values[-1] |= 1
    five = [values[start : start + 5] for start in range(0, len(values), 5)]
    text = "".join(field.ALPHABET[s] for number, part in enumerate(five, 1) for s in [*part, field.check(part, number)])
    with pytest.raises(MessageBad):
        typed.read(text)


def test_the_length_is_checked() -> None:
    text = "-".join(typed.written(bytes(96)) + typed.written(bytes(36)))
    with pytest.raises(MessageBad):
        typed.read(text)
    assert diagnosis.diagnose(text)


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = letters.tidy(text)
    assert letters.tidy(once) == once


@pytest.mark.parametrize("left_out", [1, 6, 30])
def test_a_beginning_that_was_left_out_is_missed(left_out: int) -> None:
    message = bytes(range(96)) * 2
    text = "-".join(typed.written(message)[left_out:])
    with pytest.raises(MessageBad) as caught:
        typed.read(text)
    assert [str(one) for one in caught.value.why] == [f"the first {left_out} groups are missing"]
