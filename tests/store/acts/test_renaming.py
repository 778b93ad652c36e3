"""A branch takes another name: everything but plates says it from then on; the old one stays its own."""

import ast
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import gangpai
import store
import verify
from store.acts.apply import apply_roster, plan_roster
from store.acts.authority import ReasonMissing
from store.acts.issue import issue_copies
from store.acts.organisations import (
    NAME_LONGEST,
    NameOnceBorne,
    OrganisationExists,
    SameName,
    add_branch,
    rename_branch,
)
from store.acts.veto import Charge, veto
from store.board import post_standing, standing_posts
from store.branches import (
    BranchRenamed,
    NoSuchBranch,
    NotAGeneralBranch,
    branch_named,
    former_names,
    general_branches,
    names_before,
    names_on_plates,
    organisations,
)
from store.calendar import office_day
from store.catalogue import Catalogue, Shelf
from store.codes import PlateCode
from store.dossier import dossier_of, dossiers_named
from store.duties import duties
from store.duties.diary import Diary
from store.lookup import scan_code
from store.paperwork.forms import Form, Order, make_form
from store.postgres_register import PostgresRegister
from store.records import LogEntry, Organisation, OrganisationRenamed, RecallCause, Role, VetoCause
from store.refusals import Refusal
from store.register import Reader, Register
from store.reminders import overdue_by_branch
from store.roster import RosterRefused, read_roster
from store.roster.characters import DamagedText, UnusableCharacter
from store.roster.texts import TextTooLong
from store.tinydb_register import TinyDbRegister
from tests import postgres
from tests.office import Office
from tests.rosters import HEADER, good, workbook

OLD, NEW, OTHER = "畜牧站党总支", "畜牧中心党总支", "园艺场党总支"
BRANCH, COMMITTEE = "O01", "O00"
Measure = Callable[[Callable[[], object]], dict[str, int]]


