"""Headers, titles, signatures, merged areas, several sheets: how a table may stand in a file."""

import pytest

from store.records import CollectiveKind, PostKind
from store.roster import Layout
from tests.rosters import GOOD, HEADER, csv_text, faults, filled, good, notices, read, saved, workbook

PERSONS = ("党总支", "岗位名称", "岗位类型", "集体类型", "岗位地点", "工作职责", "姓名", "是否党员", "职务")


def person(name: str, member: str = "是", title: str = "", **changes: str) -> tuple[str, ...]:
    values = {**GOOD, "姓名": name, "是否党员": member, "职务": title, **changes}
    return tuple(values[heading] for heading in PERSONS)


def three_persons() -> list[tuple[str, ...]]:
    return [person("张伟", title="岗长"), person("王芳"), person("李娜")]


def test_titles_above_and_blank_rows_and_signatures_below_are_passed_over() -> None:
    data = workbook(
        ("共产党员示范岗申报汇总表",),
        (),
        ("填报单位：园艺场党总支", None, None, "2026年6月12日"),
        HEADER,
        good(),
        (),
        good(岗位名称="果园"),
        ("合计", None, None, None, None, None, 6),
        ("备注：以上人员均已公示",),
        (None, "填表人：赵敏", None, "审核人：", None, "（盖章）"),
    )
    assert [row.row for row in read(data).rows] == [5, 7]
    assert len(notices(data)) == len(["合计", "备注", "填表人"]) + len("张王李")


def test_a_post_that_sounds_like_a_signature_is_read() -> None:
    for name in ("审核", "盖章", "备注", "合计"):
        data = workbook(HEADER, good(党总支=None, 岗位名称=name))
        assert ["第2行 A列“党总支”" in fault for fault in faults(data)] == [True]


@pytest.mark.parametrize(
    "headings",
    [
        (
            "所属党总支",
            "示范岗名称",
            "类别",
            "集体类别",
            "位置",
            "岗位职责",
            "党员名单",
            "非党员人员",
            "承诺",
            "党员数",
        ),
        (
            "单位",
            "岗 位\n名 称",
            "类型",
            "集体类型",
            "地点",
            "职 责",
            "党员姓名（全部）",
            "其他人员",
            "承诺",
            "人数（人）",
        ),
        (
            "推荐单位",
            "*岗位名称",
            "岗位类别：",
            "集体类型",
            "办公地点",
            "主要职责",
            "岗位党员",
            "非党员",
            "公开承诺",
            "岗位党员数量",
        ),
        (
            "Branch",
            "Post name",
            "Kind",
            "Subtype",
            "Place",
            "Duties",
            "Members",
            "Other staff",
            "Pledge",
            "Count",
        ),
    ],
)
def test_headings_are_known_by_their_synonyms(headings: tuple[str, ...]) -> None:
    (row,) = read(workbook(headings, good(党员人数=3, 公开承诺="随叫随到"))).rows
    assert row.branch_name == "园艺场党总支"
    assert row.content.collective_kind is CollectiveKind.SERVICE_POST
    assert row.content.commitment == "随叫随到"


def test_columns_may_stand_in_any_order() -> None:
    assert read(workbook(HEADER[::-1], good()[::-1])).rows == read(workbook(HEADER, good())).rows


def test_an_unknown_column_is_passed_over_with_a_notice_and_a_serial_number_without() -> None:
    data = workbook(("序号", *HEADER, "联系电话"), (1, *good(), 62730000))
    assert notices(data) == ["第1行 L列“联系电话”：名册用不到这一列，未读取。"]


def test_a_header_of_two_rows_is_read_together() -> None:
    sheet = filled(
        ("党总支", "岗位", None, None, None, None, "党员", None),
        (None, "名称", "类型", "集体类型", "地点", "职责", "姓名", "人数"),
        ("园艺场党总支", "苗圃", "集体", "办公室", "东门", "育苗", "张伟、王芳、李娜", 3),
    )
    for area in ("A1:A2", "B1:F1", "G1:H1"):
        sheet.merge_cells(area)
    (row,) = read(saved(sheet)).rows
    assert row.content.name == "苗圃"
    assert len(row.content.members) == 3


