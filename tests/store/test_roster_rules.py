"""One thing wrong in a roster that is otherwise right: one fault, with its clause."""

from datetime import UTC, date, datetime

import pytest

from store.records import CollectiveKind, Member, PostKind
from store.roster.columns import find_tables
from store.roster.faults import Findings
from store.roster.posts import read_posts
from store.roster.tables import read_sheets
from store.roster.words import read_count
from tests.rosters import HEADER, faults, filled, good, notices, read, saved, workbook


@pytest.mark.parametrize(
    ("changes", "where", "what", "clause"),
    [
        ({"党总支": None}, "A列“党总支”", "没有填写", "F5"),
        ({"岗位名称": None}, "B列“岗位名称”", "没有填写", "F10"),
        ({"岗位类型": None}, "C列“岗位类型”", "没有填写", "F1"),
        ({"岗位类型": "团体"}, "C列“岗位类型”", "“团体”不是岗位类型", "F1"),
        ({"集体类型": None}, "D列“集体类型”", "没有填写", "F3"),
        ({"集体类型": "车间"}, "D列“集体类型”", "“车间”不是集体类型", "F3"),
        ({"岗位类型": "个人", "党员姓名": "张伟"}, "D列“集体类型”", "个人示范岗填了集体类型", "F3"),
        ({"岗位类型": "个人", "集体类型": None}, "G列“党员姓名”", "写了3个人", "F2"),
        (
            {"岗位类型": "个人", "集体类型": None, "党员姓名": "张伟", "其他人员": "王芳"},
            "G列“党员姓名”",
            "写了2个人",
            "F2",
        ),
        ({"党员姓名": "张伟、王芳", "其他人员": "李娜、赵敏"}, "G列“党员姓名”", "只有2名党员，少于3名", "F4"),
        ({"党员姓名": None}, "G列“党员姓名”", "没有填写", "F10"),
        ({"工作职责": "　"}, "F列“工作职责”", "没有填写", "F10"),
        ({"工作职责": "\u200b"}, "F列“工作职责”", "没有填写", "F10"),
        ({"工作职责": "管" * 301}, "F列“工作职责”", "有301个字，超过300个字", "F10"),
        ({"岗位名称": "岗" * 41}, "B列“岗位名称”", "有41个字，超过40个字", "F10"),
        ({"岗位地点": "楼" * 61}, "E列“岗位地点”", "有61个字，超过60个字", "F8"),
        ({"公开承诺": "诺" * 101}, "I列“公开承诺”", "有101个字，超过100个字", "F34"),
        ({"岗位名称": "苗\ufffd"}, "B列“岗位名称”", "有字符已经损坏", "F10"),
        ({"岗位名称": "苗锟斤拷圃"}, "B列“岗位名称”", "有字符已经损坏", "F10"),
        ({"工作职责": "育苗_x0007_"}, "F列“工作职责”", "U+0007（控制字符）", "F10"),
        ({"岗位地点": "\ue000"}, "E列“岗位地点”", "U+E000（自造字", "F8"),
        ({"党员姓名": "张伟、王芳、李娜、赵"}, "G列“党员姓名”", "“赵”作为姓名只有一个字", "F10"),
        ({"党员姓名": "张伟、王芳、李娜3"}, "G列“党员姓名”", "含有“3”（U+0033，数字）", "F10"),
        ({"党员姓名": "张伟、王芳、李娜等"}, "G列“党员姓名”", "“李娜等”里有“等”或人数", "F10"),
        ({"党员姓名": "张伟、王芳、李娜、赵敏（群众）"}, "G列“党员姓名”", "注明为“群众”，不能计入党员", "F4"),
        ({"党员姓名": "张伟、王芳、李娜、张 伟"}, "G列“党员姓名”", "“张伟”在同一岗位重复出现", "F10"),
        ({"其他人员": "张伟"}, "H列“其他人员”", "“张伟”在同一岗位重复出现", "F10"),
        ({"党员姓名": "张伟（" + "长" * 21 + "）、王芳、李娜"}, "G列“党员姓名”", "职务有21个字", "F10"),
        ({"党员人数": 4}, "J列“党员人数”", "填写的党员人数是4，列出的党员姓名有3个", "F10"),
        ({"党员人数": "若干"}, "J列“党员人数”", "“若干”不是人数", "F10"),
        ({"党员人数": "=COUNTA(G2)"}, "J列“党员人数”", "是公式", "F10"),
        ({"岗位名称": '=HYPERLINK("http://127.0.0.1")'}, "B列“岗位名称”", "是公式", "F10"),
        ({"岗位地点": date(2026, 3, 1)}, "E列“岗位地点”", "被 Excel 当成了日期或时间", "F8"),
        (
            {"岗位地点": datetime(2026, 3, 1, 8, 0, tzinfo=UTC).replace(tzinfo=None)},
            "E列“岗位地点”",
            "日期",
            "F8",
        ),
        ({"工作职责": "#REF!"}, "F列“工作职责”", "单元格显示错误值“#REF!”", "F10"),
    ],
)
def test_one_thing_wrong_is_one_fault(changes: dict[str, object], where: str, what: str, clause: str) -> None:
    (fault,) = faults(workbook(HEADER, good(**changes), good(岗位名称="果园", 党员姓名="吴一、吴二、吴三")))
    assert fault.startswith(f"第2行 {where}：")
    assert what in fault
    assert f"（{clause}）；请" in fault


def test_several_things_wrong_in_one_row_are_as_many_faults() -> None:
    assert (
        len(
            faults(
                workbook(HEADER, good(岗位名称=None, 工作职责=None, 岗位类型="团体", 党员姓名="张伟、王3"))
            )
        )
        == 4
    )


