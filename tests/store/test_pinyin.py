"""A text is found by any reading of its characters, in full or by initials, whatever its width and marks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import pinyin
from store.pinyin import WAYS_MOST, Sounds, folded, letters_of, order_of, readings

COMMON = "政法处信息中心财务室接待大厅畜牧兽医综合服务窗口检测曾晓明高赟汪雪琳单重覃长行乐朝都给角"
NAMES = st.text(st.sampled_from(COMMON), min_size=1, max_size=8)
SYLLABLE = re.compile(r"[a-z]{1,6}")


def knowing(*texts: str) -> Sounds:
    sounds = Sounds()
    for each in texts:
        sounds.learn(each)
    return sounds


def finds(asked: str, text: str) -> bool:
    pattern = knowing(text).spelled(letters_of(asked))
    return bool(pattern and re.search(pattern, folded(text)))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("zf", "政法处"),
        ("zfcx", "政法处（信访）"),
        ("xx", "信息中心"),
        ("zhengfa", "政法处"),
        ("zhengf", "政法处"),
        ("ZHENG FA", "政法处"),
        ("zhèng fǎ", "政法处"),
        ("ｚｆｃ", "政法处"),
        ("xi'an", "西安路"),
        ("xian", "西安路"),
        ("xian", "先进"),
        ("lv", "吕"),
        ("lu", "吕"),
        ("lü", "吕"),
        ("shan", "单玉厚"),
        ("dyh", "单玉厚"),
        ("qin", "覃"),
        ("tan", "覃"),
        ("chongqing", "重庆"),
        ("zhongqing", "重庆"),
        ("xj", "行检"),
        ("hj", "行检"),
        ("algl", "阿勒·古丽"),
    ],
)
def test_a_text_is_found_by_what_it_sounds_like(asked: str, text: str) -> None:
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("fz", "政法处"), ("zhengc", "政法处"), ("v", "吕"), ("zx", "政法处"), ("hengfa", "政法")],
)
def test_what_does_not_sound_so_is_not_found(asked: str, text: str) -> None:
    assert not finds(asked, text)


@given(NAMES, st.data())
def test_any_reading_of_any_part_finds_a_name(name: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(name) - 1))
    part = name[first : data.draw(st.integers(first + 1, len(name)))]
    spoken = [data.draw(st.sampled_from(sorted(readings(each)))) for each in part]
    assert finds("".join(spoken), name) or len("".join(spoken)) > 16
    assert finds("".join(each[0] for each in spoken), name)


def test_a_polyphone_read_one_way_only_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "readings", lambda each: frozenset(sorted(readings(each))[:1]))
    with pytest.raises(AssertionError):
        test_a_text_is_found_by_what_it_sounds_like("shan", "单玉厚")


@given(st.text(max_size=30))
def test_whatever_is_typed_makes_a_pattern_or_none(typed: str) -> None:
    sounds = knowing(COMMON, typed)
    for pattern in (sounds.spelled(letters_of(typed)), sounds.alike(folded(typed))):
        re.compile(pattern)
    assert letters_of(typed) == "" or SYLLABLE.match(letters_of(typed))


@pytest.mark.parametrize("jest", ["zh" * 30, "gangan" * 10, "nanan" * 12, "a" * 60])
def test_letters_that_can_be_taken_apart_in_countless_ways_are_taken_apart_in_a_few(jest: str) -> None:
    assert knowing(COMMON, "安南干刚昂啊").spelled(jest).count("|") < 2 * WAYS_MOST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("２０２６－００７", "2026-007"),
        ("买买提·阿不都", "买买提阿不都"),
        ("买买提・阿不都", "买买提•阿不都"),
        ("场党字〔2026〕1号", "场党字[2026]1号"),
        ("曾　晓 明", "曾晓明"),
        ("ＬＥＤ屏", "led屏"),
        ("葛\U000e0100", "葛"),
        ("\uf91d", "欄"),
    ],
)
def test_width_case_dots_brackets_and_variants_make_no_difference(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize("rare", ["𬭎", "䶮", "\ue863", "㐂"])
def test_rare_characters_and_those_of_old_systems_are_compared(rare: str) -> None:
    assert folded(rare) == rare


@pytest.mark.parametrize(("typed", "text"), [("獸醫", "兽医"), ("黨政辦", "党政办"), ("张小明", "张晓明")])
def test_another_character_of_the_same_reading_is_alike(typed: str, text: str) -> None:
    assert re.search(knowing(text).alike(folded(typed)), text)
    assert not re.search(knowing(text).alike(folded("财务")), text)


def test_texts_sort_by_their_likeliest_reading() -> None:
    assert sorted(["综合室", "财务室", "重庆路", "安全岗"], key=order_of) == [
        "安全岗",
        "财务室",
        "重庆路",
        "综合室",
    ]
