"""Damage that text brings along, one character at a time."""

import unicodedata

import pytest

from store.roster.characters import DamagedText, UnusableCharacter, is_han, settle


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("周\ue863", "周䶮"),
        ("\ue81e", "\u9fb4"),
        ("\ue816", "\U00020087"),
        ("\ue864", "\u9fbb"),
        ("⼯作", "工作"),
        ("⻢骏", "马骏"),
        ("⻓", "长"),
        ("\uf900", "豈"),
        ("\U0002f800", "丽"),
        ("葛\U000e0100", "葛"),
        ("王\u200b芳", "王芳"),
        ("\ufeff党总支", "党总支"),
        ("\u202e王芳\u202c", "王芳"),
        ("3号楼，２层（东）\n第一间", "3号楼，２层（东）\n第一间"),
    ],
)
def test_what_only_looks_like_a_character_becomes_it_with_a_note(written: str, kept: str) -> None:
    settled = settle(written)
    assert settled.text == kept
    assert bool(settled.notes) is (written != kept)


def test_every_old_gbk_code_becomes_an_assigned_ideograph_or_radical() -> None:
    settled = [settle(chr(point)).text for point in range(0xE815, 0xE865)]
    assert len(set(settled)) == 80
    assert all(is_han(character) or unicodedata.category(character) == "So" for character in settled)


@pytest.mark.parametrize("text", ["王\ufffd", "王锟斤拷"])
def test_lost_text_is_refused(text: str) -> None:
    with pytest.raises(DamagedText):
        settle(text)


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x9f", "\ue000", "\uf8ff", "\U000f0000", "\ud800", "\uffff"]
)
def test_what_no_plate_can_show_is_refused_with_its_code_point(character: str) -> None:
    with pytest.raises(UnusableCharacter) as refused:
        settle(f"张{character}伟")
    assert f"U+{ord(character):04X}" in refused.value.zh


def test_rare_ideographs_are_kept() -> None:
    rare = "䶮𬱖𣲗㼆𠮷〇\ufa0e\U00033479"
    assert settle(rare).text == rare
    assert not settle(rare).notes
