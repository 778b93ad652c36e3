"""Codes and numbers survive hands, scanners and slips."""

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.codes import (
    CODE_BITS,
    CROCKFORD,
    PROOF_CODE,
    NotAPlateCode,
    NotAPlateNumber,
    PlateCode,
    PlateNumber,
)

codes = st.integers(0, 2**CODE_BITS - 1).map(PlateCode.from_bits)
numbers = st.builds(
    PlateNumber,
    st.builds("{}-{:03d}".format, st.integers(2000, 2100), st.integers(1, 999)),
    st.integers(1, 999),
)


@given(codes)
def test_code_survives_its_url_in_any_case(code: PlateCode) -> None:
    url = code.url("https://dj.example.cn/")
    assert url == f"https://dj.example.cn/{code.text}"
    assert PlateCode.parse(url) == PlateCode.parse(url.lower()) == code


@given(codes)
def test_lookalike_letters_read_as_digits(code: PlateCode) -> None:
    assert PlateCode.parse(code.text.replace("0", "o").replace("1", "l")) == code
    assert PlateCode.parse(code.text.replace("0", "O").replace("1", "I")) == code


def test_every_bit_reaches_the_code() -> None:
    texts = {PlateCode.from_bits(1 << bit).text for bit in range(CODE_BITS)}
    assert len(texts) == CODE_BITS
    assert PlateCode.from_bits(0) == PROOF_CODE


@pytest.mark.parametrize("text", ["", "x", CROCKFORD, "U" * 26, "0" * 27, "岗" * 26, "0" * 25 + "\n0" * 9])
def test_other_texts_are_refused_in_both_languages(text: str) -> None:
    with pytest.raises(NotAPlateCode) as refused:
        PlateCode.parse(text)
    assert "26位" in refused.value.zh
    assert "26 letters" in refused.value.en


def test_a_huge_text_is_not_repeated_in_the_message() -> None:
    with pytest.raises(NotAPlateCode) as refused:
        PlateCode.parse("A" * 1_000_000)
    assert len(refused.value.zh) < 500


@given(numbers)
def test_number_survives_printing(number: PlateNumber) -> None:
    assert PlateNumber.parse(str(number)) == number


def test_number_is_read_as_hands_type_it() -> None:
    assert PlateNumber.parse(" ２０２６－００７－０３－８６ ") == PlateNumber("2026-007", 3)
    assert PlateNumber.parse("20260070386") == PlateNumber("2026-007", 3)


@given(numbers, st.data())
def test_one_wrong_digit_is_noticed(number: PlateNumber, data: st.DataObject) -> None:
    text = str(number)
    place = data.draw(st.sampled_from([i for i, each in enumerate(text) if each.isdigit()]))
    other = data.draw(st.sampled_from([each for each in "0123456789" if each != text[place]]))
    with pytest.raises(NotAPlateNumber):
        PlateNumber.parse(text[:place] + other + text[place + 1 :])


@given(numbers)
@example(PlateNumber("2026-456", 100))  # swapped, its serial would read 010
def test_two_swapped_neighbours_are_noticed(number: PlateNumber) -> None:
    text = str(number)
    for left, right in combinations(range(len(text)), 2):
        if right == left + 1 and text[left].isdigit() and text[right].isdigit() and text[left] != text[right]:
            swapped = text[:left] + text[right] + text[left] + text[right + 1 :]
            with pytest.raises(NotAPlateNumber):
                PlateNumber.parse(swapped)


@pytest.mark.parametrize(
    "text", ["", "2026-007", "2026-007-03", "2026-007-03-00", "٢٠٢٦-007-03-86", "1" * 5000]
)
def test_what_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(NotAPlateNumber):
        PlateNumber.parse(text)
