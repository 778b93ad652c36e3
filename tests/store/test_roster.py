"""The sample rosters: what is accepted, what is refused, and in which words."""

import pytest

from store.records import CollectiveKind, Member, PostKind
from store.roster import Layout, RosterRefused, RosterRow
from tests.rosters import DATA, read, sample

GOLDEN = DATA.parent / "store" / "golden"


def stated(row: RosterRow) -> tuple[object, ...]:
    """Return what both layouts of the sample state; only one has commitments, only one functions."""
    content = row.content
    names = tuple(member.name for member in content.members)
    return (
        row.branch_name,
        content.name,
        content.kind,
        content.collective_kind,
        content.place,
        content.duties,
        names,
        content.other_staff,
    )


def test_the_sample_of_posts_is_read_whole() -> None:
    roster = read(sample("roster-2026.xlsx"))
    assert roster.layout is Layout.PER_POST
    assert [row.row for row in roster.rows] == list(range(3, 18))
    assert [notice.zh for notice in roster.notices] == ["第18行：按落款或合计处理，未读取。"]
    first = roster.rows[0].content
    assert first.collective_kind is CollectiveKind.SERVICE_POST
    assert first.members[0] == Member(name="雷秀文")
    assert first.other_staff == ("董春娜", "谭刚")
    assert first.commitment == "首问负责，一次办好"
    assert max(len(row.content.members) for row in roster.rows) == 26


def test_rare_and_compound_names_of_the_sample_arrive_letter_for_letter() -> None:
    rows = read(sample("roster-2026.xlsx")).rows
    names = {member.name for row in rows for member in row.content.members}
    assert {
        "周䶮",
        "李𬱖",
        "王𣲗",
        "赵㼆",
        "买买提·阿不都拉",
        "阿依古丽·艾合买提",
        "欧阳靖宇",
        "司徒文",
    } <= names


def test_the_sample_of_persons_states_the_same_posts() -> None:
    posts, persons = read(sample("roster-2026.xlsx")), read(sample("members-2026.csv"), "members-2026.csv")
    assert persons.layout is Layout.PER_PERSON
    assert persons.notices == ()
    assert list(map(stated, posts.rows)) == list(map(stated, persons.rows))
    assert persons.rows[0].content.members[0] == Member(name="雷秀文", title="岗长")
    assert sum(row.content.kind is PostKind.INDIVIDUAL for row in persons.rows) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_of_the_faulty_sample_is_reported_at_once(language: str) -> None:
    with pytest.raises(RosterRefused) as refused:
        read(sample("roster-faulty.xlsx"))
    report = [getattr(each, language) for each in (refused.value, *refused.value.faults)]
    assert "\n".join(report) + "\n" == (GOLDEN / f"roster-faulty.{language}.txt").read_text("utf-8")


def test_a_fault_is_a_value_with_its_place() -> None:
    with pytest.raises(RosterRefused) as refused:
        read(sample("roster-faulty.xlsx"))
    by_row = {fault.row: fault for fault in refused.value.faults}
    assert set(by_row) == set(range(2, 15))
    assert (by_row[4].column, by_row[4].header, by_row[4].clause_id) == ("G", "党员姓名", "F4")
    assert by_row[4].value == "张伟、王芳"
    assert by_row[12].value.startswith('=HYPERLINK("http://127.0.0.1")')


def test_the_least_number_of_members_is_the_callers() -> None:
    with pytest.raises(RosterRefused) as refused:
        read(sample("roster-2026.xlsx"), members_min=4)
    assert len(refused.value.faults) == 4
    assert {fault.clause_id for fault in refused.value.faults} == {"F4"}