def test_a_header_repeated_on_every_page_is_no_post() -> None:
    assert len(read(workbook(HEADER, good(), HEADER, good(岗位名称="果园"))).rows) == 2


def test_missing_columns_are_one_fault_that_lists_what_was_found() -> None:
    (fault,) = faults(
        workbook(("党总支", "岗位名称", "岗位类型", "电话"), ("园艺场党总支", "苗圃", "集体", "1"))
    )
    assert "表头缺少：“工作职责”、“党员姓名”" in fault
    assert "现有的列是：“党总支”、“岗位名称”、“岗位类型”、“电话”" in fault


def test_no_header_is_one_fault_that_shows_the_first_row() -> None:
    (fault,) = faults(workbook(("园艺场党总支", "苗圃"), ("果园", "集体")))
    assert "没有找到表头；第一行内容是：“园艺场党总支”、“苗圃”" in fault


def test_a_header_with_nothing_below_is_a_fault() -> None:
    (fault,) = faults(workbook(HEADER))
    assert "没有填写任何岗位" in fault


def test_two_columns_for_one_thing_are_a_fault_unless_one_is_the_more_exact() -> None:
    (fault,) = faults(workbook((*HEADER, "党员名单"), (*good(), "赵敏")))
    assert "第1行 K列“党员名单”：与G列“党员姓名”重复" in fault
    assert notices(workbook(("单位", *HEADER), ("园艺场", *good()))) == [
        "第1行 A列“单位”：已另有更明确的列，这一列未读取。"
    ]


def test_merged_cells_fill_down_and_blank_cells_do_not() -> None:
    sheet = filled(HEADER, good(), good(党总支=None, 岗位名称="果园"), good(党总支=None, 岗位名称="冷库"))
    sheet.merge_cells("A2:A3")
    (fault,) = faults(saved(sheet))
    assert fault.startswith("第4行 A列“党总支”：没有填写“党总支”；依据实施方案")


def test_a_row_left_blank_inside_a_merged_area_is_blank() -> None:
    empty = (None,) * len(HEADER)
    sheet = filled(HEADER, good(), empty, good(党总支=None, 岗位名称="果园"), empty)
    sheet.merge_cells("A2:A5")
    assert [row.row for row in read(saved(sheet)).rows] == [2, 4]


def test_a_post_whose_every_cell_is_merged_over_two_rows_is_one_post() -> None:
    sheet = filled(HEADER, good(), (None,) * len(HEADER), good(岗位名称="果园"))
    for column in "ABCDEFGHIJ":
        sheet.merge_cells(f"{column}2:{column}3")
    assert [row.row for row in read(saved(sheet)).rows] == [2, 4]


def test_titles_and_remarks_merged_across_the_table_are_passed_over_with_a_notice() -> None:
    sheet = filled(HEADER, ("一、机关",), good(), ("以上岗位经总支委员会研究同意，现予上报。",))
    for row in (2, 4):
        sheet.merge_cells(f"A{row}:J{row}")
    assert [row.row for row in read(saved(sheet)).rows] == [3]
    told = [notice for notice in notices(saved(sheet)) if "通栏" in notice]
    assert [notice.partition("：")[0] for notice in told] == ["第2行", "第4行"]


def test_a_person_beside_merged_cells_is_read_though_the_rest_of_the_row_is_merged() -> None:
    sheet = filled(PERSONS, *three_persons())
    for column in "ABCDEFH":
        sheet.merge_cells(f"{column}2:{column}4")
    (row,) = read(saved(sheet)).rows
    assert [member.name for member in row.content.members] == ["张伟", "王芳", "李娜"]


