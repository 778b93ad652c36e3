"""Public notices with their clock, and the objections that keep an application from being approved (F26)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from store import notices
from store.acts.apply import apply_roster
from store.acts.approve import approve, return_application
from store.acts.authority import Authority, NotAllowed, ReasonMissing
from store.acts.days import DayOutOfReach
from store.acts.notices import (
    OBJECTION_LONGEST,
    NewNotice,
    NewObjection,
    NoNotice,
    NoSuchNotice,
    NoSuchObjection,
    NothingToShow,
    NoticeBackdated,
    NoticeClosed,
    NoticeStillRuns,
    ObjectionAnswered,
    ObjectionTooLong,
    ObjectionUnsettled,
    object_to,
    post_notice,
    settle_objection,
)
from store.acts.plans import NewPlan, file_plan
from store.policy import REQUIRE
from store.records import (
    Approval,
    Channel,
    Finding,
    LogEntry,
    NoticeSubject,
    Objection,
    PublicNotice,
    Role,
)
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
TODAY, LAST_DAY = date(2026, 6, 15), date(2026, 6, 23)
"""A Monday, and the fifth working day after it: the Dragon Boat Festival of 2026 is Friday, 19 June."""
LAST_SECOND = datetime(2026, 6, 23, 15, 59, 59, tzinfo=UTC)


def shown(office: Office, *application_ids: str, opens_on: date = TODAY) -> PublicNotice:
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS,
        object_ids=application_ids or ("2026-001-A1",),
        places="机关党务公开栏",
        opens_on=opens_on,
    )
    return post_notice(office.register, office.by(), new)


def objection(notice: PublicNotice, receipt: str = "R1", **changes: str) -> NewObjection:
    plain = NewObjection(
        receipt=receipt, notice_id=notice.id, object_id=notice.object_ids[0], text="该室长期无人值守"
    )
    return replace(plain, **changes)


def heard(office: Office, notice: PublicNotice, receipt: str = "R1") -> Objection:
    return object_to(office.register, office.by(Role.PUBLIC), objection(notice, receipt))


def settled(office: Office, receipt: str = "R1") -> None:
    settle_objection(
        office.register, office.by(), receipt, finding=Finding.UNSUBSTANTIATED, answer="值班记录完整"
    )


def at(office: Office, moment: datetime) -> Authority:
    return replace(office.by(), now=moment)


def test_f26_a_notice_shows_each_thing_once_and_begins_in_living_memory(office: Office) -> None:
    office.applied()
    assert shown(office, "2026-001-A1", "2026-001-A1").object_ids == ("2026-001-A1",)
    with pytest.raises(DayOutOfReach):
        shown(office, opens_on=date.max)


def test_f26_a_notice_hangs_five_full_working_days(office: Office, added: Measure) -> None:
    office.applied()
    assert added(lambda: shown(office)) == {"PublicNotice": 1, "LogEntry": 1}
    [notice] = office.register.find(PublicNotice)
    assert (notice.id, notice.opens_on, notice.closes_on) == ("N2026-01", TODAY, LAST_DAY)


def test_f26_an_approval_waits_to_the_last_second_of_the_notice(office: Office, added: Measure) -> None:
    post_id = office.applied()
    shown(office)

    def too_early() -> None:
        with pytest.raises(NoticeStillRuns) as refused:
            approve(office.register, at(office, LAST_SECOND), post_id, document="1号")
        assert "还剩1天" in refused.value.zh
        assert "5个工作日" in refused.value.zh
        assert "进行公示" in refused.value.zh

    assert added(too_early) == {}
    after = at(office, LAST_SECOND + timedelta(seconds=1))
    assert "F26" not in approve(office.register, after, post_id, document="1号").consents


def test_f26_a_notice_that_has_not_begun_counts_as_running(office: Office) -> None:
    post_id = office.applied()
    shown(office, opens_on=date(2026, 7, 1))
    with pytest.raises(NoticeStillRuns):
        approve(office.register, at(office, LAST_SECOND), post_id, document="1号")


def test_f26_approving_what_was_never_shown_is_a_consent_or_refused(office: Office) -> None:
    post_id = office.applied()
    strict = replace(office.by(), policy=replace(office.by().policy, notice_before_approval=REQUIRE))
    with pytest.raises(NoNotice) as refused:
        approve(office.register, strict, post_id, document="1号")
    assert "5个工作日" in refused.value.zh
    assert "F26" in approve(office.register, office.by(), post_id, document="1号").consents


def test_f26_a_notice_of_other_words_does_not_count(office: Office) -> None:
    post_id = office.applied()
    shown(office)
    apply_roster(office.register, office.by(), [office.row(duties="收费")])
    after = at(office, LAST_SECOND + timedelta(seconds=1))
    assert "F26" in approve(office.register, after, post_id, document="1号").consents


def test_f26_an_unsettled_objection_keeps_the_post_from_approval(office: Office, added: Measure) -> None:
    post_id = office.applied()
    heard(office, shown(office))
    after = at(office, LAST_SECOND + timedelta(seconds=1))

    def decide() -> None:
        with pytest.raises(ObjectionUnsettled, match="R1"):
            approve(office.register, after, post_id, document="1号")

    assert added(decide) == {}
    settled(office)
    assert approve(office.register, after, post_id, document="1号")


def test_f26_applying_anew_does_not_shake_an_objection_off(office: Office) -> None:
    post_id = office.applied()
    heard(office, shown(office))
    return_application(office.register, office.by(), post_id, document="2号", opinion="修改")
    apply_roster(office.register, office.by(), [office.row(duties="收费")])
    after = at(office, LAST_SECOND + timedelta(seconds=1))
    with pytest.raises(ObjectionUnsettled):
        approve(office.register, after, post_id, document="3号")


def test_mutant_a_check_of_the_latest_application_only_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "store.acts.notices.unsettled", lambda reader, ids: notices.unsettled(reader, ids[-1:])
    )
    with pytest.raises(pytest.fail.Exception):
        test_f26_applying_anew_does_not_shake_an_objection_off(office)
    assert office.register.count(Approval) == 1


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 6, 16, 16, 0, 0, tzinfo=UTC), datetime(2026, 6, 25, 15, 59, 59, tzinfo=UTC)],
)
def test_f26_the_public_objects_while_the_notice_hangs(office: Office, moment: datetime) -> None:
    office.applied()
    notice = shown(office, opens_on=date(2026, 6, 17))
    public = replace(office.by(Role.PUBLIC), now=moment)
    assert object_to(office.register, public, objection(notice)).channel is Channel.SCAN


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 6, 16, 15, 59, 59, tzinfo=UTC), datetime(2026, 6, 25, 16, 0, 0, tzinfo=UTC)],
)
def test_f26_before_and_after_the_notice_nobody_objects_online(office: Office, moment: datetime) -> None:
    office.applied()
    notice = shown(office, opens_on=date(2026, 6, 17))
    public = replace(office.by(Role.PUBLIC), now=moment)
    with pytest.raises(NoticeClosed, match="2026-06-17 to 2026-06-25"):
        object_to(office.register, public, objection(notice))


def test_f26_what_came_on_paper_is_entered_even_after_the_last_day(office: Office) -> None:
    office.applied()
    notice = shown(office)
    late = at(office, LAST_SECOND + timedelta(days=3))
    assert object_to(office.register, late, objection(notice)).channel is Channel.PAPER
    with pytest.raises(NotAllowed):
        object_to(office.register, office.by(Role.BRANCH_OFFICER, "O01"), objection(notice, "R2"))


def test_f26_plans_are_shown_and_objected_to(office: Office) -> None:
    office.applied()
    plan = file_plan(office.register, office.by(), "O01", NewPlan(year=2026, title="方案", text="内容"))
    new = NewNotice(subject=NoticeSubject.PLANS, object_ids=(plan.id,), places="网页专栏", opens_on=TODAY)
    notice = post_notice(office.register, office.by(), new)
    assert heard(office, notice).object_id == plan.id


def test_a_notice_shows_only_what_waits_and_never_begins_in_the_past(office: Office, added: Measure) -> None:
    office.applied(office.row(), office.row("兽医防疫岗"))
    office.approved_now("2026-002")

    def post() -> None:
        for decided in ("2026-002-A1", "2026-001", "2026-009-A1"):
            with pytest.raises(NothingToShow):
                shown(office, "2026-001-A1", decided)
        with pytest.raises(NoticeBackdated):
            shown(office, opens_on=date(2026, 6, 14))

    assert added(post) == {}


def test_an_objection_is_bounded_and_about_what_the_notice_shows(office: Office, added: Measure) -> None:
    office.applied(office.row(), office.row("兽医防疫岗"))
    notice = shown(office)

    def send() -> None:
        for wrong, refusal in [
            (objection(notice, text=" "), ReasonMissing),
            (objection(notice, text="言" * (OBJECTION_LONGEST + 1)), ObjectionTooLong),
            (objection(notice, object_id="2026-002-A1"), NoSuchNotice),
            (objection(notice, notice_id="N2026-09"), NoSuchNotice),
        ]:
            with pytest.raises(refusal):
                object_to(office.register, office.by(Role.PUBLIC), wrong)

    assert added(send) == {}
    assert heard(office, notice)


def test_an_objection_is_settled_once(office: Office) -> None:
    office.applied()
    heard(office, shown(office))
    with pytest.raises(NoSuchObjection):
        settled(office, "R2")
    settled(office)
    with pytest.raises(ObjectionAnswered, match="值班记录完整"):
        settled(office)


def test_f26_the_log_keeps_no_words_of_who_objected(office: Office) -> None:
    office.applied()
    notice = shown(office)
    heard(office, notice)
    entry = next(office.register.newest(LogEntry, 1))
    assert (entry.act, entry.object, entry.reason, entry.actor) == ("object", notice.id, "", "public")
