"""How the names of one cell are parted."""

import pytest

from store.roster.name_lists import (
    JoinedNames,
    NotAMember,
    NotANameList,
    SurnameAlone,
    TallyAmongNames,
    function_of,
    refuse_listing,
    refuse_non_member,
    split_name,
    split_names,
)


def names(text: str) -> list[str]:
    return [listed.written for listed in split_names(text)]


@pytest.mark.parametrize(
    "separator",
    ["、", "，", ",", "；", ";", "/", "／", "｜", "|", "､", "﹑", " ", "\t", "\n", "\r\n", "\u3000", "、 "],
)
def test_every_separator_parts_names(separator: str) -> None:
    assert names(separator.join(("张伟", "王芳", "李晓明"))) == ["张伟", "王芳", "李晓明"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("John Smith、Anna-Maria O'Neil", ["John Smith", "Anna-Maria O'Neil"]),
        ("John Smith 张伟 Anna Lee", ["John Smith", "张伟", "Anna Lee"]),
        ("买买提·阿不都拉", ["买买提·阿不都拉"]),
        ("买买提 · 阿不都拉 王芳", ["买买提·阿不都拉", "王芳"]),
        ("张 伟、 王芳 ,李娜;赵敏；孙丽/周军", ["张伟", "王芳", "李娜", "赵敏", "孙丽", "周军"]),
        ("张　伟 王　芳 李晓明", ["张伟", "王芳", "李晓明"]),
        ("张 晓 明、王芳", ["张晓明", "王芳"]),
        ("张 晓明、王芳", ["张晓明", "王芳"]),
        ("欧阳 靖宇、王芳", ["欧阳靖宇", "王芳"]),
        ("司马 迁", ["司马迁"]),
        ("王芳 司马 迁", ["王芳", "司马迁"]),
        ("张伟、王芳。李娜。", ["张伟", "王芳", "李娜"]),
        ("张伟 王芳、李娜", ["张伟", "王芳", "李娜"]),
        ("张伟 王", ["张伟", "王"]),
        ("、张伟、、王芳、", ["张伟", "王芳"]),
        ("", []),
    ],
)
def test_names_are_parted_as_a_reader_would(cell: str, expected: list[str]) -> None:
    assert names(cell) == expected


def test_a_blank_taken_out_of_a_name_is_noted() -> None:
    spread, plain = split_names("张 伟、王芳")
    assert "按一个姓名“张伟”录入" in spread.notes[0].zh
    assert plain.notes == ()


def test_functions_in_parentheses_go_with_their_name() -> None:
    listed = split_names("张伟（岗长、支部书记）、王芳(副岗长) 李 娜 （成员）\n赵敏")
    assert [(name.written, function_of(name)) for name in listed] == [
        ("张伟", "岗长、支部书记"),
        ("王芳", "副岗长"),
        ("李娜", "成员"),
        ("赵敏", ""),
    ]


@pytest.mark.parametrize("remark", ["女", "回族", "维吾尔族"])
def test_a_remark_on_the_person_is_no_function(remark: str) -> None:
    assert function_of(split_names(f"张伟（{remark}）")[0]) == ""


@pytest.mark.parametrize("remark", ["群众", "非党员", "预备党员", "入党积极分子"])
def test_a_remark_that_denies_membership_is_refused(remark: str) -> None:
    with pytest.raises(NotAMember):
        refuse_non_member(split_names(f"张伟（{remark}）")[0])


@pytest.mark.parametrize("tally", ["王芳等", "等", "王芳等3人", "等三人", "共5人", "三人", "3名"])
def test_a_tally_is_no_name(tally: str) -> None:
    with pytest.raises(TallyAmongNames):
        refuse_listing(split_names(tally)[0])


@pytest.mark.parametrize("cell", ["<script>alert(1)</script>", 'HYPERLINK("x")', "张伟=王芳", "a@b"])
def test_program_code_is_no_list_of_names(cell: str) -> None:
    with pytest.raises(NotANameList):
        split_names(cell)


@pytest.mark.parametrize("joined", ["李娜和赵敏", "李娜及赵小敏", "欧阳靖宇与王芳"])
def test_names_joined_by_and_are_not_taken_for_one(joined: str) -> None:
    with pytest.raises(JoinedNames):
        refuse_listing(split_names(joined)[0])


@pytest.mark.parametrize("name", ["李和平", "与谢", "张及之", "王和"])
def test_a_name_may_hold_the_characters_of_and(name: str) -> None:
    refuse_listing(split_names(name)[0])


def test_a_compound_surname_before_a_blank_is_not_guessed_at() -> None:
    with pytest.raises(SurnameAlone):
        split_names("欧阳 靖宇 王芳")


def test_a_cell_for_one_name_joins_its_blanks() -> None:
    assert [name.written for name in split_name("张 晓明")] == ["张晓明"]
    assert [name.written for name in split_name("张伟 王芳")] == ["张伟", "王芳"]
