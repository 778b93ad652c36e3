"""Who must do what by when: each duty appears with its cause and goes with what fulfils it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from store.acts.approve import approve, return_application
from store.acts.award import award
from store.acts.circulation import leave_post, return_copy
from store.acts.veto import Charge, veto
from store.acts.voice import Message, give_feedback
from store.assessments import assessments_due
from store.duties import duties
from store.duties.duty import DUTY_TERMS, Duty, DutyKind, Owner
from store.policy import founding_plan
from store.recalls import recalls
from store.records import (
    Application,
    Award,
    BranchPlan,
    Channel,
    Damage,
    Finding,
    Grade,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    Organisation,
    Product,
    PublicNotice,
    Record,
    Rectification,
    RectificationClosed,
    RectificationResult,
    Role,
    Stage,
    Topic,
    VetoCause,
    YearSummary,
)
from tests.office import NOON, Office

TODAY = date(2026, 6, 15)
POLICY = founding_plan()


def write(office: Office, *records: Record) -> None:
    with office.register.transaction() as transaction:
        transaction.append(*records)


def due(office: Office, kind: DutyKind, *, today: date = TODAY, branch_id: str | None = None) -> list[Duty]:
    with office.register.snapshot() as reader:
        return [each for each in duties(reader, POLICY, today, branch_id) if each.kind is kind]


def branch_of(office: Office) -> Organisation:
    [branch] = office.register.find(Organisation, name="畜牧站党总支")
    return branch


def equipped(office: Office) -> str:
    """Approve a post and issue everything it needs at its first stage."""
    post_id = office.approved()
    office.issued(post_id)
    for name in ("曾晓明", "高赟", "汪雪琳"):
        badge = office.copy(post_id, Product.BADGE)
        office.issued(post_id, Product.BADGE, face=replace(badge.face, holder=name))
    return post_id


def awarded(office: Office) -> str:
    post_id = equipped(office)
    write(
        office,
        Award(id=f"{post_id}-T", post_id=post_id, awarded_on=date(2026, 7, 1), document="", entered_at=NOON),
    )
    return post_id


def test_f35_a_branch_without_a_plan_is_told_until_it_files_one(office: Office) -> None:
    office.applied()
    [duty] = due(office, DutyKind.PLAN)
    assert (duty.owner, duty.due_on, duty.overdue) == (Owner.BRANCH, date(2026, 6, 11), True)
    branch = branch_of(office)
    write(office, BranchPlan(id="B1", branch_id=branch.id, year=2026, title="方案", text="……", filed_at=NOON))
    assert due(office, DutyKind.PLAN) == []


def test_f5_a_branch_below_the_minimum_is_told_before_the_window_closes(office: Office) -> None:
    office.applied(office.row("财务室"))
    [duty] = due(office, DutyKind.APPLY)
    assert (duty.due_on, duty.overdue) == (date(2026, 6, 20), False)
    assert "在册1个岗位" in duty.zh
    assert "至少2个" in duty.zh
    office.applied(office.row("收费窗口"))
    assert due(office, DutyKind.APPLY) == []


def test_f7_an_application_waits_for_the_committee(office: Office) -> None:
    office.applied()
    [duty] = due(office, DutyKind.APPROVAL)
    assert (duty.owner, duty.object, duty.due_on) == (Owner.COMMITTEE, "2026-001", date(2026, 6, 20))


def test_f7_an_approved_application_waits_no_more(office: Office) -> None:
    office.approved()
    assert due(office, DutyKind.APPROVAL) == []


def on_notice(office: Office) -> PublicNotice:
    [application] = office.register.find(Application, post_id=office.applied())
    notice = PublicNotice(
        id="N1",
        subject=NoticeSubject.APPLICATIONS,
        object_ids=(application.id,),
        places="党务公开栏",
        opens_on=date(2026, 6, 22),
        closes_on=date(2026, 6, 26),
        posted_at=NOON,
    )
    write(office, notice)
    return notice


def test_f26_a_notice_runs_and_the_decision_waits_for_its_end(office: Office) -> None:
    notice = on_notice(office)
    [running] = due(office, DutyKind.NOTICE)
    [decision] = due(office, DutyKind.APPROVAL)
    assert running.due_on == decision.due_on == notice.closes_on
    assert due(office, DutyKind.NOTICE, today=notice.closes_on + timedelta(days=1)) == []


def test_f26_an_objection_is_the_committees_alone_until_it_is_settled(office: Office) -> None:
    notice = on_notice(office)
    objection = Objection(
        id="W1",
        notice_id=notice.id,
        object_id=notice.object_ids[0],
        text="不同意",
        channel=Channel.PAPER,
        received_at=NOON,
    )
    write(office, objection)
    assert [each.object for each in due(office, DutyKind.OBJECTION)] == ["W1"]
    assert due(office, DutyKind.OBJECTION, branch_id=branch_of(office).id) == []
    write(
        office,
        ObjectionSettled(
            id="W1-S",
            objection_id="W1",
            finding=Finding.UNSUBSTANTIATED,
            answer="已答复",
            settled_at=NOON,
        ),
    )
    assert due(office, DutyKind.OBJECTION) == []


def test_f11_an_approved_post_needs_its_creation_plates(office: Office) -> None:
    post_id = office.approved()
    [duty] = due(office, DutyKind.PRINT_CREATION)
    assert "标牌、胸牌或桌牌3件（曾晓明、高赟、汪雪琳）" in duty.zh
    office.issued(post_id)
    [duty] = due(office, DutyKind.PRINT_CREATION)
    assert "标牌、" not in duty.zh


def test_f8_a_desk_plate_serves_for_a_badge(office: Office) -> None:
    post_id = office.approved()
    desk = office.copy(post_id, Product.DESK)
    office.issued(post_id, Product.DESK, face=replace(desk.face, holder="高赟"))
    [duty] = due(office, DutyKind.PRINT_CREATION)
    assert duty.zh.endswith("胸牌或桌牌2件（曾晓明、汪雪琳）")


def test_f12_an_award_asks_for_the_title_plates(office: Office) -> None:
    post_id = awarded(office)
    [duty] = due(office, DutyKind.PRINT_TITLE, today=date(2026, 7, 2))
    assert (duty.object, duty.due_on, duty.overdue) == (post_id, date(2026, 7, 1), True)
    assert due(office, DutyKind.PRINT_CREATION) == []
    office.issued(post_id, stage=Stage.TITLE)
    [duty] = due(office, DutyKind.PRINT_TITLE)
    assert "标牌、" not in duty.zh


def test_f19_plates_that_say_something_else_are_to_be_replaced(office: Office) -> None:
    post_id = office.applied(office.row(members="曾晓明、高赟、汪雪琳、崔军"))
    approve(office.register, office.by(), post_id, document="1号")
    plate = office.issued(post_id)
    assert due(office, DutyKind.REPRINT_CHANGED) == []
    leave_post(office.register, office.by(), post_id, member_name="崔军")
    [duty] = due(office, DutyKind.REPRINT_CHANGED)
    assert plate.id in duty.zh
    assert due(office, DutyKind.ADJUSTMENT) == []


def test_f10_a_damaged_plate_is_to_be_replaced(office: Office) -> None:
    plate = office.issued(office.approved())
    write(
        office,
        Damage(id="X", copy_id=plate.id, post_id=plate.post_id, reason="右角断裂", reported_at=NOON),
    )
    [duty] = due(office, DutyKind.REPRINT_DAMAGED)
    assert (duty.object, duty.zh) == (plate.id, "创建标牌损坏：右角断裂")


def test_f23_every_open_recall_line_is_due_and_no_other(office: Office) -> None:
    post_id = equipped(office)
    veto(office.register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="经核实"))
    lines = [each for each in recalls(office.register) if each.is_open]
    found = due(office, DutyKind.RECALL)
    assert {(each.object, each.due_on) for each in found} == {
        (each.copy.id, each.line.due_on) for each in lines
    }
    assert len(found) == 4
    return_copy(office.register, office.by(), lines[0].copy.id)
    assert len(due(office, DutyKind.RECALL)) == 3


def test_f18_an_open_rectification_is_due_by_its_day(office: Office) -> None:
    post_id = awarded(office)
    order = Rectification(
        id="Z1",
        post_id=post_id,
        branch_id=branch_of(office).id,
        member_name="高赟",
        assessment_id=None,
        problem="首问责任不落实",
        due_on=date(2026, 7, 20),
        ordered_at=NOON,
    )
    write(office, order)
    [duty] = due(office, DutyKind.RECTIFICATION)
    assert (duty.due_on, duty.owner) == (date(2026, 7, 20), Owner.BRANCH)
    closed(office, order, RectificationResult.DONE)
    assert due(office, DutyKind.RECTIFICATION) == due(office, DutyKind.ADJUSTMENT) == []


def closed(office: Office, order: Rectification, result: RectificationResult) -> None:
    write(
        office,
        RectificationClosed(
            id=f"{order.id}-C",
            rectification_id=order.id,
            post_id=order.post_id,
            result=result,
            evidence="照片",
            closed_at=NOON + timedelta(days=20),
        ),
    )


def test_f19_a_failed_rectification_asks_for_an_adjustment(office: Office) -> None:
    post_id = awarded(office)
    order = Rectification(
        id="Z1",
        post_id=post_id,
        branch_id=branch_of(office).id,
        member_name="",
        assessment_id=None,
        problem="挂牌不醒目",
        due_on=date(2026, 7, 1),
        ordered_at=NOON,
    )
    write(office, order)
    closed(office, order, RectificationResult.NOT_DONE)
    [duty] = due(office, DutyKind.ADJUSTMENT)
    assert duty.zh == "“财务室”整改不到位：挂牌不醒目"


def test_f19_an_inspection_below_the_keeping_line_asks_for_an_adjustment(office: Office) -> None:
    post_id = equipped(office)
    office.inspected(post_id, report_points=10, site_points=10)
    [duty] = due(office, DutyKind.ADJUSTMENT)
    assert "4分，低于60分" in duty.zh


def test_f17_every_member_is_to_be_assessed_in_every_full_quarter(office: Office) -> None:
    awarded(office)
    found = due(office, DutyKind.ASSESSMENT, today=date(2026, 10, 1))
    assert [(each.due_on, each.overdue) for each in found] == [
        *[(date(2026, 9, 30), True)] * 3,
        *[(date(2026, 12, 31), False)] * 3,
    ]
    with office.register.snapshot() as reader:
        listed = list(assessments_due(reader, POLICY, date(2026, 10, 1)))
    assert [each.due_on for each in listed] == [each.due_on for each in found]


def test_f13_f24_a_post_is_surveyed_and_inspected_before_the_cut_off(office: Office) -> None:
    post_id = equipped(office)
    [survey] = due(office, DutyKind.SURVEY)
    [inspection] = due(office, DutyKind.INSPECTION)
    assert survey.due_on == inspection.due_on == date(2026, 6, 21)
    office.surveyed(post_id)
    assert due(office, DutyKind.SURVEY) == []
    office.inspected(post_id, site="")
    [inspection] = due(office, DutyKind.INSPECTION)
    assert inspection.zh.endswith("尚缺：实地考评")
    office.inspected(post_id)
    assert due(office, DutyKind.INSPECTION) == []


def test_f16_a_post_whose_inspection_carries_it_is_to_be_named_on_the_award_day(office: Office) -> None:
    post_id = equipped(office)
    office.surveyed(post_id)
    office.inspected(post_id)
    [duty] = due(office, DutyKind.AWARD)
    assert (duty.object, duty.due_on) == (post_id, date(2026, 7, 1))
    award(office.register, office.by(), post_id, awarded_on=date(2026, 7, 1))
    assert due(office, DutyKind.AWARD) == []


def test_f16_a_post_that_falls_short_is_not_to_be_named(office: Office) -> None:
    post_id = equipped(office)
    office.surveyed(post_id)
    office.inspected(post_id, outstanding=False)
    assert due(office, DutyKind.AWARD) == []


def test_f25_a_bad_rating_is_called_back_and_settled_and_no_branch_is_told(office: Office) -> None:
    plate = office.issued(office.approved())
    message = Message(
        receipt="R-SECRET",
        copy_id=plate.id,
        topic=Topic.RATING,
        grade=Grade.DISSATISFIED,
        comment="等了很久",
        voter="v",
    )
    give_feedback(office.register, office.by(Role.PUBLIC), message)
    [call] = due(office, DutyKind.CALL_BACK)
    [settle] = due(office, DutyKind.SETTLEMENT)
    assert (call.due_on, settle.due_on) == (date(2026, 6, 16), date(2026, 7, 7))
    assert call.object == plate.post_id
    assert "SECRET" not in call.zh + call.en + call.object
    assert due(office, DutyKind.CALL_BACK, branch_id=plate.branch_id) == []
    assert due(office, DutyKind.SETTLEMENT, branch_id=plate.branch_id) == []


def test_f7_a_first_application_that_came_back_is_to_be_revised(office: Office) -> None:
    post_id = office.applied()
    return_application(office.register, office.by(), post_id, document="1号", opinion="职责不明")
    [duty] = due(office, DutyKind.REVISION)
    assert (duty.owner, duty.due_on) == (Owner.BRANCH, date(2026, 6, 20))
    assert due(office, DutyKind.APPROVAL) == []


def test_f4_a_post_that_fell_below_three_members_is_to_be_adjusted(office: Office) -> None:
    post_id = office.approved()
    leave_post(office.register, office.by(), post_id, member_name="高赟")
    [duty] = due(office, DutyKind.ADJUSTMENT)
    assert "只有2名党员，少于3名" in duty.zh
    assert due(office, DutyKind.PRINT_CREATION) == []


def test_f29_a_branch_sums_up_each_year_in_which_it_had_posts(office: Office) -> None:
    office.approved()
    [duty] = due(office, DutyKind.YEAR_SUMMARY)
    assert (duty.due_on, duty.overdue) == (date(2026, 12, 31), False)
    assert [each.due_on.year for each in due(office, DutyKind.YEAR_SUMMARY, today=date(2027, 1, 1))] == [
        2026,
        2027,
    ]
    write(
        office,
        YearSummary(id="S", branch_id=branch_of(office).id, year=2026, text="经验", entered_at=NOON),
    )
    assert due(office, DutyKind.YEAR_SUMMARY) == []


@pytest.mark.parametrize(("today", "overdue"), [(date(2026, 6, 20), False), (date(2026, 6, 21), True)])
def test_the_day_itself_is_in_time(office: Office, today: date, *, overdue: bool) -> None:
    office.applied()
    [duty] = due(office, DutyKind.APPROVAL, today=today)
    assert duty.overdue is overdue


def test_a_revoked_post_owes_its_plates_and_nothing_else(office: Office) -> None:
    post_id = equipped(office)
    veto(office.register, office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="经核实"))
    with office.register.snapshot() as reader:
        found = duties(reader, POLICY, TODAY)
    about_posts = [each for each in found if each.object.startswith(post_id)]
    assert {each.kind for each in about_posts} == {DutyKind.RECALL}


def test_a_branch_is_told_its_own_and_the_whole_is_the_sum_of_the_branches(office: Office) -> None:
    office.applied(office.row("财务室"))
    office.applied(replace(office.row("收费窗口"), branch_name="蔬菜站党总支"))
    with office.register.snapshot() as reader:
        everything = duties(reader, POLICY, TODAY)
        branches = [each.id for each in reader.find(Organisation) if each.parent_id]
        apart = [each for branch in branches for each in duties(reader, POLICY, TODAY, branch)]
    assert len(branches) == 2
    assert set(everything) == set(apart)


def test_duties_come_by_date_and_then_by_clause(office: Office) -> None:
    awarded(office)
    office.applied(office.row("收费窗口", members="甲一、乙二、丙三"))
    with office.register.snapshot() as reader:
        found = duties(reader, POLICY, date(2026, 12, 31))
    order = [(each.due_on, int(each.clause[1:])) for each in found]
    assert order == sorted(order)
    assert len({each.id for each in found}) == len(found)


def test_a_duty_keeps_its_id_while_it_stands(office: Office) -> None:
    awarded(office)
    with office.register.snapshot() as reader:
        one, other = ({each.id for each in duties(reader, POLICY, date(2026, 8, day))} for day in (1, 2))
    assert one == other


def test_every_kind_has_its_words() -> None:
    assert set(DUTY_TERMS) == set(DutyKind)
