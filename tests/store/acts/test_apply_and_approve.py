"""Applying from a roster and approving: what is new, what waits, what the clauses refuse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from store.acts.adjust import Change, adjust, end_post
from store.acts.apply import apply_roster, plan_roster
from store.acts.approve import (
    AlreadyApproved,
    AppliedSince,
    QuotaExceeded,
    SentBack,
    approve,
    return_application,
)
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.circulation import leave_post
from store.acts.conditions import PostIsRevoked
from store.acts.organisations import NotABranch
from store.acts.veto import Charge, veto
from store.dossier import NoSuchPost, PostState, dossier_of
from store.records import (
    Application,
    ApplicationReturned,
    CollectiveKind,
    EndCause,
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


def test_f19_a_change_after_approval_waits_for_the_committee(office: Office) -> None:
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
def test_f2_f4_f10_a_post_that_falls_short_is_refused_whole(
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
def test_f6_the_window_is_the_office_s_calendar(office: Office, moment: datetime, timing: Timing) -> None:
    office.now = moment  # the act itself is one minute later
    office.applied()
    assert office.register.find(Application)[0].timing is timing


def test_f6_consent_to_a_late_application_is_on_the_record(office: Office) -> None:
    office.now = datetime(2026, 11, 22, tzinfo=UTC)
    post_id = office.applied()
    assert "F6" in approve(office.register, office.by(), post_id, document="1号").consents


def test_f7_an_approval_needs_the_committee_and_a_document(office: Office) -> None:
    post_id = office.applied()
    with pytest.raises(NotAllowed):
        approve(office.register, office.by(Role.BRANCH_OFFICER, "O01"), post_id, document="1号")
    with pytest.raises(ReasonMissing):
        approve(office.register, office.by(), post_id, document="  ")
    with pytest.raises(NoSuchPost):
        approve(office.register, office.by(), "2026-999", document="1号")
    assert dossier_of(office.register, post_id).state is PostState.APPLIED


def test_f7_a_second_approval_is_refused_and_changes_nothing(office: Office, added: Measure) -> None:
    post_id = office.approved()

    def again() -> None:
        with pytest.raises(AlreadyApproved, match="场党字"):
            approve(office.register, office.by(), post_id, document="2号")

    assert added(again) == {}


def test_f5_a_fourth_post_of_a_branch_needs_a_reason(office: Office) -> None:
    office.applied(*(office.row(f"岗位{each}") for each in "甲乙丙丁"))
    for number in (1, 2, 3):
        approve(office.register, office.by(), f"2026-00{number}", document="1号")
    with pytest.raises(QuotaExceeded) as refused:
        approve(office.register, office.by(), "2026-004", document="1号")
    assert "二到三个党员示范岗" in refused.value.zh
    over = approve(office.register, office.by(), "2026-004", document="1号", over_quota_reason="新设农场")
    assert (over.consents[0], over.opinion) == ("F5", "新设农场")


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


@pytest.mark.parametrize(
    ("approved_at", "consents"),
    [
        (datetime(2026, 6, 10, 15, 58, 59, tzinfo=UTC), {"F6"}),  # 23:59:59, the window opens at midnight
        (datetime(2026, 6, 10, 15, 59, 0, tzinfo=UTC), set()),
    ],
)
def test_f6_a_draft_counts_as_filed_when_the_window_opens(
    office: Office, approved_at: datetime, consents: set[str]
) -> None:
    office.now = datetime(2026, 3, 1, tzinfo=UTC)
    post_id = office.applied()
    assert dossier_of(office.register, post_id).latest.timing is Timing.EARLY
    office.now = approved_at  # the act itself is one minute later
    approval = approve(office.register, office.by(), post_id, document="1号")
    assert {"F6"} & set(approval.consents) == consents


def test_f5_a_post_that_ended_or_fell_frees_its_place(office: Office) -> None:
    office.applied(*(office.row(f"岗位{each}") for each in "甲乙丙丁"))
    for number in (1, 2, 3):
        approve(office.register, office.by(), f"2026-00{number}", document="1号")
    end_post(office.register, office.by(), "2026-001", cause=EndCause.STOPPED, reason="人员分流")
    assert "F5" not in approve(office.register, office.by(), "2026-004", document="1号").consents


def sent_back(office: Office, post_id: str) -> ApplicationReturned:
    return return_application(
        office.register, office.by(), post_id, document="场党字〔2026〕2号", opinion="职责过于笼统"
    )


def test_f7_an_application_sent_back_neither_waits_nor_can_be_approved(
    office: Office, added: Measure
) -> None:
    post_id = office.applied()
    assert added(lambda: sent_back(office, post_id)) == {"ApplicationReturned": 1, "LogEntry": 1}
    dossier = dossier_of(office.register, post_id)
    assert (dossier.state, dossier.pending) == (PostState.SENT_BACK, False)

    def decide_again() -> None:
        with pytest.raises(SentBack, match="职责过于笼统") as refused:
            approve(office.register, office.by(), post_id, document="3号")
        assert "场党字〔2026〕2号" in refused.value.zh
        with pytest.raises(SentBack):
            sent_back(office, post_id)

    assert added(decide_again) == {}


@pytest.mark.parametrize("changes", [{}, {"duties": "受理报销，三日内办结"}])
def test_f7_the_branch_applies_again_in_the_same_words_or_in_others(
    office: Office, changes: dict[str, str]
) -> None:
    post_id = office.applied()
    sent_back(office, post_id)
    apply_roster(office.register, office.by(), [office.row(**changes)])
    assert dossier_of(office.register, post_id).pending
    assert apply_roster(office.register, office.by(), [office.row(**changes)]).unchanged
    office.approved_now(post_id)
    assert dossier_of(office.register, post_id).state is PostState.APPROVED


def test_f7_a_change_sent_back_leaves_what_is_in_force(office: Office) -> None:
    post_id = office.approved()
    apply_roster(office.register, office.by(), [office.row(place="7号楼")])
    sent_back(office, post_id)
    dossier = dossier_of(office.register, post_id)
    assert (dossier.state, dossier.pending) == (PostState.APPROVED, False)
    assert dossier.content.place == "6号楼299室"
    assert apply_roster(office.register, office.by(), [office.row()]).unchanged


def test_f7_sending_back_needs_an_opinion_and_something_that_waits(office: Office) -> None:
    post_id = office.applied()
    for words in ({"document": " ", "opinion": "不符"}, {"document": "2号", "opinion": " "}):
        with pytest.raises(ReasonMissing):
            return_application(office.register, office.by(), post_id, **words)
    office.approved_now(post_id)
    with pytest.raises(AlreadyApproved):
        sent_back(office, post_id)


@pytest.mark.parametrize("kind", list(CollectiveKind))
def test_f1_f3_a_collective_post_is_an_office_a_service_post_or_a_branch(
    office: Office, kind: CollectiveKind
) -> None:
    post_id = office.applied(office.row(collective_kind=kind))
    content = dossier_of(office.register, post_id).content
    assert (content.kind, content.collective_kind) == (PostKind.COLLECTIVE, kind)


def test_f1_f2_an_individual_post_is_one_member(office: Office) -> None:
    one = office.row(members="曾晓明", kind=PostKind.INDIVIDUAL, collective_kind=None)
    post_id = office.approved_now(office.applied(one))
    assert [each.name for each in dossier_of(office.register, post_id).members] == ["曾晓明"]


def test_f4_other_staff_do_not_count_as_members(office: Office) -> None:
    with pytest.raises(TooFewMembers) as refused:
        office.applied(office.row(members="曾晓明、高赟", other_staff=("汪雪琳", "贺杰佳")))
    assert "3名以上共产党员" in refused.value.zh
    assert "少于3名" in refused.value.zh


def test_a_post_that_ended_leaves_its_name_to_a_new_one(office: Office) -> None:
    end_post(office.register, office.by(), office.approved(), cause=EndCause.TERM_OVER, reason="期满")
    apply_roster(office.register, office.by(), [office.row(place="7号楼")])
    assert [each.id for each in office.register.find(Post)] == ["2026-001", "2026-002"]


@pytest.fixture
def renamed(office: Office) -> str:
    """Return a post that was applied for as 财务室 and has been 财务服务室 since."""
    post_id = office.approved()
    adjust(office.register, office.by(), post_id, Change(name="财务服务室"), reason="机构更名")
    return office.approved_now(post_id)


def test_a_roster_means_a_post_by_its_present_name_before_an_earlier_one(
    office: Office, renamed: str
) -> None:
    rows = [office.row("财务室", duties="受理报销"), office.row("财务服务室", duties="办理核算")]
    plan = apply_roster(office.register, office.by(), rows)
    assert [line.post_id for line in plan.lines] == [None, renamed]
    assert dossier_of(office.register, renamed).latest.content.name == "财务服务室"
    assert dossier_of(office.register, "2026-002").content.duties == "受理报销"


def test_a_roster_with_the_earlier_name_alone_means_the_same_post(office: Office, renamed: str) -> None:
    [line] = plan_roster(office.register, [office.row("财务室")]).lines
    assert (line.post_id, [each.field for each in line.differences]) == (renamed, ["name"])


def test_two_earlier_names_of_one_post_mean_it_once(office: Office, renamed: str) -> None:
    adjust(office.register, office.by(), renamed, Change(name="财务大厅"), reason="机构更名")
    rows = [office.row("财务室"), office.row("财务服务室")]
    assert [line.post_id for line in plan_roster(office.register, rows).lines] == [renamed, None]


def test_a_roster_tells_nothing_of_another_branch_s_posts(office: Office) -> None:
    office.vetoed(office.approved())
    for rows in ([office.row()], [office.row(duties="别的职责")]):
        with pytest.raises(NotAllowed):
            apply_roster(office.register, office.by(Role.BRANCH_OFFICER, "O99"), rows)


def test_f19_a_roster_is_held_against_those_still_in_the_post(office: Office, added: Measure) -> None:
    with_all = office.row(members="曾晓明、高赟、汪雪琳、马骁")
    post_id = office.approved_now(office.applied(with_all))
    leave_post(office.register, office.by(), post_id, member_name="马骁")
    assert added(lambda: apply_roster(office.register, office.by(), [office.row()])) == {}
    [line] = apply_roster(office.register, office.by(), [with_all]).changed
    assert [each.field for each in line.differences] == ["members"]
    assert [each.after for each in dossier_of(office.register, post_id).changes] == [
        "曾晓明、高赟、汪雪琳、马骁"
    ]


def test_f7_an_approval_rests_on_the_application_that_was_looked_at(office: Office, added: Measure) -> None:
    post_id = office.applied()
    apply_roster(office.register, office.by(), [office.row(place="7号楼101室")])

    def approval(looked_at: str) -> None:
        approve(office.register, office.by(), post_id, document="1号", looked_at=looked_at)

    def too_late() -> None:
        with pytest.raises(AppliedSince) as refused:
            approval("2026-001-A1")
        assert refused.value.facts["application_id"] == "2026-001-A2"

    assert added(too_late) == {}
    approval("2026-001-A2")
