"""The life of a post as dated events: complete, in order, and silent on what only the committee may read."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from store import timeline as module
from store.acts.adjust import Change, adjust, end_post
from store.acts.apply import apply_roster
from store.acts.approve import return_application
from store.acts.circulation import leave_post, place_copy, report_damage, report_lost, return_copy
from store.acts.correction import correct_veto
from store.acts.notices import NewNotice, NewObjection, object_to, post_notice, settle_objection
from store.acts.plans import NewPlan, file_plan
from store.acts.voice import Conclusion, conclude_investigation
from store.dossier import NoSuchPost
from store.records import REFERENCES, EndCause, Finding, NoticeSubject, Post, Product, RecallLine, Role
from store.timeline import timeline
from tests.office import Office

POST = "2026-001"
UNTOLD = {"Copy", "Application", "Feedback", "Settlement", "CallBack", "ReRating", "Addition"}
"""Told by the post's own functions, or by the public's (feedback.py)."""


def whole_life(office: Office) -> None:
    """Bring a post from its branch's plan to its end, with a mistaken veto on the way."""
    office.applied()
    file_plan(office.register, office.by(), "O01", NewPlan(year=2026, title="创建方案", text="内容"))
    return_application(office.register, office.by(), POST, document="2号", opinion="职责笼统")
    apply_roster(office.register, office.by(), [office.row(members="曾晓明、高赟、汪雪琳、贺杰佳")])
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS,
        object_ids=(f"{POST}-A2",),
        places="公开栏",
        opens_on=date(2026, 6, 15),
    )
    notice = post_notice(office.register, office.by(), new)
    objection = NewObjection(
        receipt="R1", notice_id=notice.id, object_id=f"{POST}-A2", text="该室长期无人值守"
    )
    object_to(office.register, office.by(Role.PUBLIC), objection)
    settle_objection(
        office.register, office.by(), "R1", finding=Finding.UNSUBSTANTIATED, answer="值班记录完整"
    )
    office.now += timedelta(days=10)
    office.approved_now(POST)
    plaque, badge = office.issued(POST), office.issued(POST, Product.BADGE)
    place_copy(office.register, office.by(), plaque.id, place="正门", placed_on=date(2026, 6, 25))
    report_damage(office.register, office.by(), plaque.id, reason="开裂")
    report_lost(office.register, office.by(), badge.id, reason="丢失")
    leave_post(office.register, office.by(), POST, member_name="曾晓明")
    office.vetoed(POST)
    correct_veto(office.register, office.by(), POST, document="9号", reason="误判")
    adjust(office.register, office.by(), POST, Change(place="7号楼"), reason="搬迁")
    conclude_investigation(
        office.register, office.by(), POST, Conclusion(finding=Finding.UNVERIFIABLE, facts="查无实据")
    )
    end_post(office.register, office.by(), POST, cause=EndCause.TERM_OVER, reason="创建期满")
    return_copy(office.register, office.by(), plaque.id)


def test_f29_the_life_of_a_post_is_told_in_order(office: Office) -> None:
    whole_life(office)
    events = timeline(office.register, POST, confidential=True)
    assert [each.zh for each in events] == [
        "申报", "报备实施方案", "退回申报", "申报变更", "公示", "收到公示意见", "答复公示意见：不属实",
        "批准", "制发2块（创建标牌）", "悬挂、放置", "登记损坏", "挂失", "成员调离", "一票否决，称号撤销",
        "更正一票否决，称号恢复", "申报变更", "查证：无法查证", "停用：届满", "已交回",
    ]  # fmt: skip
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))
    assert all(each.en for each in events)
    assert "职责笼统" in events[2].text
    assert events[15].text.endswith("搬迁")


def test_f29_what_only_the_committee_may_read_is_left_out_unless_asked_for(office: Office) -> None:
    whole_life(office)
    told = str(timeline(office.register, POST))
    assert "值班记录完整" in told
    for secret in ("该室长期无人值守", "查无实据", "收到公示意见"):
        assert secret not in told
        assert secret in str(timeline(office.register, POST, confidential=True))


def test_f29_every_class_of_record_about_a_post_is_told() -> None:
    of_a_post = {kind for kind, names in REFERENCES.items() if names.get("post_id") is Post}
    told = {kind.__name__ for kind in module._PLAIN} | UNTOLD  # noqa: SLF001 - the table is what is tested
    own = {"Assessment", "Investigation"}
    assert {kind.__name__ for kind in of_a_post - {RecallLine}} <= told | own


def test_a_post_nobody_applied_for_has_no_life(office: Office) -> None:
    with pytest.raises(NoSuchPost):
        timeline(office.register, "2026-999")
