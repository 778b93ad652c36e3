"""The acts on a post, filled in on their forms: through a year, refused in words, where they belong."""

import re

import httpx
import pytest

from store.acts.award import award
from store.acts.veto import Charge, veto
from store.calendar import office_day
from store.dossier import PostState
from store.records import (
    Application,
    ApplicationReturned,
    Assessment,
    Commitment,
    Departure,
    ExemplaryDeed,
    Inspection,
    LogEntry,
    PaperSurvey,
    PostEnd,
    Rectification,
    RectificationClosed,
    Supervision,
    VetoCause,
    VetoCorrection,
)
from store.rounds import round_before
from tests.verify.console.bureau import OTHER, OWN, Browser, Bureau
from verify.console.act_forms import FORMS

SURVEY = {"day": "2026-06-15", "grade5": "8", "grade4": "３", "grade3": "1", "grade2": "0", "grade1": "0"}
VISIT = {
    "day": "2026-06-15",
    "report": "听取汇报",
    "report_points": "90",
    "site": "查看现场",
    "site_points": "88",
    "opinions": "走访服务对象",
}


def fill(browser: Browser, post_id: str, act: str, /, **fields: str) -> httpx.Response:
    address = f"/console/posts/{post_id}/acts/{act}"
    assert browser.get(address).status_code == 200
    return browser.post(address, **fields)


def done(bureau: Bureau, browser: Browser, post_id: str, act: str, /, **fields: str) -> str:
    """Fill a form in, see it done, and return the page that says so."""
    answer = fill(browser, post_id, act, **fields)
    assert answer.status_code == 303, answer.text
    entry = bureau.register.count(LogEntry)
    assert answer.headers["location"] == f"/console/posts/{post_id}?done={act}&entry={entry}"
    page = browser.get(answer.headers["location"]).text
    assert f"台账第{entry}条" in page
    return page


def titled(bureau: Bureau) -> str:
    """Return a post that holds the title since a quarter and a half."""
    post_id = bureau.plated("财务室", OWN)
    browser = bureau.signed_in("committee")
    day = office_day(bureau.now).isoformat()
    done(bureau, browser, post_id, "survey", **(SURVEY | {"day": day}), method="窗口发放")
    checks = dict.fromkeys(("meets_standards", "recognised", "outstanding", "effective"), "yes")
    done(bureau, browser, post_id, "inspect", **(VISIT | {"day": day}), **checks)
    bureau.wait(days=30)
    last = round_before(office_day(bureau.now), bureau.office.policy)
    award(bureau.register, bureau.office.by(), post_id, awarded_on=last.award_day)
    return post_id


def test_an_application_is_sent_back_with_an_opinion(bureau: Bureau) -> None:
    post_id, committee = bureau.posted("财务室", OWN), bureau.signed_in("committee")
    refused = fill(committee, post_id, "send-back", opinion=" ", document="5号")
    assert (refused.status_code, 'value="5号"' in refused.text) == (422, True)
    done(bureau, committee, post_id, "send-back", opinion="职责请写具体", document="5号")
    [returned] = bureau.register.find(ApplicationReturned, post_id=post_id)
    assert returned.opinion == "职责请写具体"


def test_a_change_is_applied_for_with_what_stands_filled_in(bureau: Bureau) -> None:
    post_id, own = bureau.plated("财务室", OWN), bureau.signed_in("own_branch")
    page = own.get(f"/console/posts/{post_id}/acts/adjust").text
    assert "曾晓明、高赟、汪雪琳" in page
    content = bureau.dossier(post_id).content
    fields = {"name": content.name, "duties": content.duties, "place": content.place, "reason": "轮岗"}
    few = fill(own, post_id, "adjust", **fields, members="曾晓明、高赟")
    assert (few.status_code, "3名以上共产党员" in few.text) == (422, True)
    same = fill(own, post_id, "adjust", **fields, members="曾晓明、高赟、汪雪琳")
    assert same.status_code == 422
    done(bureau, own, post_id, "adjust", **fields, members="曾晓明， 高赟,汪雪琳、李娜")
    latest = bureau.register.find(Application, post_id=post_id)[-1]
    assert [each.name for each in latest.content.members] == ["曾晓明", "高赟", "汪雪琳", "李娜"]


def test_a_member_leaves(bureau: Bureau) -> None:
    post_id, own = (
        bureau.approved("财务室", OWN, "曾晓明、高赟、汪雪琳、李娜"),
        bureau.signed_in("own_branch"),
    )
    done(bureau, own, post_id, "leave", member="李娜")
    assert [each.member_name for each in bureau.register.find(Departure, post_id=post_id)] == ["李娜"]
    assert fill(own, post_id, "leave", member="某人").status_code == 422


def test_a_survey_and_an_inspection_lead_to_the_title(bureau: Bureau) -> None:
    post_id = titled(bureau)
    assert bureau.dossier(post_id).state is PostState.AWARDED
    [survey] = bureau.register.find(PaperSurvey, post_id=post_id)
    assert survey.counts == (8, 3, 1, 0, 0)
    assert len(bureau.register.find(Inspection, post_id=post_id)) == 1


def test_the_form_says_clause_and_number_before_anybody_runs_into_them(bureau: Bureau) -> None:
    post_id = bureau.plated("财务室", OWN)
    page = bureau.signed_in("committee").get(f"/console/posts/{post_id}/acts/inspect").text
    assert "满意度不低于80%且不少于10份" in page
    assert "（F14）" in page


