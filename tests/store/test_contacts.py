"""Contacts: sealed with the public key alone, opened with one private key, for one message, unaltered."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.contacts import (
    CONTACT_LONGEST,
    CannotBeOpened,
    ContactTooLong,
    NotAContactKey,
    OpeningKey,
    SealingKey,
)

KEY = OpeningKey(raw=bytes(range(32)))
OTHER = OpeningKey(raw=bytes(range(1, 33)))
CHANCE = b"\x07" * 32
CONTACTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=CONTACT_LONGEST
)
PHONE = "13800138000 周女士"


def sealed(contact: str = PHONE, chance: bytes = CHANCE) -> str:
    return KEY.sealing.seal(contact, subject_id="R1", chance=chance)


@given(CONTACTS, st.binary(min_size=32, max_size=32))
def test_f25_what_is_sealed_with_the_public_key_opens_with_the_private_one(
    contact: str, chance: bytes
) -> None:
    public = SealingKey.parse(str(KEY.sealing))
    closed = public.seal(contact, subject_id="R1", chance=chance)
    assert OpeningKey.parse(KEY.text).unseal(closed, subject_id="R1") == contact


def test_f25_another_key_and_another_message_open_nothing() -> None:
    for key, subject in ((OTHER, "R1"), (KEY, "R2")):
        with pytest.raises(CannotBeOpened):
            key.unseal(sealed(), subject_id=subject)


def test_f25_every_altered_byte_is_noticed() -> None:
    whole = base64.b64decode(sealed())
    for place in range(len(whole)):
        altered = bytearray(whole)
        altered[place] ^= 1
        with pytest.raises(CannotBeOpened):
            KEY.unseal(base64.b64encode(altered).decode(), subject_id="R1")


@pytest.mark.parametrize("broken", ["", "x", "密封", base64.b64encode(bytes(32)).decode(), sealed()[:-8]])
def test_what_was_never_sealed_cannot_be_opened(broken: str) -> None:
    with pytest.raises(CannotBeOpened):
        KEY.unseal(broken, subject_id="R1")


def test_two_seals_of_one_contact_have_nothing_in_common_but_their_length() -> None:
    first, second = sealed(), sealed(chance=b"\x08" * 32)
    assert first != second
    assert len({len(each) for each in (first, second, sealed(""), sealed("言" * CONTACT_LONGEST))}) == 1


def test_a_contact_that_is_too_long_is_refused() -> None:
    assert sealed("言" * CONTACT_LONGEST)
    with pytest.raises(ContactTooLong) as refused:
        sealed("言" * (CONTACT_LONGEST + 1))
    assert f"超过{CONTACT_LONGEST}个字" in refused.value.zh


@pytest.mark.parametrize("text", ["", "x", "密钥", base64.b64encode(bytes(31)).decode(), KEY.text[:-1]])
def test_what_is_no_key_is_refused(text: str) -> None:
    for kind in (OpeningKey, SealingKey):
        with pytest.raises(NotAContactKey):
            kind.parse(text)


def test_the_private_key_shows_itself_in_no_text() -> None:
    assert KEY.text not in f"{KEY!r}{KEY}"
    assert "raw" not in repr(KEY)
