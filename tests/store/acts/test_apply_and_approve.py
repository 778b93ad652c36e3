"""Applying from a roster and approving: what is new, what waits, what the clauses refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from store.acts.apply import PostIsRevoked, apply_roster, plan_roster
from store.acts.approve import AlreadyApproved, QuotaExceeded, approve
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.organisations import NotABranch
from store.acts.veto import Charge, veto
from store.dossier import NoSuchPost, PostState, dossier_of
from store.records import (
    Application,
    LogEntry,
    Member,
    Organisation,
    Post,
    PostKind,
    Role,
    Timing,
    VetoCause,
)
from store.rules import NotExactlyOneMember, TextMissing, TooFewMembers
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]


def test_a_first_roster_makes_the_tree_the_posts_and_one_log_entry(office: Office, added: Measure) -> None:
    rows = (office.row(), office.row("兽医防疫岗"))
    written = added(lambda: apply_roster(office.register, office.by(), rows))
    assert written == {"Organisation": 2, "Post": 2, "Application": 2, "LogEntry": 1}
    assert [post.id for post in office.register.find(Post)] == ["2026-001", "2026-002"]
    committee, branch = office.register.find(Organisation)
    assert (committee.name, branch.name, branch.parent_id) == (
        "场站管理中心党委",
        "畜牧站党总支",
        committee.id,
    )
    [entry] = office.register.find(LogEntry)
    assert (entry.act, entry.object, entry.number) == ("apply", "2026-001、2026-002", 1)


def test_the_same_roster_again_writes_nothing(office: Office, added: Measure) -> None:
    rows = (office.row(), office.row("兽医防疫岗"))
    apply_roster(office.register, office.by(), rows)
    assert added(lambda: apply_roster(office.register, office.by(), rows)) == {}
    assert len(plan_roster(office.register, rows).unchanged) == 2


def test_a_changed_row_is_a_new_application_and_names_each_difference(office: Office, added: Measure) -> None:
    post_id = office.applied()
    changed = office.row(place="7号楼", members="曾晓明、高赟、汪雪琳、贺杰佳")
    [line] = plan_roster(office.register, [changed]).changed
    assert [(each.field, each.before, each.after) for each in line.differences] == [
        ("place", "6号楼299室", "7号楼"),
        ("members", "曾晓明、高赟、汪雪琳", "曾晓明、高赟、汪雪琳、贺杰佳"),
    ]
    assert added(lambda: apply_roster(office.register, office.by(), [changed])) == {
        "Application": 1,
        "LogEntry": 1,
    }
    assert dossier_of(office.register, post_id).latest.content.place == "7号楼"


def test_a_title_of_a_member_is_a_difference(office: Office) -> None:
    office.applied()
    titled = replace(
        office.row().content, members=(Member(name="曾晓明", title="岗长"), *office.row().content.members[1:])
    )
    [line] = plan_roster(office.register, [replace(office.row(), content=titled)]).changed
    assert line.differences[0].after.startswith("曾晓明（岗长）")


def test_a_change_after_approval_waits_for_the_committee(office: Office) -> None:
    post_id = office.approved()
    apply_roster(office.register, office.by(), [office.row(place="7号楼")])
    dossier = dossier_of(office.register, post_id)
    assert dossier.pending
    assert dossier.content.place == "6号楼299室"
    approve(office.register, office.by(), post_id, document="场党字〔2026〕2号")
    assert dossier_of(office.register, post_id).content.place == "7号楼"


def test_a_branch_officer_brings_only_the_own_branch(office: Office) -> None:
    apply_roster(office.register, office.by(), [office.row()])
    own = office.register.find(Post)[0].branch_id
    own_row, other_row = office.row("种子繁育岗"), replace(office.row(), branch_name="园艺场党总支")
    apply_roster(office.register, office.by(Role.BRANCH_OFFICER, own), [own_row])
    with pytest.raises(NotAllowed):
        apply_roster(office.register, office.by(Role.BRANCH_OFFICER, own), [office.row("车队"), other_row])
    assert office.register.count(Post) == 2


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.INSPECTOR, Role.PRINT_CLERK])
def test_others_cannot_apply(office: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        apply_roster(office.register, office.by(role), [office.row()])
    assert office.register.count(Post) == 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"members": "曾晓明、高赟"}, TooFewMembers),
        ({"kind": PostKind.INDIVIDUAL, "collective_kind": None}, NotExactlyOneMember),
        ({"duties": " "}, TextMissing),
        ({"name": " "}, TextMissing),
    ],
)
def test_a_post_that_falls_short_is_refused_whole(
    office: Office, changes: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        apply_roster(office.register, office.by(), [office.row("种子繁育岗"), office.row(**changes)])
    assert office.written() == dict.fromkeys(office.written(), 0)


@pytest.mark.parametrize(
    ("moment", "timing"),
    [
        (datetime(2026, 6, 10, 15, 58, 58, tzinfo=UTC), Timing.EARLY),
        (datetime(2026, 6, 10, 15, 59, 0, tzinfo=UTC), Timing.IN_WINDOW),
        (datetime(2026, 6, 20, 15, 58, 59, tzinfo=UTC), Timing.IN_WINDOW),
        (datetime(2026, 6, 20, 15, 59, 0, tzinfo=UTC), Timing.LATE),
    ],
)
def test_the_window_is_the_office_s_calendar(office: Office, moment: datetime, timing: Timing) -> None:
    office.now = moment  # the act itself is one minute later
    office.applied()
    assert office.register.find(Application)[0].timing is timing


def test_consent_to_a_late_application_is_on_the_record(office: Office) -> None:
    office.now = datetime(2026, 11, 22, tzinfo=UTC)
    post_id = office.applied()
    assert approve(office.register, office.by(), post_id, document="1号").consents == ("F6",)


def test_an_approval_needs_the_committee_and_a_document(office: Office) -> None:
    post_id = office.applied()
    with pytest.raises(NotAllowed):
        approve(office.register, office.by(Role.BRANCH_OFFICER, "O01"), post_id, document="1号")
    with pytest.raises(ReasonMissing):
        approve(office.register, office.by(), post_id, document="  ")
    with pytest.raises(NoSuchPost):
        approve(office.register, office.by(), "2026-999", document="1号")
    assert dossier_of(office.register, post_id).state is PostState.APPLIED


def test_a_second_approval_is_refused_and_changes_nothing(office: Office, added: Measure) -> None:
    post_id = office.approved()

    def again() -> None:
        with pytest.raises(AlreadyApproved, match="场党字"):
            approve(office.register, office.by(), post_id, document="2号")

    assert added(again) == {}


def test_a_fourth_post_of_a_branch_needs_a_reason(office: Office) -> None:
    office.applied(*(office.row(f"岗位{each}") for each in "甲乙丙丁"))
    for number in (1, 2, 3):
        approve(office.register, office.by(), f"2026-00{number}", document="1号")
    with pytest.raises(QuotaExceeded) as refused:
        approve(office.register, office.by(), "2026-004", document="1号")
    assert "二到三个党员示范岗" in refused.value.zh
    over = approve(office.register, office.by(), "2026-004", document="1号", over_quota_reason="新设农场")
    assert (over.consents, over.opinion) == (("F5",), "新设农场")


def test_a_revoked_post_frees_its_place_but_is_not_applied_for_again(office: Office) -> None:
    post_id = office.approved()
    veto(office.register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="事故"))
    assert apply_roster(office.register, office.by(), [office.row()]).unchanged
    with pytest.raises(PostIsRevoked):
        apply_roster(office.register, office.by(), [office.row(place="别处")])
    with pytest.raises(PostIsRevoked):
        approve(office.register, office.by(), post_id, document="3号")


def test_the_committee_itself_does_not_apply(office: Office) -> None:
    with pytest.raises(NotABranch):
        apply_roster(
            office.register,
            office.by(),
            [replace(office.row(), branch_name=office.by().policy.committee_name)],
        )
    assert office.register.count(Organisation) == 0
