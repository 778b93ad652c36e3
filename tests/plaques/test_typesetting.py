"""Lines keep the rules of Chinese typesetting, texts and names the largest size that fits."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaques.typography import breaking, typesetting
from plaques.typography.breaking import Unbreakable
from plaques.typography.typefaces import face_for
from plaques.typography.typesetting import (
    MM_PER_PT,
    Line,
    NameGrid,
    NamesTooMany,
    Room,
    TextTooLong,
    break_lines,
    fit_heading,
    fit_names,
    fit_paragraph,
    set_name,
)
from tests.plaques.line_rules import heading_lines

DUTIES = (
    "承担良种繁育、田间去杂与种子检验，保证教学科研用种（2026年7月1日起，依据《GB/T 15834—2011》），"
    "负责3号楼274室的“种子繁育岗”管理工作——每年完成12.5%以上的提升……"
    "接待阿依古丽·艾合买提等“访问学者”。Open 9:00–17:30, don't wait."
)
OPENING = "“‘（《〈【「『(["
FORBIDDEN_START = "、，。：；！？”’）》〉】」』…—–～·,.:;!?)]}%/-"
_pieces, _UNIT = breaking._piece_pattern, breaking._UNIT  # noqa: SLF001 -- broken on purpose below
UNITS = re.compile(
    r"——|……|\d+年\d+月\d+日|第?\d+(?:[.,:—–-]\d+)*(?:号楼|[年月日号楼室%])?|[A-Za-z]+(?:['-][A-Za-z]+)*"
    r"|阿依古丽·艾合买提"
)


def measure(character: str) -> float:
    """Half an em for ASCII, a third for ·, one em for all others."""
    if character == "·":
        return 1 / 3
    return 0.5 if character.isascii() else 1.0


def faults(text: str, lines: Sequence[Line], width_em: float) -> list[str]:
    """Name every rule of CLREQ 3.1 that the lines break, each checked without the code under test."""
    inner_starts = [line.text for line in lines[1:]]
    inner_ends = [line.text for line in lines[:-1]]
    return [
        *(["text"] if _without_spaces("".join(line.text for line in lines)) != _without_spaces(text) else []),
        *(f"starts: {line}" for line in inner_starts if line[0] in FORBIDDEN_START),
        *(f"ends: {line}" for line in inner_ends if line[-1] in OPENING),
        *(f"wide: {line.text}" for line in lines if line.width_em > width_em + 1e-6),
        *(f"outside: {line.text}" for line in lines if not _is_inside(line)),
        *(f"split: {unit}" for unit in _split_units(text, lines)),
    ]


def box(width_mm: float, height_mm: float, *, size_pt: float = 30, floor_pt: float = 8) -> Room:
    return Room(width_mm=width_mm, height_mm=height_mm, size_pt=size_pt, floor_pt=floor_pt, leading=1.5)


def texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


# Breaking

_han = st.text("承担良种繁育田间去杂与子检验保证教学科研用", min_size=1, max_size=8)
_unit = st.sampled_from(
    ["——", "……", "2026年7月1日", "第3名", "12.5%", "8:00—17:30", "3号楼", "274室", "don't", "well-kept"]
)
_name = st.sampled_from(["阿依古丽·艾合买提，", "阿依古丽·艾合买提和阿依古丽·艾合买提。"])
_bracketed = st.tuples(st.sampled_from(["“”", "（）", "《》", "【】", "‘’", "「」"]), _han).map(
    lambda pair: pair[0][0] + pair[1] + pair[0][1]
)
_mark = st.sampled_from("、，。：；！？")
_spaced = st.sampled_from([" word ", " 40 ", " "])
_text = st.lists(
    st.one_of(_han, _unit, _name, _spaced, _bracketed, st.tuples(_han, _mark).map("".join)), min_size=1
).map("".join)


@settings(deadline=None)
@given(_text, st.floats(20, 60))
def test_any_text_keeps_every_rule(text: str, width_em: float) -> None:
    try:
        lines = break_lines(text, measure, width_em)
    except Unbreakable:
        return
    assert faults(text, lines, width_em) == []


@given(st.text("一二三四五六七八，。", min_size=1), st.integers(5, 30))
def test_no_character_stands_alone_on_the_last_line(text: str, width_em: int) -> None:
    try:
        lines = break_lines(text, measure, width_em)
    except Unbreakable:
        return
    bodies = [re.sub("[，。]", "", line.text) for line in lines]
    assert len(lines) == 1 or len(bodies[-1]) > 1 or len(bodies[-2]) < 3


@pytest.mark.parametrize("key", ["serif", "sans", "kai"])
@pytest.mark.parametrize("width_em", [13, 15.3, 17, 24.8, 40])
def test_a_real_text_in_real_faces_keeps_every_rule(key: str, width_em: float) -> None:
    advance_em = face_for(DUTIES, key, where="种子繁育岗").advance_em
    assert faults(DUTIES, break_lines(DUTIES, advance_em, width_em), width_em) == []


def test_a_refusal_quotes_the_beginning_of_a_long_text_and_its_length() -> None:
    with pytest.raises(TextTooLong, match="390 characters") as refused:
        fit_paragraph("巡查，" * 130, measure, box(50, 10))
    assert "以“巡查，巡查，巡查，巡查，巡查，巡查，巡查”开头的390个字" in refused.value.zh


@pytest.mark.parametrize("bound", ["≤0.5%", "±3℃", "≥98.5%", "￥1,200元"])
def test_no_line_parts_a_number_from_the_sign_before_it(bound: str) -> None:
    lines = break_lines(f"误检率{bound}以内", measure, 5)
    assert any(bound in line.text for line in lines)


@pytest.mark.parametrize(
    ("place", "name", "broken", "fault"),
    [
        (breaking, "_PIECE", _pieces(_UNIT, "。", OPENING), "starts"),
        (breaking, "_PIECE", _pieces(_UNIT, FORBIDDEN_START, "("), "ends"),
        (breaking, "_PIECE", _pieces(".", FORBIDDEN_START, OPENING), "split"),
        (breaking, "_PIECE", re.compile("[^种]+"), "text"),
        (breaking.Measured, "set_to", lambda self, span, _length_em: self.natural(span), "wide"),
        (typesetting, "CLOSING", frozenset(DUTIES), "outside"),
    ],
)
def test_a_setter_with_a_rule_broken_is_found_out(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, broken: Any, fault: str
) -> None:
    monkeypatch.setattr(place, name, broken)
    found = [f for width in range(8, 30) for f in faults(DUTIES, _set_or_nothing(width), width)]
    assert any(f.startswith(fault) for f in found)


def test_reportlabs_way_of_breaking_would_be_found_out() -> None:
    every_ninth = [DUTIES[start : start + 9] for start in range(0, len(DUTIES), 9)]
    found = faults(DUTIES, [Line(characters=_glyphs(line), width_em=9) for line in every_ninth], 9)
    assert {fault.split(":")[0] for fault in found} >= {"starts", "split"}


def test_equal_texts_are_set_equally() -> None:
    assert break_lines(DUTIES, measure, 17) == break_lines(DUTIES, measure, 17)


def test_work_grows_with_the_text_and_no_faster() -> None:
    assert _calls(DUTIES * 40) < 12 * _calls(DUTIES * 4)


# The order of repairs


def test_a_mark_at_the_end_of_a_line_takes_half_an_em() -> None:
    assert texts(break_lines("一二三四五，六七", measure, 5.5)) == ["一二三四五，", "六七"]


def test_neighbouring_marks_share_a_blank_half() -> None:
    (line,) = break_lines("一（二）。“三”", measure, 20)
    assert _positions(line) == [0, 1, 2, 3, 3.5, 4, 5, 6]
    assert line.width_em == 6.5


def test_dashes_make_one_stroke() -> None:
    (line,) = break_lines("一——二", measure, 20)
    assert _positions(line) == [0, 1, 1.8, 2.8]


def test_a_mark_is_drawn_in_where_the_line_can_be_compressed() -> None:
    first, second = break_lines("一，二、三四五，六七八九", measure, 7)
    assert (first.text, second.text) == ("一，二、三四五，", "六七八九")
    assert _positions(first) == [0, 1, 1.75, 2.75, 3.5, 4.5, 5.5, 6.5]
    assert first.width_em == 7


def test_else_the_character_before_it_is_pushed_out() -> None:
    assert texts(break_lines("一二三四五，六七八", measure, 5)) == ["一二三四", "五，六七八"]


def test_a_line_that_falls_short_is_stretched_evenly_to_the_widest() -> None:
    first, second, _rest = break_lines("一" * 20 + "，" + "二" * 25, measure, 20)
    assert (len(first.text), len(second.text)) == (19, 20)
    assert first.width_em == pytest.approx(20)
    assert _steps(first) == pytest.approx([19 / 18] * 18)


def test_a_line_is_left_short_rather_than_torn() -> None:
    first, second = break_lines("一二三四2026年7月1日起", measure, 8)
    assert texts((first, second)) == ["一二三四", "2026年7月1日起"]
    assert first.width_em == 4


def test_stretching_leaves_words_numbers_and_dashes_alone() -> None:
    line, *_rest = break_lines("一二三四五六七八九十12.5%一二三四五——六七八，" + "九" * 20, measure, 21)
    assert line.width_em == pytest.approx(21)
    steps = {
        left + right: step for (left, right), step in zip(pairwise(line.text), _steps(line), strict=True)
    }
    assert [steps[pair] for pair in ("12", "2.", ".5", "5%", "——")] == pytest.approx([0.5] * 4 + [0.8])
    assert steps["一二"] > 1


def test_a_lonely_last_character_is_given_company() -> None:
    assert texts(break_lines("一二三四五六七八九十一", measure, 10)) == ["一二三四五六七八九", "十一"]


def test_a_lonely_last_character_is_drawn_in_where_the_line_can_be_compressed() -> None:
    assert texts(break_lines("一，二，三，四，五六。", measure, 9.5)) == ["一，二，三，四，五六。"]


def test_spaces_at_a_break_are_dropped() -> None:
    assert texts(break_lines(" good seed 一二三 ", measure, 3)) == ["good", "seed", "一二三"]
    assert break_lines(" ", measure, 4) == ()


def test_what_may_not_be_split_is_refused_when_wider_than_the_line() -> None:
    with pytest.raises(Unbreakable) as refused:
        break_lines("咨询电话01062812345", measure, 5)
    assert refused.value.facts == {"text": "01062812345"}
    assert "不得拆行" in refused.value.zh


def test_balanced_lines_are_as_few_and_as_even_as_can_be() -> None:
    lines = heading_lines("第一试验场种子繁育与良种推广服务示范岗", measure, 14)
    assert texts(lines) == ["第一试验场种子繁育与", "良种推广服务示范岗"]
    assert lines[1].width_em == 9


def test_words_that_may_not_be_split_bound_how_even_lines_can_be() -> None:
    lines = heading_lines("2026年7月1日起实行", measure, 7)
    assert texts(lines) == ["2026年7月1日", "起实行"]


def test_a_last_character_stays_alone_where_the_line_before_has_none_to_spare() -> None:
    assert texts(break_lines("2026年7月1日起", measure, 6)) == ["2026年7月1日", "起"]


# Fitting


@pytest.mark.parametrize("height_mm", [18, 25, 40, 60, 90])
def test_a_paragraph_is_set_at_the_largest_size_that_fits(height_mm: float) -> None:
    room = box(150, height_mm)
    paragraph = fit_paragraph(DUTIES, measure, room)
    assert paragraph.height_mm <= height_mm
    assert paragraph.width_mm <= 150 + 1e-6
    assert paragraph.size_pt % 0.5 == 0
    assert paragraph.size_pt == 30 or not _fits(DUTIES, paragraph.size_pt + 0.5, room)


def test_a_size_off_the_half_point_grid_is_reached_and_the_floor_not_passed() -> None:
    assert fit_paragraph("一", measure, box(100, 50, size_pt=12.3, floor_pt=12.3)).size_pt == 12.3
    with pytest.raises(TextTooLong):
        fit_paragraph("一" * 9, measure, box(9 * 8 * MM_PER_PT - 0.1, 8 * MM_PER_PT))


def test_a_text_too_long_for_the_floor_is_refused_with_its_numbers() -> None:
    with pytest.raises(TextTooLong) as refused:
        fit_paragraph(DUTIES * 9, measure, box(100, 50, floor_pt=9.5))
    assert (refused.value.facts["text"], refused.value.facts["floor_pt"]) == (DUTIES * 9, 9.5)
    assert "100×50毫米内以最小字号9.5磅仍排不下" in refused.value.zh
    assert "floor of 9.5 pt" in refused.value.en


def test_a_heading_stays_in_one_line_while_a_size_allows() -> None:
    heading = fit_heading("种子繁育岗", measure, box(60, 30, size_pt=60, floor_pt=20))
    assert texts(heading.lines) == ["种子繁育岗"]
    assert heading.size_pt == 34


def test_a_heading_takes_two_balanced_lines_when_it_must() -> None:
    heading = fit_heading("第一试验场良种繁育服务岗", measure, box(60, 30, size_pt=60, floor_pt=20))
    assert texts(heading.lines) == ["第一试验场良", "种繁育服务岗"]


def test_a_heading_too_long_for_two_lines_is_refused() -> None:
    with pytest.raises(TextTooLong):
        fit_heading("第一试验场" * 9, measure, box(60, 30, size_pt=60, floor_pt=20))


# Names


def test_a_name_of_two_characters_is_spread_to_three_em() -> None:
    line = set_name("张三", measure)
    assert (line.text, _positions(line), line.width_em) == ("张三", [0, 2], 3)


def test_a_narrow_fallback_character_still_fills_its_em() -> None:
    line = set_name("李𪚥", lambda character: 0.96 if character == "𪚥" else 1)
    assert _positions(line) == pytest.approx([0, 2.02])
    assert line.width_em == 3


@pytest.mark.parametrize("name", ["张三丰", "欧阳震华"])
def test_longer_names_are_set_solid(name: str) -> None:
    line = set_name(name, measure)
    assert _positions(line) == list(range(len(name)))
    assert line.width_em == len(name)


@pytest.mark.parametrize("dot_em", [0.33, 0.5, 1.0])
def test_an_interpunct_stands_in_the_middle_of_half_an_em(dot_em: float) -> None:
    line = set_name("阿依·买提", lambda character: dot_em if character == "·" else 1)
    assert _positions(line) == pytest.approx([0, 1, 2.25 - dot_em / 2, 2.5, 3.5])
    assert line.width_em == 4.5


def test_latin_names_keep_their_spaces() -> None:
    line = set_name("Li Na", measure)
    assert (line.text, line.width_em) == ("Li Na", 2.5)
    assert set_name("Li", measure).width_em == 1


@pytest.mark.parametrize("count", [*range(1, 31), 60])
def test_names_fit_at_one_size_in_their_order_and_do_not_touch(count: int) -> None:
    names = _names(count)
    grid = _grid(names, box(260, 60))
    assert [cell.name for cell in grid.cells] == names
    assert grid.width_mm <= 260 + 1e-6
    assert grid.height_mm <= 60 + 1e-6
    assert [(c.row, c.x_mm) for c in grid.cells] == sorted((c.row, c.x_mm) for c in grid.cells)
    assert all(gap >= grid.size_pt * MM_PER_PT - 1e-6 for gap in _gaps(grid))


@pytest.mark.parametrize(
    ("count", "rows"), [(3, [3]), (4, [4]), (7, [4, 3]), (13, [5, 5, 3]), (26, [9, 9, 8])]
)
def test_rows_are_few_and_none_ends_with_one_name_alone(count: int, rows: list[int]) -> None:
    grid = _grid(["王小明"] * count, box(400 if count > 13 else 240, 60))
    assert [sum(cell.row == row for cell in grid.cells) for row in range(grid.rows)] == rows


def test_one_long_name_spans_columns_instead_of_costing_everybodys_size() -> None:
    long_name = "阿依古丽·艾合买提"
    spanned = _grid([*["王小明"] * 12, long_name, *["李四"] * 13], box(260, 55))
    assert spanned.size_pt > 1.4 * _grid([long_name] * 26, box(260, 55)).size_pt
    assert spanned.cells[13].x_mm - spanned.cells[12].x_mm > 2 * (
        spanned.cells[1].x_mm - spanned.cells[0].x_mm
    )


def test_names_that_do_not_fit_at_the_floor_are_refused_with_the_longest() -> None:
    with pytest.raises(NamesTooMany) as refused:
        _grid(["王小明"] * 29 + ["阿依古丽·艾合买提"], box(80, 20, floor_pt=12))
    assert (refused.value.facts["text"], refused.value.facts["count"]) == ("阿依古丽·艾合买提", 30)
    assert "30个姓名" in refused.value.zh
    assert isinstance(refused.value, TextTooLong)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["张三", "王小明", "欧阳震华", "阿依古丽·艾合买提", "Li Na"]), min_size=1))
def test_any_names_fit_or_are_refused(names: list[str]) -> None:
    room = box(150, 40)
    try:
        grid = _grid(names, room)
    except NamesTooMany:
        return
    assert grid.width_mm <= 150 + 1e-6
    assert grid.height_mm <= 40 + 1e-6
    assert all(gap >= grid.size_pt * MM_PER_PT - 1e-6 for gap in _gaps(grid))


def _without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def _is_inside(line: Line) -> bool:
    return all(left >= -1e-6 and right <= line.width_em + 1e-6 for left, right in map(_ink, line.characters))


def _ink(glyph: typesetting.Glyph) -> tuple[float, float]:
    """Where the drawn part of a character may be: half of a full-width mark is blank."""
    start = glyph.x_em + (0.5 if glyph.character in "“‘（《〈【「『" else 0)
    half = glyph.character in "“‘（《〈【「『、，。：；！？”’）》〉】」』"
    return start, start + (0.25 if half or glyph.character.isascii() else 0.8)


def _split_units(text: str, lines: Sequence[Line]) -> Iterator[str]:
    solid = _without_spaces(text)
    ends, reached = set(), 0
    for line in lines:
        reached += len(_without_spaces(line.text))
        ends.add(reached)
    for unit in UNITS.finditer(solid):
        if any(unit.start() < end < unit.end() for end in ends) and not _was_spaced(text, unit.group()):
            yield unit.group()


def _was_spaced(text: str, unit: str) -> bool:
    return unit not in text


def _set_or_nothing(width_em: float) -> tuple[Line, ...]:
    try:
        return break_lines(DUTIES, partial(measure), width_em)  # measured anew, by the rules of the moment
    except Unbreakable:
        return ()


def _glyphs(text: str) -> tuple[typesetting.Glyph, ...]:
    return tuple(typesetting.Glyph(character, x) for x, character in enumerate(text))


def _positions(line: Line) -> list[float]:
    return [glyph.x_em for glyph in line.characters]


def _steps(line: Line) -> list[float]:
    return [right - left for left, right in pairwise(_positions(line))]


def _calls(text: str) -> int:
    """Count the functions called to set a text, which is what it costs."""
    calls = 0

    def count(_frame: Any, _event: str, _argument: Any) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        break_lines(text, measure, 17)
    finally:
        sys.setprofile(None)
    return calls


def _fits(text: str, size_pt: float, room: Room) -> bool:
    lines = break_lines(text, measure, room.width_mm / (size_pt * MM_PER_PT))
    height_em = 1 + (len(lines) - 1) * room.leading
    return height_em * size_pt * MM_PER_PT <= room.height_mm


def _names(count: int) -> list[str]:
    return (["王小明", "张三", "欧阳震华", "阿依古丽·艾合买提", "Li Na", "䶮𬱖"] * 10)[:count]


def _grid(names: Sequence[str], room: Room) -> NameGrid:
    measures: list[Callable[[str], float]] = [measure] * len(names)
    return fit_names(names, measures, room, 1)


def _gaps(grid: NameGrid) -> Iterator[float]:
    for left, right in pairwise(grid.cells):
        if left.row == right.row:
            yield right.x_mm - left.x_mm - left.line.width_em * grid.size_pt * MM_PER_PT
