"""Public notices in the console: posted for what waits, objected to on paper, settled; told to few."""

import re

import pytest

from store.records import (
    Application,
    BranchPlan,
    Channel,
    Finding,
    Objection,
    ObjectionSettled,
    Organisation,
    PublicNotice,
)
from tests.verify.console.bureau import OTHER, OWN, Browser, Bureau

PLACES = "党务公开栏"


def posted(bureau: Bureau, browser: Browser) -> PublicNotice:
    page = browser.get("/console/notices").text
    objects = re.findall(r'name="object" value="([^"]+)"', page)
    day = bureau.now.date().isoformat()
    answer = browser.post(
        "/console/notices", subject="applications", object=objects, places=PLACES, opens_on=day
    )
    assert answer.headers["location"] == "/console/notices?done=posted"
    [notice] = bureau.register.find(PublicNotice)
    return notice


def test_all_that_waits_is_shown_once(bureau: Bureau) -> None:
    committee = bureau.signed_in("committee")
    notice = posted(bureau, committee)
    waiting = {each.id for each in bureau.register.find(Application)}
    assert set(notice.object_ids) == waiting
    page = committee.get("/console/notices").text
    assert 'name="object"' not in page
    assert f"/console/notices/{notice.id}" in page
    assert "公示中" in page


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"places": " "}, "公示地点"),
        ({"opens_on": "2026-06-01"}, "该日已过"),
        ({"opens_on": "明天"}, "不是日期"),
        ({"object": []}, "无可公示"),
        ({"object": ["2026-999-A1"]}, "不能公示"),
        ({"subject": "all"}, "没有选择公示内容"),
    ],
)
def test_a_refused_notice_keeps_what_was_typed(
    bureau: Bureau, changes: dict[str, object], reason: str
) -> None:
    committee = bureau.signed_in("committee")
    committee.get("/console/notices")
    fields = {
        "subject": "applications",
        "object": ["2026-001-A1"],
        "places": PLACES,
        "opens_on": "2026-06-20",
    }
    answer = committee.post("/console/notices", **(fields | changes))
    assert answer.status_code == 422
    assert reason in answer.text
    if "places" not in changes:
        assert f'value="{PLACES}"' in answer.text
    assert bureau.register.count(PublicNotice) == 0


def test_an_objection_on_paper_is_entered_and_settled(bureau: Bureau) -> None:
    committee = bureau.signed_in("committee")
    notice = posted(bureau, committee)
    address, against = f"/console/notices/{notice.id}", notice.object_ids[0]
    committee.get(address)
    refused = committee.post(f"{address}/objections", object="2026-999-A1", words="不同意")
    assert (refused.status_code, "不同意</textarea>" in refused.text) == (404, True)
    committee.post(f"{address}/objections", object=against, words="职责与实际不符")
    [objection] = bureau.register.find(Objection)
    assert (objection.channel, objection.object_id, objection.text) == (
        Channel.PAPER,
        against,
        "职责与实际不符",
    )
    assert "意见待答复 1" in committee.get("/console/notices").text
    settling = f"{address}/objections/{objection.id}/settle"
    assert committee.post(settling, words="已核对").status_code == 422
    assert committee.post(settling, finding="unsubstantiated", words="已核对，情况不属实").status_code == 303
    [settled] = bureau.register.find(ObjectionSettled)
    assert settled.finding is Finding.UNSUBSTANTIATED
    assert "意见待答复" not in committee.get("/console/notices").text


def test_a_branch_sees_the_notice_and_never_who_objected(bureau: Bureau) -> None:
    committee, branch = bureau.signed_in("committee"), bureau.signed_in("own_branch")
    notice = posted(bureau, committee)
    committee.post(
        f"/console/notices/{notice.id}/objections", object=notice.object_ids[0], words="职责与实际不符"
    )
    for address in ("/console/notices", f"/console/notices/{notice.id}"):
        page = branch.get(address).text
        assert notice.id in page
        assert "职责与实际不符" not in page
        assert "意见待答复" not in page


def test_plans_are_filed_and_shown(bureau: Bureau) -> None:
    branch, committee = bureau.signed_in("own_branch"), bureau.signed_in("committee")
    branch.get("/console/plans")
    refused = branch.post("/console/plans/plan", year="2026", title="实施方案", text=" ")
    assert (refused.status_code, 'value="实施方案"' in refused.text) == (422, True)
    answer = branch.post("/console/plans/plan", year="2026", title="实施方案", text="开展创建活动")
    assert answer.headers["location"] == "/console/plans?year=2026&done=plan"
    [plan] = bureau.register.find(BranchPlan)
    page = committee.get("/console/notices").text
    assert f'value="{plan.id}"' in page
    assert OWN in page


def test_a_branch_files_for_itself_alone(bureau: Bureau) -> None:
    branch = bureau.signed_in("own_branch")
    branch.get("/console/plans")
    [other] = bureau.register.find(Organisation, name=OTHER)
    branch.post("/console/plans/plan", branch=other.id, year="2026", title="实施方案", text="内容")
    [plan] = bureau.register.find(BranchPlan)
    assert plan.branch_id == bureau.register.find(Organisation, name=OWN)[0].id


def test_the_year_is_summed_up(bureau: Bureau) -> None:
    branch = bureau.signed_in("own_branch")
    branch.get("/console/plans")
    assert branch.post("/console/plans/summary", year="二〇二六", text="总结").status_code == 422
    assert branch.post("/console/plans/summary", year="2026", text="创建工作总结").status_code == 303
    assert "创建工作总结" in branch.get("/console/plans").text