@pytest.fixture(params=["tinydb", "postgres"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Open an office on each engine."""
    on_file = request.param == "tinydb"
    with closing(
        TinyDbRegister(tmp_path / "either.db") if on_file else PostgresRegister(postgres.fresh_dsn())
    ) as register:
        yield Office(register)


def rename(office: Office, name: str = NEW, branch_id: str = BRANCH, reason: str = "机构改革") -> None:
    rename_branch(office.register, office.by(), branch_id, name, reason=reason)


def names(reader: Reader) -> list[str]:
    return [each.name for each in general_branches(reader)]


def test_every_reader_says_the_new_name(either: Office) -> None:
    post_id, register = either.approved(), either.register
    catalogue, diary, today = Catalogue(), Diary(), office_day(either.now)

    def told() -> set[str]:
        asked = catalogue.asked(register, "畜牧")
        assert asked
        assert catalogue.found(register, Shelf.BRANCH, asked, None) == [BRANCH]
        order = Order(form=Form.APPLICATIONS, now=either.now)
        return {
            *names(register),
            dossier_of(register, post_id).branch.name,
            dossiers_named(register, [post_id])[post_id].branch.name,
            post_standing(register, post_id).branch_name,
            *(each.name for each in standing_posts(register).branches),
            *(each.branch_name for each in duties(register, either.policy, today) if each.branch_id),
            *(each.branch_name for each in diary.duties(register, either.policy, today) if each.branch_id),
            *(each.subtitle.partition("　")[0] for each in make_form(register, either.policy, order).sheets),
        }

    assert told() == {OLD}
    rename(either)
    assert told() == {NEW}
    asked = catalogue.asked(register, "畜牧中心")
    assert asked
    assert catalogue.found(register, Shelf.BRANCH, asked, None) == [BRANCH]


def test_plates_keep_what_is_printed_on_them(either: Office) -> None:
    copy = either.issued(either.approved())
    assert names_on_plates(either.register, BRANCH, either.now) == {OLD: 1}
    rename(either)
    found = scan_code(either.register, PlateCode(copy.code), either.now)
    assert (found.copy, found.standing.stands) == (copy, True)
    assert names_on_plates(either.register, BRANCH, either.now) == {OLD: 1}


def test_plates_that_do_not_stand_are_not_counted(office: Office) -> None:
    first = office.issued(office.approved())
    office.issued(first.post_id)
    rename(office)
    face = replace(first.face, branch_name=NEW)
    anew = office.copy(first.post_id, face=face, replaces=first.id)
    issue_copies(office.register, office.by(), [anew])
    assert names_on_plates(office.register, BRANCH, office.now) == {OLD: 1, NEW: 1}
    veto(office.register, office.by(), first.post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    assert names_on_plates(office.register, BRANCH, office.now).total() == 0


def test_one_record_and_one_entry_tell_of_it(office: Office, added: Measure) -> None:
    office.applied()
    assert added(lambda: rename(office)) == {"OrganisationRenamed": 1, "LogEntry": 1}
    [renamed] = office.register.find(OrganisationRenamed)
    [entry] = office.register.newest(LogEntry, 1)
    assert (entry.act, entry.object, entry.reason) == (
        "rename organisation",
        f"{OLD} → {NEW}",
        "机构改革",
    )
    assert (renamed.organisation_id, renamed.name, renamed.reason) == (BRANCH, NEW, "机构改革")


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ((OLD, BRANCH, "改"), SameName),
        ((" 畜牧站\u200b 党总支\n", BRANCH, "改"), SameName),
        ((" \u200b", BRANCH, "改"), ReasonMissing),
        ((NEW, BRANCH, " "), ReasonMissing),
        (("畜牧\ufffd党总支", BRANCH, "改"), DamagedText),
        (("畜牧\ue000\x07党总支", BRANCH, "改"), UnusableCharacter),
        (("字" * (NAME_LONGEST + 1), BRANCH, "改"), TextTooLong),
        ((OTHER, BRANCH, "改"), OrganisationExists),
        (("场站管理中心党委", BRANCH, "改"), OrganisationExists),
        (("林场党总支", BRANCH, "改"), NameOnceBorne),
        ((NEW, COMMITTEE, "改"), NotAGeneralBranch),
        ((NEW, "O99", "改"), NotAGeneralBranch),
    ],
)
def test_what_cannot_be_a_name_changes_nothing(
    office: Office, added: Measure, wanted: tuple[str, str, str], refusal: type[Refusal]
) -> None:
    office.applied()
    add_branch(office.register, office.by(), OTHER)
    forest = add_branch(office.register, office.by(), "林场党总支")
    rename(office, "林业站党总支", forest.id)

    def refused() -> None:
        with pytest.raises(refusal):
            rename(office, *wanted)

    assert added(refused) == {}


def test_the_longest_name_is_taken(office: Office) -> None:
    office.applied()
    rename(office, "字" * NAME_LONGEST)
    assert names(office.register) == ["字" * NAME_LONGEST]


def test_a_branch_may_go_back_to_its_own_former_name(either: Office) -> None:
    either.applied()
    for name in (NEW, OLD, NEW):
        rename(either, name)
    assert names(either.register) == [NEW]
    assert former_names(either.register) == {OLD: NEW}
    [branch] = general_branches(either.register)
    assert names_before(either.register, branch) == [OLD]


def test_who_writes_the_old_name_is_told_the_new_one(either: Office) -> None:
    either.applied()
    rename(either)
    assert branch_named(either.register, NEW).id == BRANCH
    with pytest.raises(BranchRenamed) as refused:
        branch_named(either.register, OLD)
    assert f"“{OLD}”已更名为“{NEW}”" in refused.value.zh
    with pytest.raises(NoSuchBranch):
        branch_named(either.register, "场站管理中心党委")
    with pytest.raises(BranchRenamed):
        make_form(either.register, either.policy, Order(form=Form.ANNUAL, now=either.now, subjects=(OLD,)))


def test_no_second_branch_takes_the_old_name(either: Office) -> None:
    either.applied()
    rename(either)
    with pytest.raises(NameOnceBorne):
        add_branch(either.register, either.by(), OLD)
    with pytest.raises(BranchRenamed):
        apply_roster(either.register, either.by(), [either.row("接待室")])
    assert names(either.register) == [NEW]


def test_a_roster_with_the_old_name_is_refused_at_its_cell(office: Office) -> None:
    office.applied()
    rename(office)
    renamed = former_names(office.register)
    data = workbook(HEADER, good(党总支=OLD), good(党总支=NEW, 岗位名称="接待室"))
    with pytest.raises(RosterRefused) as refused:
        read_roster(data, "名册.xlsx", members_min=3, renamed=renamed)
    [fault] = refused.value.faults
    assert (fault.row, fault.column, fault.value) == (2, "A", OLD)
    assert f"“{OLD}”已更名为“{NEW}”" in fault.zh


def test_a_roster_with_the_new_name_means_the_posts_there_are(either: Office) -> None:
    post_id = either.approved()
    rename(either)
    row = replace(either.row(), branch_name=NEW)
    [line] = plan_roster(either.register, [row]).lines
    assert (line.post_id, line.differences) == (post_id, ())
    apply_roster(either.register, either.by(Role.BRANCH_OFFICER, BRANCH), [row])


def test_a_branch_is_reminded_under_every_name_it_had(office: Office) -> None:
    post_id = office.approved()
    office.issued(post_id)
    veto(office.register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    for name in (NEW, "畜牧总站党总支"):
        rename(office, name)
    [overdue] = overdue_by_branch(office.register, date(2026, 7, 30))
    assert overdue.branch_names == ("畜牧总站党总支", NEW, OLD)
    assert overdue.lines[0].line.cause is RecallCause.VETO


class Asked:
    """A reader that counts what it is asked."""

    def __init__(self, reader: Register) -> None:
        self._reader = reader
        self.times = 0

    def find(self, *kind: Any, **fields: Any) -> list[Any]:
        self.times += 1
        return self._reader.find(*kind, **fields)


def test_a_hundred_branches_are_named_by_two_questions(office: Office) -> None:
    for number in range(100):
        add_branch(office.register, office.by(), f"第{number}党总支")
        rename(office, f"新{number}党总支", f"O{number + 1:02d}")
    asked = Asked(office.register)
    assert len(organisations(asked)) == 1 + 100  # type: ignore[arg-type] # asked by `find` alone
    assert asked.times == 2


READS = {"get", "find", "iterate", "newest", "related"}


def raw_reads(source: str) -> list[int]:
    """Return the lines on which organisations are read as they were entered."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and any(isinstance(each, ast.Name) and each.id == Organisation.__name__ for each in _given(node))
    ]


def _given(call: ast.Call) -> list[ast.expr]:
    read = isinstance(call.func, ast.Attribute) and call.func.attr in READS
    link = isinstance(call.func, ast.Name) and call.func.id == "Link"
    return [*call.args, *(each.value for each in call.keywords)] if read or link else []


def test_nobody_reads_an_organisation_without_its_newest_name() -> None:
    rooms = [Path(str(room.__file__)).parent for room in (store, verify, gangpai)]
    files = sorted(path for room in rooms for path in room.rglob("*.py") if path.name != "branches.py")
    assert [f"{path.name}:{line}" for path in files for line in raw_reads(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "source", ["reader.find(Organisation)", "r.get(Organisation, '1')", "Link(kind=Organisation, by='id')"]
)
def test_such_a_reading_would_be_found(source: str) -> None:
    assert raw_reads(source) == [1]