def test_members_are_assessed_and_a_problem_is_put_right(bureau: Bureau) -> None:
    post_id = titled(bureau)
    own = bureau.signed_in("own_branch")
    while "acts/assess" not in own.get(f"/console/posts/{post_id}").text:
        bureau.wait(days=30)
        own = bureau.signed_in("own_branch")
    day = office_day(bureau.now).isoformat()
    names = re.findall(
        r"<label for=\"ask-failed\d\">(\S+?)：", own.get(f"/console/posts/{post_id}/acts/assess").text
    )
    assert names == ["曾晓明", "高赟", "汪雪琳"]
    done(bureau, own, post_id, "assess", day=day, failed1="2、3", remarks1="台账不全")
    assessed = bureau.register.find(Assessment, post_id=post_id)
    assert [all(each.standards) for each in assessed] == [True, False, True]
    [order] = bureau.register.find(Rectification, post_id=post_id)
    fields = {"rectification": order.id, "evidence": "已补齐"}
    assert fill(own, post_id, "close-rectification", **fields, result="").status_code == 422
    done(bureau, own, post_id, "close-rectification", **fields, result="done")
    assert bureau.register.count(RectificationClosed) == 1


def test_another_posts_rectification_is_not_closed_here(bureau: Bureau) -> None:
    post_id, other = bureau.plated("财务室", OWN), bureau.plated("标本室", OTHER)
    committee = bureau.signed_in("committee")
    for each in (post_id, other):
        done(bureau, committee, each, "rectify", problem="牌子挂歪了")
    theirs = bureau.register.find(Rectification, post_id=other)[0].id
    own = bureau.signed_in("own_branch")
    answer = fill(own, post_id, "close-rectification", rectification=theirs, result="done", evidence="好了")
    assert answer.status_code == 422
    assert bureau.register.count(RectificationClosed) == 0


def test_pledge_deed_and_supervision_are_entered(bureau: Bureau) -> None:
    post_id = titled(bureau)
    committee, day = bureau.signed_in("committee"), office_day(bureau.now).isoformat()
    done(bureau, committee, post_id, "promise", text="一次办好", day=day)
    done(bureau, committee, post_id, "deed", title="雨夜送证", text="把证送到老人家里", member="高赟")
    done(bureau, committee, post_id, "supervise", day=day, findings="牌面清楚", guidance="继续")
    for kind in (Commitment, ExemplaryDeed, Supervision):
        assert len(bureau.register.find(kind, post_id=post_id)) == 1


def test_a_post_is_ended_after_its_effect_was_said(bureau: Bureau) -> None:
    post_id, own = bureau.plated("财务室", OWN, plates=2), bureau.signed_in("own_branch")
    page = own.get(f"/console/posts/{post_id}/acts/end").text
    assert "2块标牌将立即显示“已停用”" in page
    done(bureau, own, post_id, "end", cause="stopped", reason="机构调整")
    assert len(bureau.register.find(PostEnd, post_id=post_id)) == 1
    assert own.get(f"/console/posts/{post_id}/acts/end").status_code == 422


def test_a_mistaken_veto_is_corrected(bureau: Bureau) -> None:
    post_id, committee = bureau.plated("财务室", OWN), bureau.signed_in("committee")
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="误报"))
    assert (
        "尚未收回的3块标牌立即重新有效" in committee.get(f"/console/posts/{post_id}/acts/correct-veto").text
    )
    done(bureau, committee, post_id, "correct-veto", document="9号", reason="经复查不属实")
    assert len(bureau.register.find(VetoCorrection, post_id=post_id)) == 1
    assert bureau.dossier(post_id).veto is None


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("survey", SURVEY | {"day": "昨天"}, "不是日期"),
        ("survey", SURVEY | {"grade5": "许多"}, "不是整数"),
        ("survey", SURVEY | {"grade5": "9" * 30}, "不是整数"),
        ("inspect", VISIT | {"site_points": "101"}, "101"),
        ("end", {"cause": "disgrace", "reason": "无"}, "没有选择停用情形"),
        ("rectify", {"problem": "问题", "due": "2026-13-01"}, "不是日期"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    bureau: Bureau, name: str, fields: dict[str, str], told: str
) -> None:
    post_id, committee = bureau.plated("财务室", OWN), bureau.signed_in("committee")
    before = bureau.register.count(LogEntry)
    answer = fill(committee, post_id, name, **fields, method="<i>窗口</i>")
    assert (answer.status_code, told in answer.text, "<i>" in answer.text) == (422, True, False)
    typed = re.findall(r'value="([^"]*)"', answer.text)
    assert set(fields.values()) - {"disgrace", "问题", "无"} <= set(typed) | set(
        re.findall(">([^<]*)<", answer.text)
    )
    assert bureau.register.count(LogEntry) == before


def test_only_what_is_open_is_offered(bureau: Bureau) -> None:
    post_id, committee = bureau.plated("财务室", OWN), bureau.signed_in("committee")
    page = committee.get(f"/console/posts/{post_id}").text
    offered = set(re.findall(r"/acts/([a-z-]+)\"", page))
    assert {"adjust", "inspect", "end"} <= offered
    assert not {"send-back", "assess", "close-rectification", "deed", "correct-veto"} & offered
    for name in {each.name for each in FORMS} - offered:
        answer = committee.get(f"/console/posts/{post_id}/acts/{name}")
        assert (answer.status_code, "目前的状态不能办理" in answer.text) == (422, True)


def test_whoever_only_looks_is_offered_nothing(bureau: Bureau) -> None:
    post_id = bureau.plated("财务室", OWN)
    assert "/acts/" not in bureau.signed_in("inspector").get(f"/console/posts/{post_id}").text