def test_a_post_named_twice_in_a_branch_is_a_fault_and_in_two_branches_none() -> None:
    again = good(党员姓名="吴一、吴二、吴三")
    (fault,) = faults(workbook(HEADER, good(), again))
    assert fault.startswith("第3行 B列“岗位名称”：“园艺场党总支”的岗位“苗圃”与第2行重复")
    elsewhere = good(党总支="畜牧站党总支")
    assert faults(workbook(HEADER, good(), elsewhere)) == []


def test_somebody_in_two_posts_of_a_branch_is_only_noted() -> None:
    alone = good(岗位名称="标本馆", 岗位类型="个人", 集体类型=None, 党员姓名="张伟")
    assert notices(workbook(HEADER, good(), alone)) == [
        "第3行 G列“党员姓名”：“张伟”在第2行的岗位里也有，请核对是否同一人。"
    ]


@pytest.mark.parametrize("kind", ["集体", "集体示范岗", " 集 体 ", "集体岗"])
@pytest.mark.parametrize(
    ("written", "subtype"),
    [
        ("办公室", CollectiveKind.OFFICE),
        ("服务岗位", CollectiveKind.SERVICE_POST),
        ("岗位", CollectiveKind.SERVICE_POST),
        ("服务岗", CollectiveKind.SERVICE_POST),
        ("支部", CollectiveKind.BRANCH),
        ("党支部", CollectiveKind.BRANCH),
    ],
)
def test_words_for_kinds(kind: str, written: str, subtype: CollectiveKind) -> None:
    (row,) = read(workbook(HEADER, good(岗位类型=kind, 集体类型=written))).rows
    assert (row.content.kind, row.content.collective_kind) == (PostKind.COLLECTIVE, subtype)


@pytest.mark.parametrize("nothing", ["无", "—", "/", "-", "　", None])
def test_optional_cells_may_say_that_they_are_empty(nothing: str | None) -> None:
    individual = good(
        岗位类型="个人",
        集体类型=nothing,
        党员姓名="张伟",
        其他人员=nothing,
        公开承诺=nothing,
        党员人数=nothing,
    )
    content = read(workbook(HEADER, individual)).rows[0].content
    assert (content.collective_kind, content.other_staff, content.commitment) == (None, (), "")


def test_messy_separators_and_a_count_in_words_are_read() -> None:
    messy = good(党员姓名="张 伟、 王芳 ,李娜;赵敏；孙丽/周军", 党员人数="陆")
    members = read(workbook(HEADER, messy)).rows[0].content.members
    assert [member.name for member in members] == ["张伟", "王芳", "李娜", "赵敏", "孙丽", "周军"]


def test_functions_become_titles_and_remarks_are_noted() -> None:
    data = workbook(HEADER, good(党员姓名="张伟（岗长）、王芳（女）、李娜"))
    assert read(data).rows[0].content.members[:2] == (Member(name="张伟", title="岗长"), Member(name="王芳"))
    assert "“王芳”后的“女”不是岗内职务" in notices(data)[0]


def test_numbers_and_apostrophes_become_the_text_they_show() -> None:
    for written, shown in ((3, "3"), (3.0, "3"), (3.5, "3.5"), ("'301", "301"), (" 301 ", "301")):
        assert read(workbook(HEADER, good(岗位地点=written))).rows[0].content.place == shown


def test_line_breaks_in_a_cell_leave_one_line() -> None:
    duties = "1.育苗\n2.供苗，\n按合同\n服务_x000D_\n"
    content = read(workbook(HEADER, good(岗位名称="种子\n繁育 岗", 工作职责=duties))).rows[0].content
    assert content.name == "种子繁育岗"
    assert content.duties == "1.育苗；2.供苗，按合同服务"


def test_an_error_in_a_column_nobody_reads_does_not_matter() -> None:
    sheet = filled(("序号", *HEADER, "备注"), ("=ROW()-1", *good(), "#N/A"))
    assert len(read(saved(sheet)).rows) == 1


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("3", 3), ("３", 3), ("3人", 3), ("共3名", 3), ("三", 3), ("叁", 3), ("两人", 2), ("十", 10),
        ("拾贰", 12), ("二十六", 26), ("陆", 6), ("一百零二", 102), ("", None), ("二六", None), ("3.5", None),
        ("三三", None), ("99999", None), ("人", None), ("-3", None),
    ],
)  # fmt: skip
def test_counts_are_read_in_digits_and_in_words(written: str, count: int | None) -> None:
    assert read_count(written) == count


def test_what_could_not_be_read_is_reported_once_and_judged_no_further() -> None:
    unreadable = good(党员姓名="=A1", 党员人数=7, 其他人员="张伟\ufffd")
    assert [fault.split("：")[0] for fault in faults(workbook(HEADER, unreadable))] == [
        "第2行 G列“党员姓名”",
        "第2行 H列“其他人员”",
    ]


def test_a_post_with_a_fault_has_no_content() -> None:
    findings = Findings()
    sheets = read_sheets(workbook(HEADER, good(工作职责=None)), "名册.xlsx")
    (post,) = read_posts(find_tables(sheets, findings)[0], findings)
    with pytest.raises(ValueError, match="no content"):
        _ = post.content


@pytest.mark.parametrize("count", ["3名党员", "3党员", "共三名", "３人"])
def test_a_count_may_say_what_it_counts(count: str) -> None:
    assert faults(workbook(HEADER, good(党员人数=count))) == []


def test_a_person_in_two_posts_is_noted_in_whole_sentences() -> None:
    english = {each.en[-8:] for each in read(workbook(HEADER, good(), good(岗位名称="果园"))).notices}
    assert english == {" person."}
