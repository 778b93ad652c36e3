"""The notice board: what hangs today, never who is in it, and objections with a receipt (F26)."""

from dataclasses import replace
from datetime import date, timedelta

import httpx
import pytest

from store.acts.notices import OBJECTION_LONGEST, NewNotice, post_notice, settle_objection
from store.acts.plans import NewPlan, file_plan
from store.records import Channel, Finding, NoticeSubject, Objection, PublicNotice
from tests.office import Office
from tests.verify.public.plates import JSON
from tests.verify.public.reading import Page
from tests.verify.public.street import Clock, Somebody
from verify.proof import WAIT
from verify.throttle import DEVICE_PER_HOUR

POST, SHOWN = "2026-001", "2026-001-A1"
MONDAY = date(2026, 11, 16)
NAMES = ("曾晓明", "高赟", "汪雪琳")


@pytest.fixture
def notice(office: Office) -> PublicNotice:
    office.applied()
    new = NewNotice(
        subject=NoticeSubject.APPLICATIONS, object_ids=(SHOWN,), places="党务公开栏", opens_on=MONDAY
    )
    return post_notice(office.register, office.by(), new)


def objections(notice: PublicNotice, object_id: str = SHOWN) -> str:
    return f"/notice/{notice.id}/{object_id}/objections"


def test_f26_a_notice_hangs_from_its_first_day_to_the_end_of_its_last(
    client: httpx.Client, notice: PublicNotice, clock: Clock
) -> None:
    assert notice.closes_on == date(2026, 11, 23)
    for days, hangs in [(-2, True), (-3, False), (5, True), (6, False)]:
        standing = replace(clock)
        clock.forward(days=days)
        assert (notice.id in client.get("/notice").text) == hangs
        clock.now = standing.now


def test_f26_a_notice_shows_the_post_and_never_persons(client: httpx.Client, notice: PublicNotice) -> None:
    page = Page(client.get("/notice").text).text
    for shown in ("财务室", POST, "办理报销与核算", "3 名", "2026年11月23日", "党务公开栏", notice.id):
        assert shown in page
    assert not [name for name in NAMES if name in page]


def test_f26_plans_are_shown_with_their_words(client: httpx.Client, office: Office) -> None:
    office.applied()
    plan = NewPlan(year=2026, title="创建方案", text="组织发动。\n<b>六月</b>申报。")
    filed = file_plan(office.register, office.by(), "O01", plan)
    new = NewNotice(subject=NoticeSubject.PLANS, object_ids=(filed.id,), places="网页专栏", opens_on=MONDAY)
    post_notice(office.register, office.by(), new)
    page = Page(client.get("/notice").text).text
    assert "创建方案" in page
    assert "<b>六月</b>申报。" in page


def test_f26_an_objection_gets_a_receipt_and_there_the_answer(
    client: httpx.Client, office: Office, notice: PublicNotice
) -> None:
    answer = client.post(objections(notice), data={"comment": "该室长期无人值守"})
    [kept] = office.register.find(Objection)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notice/objections/{kept.id}")
    assert (kept.text, kept.channel, kept.object_id) == ("该室长期无人值守", Channel.SCAN, SHOWN)
    page = Page(client.get(f"/notice/objections/{kept.id.lower()}").text)
    assert page.within("h1") == "已收到"
    settle_objection(
        office.register, office.by(), kept.id, finding=Finding.UNSUBSTANTIATED, answer="值班记录完整"
    )
    page = Page(client.get(f"/notice/objections/{kept.id}").text)
    assert page.within("h1") == "已答复"
    assert "值班记录完整" in page.text
    assert kept.text not in client.get("/notice").text


def test_f26_a_machine_objects_too(client: httpx.Client, office: Office, notice: PublicNotice) -> None:
    answer = client.post(objections(notice), json={"comment": "有异议"}, headers=JSON)
    assert (answer.status_code, answer.json()) == (201, {"objection": office.register.find(Objection)[0].id})


@pytest.mark.parametrize(
    ("comment", "said"), [("", "没有填写意见内容"), ("言" * (OBJECTION_LONGEST + 1), "超过1000个字")]
)
def test_f26_a_refused_objection_comes_back_with_everything_typed(
    client: httpx.Client, office: Office, notice: PublicNotice, comment: str, said: str
) -> None:
    answer = client.post(objections(notice), data={"comment": comment})
    assert answer.status_code == 422
    assert said in answer.text
    assert comment in answer.text
    assert office.register.count(Objection) == 0


def test_f26_after_the_last_day_nobody_objects_here(
    client: httpx.Client, office: Office, notice: PublicNotice, clock: Clock
) -> None:
    clock.now += timedelta(days=6)
    answer = client.post(objections(notice), data={"comment": "有异议"})
    assert answer.status_code == 422
    assert "书面向党委提出" in answer.text
    assert office.register.count(Objection) == 0


def test_f26_an_objection_that_comes_too_late_is_handed_back_while_another_notice_hangs(
    client: httpx.Client, office: Office, notice: PublicNotice, clock: Clock
) -> None:
    clock.now += timedelta(days=6)
    plan = file_plan(office.register, office.by(), "O01", NewPlan(year=2026, title="方案", text="内容"))
    opens_on = notice.closes_on + timedelta(days=1)
    new = NewNotice(
        subject=NoticeSubject.PLANS, object_ids=(plan.id,), places="党务公开栏", opens_on=opens_on
    )
    post_notice(office.register, office.by(), new)
    answer = client.post(objections(notice), data={"comment": "该室长期无人值守"})
    assert answer.status_code == 422
    assert plan.title in answer.text
    assert "书面向党委提出" in answer.text
    assert "该室长期无人值守" in answer.text


def test_what_no_notice_shows_and_no_receipt_names_is_not_found(
    client: httpx.Client, somebody: Somebody, notice: PublicNotice
) -> None:
    said = {"comment": "有异议"}
    assert client.post(objections(notice, "2026-009-A1"), data=said).status_code == 404
    assert client.post("/notice/N2026-99/2026-001-A1/objections", data=said).status_code == 404
    assert client.get("/notice/objections/ABCDEFGHJKMN").status_code == 404
    foreign = somebody(**{"Sec-Fetch-Site": "cross-site"})
    assert foreign.post(objections(notice), data=said).status_code == 403


def test_f26_past_the_limit_an_objection_passes_after_a_wait_and_once(
    client: httpx.Client, office: Office, notice: PublicNotice, clock: Clock
) -> None:
    client.cookies.set("__Host-device", "ab" * 16)
    for _ in range(DEVICE_PER_HOUR):
        assert client.post(objections(notice), data={"comment": "有异议"}).status_code == 303
    refused = client.post(objections(notice), data={"comment": "还有异议"})
    assert refused.status_code == 429
    assert "还有异议" in refused.text
    [ticket] = [tag["value"] for _, tag in Page(refused.text).tags if tag.get("name") == "wait"]
    clock.now += WAIT
    again = [client.post(objections(notice), data={"comment": "还有异议", "wait": ticket}) for _ in range(2)]
    assert [each.status_code for each in again] == [303, 422]
    assert office.register.count(Objection) == DEVICE_PER_HOUR + 1