def test_a_column_that_a_post_needs_and_the_table_lacks_is_named_as_missing() -> None:
    at = HEADER.index("集体类型")
    header, row = (line[:at] + line[at + 1 :] for line in (HEADER, good()))
    (fault,) = faults(workbook(header, row))
    assert "表头没有“集体类型”这一列" in fault
    assert "F3" in fault


def test_a_merged_area_never_fills_across_into_another_column() -> None:
    sheet = filled(HEADER, good(工作职责=None, 岗位地点="东门育苗"))
    sheet.merge_cells("E2:F2")
    (fault,) = faults(saved(sheet))
    assert "F列“工作职责”" in fault


def test_hidden_rows_and_columns_are_read_with_a_notice() -> None:
    sheet = filled(HEADER, good(), good(岗位名称="果园", 党员姓名="赵敏、孙丽、周军"))
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["I"].hidden = True
    assert len(read(saved(sheet)).rows) == 2
    assert notices(saved(sheet)) == [
        "第1行 I列“公开承诺”：这一列已隐藏，仍已读取。",
        "第3行：这一行已隐藏，仍已读取。",
    ]


def test_every_visible_sheet_with_a_header_is_read_and_named() -> None:
    sheet = filled(HEADER, good())
    assert sheet.parent
    second = sheet.parent.create_sheet("第二批")
    hidden = sheet.parent.create_sheet("旧表")
    notes = sheet.parent.create_sheet("说明")
    for target in (second, hidden):
        target.append(HEADER)
        target.append(good(岗位名称=target.title, 党员姓名="赵敏、孙丽、周军"))
    hidden.sheet_state = "hidden"
    notes.append(("填写说明：一岗一行",))
    assert [row.content.name for row in read(saved(sheet)).rows] == ["苗圃", "第二批"]
    assert notices(saved(sheet)) == [
        "工作表“旧表” 整个表格：这张工作表已隐藏，未读取。",
        "工作表“说明” 整个表格：没有表头，这张工作表未读取。",
    ]
    second.append(good(岗位名称="苗圃", 党员姓名="吴一、吴二、吴三"))
    (fault,) = faults(saved(sheet))
    assert "工作表“第二批” 第3行 B列“岗位名称”：“园艺场党总支”的岗位“苗圃”与工作表“Sheet” 第2行重复" in fault


def test_sheets_of_both_layouts_are_not_mixed() -> None:
    sheet = filled(HEADER, good())
    assert sheet.parent
    second = sheet.parent.create_sheet("人员")
    for row in (PERSONS, *three_persons()):
        second.append(row)
    (fault,) = faults(saved(sheet))
    assert "一张按岗位，一张按人员" in fault


def test_persons_of_one_post_are_gathered_even_when_they_stand_apart() -> None:
    one, two, three = three_persons()
    other = [person(name, 岗位名称="果园") for name in ("赵敏", "孙丽", "周军")]
    roster = read(workbook(PERSONS, one, *other, two, three, person("钱平", "群众", "成员")))
    assert roster.layout is Layout.PER_PERSON
    assert [row.row for row in roster.rows] == [2, 3]
    content = roster.rows[0].content
    assert [(member.name, member.title) for member in content.members] == [
        ("张伟", "岗长"),
        ("王芳", ""),
        ("李娜", ""),
    ]
    assert content.other_staff == ("钱平",)


def test_rows_of_one_post_that_disagree_are_named_both() -> None:
    rows = [*three_persons(), person("赵敏", 工作职责="守门"), person("孙丽", 岗位地点="")]
    first, second = faults(workbook(PERSONS, *rows))
    assert first.startswith(
        "第5行 F列“工作职责”：“工作职责”与第2行同一岗位的不一致：第2行是“育苗供苗”，这里是“守门”"
    )
    assert second.startswith("第6行 E列“岗位地点”")


