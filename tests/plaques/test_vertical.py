"""Columns keep the rules of lines, read from the right, and say what was written whatever form is drawn."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from plaques.typography.typefaces import face_for
from plaques.typography.typesetting import MM_PER_PT, Glyph, Line, NamesTooMany, Room, TextTooLong
from plaques.typography.vertical import (
    NameColumns,
    break_columns,
    drawn_as,
    fit_columns,
    vertical_heading,
    vertical_name,
    vertical_names,
)

DUTIES = "承担良种繁育（2026年7月1日起），负责3号楼274室的“种子岗”工作——每年提升12.5%……接待师生；公开事项！"
MARKS = (
    *zip("，、。：；！？〖〗…—–（）｛｝〔〕", "︐︑︒︓︔︕︖︗︘︙︱︲︵︶︷︸︹︺", strict=True),
    *zip("【】《》〈〉「」『』‘’“”［］", "︻︼︽︾︿﹀﹁﹂﹃﹄﹁﹂﹃﹄﹇﹈", strict=True),
)
"""Marks with their forms in Unicode; of the quotation marks GB/T 15834-2011, 5.2.3 says which."""


def measure(character: str) -> float:
    """Half an em for ASCII, a third for ·, one em for all others."""
    if character == "·":
        return 1 / 3
    return 0.5 if character.isascii() else 1.0


def box(width_mm: float, height_mm: float, *, size_pt: float = 40, floor_pt: float = 10) -> Room:
    return Room(width_mm=width_mm, height_mm=height_mm, size_pt=size_pt, floor_pt=floor_pt, leading=1.5)


def column(text: str, measure: Callable[[str], float] = measure) -> Line:
    (only,) = break_columns(text, measure, 60)
    return only


def drawn(line: Line) -> str:
    return "".join(glyph.character for glyph in line.characters)


def glyphs(line: Line, text: str) -> list[Glyph]:
    return [glyph for glyph in line.characters if glyph.character in text]


# Forms


@pytest.mark.parametrize(("mark", "form"), MARKS)
def test_a_mark_is_drawn_in_its_form_and_says_itself(mark: str, form: str) -> None:
    line = column(f"一{mark}二")
    assert (drawn(line), line.text, drawn_as(f"一{mark}二")) == (f"一{form}二", f"一{mark}二", f"一{form}二")


def test_the_serif_draws_every_form_one_em_wide() -> None:
    chosen = face_for("".join(form for _mark, form in MARKS), "serif", where="种子岗")
    assert not chosen.fell_back
    assert {chosen.advance_em(form) for _mark, form in MARKS} == {1.0}


@pytest.mark.parametrize(
    ("number", "scale", "offsets"),
    [("3", 1, [0.25]), ("12", 1, [0, 0.5]), ("274", 2 / 3, [0, 1 / 3, 2 / 3])],
)
def test_short_numbers_stand_upright_in_one_em(number: str, scale: float, offsets: list[float]) -> None:
    line = column(f"第{number}室")
    figures = glyphs(line, number)
    assert [glyph.x_em for glyph in figures] == pytest.approx(offsets)
    assert {(glyph.y_em, glyph.turn_deg) for glyph in figures} == {(1, 0)}
    assert [glyph.x_scale for glyph in figures] == pytest.approx([scale] * len(number))
    assert (line.height_em, line.text) == (3, f"第{number}室")


@pytest.mark.parametrize("word", ["2026", "12.5%", "9:00–17:30", "Open", "don’t", "GB/T", "±3℃", "7-2"])
def test_longer_numbers_and_words_are_turned_and_drawn_as_they_are(word: str) -> None:
    line = column(f"一{word}二")
    assert drawn(line) == line.text == f"一{word}二"
    turned = [glyph for glyph in line.characters if glyph.turn_deg == 90]
    assert "".join(glyph.character for glyph in turned) == word
    assert [glyph.x_em for glyph in turned] == pytest.approx([0.12] * len(word))
    assert turned[0].y_em == pytest.approx(1 - 0.88)
    assert line.height_em == pytest.approx(2 + sum(map(measure, word)))


def test_a_single_letter_stands_upright() -> None:
    (letter,) = glyphs(column("甲A座"), "A")
    assert (letter.turn_deg, letter.x_em, letter.y_em) == (0, 0.25, 1)


def test_dashes_make_one_stroke_and_dots_follow_each_other() -> None:
    line = column("一——二……")
    assert [glyph.y_em for glyph in line.characters] == [0, 1, 1.8, 2.8, 3.8, 4.8]


# Columns


def test_a_mark_at_the_end_of_a_column_takes_half_an_em() -> None:
    first, second = break_columns("一二三四五，六七", measure, 5.5)
    assert (first.text, second.text, first.height_em) == ("一二三四五，", "六七", 5.5)


def test_a_mark_that_fills_its_em_takes_a_whole_one() -> None:
    assert break_columns("一二三四五！六七", measure, 5.5)[0].text == "一二三四"
    assert column("一二！").height_em == 3


def test_a_bracket_that_opens_a_column_hangs_above_it() -> None:
    line = column("（一）二")
    assert [glyph.y_em for glyph in line.characters] == [-0.5, 0.5, 1.5, 2.5]


@pytest.mark.parametrize("height_em", [8, 9.5, 11, 13, 16.4])
def test_columns_keep_the_rules_of_lines(height_em: float) -> None:
    columns = break_columns(DUTIES, measure, height_em)
    assert "".join(line.text for line in columns) == DUTIES
    assert all(line.height_em <= height_em + 1e-6 for line in columns)
    assert not any(line.text[0] in "，。；！”）—…·%" for line in columns)
    assert not any(line.text[-1] in "（“" for line in columns)
    for unit in ("2026年7月1日", "3号楼", "274室", "——", "12.5%", "……"):
        assert any(unit in line.text for line in columns)


@pytest.mark.parametrize("width_mm", [20, 40, 80])
def test_columns_fill_a_box_from_the_right_at_the_largest_size(width_mm: float) -> None:
    columns = fit_columns(DUTIES, measure, box(width_mm, 150))
    assert columns.width_mm <= width_mm + 1e-6
    assert columns.height_mm <= 150 + 1e-6
    places = [columns.x_mm(at) for at in range(len(columns.lines))]
    pitch_mm = 1.5 * columns.size_pt * MM_PER_PT
    assert places[-1] == 0
    assert all(right - left == pytest.approx(pitch_mm) for right, left in pairwise(places))
    assert places[0] + columns.size_pt * MM_PER_PT == pytest.approx(columns.width_mm)


def test_a_text_too_long_for_the_floor_is_refused() -> None:
    with pytest.raises(TextTooLong):
        fit_columns(DUTIES * 9, measure, box(20, 50))


def test_a_heading_stays_in_one_column_while_a_size_allows_else_in_balanced_ones() -> None:
    one = vertical_heading("种子繁育岗", measure, box(30, 60, size_pt=60, floor_pt=20))
    two = vertical_heading("第一试验场良种繁育服务岗", measure, box(30, 60, size_pt=60, floor_pt=20))
    assert ([line.text for line in one.lines], one.size_pt) == (["种子繁育岗"], 34)
    assert [line.text for line in two.lines] == ["第一试验场良", "种繁育服务岗"]


# Names


def test_a_name_of_two_characters_is_spread_downwards_to_three_em() -> None:
    line = vertical_name("张三", measure)
    assert ([glyph.y_em for glyph in line.characters], line.height_em, line.text) == ([0, 2], 3, "张三")


def test_an_interpunct_stands_in_the_middle_of_half_an_em_and_of_the_column() -> None:
    line = vertical_name("阿依·买提", measure)
    (dot,) = glyphs(line, "·")
    assert (dot.x_em, dot.y_em) == pytest.approx((1 / 3, 2 - 0.25))
    assert line.height_em == 4.5


@pytest.mark.parametrize("count", [1, 3, 7, 13, 30])
def test_names_stand_in_columns_from_the_right_and_do_not_touch(count: int) -> None:
    names = (["王小明", "张三", "欧阳震华", "阿依古丽·艾合买提"] * 8)[:count]
    placed = _placed(names, box(80, 200))
    em_mm = placed.size_pt * MM_PER_PT
    assert [one.name for one in placed.names] == names
    assert placed.width_mm <= 80 + 1e-6
    assert placed.height_mm <= 200 + 1e-6
    assert [(-one.x_mm, one.y_mm) for one in placed.names] == sorted(
        (-one.x_mm, one.y_mm) for one in placed.names
    )
    for above, below in pairwise(placed.names):
        if above.x_mm == below.x_mm:
            assert below.y_mm - above.y_mm - above.line.height_em * em_mm >= em_mm - 1e-6


def test_names_that_do_not_fit_are_refused_with_the_longest() -> None:
    with pytest.raises(NamesTooMany) as refused:
        _placed(["王小明"] * 29 + ["阿依古丽·艾合买提"], box(20, 40))
    assert refused.value.facts["text"] == "阿依古丽·艾合买提"


def _placed(names: Sequence[str], room: Room) -> NameColumns:
    return vertical_names(names, [measure] * len(names), room, 1)
