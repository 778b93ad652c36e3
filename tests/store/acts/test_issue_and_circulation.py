"""Copies from issue to return: stages, swaps, losses, departures."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.circulation import (
    AlreadyLost,
    AlreadyReturned,
    NoSuchCopy,
    leave_post,
    report_lost,
    return_copy,
)
from store.acts.conditions import NotApproved, NotInPost, PostIsRevoked
from store.acts.issue import (
    AlreadyReplaced,
    DoorPlateNeedsCollective,
    FaceDiffers,
    NotAwarded,
    NotItsPredecessor,
    NumberTaken,
    TitleAlreadyHeld,
    issue_copies,
)
from store.acts.veto import Charge, veto
from store.codes import PlateNumber
from store.dossier import dossier_of
from store.recalls import RecallState, recalls
from store.records import Copy, Fate, PostKind, Product, RecallCause, Role, Stage, VetoCause
from store.rules import TooFewMembers
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]


def test_f7_nothing_is_issued_before_approval(office: Office, added: Measure) -> None:
    post_id = office.applied()

    def issue() -> None:
        with pytest.raises(NotApproved, match="--proof"):
            office.issued(post_id)

    assert added(issue) == {}


def test_f11_issued_copies_scan_as_creating_and_are_one_act(office: Office, added: Measure) -> None:
    post_id = office.approved()
    plaque = office.copy(post_id)
    badge = office.copy(post_id, Product.BADGE, id=str(PlateNumber(post_id, 2)))
    written = added(lambda: issue_copies(office.register, office.by(), [plaque, badge]))
    assert written == {"Copy": 2, "LogEntry": 1}
    assert office.verdict(plaque) is office.verdict(badge) is Verdict.CREATING


@pytest.mark.parametrize("taken", ["id", "code"])
def test_a_taken_number_or_code_issues_none_of_the_batch(office: Office, added: Measure, taken: str) -> None:
    post_id = office.approved()
    first = office.issued(post_id)
    fresh = office.copy(post_id)
    clash = replace(office.copy(post_id, id=str(PlateNumber(post_id, 3))), **{taken: getattr(first, taken)})

    def issue() -> None:
        with pytest.raises(NumberTaken):
            issue_copies(office.register, office.by(), [fresh, clash])

    assert added(issue) == {}


def test_f10_words_that_are_not_in_force_are_not_issued(office: Office) -> None:
    post_id = office.approved()
    copy = office.copy(post_id)
    renamed = replace(copy.face, post_name="财务一室")
    shortened = replace(copy.face, names=copy.face.names[:2], member_count=2)
    for face in (renamed, shortened):
        with pytest.raises(FaceDiffers):
            issue_copies(office.register, office.by(), [replace(copy, face=face)])
    with pytest.raises(FaceDiffers):
        issue_copies(office.register, office.by(), [replace(copy, branch_id="O99")])


def test_f10_a_badge_is_issued_to_a_member_of_the_post_only(office: Office, added: Measure) -> None:
    badge = office.copy(office.approved(), Product.BADGE)

    def issue() -> None:
        with pytest.raises(FaceDiffers):
            issue_copies(
                office.register, office.by(), [replace(badge, face=replace(badge.face, holder="张三"))]
            )

    assert added(issue) == {}


def test_f9_a_door_plate_is_issued_to_a_collective_post_only(office: Office, added: Measure) -> None:
    one = office.row(members="曾晓明", kind=PostKind.INDIVIDUAL, collective_kind=None)
    post_id = office.approved_now(office.applied(one))
    door = office.copy(post_id, Product.DOOR)

    def issue() -> None:
        with pytest.raises(DoorPlateNeedsCollective):
            issue_copies(office.register, office.by(), [door])

    assert added(issue) == {}


def test_f10_the_order_of_names_on_a_plate_is_free(office: Office) -> None:
    copy = office.copy(office.approved())
    names = tuple(reversed(copy.face.names))
    issue_copies(office.register, office.by(), [replace(copy, face=replace(copy.face, names=names))])
    assert office.register.count(Copy) == 1


def test_f11_f12_stages_follow_the_award(office: Office) -> None:
    post_id = office.approved()
    with pytest.raises(NotAwarded):
        office.issued(post_id, stage=Stage.TITLE)
    office.awarded(post_id)
    with pytest.raises(TitleAlreadyHeld):
        office.issued(post_id, stage=Stage.CREATION)
    assert office.verdict(office.issued(post_id)) is Verdict.VALID


def test_f16_the_swap_replaces_and_recalls_the_creation_plate(office: Office, added: Measure) -> None:
    post_id = office.approved()
    old = office.issued(post_id)
    office.awarded(post_id)
    assert office.verdict(old) is Verdict.CREATING
    written = added(lambda: office.issued(post_id, replaces=old.id))
    assert written == {"Copy": 1, "RecallLine": 1, "LogEntry": 1}
    assert office.verdict(old) is Verdict.REPLACED
    [recall] = recalls(office.register, copy_id=old.id)
    assert (recall.line.cause, recall.state) == (RecallCause.REPLACEMENT, RecallState.OUT)
    with pytest.raises(AlreadyReplaced):
        office.issued(post_id, replaces=old.id)


def test_f23_a_return_closes_and_happens_once(office: Office, added: Measure) -> None:
    copy = office.issued(office.approved())
    assert added(lambda: return_copy(office.register, office.by(), copy.id)) == {"Return": 1, "LogEntry": 1}
    assert office.verdict(copy) is Verdict.RETURNED

    def again() -> None:
        with pytest.raises(AlreadyReturned):
            return_copy(office.register, office.by(), copy.id)
        with pytest.raises(AlreadyReturned):
            report_lost(office.register, office.by(), copy.id, reason="找不到")

    assert added(again) == {}


def test_f23_a_lost_copy_reads_lost_until_it_comes_back(office: Office) -> None:
    copy = office.issued(office.approved())
    with pytest.raises(ReasonMissing):
        report_lost(office.register, office.by(), copy.id, reason="")
    report_lost(office.register, office.by(), copy.id, reason="搬家时遗失")
    assert office.verdict(copy) is Verdict.LOST
    with pytest.raises(AlreadyLost):
        report_lost(office.register, office.by(), copy.id, reason="又丢了")
    return_copy(office.register, office.by(), copy.id, fate=Fate.DESTROYED)
    assert office.verdict(copy) is Verdict.RETURNED


def test_copies_of_another_branch_and_unknown_ones_are_refused(office: Office) -> None:
    copy = office.issued(office.approved())
    for role, branch_id in [(Role.BRANCH_OFFICER, "O99"), (Role.BRANCH_OFFICER, None), (Role.PUBLIC, None)]:
        with pytest.raises(NotAllowed):
            return_copy(office.register, office.by(role, branch_id), copy.id)
        with pytest.raises(NotAllowed):
            report_lost(office.register, office.by(role, branch_id), copy.id, reason="丢")
    with pytest.raises(NoSuchCopy):
        return_copy(office.register, office.by(), "2026-001-09-00")
    return_copy(office.register, office.by(Role.BRANCH_OFFICER, copy.branch_id), copy.id)


def test_f19_a_departure_concerns_the_own_badge_only(office: Office) -> None:
    post_id = office.applied(office.row(members="曾晓明、高赟、汪雪琳、贺杰佳"))
    approve(office.register, office.by(), post_id, document="1号")
    plaque, badge = office.issued(post_id), office.issued(post_id, Product.BADGE)
    leave_post(office.register, office.by(), post_id, member_name=badge.face.holder)
    assert office.verdict(badge) is Verdict.LEFT
    assert office.verdict(plaque) is Verdict.CREATING
    [recall] = recalls(office.register, post_id=post_id)
    assert (recall.copy.id, recall.line.cause) == (badge.id, RecallCause.DEPARTURE)
    with pytest.raises(NotInPost):
        leave_post(office.register, office.by(), post_id, member_name=badge.face.holder)


def test_f4_a_post_that_lost_too_many_members_prints_no_more(office: Office) -> None:
    post_id = office.approved()
    leave_post(office.register, office.by(), post_id, member_name="高赟")
    with pytest.raises(TooFewMembers) as refused:
        office.issued(post_id)
    assert "必须要有3名以上共产党员" in refused.value.zh


def test_who_left_and_is_named_by_a_later_roster_is_in_the_post_again(office: Office) -> None:
    post_id = office.applied(office.row(members="高赟、曾晓明、汪雪琳、贺杰佳"))
    approve(office.register, office.by(), post_id, document="1号")
    old_badge = office.issued(post_id, Product.BADGE)
    leave_post(office.register, office.by(), post_id, member_name="高赟")
    apply_roster(office.register, office.by(), [office.row(members="高赟、曾晓明、汪雪琳")])
    approve(office.register, office.by(), post_id, document="2号")
    new_badge = office.issued(post_id, Product.BADGE)
    assert new_badge.face.names == ("高赟", "曾晓明", "汪雪琳")
    assert office.verdict(old_badge) is Verdict.LEFT
    assert office.verdict(new_badge) is Verdict.CREATING
    leave_post(office.register, office.by(), post_id, member_name="高赟")
    assert office.verdict(new_badge) is Verdict.LEFT


def test_a_roster_filed_before_a_departure_does_not_bring_the_member_back(office: Office) -> None:
    post_id = office.approved()
    apply_roster(office.register, office.by(), [office.row(members="曾晓明、高赟、汪雪琳", place="7号楼")])
    leave_post(office.register, office.by(), post_id, member_name="高赟")
    with pytest.raises(TooFewMembers):
        approve(office.register, office.by(), post_id, document="2号")
    assert "高赟" not in {each.name for each in dossier_of(office.register, post_id).members}


def test_a_print_planned_before_an_approval_is_not_issued_after_it(office: Office) -> None:
    post_id = office.approved()
    planned = office.copy(post_id)
    apply_roster(office.register, office.by(), [office.row(duties="新的职责")])
    approve(office.register, office.by(), post_id, document="2号")
    with pytest.raises(FaceDiffers):
        issue_copies(office.register, office.by(), [planned])


def test_f22_a_revoked_post_issues_nothing(office: Office) -> None:
    post_id = office.approved()
    veto(office.register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="事故"))
    with pytest.raises(PostIsRevoked):
        office.issued(post_id)


def test_a_changed_roster_prints_only_what_was_approved(office: Office) -> None:
    post_id = office.approved()
    apply_roster(office.register, office.by(), [office.row(members="曾晓明、高赟、汪雪琳、贺杰佳")])
    assert office.issued(post_id).face.member_count == 3


def test_f19_a_plate_replaces_only_one_of_its_own_post_and_kind(office: Office, added: Measure) -> None:
    post_id = office.approved()
    badge = office.issued(post_id, Product.BADGE)

    def issue() -> None:
        for wrong in (badge.id, "2026-001-99-00"):
            with pytest.raises(NotItsPredecessor):
                office.issued(post_id, replaces=wrong)

    assert added(issue) == {}


def test_f10_duties_that_are_not_in_force_are_not_issued(office: Office) -> None:
    copy = office.copy(office.approved())
    with pytest.raises(FaceDiffers):
        issue_copies(office.register, office.by(), [replace(copy, face=replace(copy.face, duties="收费"))])


def test_f19_a_badge_replaces_only_its_own_holder_s(office: Office, added: Measure) -> None:
    post_id = office.approved()
    old = office.issued(post_id, Product.BADGE)
    names = old.face.names
    other = office.face("财务室", names, holder=names[1])

    def issue() -> None:
        with pytest.raises(NotItsPredecessor):
            office.issued(post_id, Product.BADGE, replaces=old.id, face=other)

    assert added(issue) == {}
    assert office.verdict(old) is Verdict.CREATING


def test_f19_two_copies_of_one_print_do_not_replace_the_same(office: Office, added: Measure) -> None:
    post_id = office.approved()
    old = office.issued(post_id)
    first = office.copy(post_id, replaces=old.id)
    second = office.copy(post_id, replaces=old.id, id=str(PlateNumber(post_id, 3)))

    def issue() -> None:
        with pytest.raises(AlreadyReplaced) as refused:
            issue_copies(office.register, office.by(), [first, second])
        assert refused.value.facts["successor"] == first.id

    assert added(issue) == {}


@pytest.mark.parametrize(("stage", "heading"), [(Stage.CREATION, Stage.TITLE), (Stage.TITLE, Stage.CREATION)])
def test_f11_f12_no_plate_is_headed_as_the_other_stage(office: Office, stage: Stage, heading: Stage) -> None:
    post_id = office.approved()
    if stage is Stage.TITLE:
        office.awarded(post_id)
    copy = office.copy(post_id)
    headed = replace(copy, face=replace(copy.face, heading=office.policy.headings[heading]))
    with pytest.raises(FaceDiffers):
        issue_copies(office.register, office.by(), [headed])
    assert copy.stage is stage