@pytest.mark.parametrize("yes", ["是", "√", "党员", "中共党员", "正式党员", "TRUE", "Y", True, 1])
def test_words_for_a_member(yes: object) -> None:
    rows = [(*person(name)[:7], yes, "") for name in ("张伟", "王芳", "李娜")]
    assert len(read(workbook(PERSONS, *rows)).rows[0].content.members) == 3


@pytest.mark.parametrize(
    "no", ["否", "×", "群众", "共青团员", "非党员", "FALSE", False, "预备党员", "中共预备党员"]
)
def test_words_for_other_staff(no: object) -> None:
    rows = [*three_persons(), (*person("赵敏")[:7], no, "")]
    assert read(workbook(PERSONS, *rows)).rows[0].content.other_staff == ("赵敏",)


def test_a_probationary_member_does_not_make_up_the_number() -> None:
    rows = [person("张伟"), person("王芳"), person("李娜", "预备党员")]
    (fault,) = faults(workbook(PERSONS, *rows))
    assert "只有2名党员" in fault
    assert any(
        "预备党员" in notice
        for notice in notices(workbook(PERSONS, *three_persons(), person("钱平", "预备党员")))
    )


def test_an_unknown_or_missing_membership_is_a_fault_and_judged_no_further() -> None:
    unknown, blank = faults(workbook(PERSONS, person("张伟", "也许"), person("王芳", "")))
    assert "“也许”看不出是不是党员" in unknown
    assert "没有填写“是否党员”" in blank


def test_one_row_holds_one_person() -> None:
    (fault,) = faults(workbook(PERSONS, *three_persons(), person("赵敏、孙丽")))
    assert "第5行 G列“姓名”：一格里有2个姓名" in fault


def test_a_person_without_branch_post_or_name_is_a_fault_of_its_own() -> None:
    rows = [*three_persons(), person("赵敏", 党总支=""), person("孙丽", 岗位名称=""), person("")]
    assert [fault.split("：")[0] for fault in faults(workbook(PERSONS, *rows))] == [
        "第5行 A列“党总支”",
        "第6行 B列“岗位名称”",
        "第7行 G列“姓名”",
    ]


def test_the_name_column_of_persons_may_be_headed_as_that_of_posts() -> None:
    header = tuple("党员姓名" if heading == "姓名" else heading for heading in PERSONS)
    assert read(workbook(header, *three_persons())).layout is Layout.PER_PERSON


def test_names_without_a_column_for_membership_are_not_guessed_at() -> None:
    header = tuple("姓名" if heading == "党员姓名" else heading for heading in HEADER)
    (fault,) = faults(workbook(header, good()))
    assert "表头缺少：“是否党员”" in fault


def test_an_individual_post_of_persons_needs_a_member() -> None:
    alone = person("张伟", "群众", 岗位类型="个人", 集体类型="")
    (fault,) = faults(workbook(PERSONS, alone))
    assert "个人示范岗的“张伟”不是党员" in fault
    member = person("张伟", "是", 岗位类型="个人示范岗", 集体类型="无")
    assert read(workbook(PERSONS, member)).rows[0].content.kind is PostKind.INDIVIDUAL


def test_rows_of_csv_are_lines_of_the_file() -> None:
    text = csv_text(("申报表",), HEADER, good(工作职责="育苗\n供苗"), (), good(岗位名称=""))
    (fault,) = faults(text.encode(), "名册.csv")
    assert fault.startswith("第6行 B列“岗位名称”")


def test_a_notice_and_a_fault_are_said_in_english_too() -> None:
    data = workbook((*HEADER, "备注"), (*good(), "x"))
    assert read(data).notices[0].en == (
        "Row 1, column K “备注”: a roster has no use for this column, which was passed over."
    )


def test_a_persons_formula_is_a_fault_of_its_cell_alone() -> None:
    rows = [*three_persons(), (*person("赵敏")[:6], "=A1", "=B1", "")]
    assert [fault.split("：")[0] for fault in faults(workbook(PERSONS, *rows))] == [
        "第5行 G列“姓名”",
        "第5行 H列“是否党员”",
    ]
