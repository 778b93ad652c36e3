"""Every plate says all it owes, and nothing on it touches, clips or shrinks below its floor."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import cos, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaques.composition.captions import NAME
from plaques.composition.compose import ModulesTooSmall, chinese_date, compose
from plaques.design.library import load_design
from plaques.design.model import Design
from plaques.marks import Box, Page, Stamp
from plaques.qr import QUIET_ZONE, encode
from plaques.typography.typefaces import MissingGlyph
from plaques.typography.typesetting import MM_PER_PT, TextTooLong
from store.records import Face, PostContent, Product, Stage
from store.roster.headers import Field
from store.roster.texts import LONGEST
from tests.plaques.plates import (
    BASE_URL,
    CODE,
    LONG_DUTIES,
    LONG_NAME,
    NUMBER,
    PLAQUES,
    RARE_NAMES,
    content,
    copy_of,
    face,
    flat,
    page,
    people,
    roster_contents,
)
from tests.plaques.soundness import faults_of

DESIGNS = [*(load_design(Product.PLAQUE, *one) for one in PLAQUES), load_design(Product.BADGE)]


def _label(design: Design) -> str:
    return f"{design.product} {design.name} {design.size}"


def _corners(stamp: Stamp) -> Iterator[tuple[float, float]]:
    em_mm, turn = stamp.size_pt * MM_PER_PT, radians(stamp.turn_deg)
    for along in (-stamp.width_em / 2 * em_mm, stamp.width_em / 2 * em_mm):
        for down in (-em_mm / 2, em_mm / 2):
            yield (
                stamp.center_x_mm + along * cos(turn) + down * sin(turn),
                stamp.center_y_mm - along * sin(turn) + down * cos(turn),
            )


@pytest.mark.parametrize(("design", "size"), PLAQUES)
@pytest.mark.parametrize("stage", Stage)
def test_every_post_of_the_roster_makes_a_sound_plaque(design: str, size: str, stage: Stage) -> None:
    for post in roster_contents():
        drawn = page(face(post, stage), design=design, size=size)
        assert faults_of(drawn, load_design(Product.PLAQUE, design, size)) == []


def test_every_member_of_the_roster_gets_a_sound_badge() -> None:
    for post in roster_contents():
        for member in post.members:
            drawn = page(face(post, holder=member.name), Product.BADGE)
            assert faults_of(drawn, load_design(Product.BADGE)) == []


@pytest.mark.parametrize("number", [1, 3, 7, 12, 26, 30])
@pytest.mark.parametrize("size", ["400x300", "a4"])
@pytest.mark.parametrize(("name", "duties"), [("财务室", "办理报销"), (LONG_NAME, LONG_DUTIES)])
def test_one_name_and_thirty_short_texts_and_long(number: int, size: str, name: str, duties: str) -> None:
    drawn = page(face(content(people(number), name, duties), mark="样张"), size=size)
    assert faults_of(drawn, load_design(Product.PLAQUE, "", size)) == []


_HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
_NAMES = st.lists(st.text(_HAN, min_size=2, max_size=4), min_size=1, max_size=30, unique=True)


@settings(max_examples=25, deadline=None)
@given(
    names=_NAMES,
    name=st.text(_HAN, min_size=2, max_size=30),
    duties=st.lists(st.text(_HAN, min_size=2, max_size=24), min_size=1, max_size=8).map("，".join),
    size=st.sampled_from(["400x300", "a4"]),
)
def test_whatever_a_post_is_called_its_plaque_is_sound(
    names: list[str], name: str, duties: str, size: str
) -> None:
    drawn = page(face(content(tuple(names), name, duties)), size=size)
    assert faults_of(drawn, load_design(Product.PLAQUE, "", size)) == []


@settings(max_examples=25, deadline=None)
@given(
    holder=st.text(_HAN, min_size=2, max_size=4),
    title=st.text(_HAN, max_size=6),
    unit=st.text(_HAN, min_size=3, max_size=24),
    name=st.text(_HAN, min_size=2, max_size=30),
    duties=st.lists(st.text(_HAN, min_size=2, max_size=24), min_size=1, max_size=8).map("，".join),
)
def test_whoever_wears_it_a_badge_is_sound(
    holder: str, title: str, unit: str, name: str, duties: str
) -> None:
    words = face(content((holder, "贾欣甲乙丙"), name, duties), holder=holder)
    drawn = page(replace(words, holder_title=title, branch_name=unit), Product.BADGE)
    assert faults_of(drawn, load_design(Product.BADGE)) == []


def test_the_checks_of_this_file_see_a_fault() -> None:
    design = load_design(Product.PLAQUE)
    drawn = flat(page(face(content())))
    name = next(text for text in drawn.texts if text.part == NAME)
    broken = replace(name, x_mm=-1, baseline_mm=drawn.codes[0].box.center_y_mm, size_pt=2)
    assert len(faults_of(replace(drawn, marks=(*drawn.marks, broken)), design)) == 3
    moved = broken.shifted(drawn.codes[0].box.x_mm + 5, 0)
    assert any("touches" in fault for fault in faults_of(replace(drawn, marks=(*drawn.marks, moved)), design))


@pytest.mark.parametrize("design", DESIGNS, ids=_label)
def test_a_proof_mark_stays_clear_of_the_code_and_under_the_texts(design: Design) -> None:
    drawn = flat(_sample(design, mark="样张"))
    (at,) = (at for at, mark in enumerate(drawn.marks) if isinstance(mark, Stamp))
    stamp = drawn.marks[at]
    assert isinstance(stamp, Stamp)
    assert max(x for x, _ in _corners(stamp)) < drawn.codes[0].box.x_mm
    assert all(drawn.box.holds(Box(x, y, 0, 0)) for x, y in _corners(stamp))
    assert at < min(drawn.marks.index(text) for text in drawn.texts)


@pytest.mark.parametrize("size", ["400x300", "a4"])
def test_a_plaque_bears_the_four_texts_heading_issuer_date_number_and_host(size: str) -> None:
    post = content(("周䶮", "贺杰佳", "贾欣"), "农机作业服务岗", "承担机械作业，保障整备")
    said = [text.text for text in page(face(post, Stage.CREATION), size=size).texts]
    assert said == [
        "创建共产党员示范岗", "扫码核验 · 监督评价", "dj.example.cn",
        "中共场站管理中心委员会", "二〇二六年七月一日",
        "岗位名称", "农机作业服务岗", "工作职责", "承担机械作业，保障整备",
        "岗位党员", "3 名", "周䶮", "贺杰佳", "贾欣",
        f"编号 {NUMBER}",
    ]  # fmt: skip


def test_a_badge_names_its_holder_and_keeps_the_four_texts() -> None:
    said = [text.text for text in page(face(content(), holder="周䶮"), Product.BADGE).texts]
    assert said == [
        "共产党员示范岗", "扫码核验 · 监督评价", "dj.example.cn",
        "园艺场党总支", "农机作业服务岗", "承担机械作业",
        "周䶮", "岗长", "岗位党员 3 名", f"编号 {NUMBER}",
    ]  # fmt: skip


def test_a_badge_has_room_for_long_names_titles_and_units() -> None:
    holder, title, unit = (
        "买买提艾力·阿不都热西提江",
        "第三党小组组长",
        "农业科学与技术学院教学实验农场第一党总支",
    )
    post = content((holder, "贾欣", "张三"))
    drawn = page(face(post, holder=holder, holder_title=title, branch_name=unit), Product.BADGE)
    assert faults_of(drawn, load_design(Product.BADGE)) == []
    assert {holder, title, unit} <= {text.text for text in drawn.texts}


def test_a_badge_without_a_title_leaves_no_hole() -> None:
    drawn = page(face(content(), holder="周䶮", holder_title=""), Product.BADGE)
    assert "holder_title" not in {text.part for text in drawn.texts}


def test_a_badge_shortens_duties_to_whole_clauses_and_never_drops_them() -> None:
    words = face(content(duties=LONG_DUTIES), holder="周䶮")
    printed = "".join(text.text for text in page(words, Product.BADGE).texts if text.part == "duties")
    assert printed.endswith("……")
    kept = printed.removesuffix("……")
    assert LONG_DUTIES.startswith(kept)
    assert LONG_DUTIES[len(kept)] in "，、；。"
    assert len(kept) >= len("负责全校农业科研试验用地的规划")


def test_duties_that_fit_are_printed_whole() -> None:
    words = face(content(duties="巡查。"), holder="周䶮")
    assert [text.text for text in page(words, Product.BADGE).texts if text.part == "duties"] == ["巡查。"]


@pytest.mark.parametrize("product", [Product.PLAQUE, Product.BADGE])
def test_line_ends_in_a_record_become_spaces(product: Product) -> None:
    words = face(content(duties="承担作业\n保障整备"), holder="周䶮" if product is Product.BADGE else "")
    printed = [text.text for text in page(words, product).texts if text.part == "duties"]
    assert printed == ["承担作业 保障整备"]


def test_duties_of_one_endless_clause_are_refused_on_a_badge() -> None:
    with pytest.raises(TextTooLong):
        page(face(content(duties="巡" * 300), holder="周䶮"), Product.BADGE)


def test_names_stand_in_kai_at_one_size_and_in_the_order_given() -> None:
    texts = [text for text in page(face(content(RARE_NAMES))).texts if text.part == NAME]
    assert tuple(text.text for text in texts) == RARE_NAMES
    assert len({text.size_pt for text in texts}) == 1
    assert {text.face_key for text in texts if not text.fell_back} == {"kai"}


def test_a_two_character_name_is_spread_to_three_ems_without_a_blank_in_it() -> None:
    (name,) = (
        text for text in page(face(content(("张三", "王晓明", "李文华")))).texts if text.text == "张三"
    )
    assert [glyph.character for glyph in name.glyphs] == ["张", "三"]
    assert name.width_em == pytest.approx(3)
    assert name.glyphs[1].x_em == pytest.approx(2)


def test_few_names_are_larger_than_many_and_nobody_is_left_alone_in_the_last_row() -> None:
    sizes = []
    for number in (1, 3, 7, 12, 26, 30):
        texts = [text for text in page(face(content(people(number)))).texts if text.part == NAME]
        rows = [text.baseline_mm for text in texts]
        assert rows.count(max(rows)) > 1 or len(set(rows)) in {1, len(rows)}
        sizes.append(texts[0].size_pt)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 2 * sizes[-1]


@pytest.mark.parametrize("design", DESIGNS, ids=_label)
def test_a_code_is_dark_on_its_own_light_tile_and_large_enough(design: Design) -> None:
    (code,) = _sample(design).codes
    assert code.module_mm >= (0.4 if design.product is Product.BADGE else 1)
    assert code.box.width_mm >= 22
    assert code.dark_box.width_mm == pytest.approx(code.matrix.side * code.module_mm)
    assert code.dark_box.x_mm - code.box.x_mm == pytest.approx(QUIET_ZONE * code.module_mm)
    tile = design.palette["tile"]
    assert tile
    assert tile.rgb == "#FFFFFF"
    assert not any(tile.inks)
    assert max(code.color.parts) < 0.2
    assert any(shape.box.holds(code.box) and shape.color == "tile" for shape in design.layout.shapes)


def test_a_missing_glyph_is_refused_with_character_person_and_post() -> None:
    with pytest.raises(MissingGlyph) as refused:
        page(face(content(("王\U0003fff0", "贺杰佳", "贾欣"), name="财务室")))
    facts = refused.value.facts
    assert (facts["character"], facts["code_point"]) == ("\U0003fff0", "U+3FFF0")
    assert (facts["text"], facts["where"]) == ("王\U0003fff0", "财务室")


def test_a_text_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(TextTooLong):
        page(face(content(duties="巡查，" * 230)))
    with pytest.raises(TextTooLong):
        page(face(content(), issuer="中共场站管理中心委员会" * 9))


def test_texts_that_fit_one_by_one_but_not_together_are_refused() -> None:
    design = load_design(Product.PLAQUE)
    column = design.layout.column
    low = replace(column, box=replace(column.box, height_mm=20))
    cramped = replace(design, layout=replace(design.layout, column=low))
    with pytest.raises(TextTooLong):
        _composed(face(content()), cramped)


@pytest.mark.parametrize("size", ["400x300", "a4"])
def test_the_longest_duties_a_roster_takes_fit_above_thirty_names(size: str) -> None:
    duties = (LONG_DUTIES * 2)[: LONGEST[Field.DUTIES]]
    words = face(content(people(30), duties=duties))
    printed = page(words, Product.PLAQUE, "red-gold", size)
    assert "".join(text.text for text in printed.texts if text.part == "duties") == duties


def test_the_longest_name_of_a_post_leaves_a_badge_room_for_duties() -> None:
    name = (LONG_NAME * 2)[: LONGEST[Field.NAME]]
    printed = page(face(content(name=name, duties=LONG_DUTIES), holder="周䶮"), Product.BADGE)
    shown = "".join(text.text for text in printed.texts if text.part == "duties")
    assert shown.endswith("……")
    assert LONG_DUTIES.startswith(shown.removesuffix("……"))


PLAIN_NAMES = tuple(a + b for a in "赵钱孙李周吴" for b in ("文晓", "兰国", "明丽", "建华", "志强"))


def test_twenty_six_names_leave_nobody_alone_in_the_last_row() -> None:
    names = [text for text in page(face(content(PLAIN_NAMES[:26]))).texts if text.part == NAME]
    lowest = max(text.baseline_mm for text in names)
    assert sum(text.baseline_mm > lowest - 1 for text in names) > 1


def test_a_host_too_long_for_readable_modules_is_refused() -> None:
    with pytest.raises(ModulesTooSmall):
        _composed(face(content(), holder="周䶮"), load_design(Product.BADGE), f"https://{'a' * 700}.cn")


def _sample(design: Design, mark: str = "") -> Page:
    words = face(content(), holder="周䶮" if design.product is Product.BADGE else "", mark=mark)
    return page(words, design.product, design.name, design.size)


def _composed(words: Face, design: Design, base_url: str = BASE_URL) -> Page:
    url = CODE.url(base_url)
    matrix = encode(url, design.layout.code.level)
    copy = copy_of(words, design.product)
    return compose(copy, url=url, matrix=matrix, host="dj.example.cn", design=design)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 7, 1), "二〇二六年七月一日"),
        (date(2026, 10, 10), "二〇二六年十月十日"),
        (date(2027, 12, 31), "二〇二七年十二月三十一日"),
        (date(2030, 11, 20), "二〇三〇年十一月二十日"),
    ],
)
def test_dates_stand_in_chinese_numerals(day: date, words: str) -> None:
    assert chinese_date(day) == words


def test_composing_is_pure() -> None:
    post: PostContent = content(people(12))
    assert page(face(post)) == page(face(post))
