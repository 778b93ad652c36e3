"""An inspector or a print clerk of one branch sees that branch in the console, and nothing of another."""

import pytest

from store.acts.veto import Charge, veto
from store.records import Role, VetoCause
from tests.verify.console.bureau import OTHER, OWN, Browser, Bureau


@pytest.fixture(params=[Role.INSPECTOR, Role.PRINT_CLERK])
def browser(request: pytest.FixtureRequest, bureau: Bureau) -> Browser:
    bureau.employ("confined", request.param, OWN)
    return bureau.signed_in("confined")


def test_the_list_of_posts_is_the_branchs(browser: Browser) -> None:
    page = browser.get("/console/posts").text
    assert "接待室" in page
    assert "温室组" not in page
    assert "温室组" not in browser.get("/console/posts?branch=").text


def test_a_post_of_another_branch_is_not_shown(browser: Browser, bureau: Bureau) -> None:
    own, other = bureau.posted("财务室", OWN), bureau.posted("育苗组", OTHER)
    assert browser.get(f"/console/posts/{own}").status_code == 200
    refused = browser.get(f"/console/posts/{other}")
    assert refused.status_code == 403
    assert "育苗组" not in refused.text


def test_the_log_of_the_whole_organisation_is_not_for_an_inspector_of_a_branch(bureau: Bureau) -> None:
    bureau.employ("confined", Role.INSPECTOR, OWN)
    browser = bureau.signed_in("confined")
    assert browser.get("/console/log").status_code == 403
    assert "/console/log" not in browser.get("/console").text
    assert "/console/log" in bureau.signed_in("inspector").get("/console").text


def test_recalls_and_feedback_are_the_branchs(bureau: Bureau) -> None:
    bureau.employ("confined", Role.INSPECTOR, OWN)
    other = bureau.plated("育苗组", OTHER)
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="经过如下")
    veto(bureau.register, bureau.office.by(), other, charge)
    browser = bureau.signed_in("confined")
    for page in ("/console", "/console/recalls", "/console/recalls?show=all", "/console/feedback"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "育苗组" not in answer.text
        assert bureau.copies(other)[0].id not in answer.text
