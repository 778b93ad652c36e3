"""The page of what is due: overdue first, each with the way to do it, and as a calendar."""

import re
from datetime import date

import pytest
from icalendar import Calendar

from store.acts.veto import Charge, veto
from store.duties.duty import Duty, DutyKind
from store.records import Role, VetoCause
from tests.verify.console.bureau import OTHER, OWN, Bureau
from verify.console.due import address_of


def vetoed(bureau: Bureau, name: str, branch: str) -> str:
    post_id = bureau.plated(name, branch)
    veto(bureau.register, bureau.office.by(), post_id, Charge(cause=VetoCause.GRAVE_BREACH, facts="查实"))
    return post_id


def stretch(page: str, name: str) -> str:
    return page.partition(f">{name} <")[2].partition("</section>")[0]


def test_what_is_overdue_stands_first_and_leads_to_where_it_is_done(bureau: Bureau) -> None:
    post_id = vetoed(bureau, "财务室", OWN)
    assert post_id in stretch(bureau.signed_in("committee").get("/console/due").text, "七天之内")
    bureau.wait(days=8)
    page = bureau.signed_in("committee").get("/console/due").text
    assert f'href="/console/recalls?post={post_id}"' in stretch(page, "已逾期")
    assert page.index("已逾期") < page.index("七天之内") < page.index("以后")


def test_every_link_leads_somewhere_for_whoever_sees_it(bureau: Bureau) -> None:
    vetoed(bureau, "财务室", OWN)
    bureau.plated("标本室", OWN)
    for name in ("committee", "own_branch"):
        browser = bureau.signed_in(name)
        links = set(re.findall(r'class="name" href="([^"]+)"', browser.get("/console/due").text))
        assert links
        assert {link for link in links if browser.get(link).status_code != 200} == set()


def test_a_branch_sees_its_own_duties_only(bureau: Bureau) -> None:
    own, other = vetoed(bureau, "财务室", OWN), vetoed(bureau, "标本室", OTHER)
    page = bureau.signed_in("own_branch").get("/console/due").text
    assert own in page
    assert other not in page


def test_the_same_goes_into_a_calendar(bureau: Bureau) -> None:
    post_id = vetoed(bureau, "财务室", OWN)
    answer = bureau.signed_in("own_branch").get("/console/due/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert any(post_id in str(event["summary"]) for event in events)


@pytest.mark.parametrize(
    ("kind", "about", "address"),
    [
        (DutyKind.RECALL, "2026-007-03-86", "/console/recalls?post=2026-007"),
        (DutyKind.ASSESSMENT, "2026-1007", "/console/posts/2026-1007/acts/assess"),
        (DutyKind.INSPECTION, "2026-007", "/console/posts/2026-007"),
        (DutyKind.APPROVAL, "2026-007", "/console/posts/2026-007"),
        (DutyKind.SETTLEMENT, "R0", "/console/feedback?show=open"),
        (DutyKind.PLAN, "2026", "/console/plans"),
        (DutyKind.RECEIVER, "W1", ""),
    ],
)
def test_each_duty_has_its_place(kind: DutyKind, about: str, address: str) -> None:
    duty = Duty(
        id="d",
        kind=kind,
        branch_id=None,
        branch_name="",
        object=about,
        zh="",
        en="",
        due_on=date(2026, 7, 1),
        overdue=False,
    )
    assert address_of(duty, Role.BRANCH_OFFICER) == address
