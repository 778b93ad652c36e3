"""How a name may be written, and how it is put right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.refusals import Refusal
from store.roster.names import NameTooLong, NameTooShort, UnusableName, clean_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张伟", "张伟"),
        ("欧阳靖宇", "欧阳靖宇"),
        ("周䶮", "周䶮"),
        ("李𬱖", "李𬱖"),
        ("王〇", "王〇"),
        ("买买提·阿不都拉", "买买提·阿不都拉"),
        ("阿卜杜拉·买买提·艾合买提", "阿卜杜拉·买买提·艾合买提"),
        ("John Smith", "John Smith"),
        ("Anna-Maria O'Neil", "Anna-Maria O'Neil"),
        ("J. R. Müller", "J. R. Müller"),
    ],
)
def test_a_name_well_written_is_left_alone(written: str, name: str) -> None:
    clean = clean_name(written)
    assert clean.name == name
    assert clean.notices == ()


@pytest.mark.parametrize("dot", ["‧", "•", "・", "．", "∙", "⋅", ".", " · ", " . ", "\u3000•\u3000", "･"])
def test_every_likeness_of_the_interpunct_becomes_it_with_a_notice(dot: str) -> None:
    clean = clean_name(f"买买提{dot}阿不都拉")
    assert clean.name == "买买提\u00b7阿不都拉"
    assert len(clean.notices) == 1


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张　伟", "张伟"),
        (" 张 伟 ", "张伟"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("John   Smith", "John Smith"),
        ("周\ue863", "周䶮"),
        ("⻢骏", "马骏"),
        ("王\u200b芳\ufe00", "王芳"),
    ],
)
def test_a_name_is_put_right_with_a_notice(written: str, name: str) -> None:
    clean = clean_name(written)
    assert clean.name == name
    assert clean.notices or written.strip() == name


@pytest.mark.parametrize(
    ("written", "character"),
    [
        ("张伟3", "3"),
        ("张３", "3"),
        ("<b>张伟", "<"),
        ("张伟;", ";"),
        ('"张伟"', '"'),
        ("Robert')", "'"),
        ("=张伟", "="),
        ("张伟:", ":"),
        ("·张伟", "·"),
        ("张伟·", "·"),
        ("张伟··王芳", "·"),
        ("张伟(岗长)", "("),
        ("张ア", "ア"),
        ("김철수", "김"),
        ("张😀", "😀"),
        ("-张伟", "-"),
        ("亻⺅", "⺅"),
    ],
)
def test_what_no_name_is_written_with_is_refused_and_named(written: str, character: str) -> None:
    with pytest.raises(UnusableName) as refused:
        clean_name(written)
    assert refused.value.facts["character"] == character
    assert f"U+{ord(character):04X}" in refused.value.zh
    assert f"U+{ord(character):04X}" in refused.value.en


def test_one_character_is_no_name() -> None:
    with pytest.raises(NameTooShort, match="one character"):
        clean_name("赵")


def test_fifty_characters_are_a_name_and_one_more_is_none() -> None:
    assert len(clean_name("阿" * 25 + "·" + "拉" * 24).name) == 50
    with pytest.raises(NameTooLong):
        clean_name("阿" * 25 + "·" + "拉" * 25)


def test_a_long_name_without_interpunct_is_taken_with_a_notice() -> None:
    assert "核对" in clean_name("阿拉坦其其格").notices[0].zh


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_clean_name_or_refused(text: str) -> None:
    try:
        name = clean_name(text).name
    except Refusal:
        return
    assert 2 <= len(name) <= 50
    assert clean_name(name).name == name


@settings(deadline=None)
@given(st.text(alphabet="张伟王芳李娜·JohnSmith -'’.", min_size=2, max_size=20))
def test_a_clean_name_holds_no_blank_beside_a_chinese_character(text: str) -> None:
    try:
        name = clean_name(text).name
    except Refusal:
        return
    assert not name.startswith((" ", "·", "-"))
    assert "张 " not in name
    assert " 伟" not in name
