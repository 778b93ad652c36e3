"""The veto with its recall lines, and the public whose complaint can lead to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from store.acts.approve import approve
from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.circulation import NoSuchCopy, report_lost, return_copy
from store.acts.issue import issue_copies
from store.acts.veto import AlreadyVetoed, Charge, NothingApproved, NotSubstantiated, veto
from store.acts.voice import (
    COMMENT_LONGEST,
    CommentTooLong,
    Conclusion,
    Message,
    NothingSaid,
    NotThisPost,
    conclude_investigation,
    give_feedback,
)
from store.calendar import chinese_time
from store.codes import PlateCode, PlateNumber
from store.lookup import scan_code, scan_number
from store.recalls import RecallState, recalls
from store.records import (
    Copy,
    Feedback,
    Finding,
    Grade,
    LogEntry,
    Product,
    RecallCause,
    RecallLine,
    Role,
    Topic,
    Veto,
    VetoCause,
)
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
ACCIDENT = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="6月20日发生重大责任事故")


def message(copy: Copy, receipt: str = "R1", **changes: object) -> Message:
    wanted: dict[str, object] = {
        "receipt": receipt,
        "copy_id": copy.id,
        "topic": Topic.RATING,
        "grade": Grade.SATISFIED,
        "comment": "",
        "voter": "a",
    }
    return Message(**(wanted | changes))  # type: ignore[arg-type]


def three_copies(office: Office) -> list[Copy]:
    post_id = office.approved()
    copies = [
        office.copy(post_id, product, id=str(PlateNumber(post_id, serial)))
        for serial, product in enumerate((Product.PLAQUE, Product.BADGE, Product.BADGE), start=1)
    ]
    issue_copies(office.register, office.by(), copies)
    return copies


def test_f20_f22_f23_one_veto_fells_every_plate_and_opens_every_recall_in_one_act(
    office: Office, added: Measure
) -> None:
    copies = three_copies(office)
    written = added(lambda: veto(office.register, office.by(), "2026-001", ACCIDENT))
    assert written == {"Veto": 1, "RecallLine": 3, "LogEntry": 1}
    for copy in copies:
        assert (
            scan_code(office.register, PlateCode(copy.code), office.now).standing.verdict is Verdict.REVOKED
        )
        assert scan_number(office.register, copy.id, office.now).standing.verdict is Verdict.REVOKED
    lines = office.register.find(RecallLine, post_id="2026-001")
    assert {line.due_on for line in lines} == {date(2026, 6, 22)}
    assert {line.cause for line in lines} == {RecallCause.VETO}


def test_f23_copies_no_longer_out_are_not_recalled(office: Office) -> None:
    back, lost, out = three_copies(office)
    return_copy(office.register, office.by(), back.id)
    report_lost(office.register, office.by(), lost.id, reason="丢失")
    vetoed = veto(office.register, office.by(), "2026-001", ACCIDENT)
    assert [line.copy_id for line in vetoed.recall_lines] == [out.id]
    assert scan_number(office.register, back.id, office.now).standing.verdict is Verdict.REVOKED


def test_f20_a_second_veto_is_refused_with_the_first_one_s_time(office: Office, added: Measure) -> None:
    three_copies(office)
    first = veto(office.register, office.by(), "2026-001", ACCIDENT).veto

    def again() -> None:
        with pytest.raises(AlreadyVetoed) as refused:
            veto(office.register, office.by(), "2026-001", ACCIDENT)
        assert chinese_time(first.cast_at) in refused.value.zh

    assert added(again) == {}


def test_f20_of_racing_officers_exactly_one_wins(office: Office) -> None:
    three_copies(office)
    authorities = [office.by() for _ in range(8)]

    def race(number: int) -> bool:
        try:
            veto(office.register, authorities[number], "2026-001", ACCIDENT)
        except AlreadyVetoed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(race, range(8))) == 1
    assert office.register.count(Veto) == 1
    assert office.register.count(RecallLine) == 3


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMITTEE])
def test_f20_only_the_committee_vetoes(office: Office, role: Role) -> None:
    copy = office.issued(office.approved())
    with pytest.raises(NotAllowed):
        veto(office.register, office.by(role, copy.branch_id), "2026-001", ACCIDENT)
    assert office.register.count(Veto) == 0


def test_f21_a_veto_needs_facts_and_a_title_to_revoke(office: Office) -> None:
    office.applied()
    with pytest.raises(NothingApproved):
        veto(office.register, office.by(), "2026-001", ACCIDENT)
    with pytest.raises(ReasonMissing):
        veto(office.register, office.by(), "2026-001", Charge(cause=VetoCause.GRAVE_BREACH, facts=" \n"))


def complaint(investigation_id: str | None) -> Charge:
    return Charge(
        cause=VetoCause.SUBSTANTIATED_COMPLAINT, facts="群众反映强烈", investigation_id=investigation_id
    )


def test_f21_cause_3_needs_a_substantiated_investigation_of_this_post(office: Office) -> None:
    office.applied(office.row(), office.row("兽医防疫岗"))
    for post_id in ("2026-001", "2026-002"):
        approve(office.register, office.by(), post_id, document="1号")
    found = {
        (post_id, finding): conclude_investigation(
            office.register, office.by(), post_id, Conclusion(finding=finding, facts="经查")
        ).id
        for post_id in ("2026-001", "2026-002")
        for finding in Finding
    }
    proof = found.pop(("2026-001", Finding.SUBSTANTIATED))
    for wrong in (None, "no such", *found.values()):
        with pytest.raises(NotSubstantiated) as refused:
            veto(office.register, office.by(), "2026-001", complaint(wrong))
        assert "经查证情况属实" in refused.value.zh
    assert veto(office.register, office.by(), "2026-001", complaint(proof)).veto.investigation_id == proof


def test_f21_an_investigation_names_only_messages_about_its_post(office: Office) -> None:
    copy = office.issued(office.approved())
    give_feedback(office.register, office.by(Role.PUBLIC), message(copy, grade=Grade.DISSATISFIED))
    concluded = conclude_investigation(
        office.register,
        office.by(),
        "2026-001",
        Conclusion(finding=Finding.SUBSTANTIATED, facts="属实", feedback_ids=("R1",)),
    )
    assert concluded.feedback_ids == ("R1",)
    with pytest.raises(NotThisPost):
        conclude_investigation(
            office.register,
            office.by(),
            "2026-001",
            Conclusion(finding=Finding.SUBSTANTIATED, facts="属实", feedback_ids=("R2",)),
        )
    with pytest.raises(NotAllowed):
        conclude_investigation(
            office.register,
            office.by(Role.BRANCH_OFFICER, copy.branch_id),
            "2026-001",
            Conclusion(finding=Finding.UNSUBSTANTIATED, facts="不属实"),
        )


def test_f25_a_device_counts_once_and_is_always_received(office: Office) -> None:
    copy = office.issued(office.approved())
    counted = [
        give_feedback(office.register, office.by(Role.PUBLIC), message(copy, receipt, voter=voter)).counted
        for receipt, voter in [("R1", "a"), ("R2", "a"), ("R3", "b")]
    ]
    assert counted == [True, False, True]
    assert office.register.count(Feedback) == 3


def test_a_comment_before_the_grade_does_not_use_up_the_vote(office: Office) -> None:
    copy = office.issued(office.approved())
    give_feedback(office.register, office.by(Role.PUBLIC), message(copy, grade=None, comment="谢谢"))
    assert give_feedback(office.register, office.by(Role.PUBLIC), message(copy, "R2")).counted


def test_what_the_throttle_doubts_and_what_fell_is_received_uncounted(office: Office) -> None:
    copy = office.issued(office.approved())
    doubted = give_feedback(office.register, office.by(Role.PUBLIC), message(copy, may_count=False))
    veto(office.register, office.by(), "2026-001", ACCIDENT)
    fallen = give_feedback(office.register, office.by(Role.PUBLIC), message(copy, "R2", voter="b"))
    assert not doubted.counted
    assert not fallen.counted


def test_empty_long_and_stray_messages_are_refused(office: Office, added: Measure) -> None:
    copy = office.issued(office.approved())

    def send() -> None:
        for wrong, refusal in [
            (message(copy, grade=None), NothingSaid),
            (message(copy, comment="言" * (COMMENT_LONGEST + 1)), CommentTooLong),
            (message(copy, copy_id="2026-009-01-00"), NoSuchCopy),
        ]:
            with pytest.raises(refusal):
                give_feedback(office.register, office.by(Role.PUBLIC), wrong)

    assert added(send) == {}


def test_f25_the_log_keeps_no_words_of_the_public(office: Office) -> None:
    copy = office.issued(office.approved())
    give_feedback(office.register, office.by(Role.PUBLIC), message(copy, comment="张三态度差"))
    entry = next(office.register.newest(LogEntry, 1))
    assert (entry.act, entry.object, entry.reason, entry.actor) == ("feedback", copy.id, "", "public")


def test_f23_a_recall_line_reads_what_happened_to_its_copy(office: Office) -> None:
    back, lost, seen = three_copies(office)
    veto(office.register, office.by(), "2026-001", ACCIDENT)
    give_feedback(
        office.register,
        office.by(Role.PUBLIC),
        message(seen, topic=Topic.STILL_DISPLAYED, grade=None),
    )
    return_copy(office.register, office.by(), back.id)
    report_lost(office.register, office.by(), lost.id, reason="丢失")
    read = {recall.copy.id: recall for recall in recalls(office.register, post_id="2026-001")}
    assert [read[each.id].state for each in (back, lost, seen)] == [
        RecallState.RETURNED,
        RecallState.LOST,
        RecallState.STILL_DISPLAYED,
    ]
    assert [read[each.id].is_open for each in (back, lost, seen)] == [False, False, True]
    due = read[seen.id].line.due_on
    assert not read[seen.id].is_overdue(due)
    assert read[seen.id].is_overdue(due + timedelta(days=1))
    assert not read[back.id].is_overdue(due + timedelta(days=1))
    assert read[seen.id].days_out(due) == 7
