"""Names stand in the order the official lists have them, and nothing about strokes is guessed."""

from importlib.resources import files
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaques.name_order import NameOrder, StrokesUnknown, describe, order_names

SURNAMES = (
    "丁于万习马王韦车毛尹巴孔邓石龙卢叶申田史冯邢吉毕朱任刘江汤安许阮孙阴苏李杨吴余沈张陆陈邵"
    "武林罗周郑孟赵胡钟段侯施袁夏徐高郭唐梅曹龚崔阎梁彭董蒋韩谢雷虞詹裴廖谭潘穆魏"
)
STROKE_COUNTS = {
    "一": 1, "乙": 1, "丁": 2, "卜": 2, "马": 3, "万": 3, "王": 4, "凤": 4, "鸟": 5, "龙": 5, "讯": 5,
    "那": 6, "毕": 6, "贞": 6, "骨": 9, "鬼": 9, "禹": 9, "凯": 8, "佩": 8, "姬": 10, "敖": 10, "黄": 11,
    "鹿": 11, "渊": 11, "鼎": 12, "鼓": 13, "蔡": 14, "慧": 15, "霍": 16, "魏": 17, "瞿": 18, "露": 21,
}  # fmt: skip
"""Counted by hand, among them characters that are often miscounted."""

_ROWS = [line.split("\t") for line in (files("plaques") / "data/strokes.tsv").read_text("utf-8").splitlines()]


def ordered(*names: str, rule: NameOrder = NameOrder.STROKES) -> list[str]:
    return list(order_names(names, rule).names)


def test_a_single_given_name_goes_before_longer_ones_or_by_its_own_strokes() -> None:
    names = ("田大利", "田富", "田一鸣")
    assert ordered(*names) == ["田富", "田一鸣", "田大利"]
    assert ordered(*names, rule=NameOrder.NPC) == ["田一鸣", "田大利", "田富"]


def test_as_listed_nothing_moves_and_nothing_is_looked_up() -> None:
    order = order_names(["王五", "丁一", "Li Na"], NameOrder.LISTED)
    assert (order.names, order.places) == (("王五", "丁一", "Li Na"), (0, 1, 2))


def test_surnames_stand_as_in_published_lists() -> None:
    assert ordered(*sorted(SURNAMES)) == list(SURNAMES)


@pytest.mark.parametrize(
    "names",
    [
        ("王一鸣", "文一鸣"),  # 横 before 点
        ("林一", "欧一"),  # 横竖 before 横撇
        ("欧阳少东", "洪少东"),  # a compound surname by its first character
        ("李一鸣", "李大鸣"),
        ("张人", "张入"),  # equal strokes: the list's own order
        ("张人", "张乂"),  # the same across its levels
        ("王丽", "王丽华"),
        ("司马光明", "司徒美"),
    ],
)
def test_the_rules_one_by_one(names: tuple[str, str]) -> None:
    assert ordered(*names) == ordered(*reversed(names)) == list(names)


def test_places_lead_back_to_the_list_and_equal_names_keep_their_order() -> None:
    names = ["王五", "丁一", "王五", "万三"]
    order = order_names(names, NameOrder.STROKES)
    assert order.places == (1, 3, 0, 2)
    assert [names[place] for place in order.places] == list(order.names)


@pytest.mark.parametrize(
    ("names", "name", "character"),
    [
        (("李明", "李\U00020000"), "李\U00020000", "\U00020000"),
        (("阿依·买提", "阿依古丽·买提"), "阿依·买提", "·"),
        (("Li Na", "王五"), "Li Na", "L"),
        (("张玕", "张弄"), "张玕", "玕"),
    ],
)
def test_what_no_source_gives_is_asked(names: tuple[str, str], name: str, character: str) -> None:
    for order in permutations(names):
        with pytest.raises(StrokesUnknown) as refused:
            order_names(order, NameOrder.STROKES)
        assert (refused.value.facts["name"], refused.value.facts["character"]) == (name, character)
        assert f"“{name}”中的“{character}”" in refused.value.zh
        assert "as listed" in refused.value.en


def test_nothing_is_asked_where_the_place_does_not_depend_on_it() -> None:
    assert ordered("李\U00020000", "王·五", "丁一") == ["丁一", "王·五", "李\U00020000"]
    assert ordered("Li Na") == ["Li Na"]


@given(st.lists(st.text("田富大利丁万马王欧阳䶮", min_size=2, max_size=4), max_size=12))
def test_the_order_does_not_depend_on_the_list(names: list[str]) -> None:
    assert ordered(*names) == ordered(*sorted(names)) == ordered(*reversed(names))


def test_the_proof_says_which_order() -> None:
    assert {describe(rule) for rule in NameOrder} == {describe(NameOrder(rule.value)) for rule in NameOrder}
    assert "姓氏笔画" in describe(NameOrder.STROKES)[0]
    assert "人大" in describe(NameOrder.NPC)[0]


def test_the_table_has_the_whole_list_in_its_order() -> None:
    assert [int(number) for _, number, *_ in _ROWS] == list(range(1, 8106))
    assert len({character for character, *_ in _ROWS}) == 8105
    for start, end in pairwise((0, 3500, 6500, 8105)):
        spans = [row[2:] for row in _ROWS[start:end]]
        assert all((len(a[0]), a[0]) <= (len(b[-1]), b[-1]) for a, b in pairwise(spans))


def test_strokes_counted_by_hand() -> None:
    strokes = {character: len(span[0]) for character, _, *span in _ROWS if len(span) == 1}
    assert {character: strokes[character] for character in STROKE_COUNTS} == STROKE_COUNTS
