"""Invitations, passwords changed, and accounts closed in the browser."""

import re

import pytest

from store.records import Invitation, Officer, Role
from tests.verify.console.bureau import OWN, PASSWORD, Browser, Bureau

SENTENCE = "知否知否，应是绿肥红瘦的清晨"
NEW = {"officer": "sun", "display": "孙晓", "role": "branch_officer", "branch": OWN}


def link_made(browser: Browser, **fields: str) -> str:
    browser.get("/console/officers")
    page = browser.post("/console/officers/invitations", **(NEW | fields)).text
    found = re.search(r'class="key">http://testserver(/console/invitation/[0-9a-f]{64})<', page)
    assert found, page
    return found[1]


def choose(bureau: Bureau, link: str, password: str = SENTENCE, again: str | None = None) -> int:
    answer = bureau.browser().post(link, password=password, again=password if again is None else again)
    return answer.status_code


def can_sign_in(bureau: Bureau, name: str, password: str) -> bool:
    return bureau.browser().sign_in(name, password).status_code == 303


def test_an_invited_officer_chooses_a_password_and_signs_in(bureau: Bureau) -> None:
    link = link_made(bureau.signed_in("administrator"))
    page = bureau.browser().get(link).text
    assert "孙晓" in page
    assert choose(bureau, link) == 303
    assert can_sign_in(bureau, "sun", SENTENCE)
    officer = bureau.register.get(Officer, "sun")
    assert officer is not None
    assert (officer.role, officer.display_name) == (Role.BRANCH_OFFICER, "孙晓")


def test_a_link_works_once_and_for_three_days(bureau: Bureau) -> None:
    administrator = bureau.signed_in("administrator")
    used, late = link_made(administrator), link_made(administrator, officer="li")
    assert choose(bureau, used) == 303
    assert choose(bureau, used, PASSWORD) == 422
    bureau.wait(days=3)
    assert choose(bureau, late) == 422
    assert bureau.register.get(Officer, "li") is None
    assert bureau.browser().get("/console/invitation/" + "0" * 64).status_code == 422


def test_the_register_does_not_hold_the_link(bureau: Bureau) -> None:
    link = link_made(bureau.signed_in("administrator"))
    assert link.rpartition("/")[2] not in str(bureau.register.find(Invitation))


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "少于12个"),
        (SENTENCE, SENTENCE + " ", "两次输入"),
        ("password1234", "password1234", "太常见"),
    ],
)
def test_a_password_that_cannot_be_one_is_refused_and_the_link_stays_good(
    bureau: Bureau, password: str, again: str, told: str
) -> None:
    link = link_made(bureau.signed_in("administrator"))
    answer = bureau.browser().post(link, password=password, again=again)
    assert (answer.status_code, told in answer.text, password in answer.text) == (422, True, False)
    assert choose(bureau, link) == 303


def test_a_known_officer_chooses_anew_keeps_the_role_and_is_signed_out(bureau: Bureau) -> None:
    before = bureau.signed_in("own_branch")
    link = link_made(bureau.signed_in("administrator"), officer="own_branch", role="administrator", branch="")
    assert choose(bureau, link) == 303
    assert before.get("/console").status_code == 303
    assert not can_sign_in(bureau, "own_branch", PASSWORD)
    assert can_sign_in(bureau, "own_branch", SENTENCE)
    officer = bureau.register.get(Officer, "own_branch")
    assert officer is not None
    assert officer.role is Role.BRANCH_OFFICER


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"role": ""}, "没有选择角色"),
        ({"role": "public"}, "没有选择角色"),
        ({"branch": ""}, "党总支"),
        ({"role": "committee"}, "不限于一个总支"),
        ({"officer": " "}, "登录名"),
    ],
)
def test_whoever_cannot_be_invited_is_refused_and_what_was_typed_stays(
    bureau: Bureau, fields: dict[str, str], told: str
) -> None:
    answer = bureau.signed_in("administrator").post("/console/officers/invitations", **(NEW | fields))
    assert (answer.status_code, told in answer.text, "孙晓" in answer.text) == (422, True, True)
    assert bureau.register.count(Invitation) == 0


def test_a_closed_account_is_not_invited_again(bureau: Bureau) -> None:
    administrator = bureau.signed_in("administrator")
    link = link_made(administrator, officer="inspector")
    assert administrator.post("/console/officers/inspector/close", reason="调离").status_code == 303
    assert choose(bureau, link) == 422
    answer = administrator.post("/console/officers/invitations", **(NEW | {"officer": "inspector"}))
    assert "已停用" in answer.text
    assert not can_sign_in(bureau, "inspector", PASSWORD)


def test_nothing_is_taken_away_that_is_not_there(bureau: Bureau) -> None:
    answer = bureau.signed_in("administrator").post(
        "/console/officers/inspector/second-factor/end", reason="手机丢失"
    )
    assert (answer.status_code, "没有启用验证码" in answer.text) == (422, True)


def test_the_own_password_is_changed_and_other_browsers_are_signed_out(bureau: Bureau) -> None:
    here, there = bureau.signed_in("own_branch"), bureau.signed_in("own_branch")
    answer = here.post("/console/account/password", current=PASSWORD, password=SENTENCE, again=SENTENCE)
    assert answer.headers["location"] == "/console/account?done=password"
    assert here.get("/console").status_code == 200
    assert there.get("/console").status_code == 303
    assert can_sign_in(bureau, "own_branch", SENTENCE)
    assert not can_sign_in(bureau, "own_branch", PASSWORD)


@pytest.mark.parametrize(
    ("current", "password", "again", "told"),
    [
        ("wrong wrong wrong", SENTENCE, SENTENCE, "现在的密码不对"),
        (PASSWORD, SENTENCE, "another one, quite", "两次输入"),
        (PASSWORD, "short", "short", "少于12个"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(
    bureau: Bureau, current: str, password: str, again: str, told: str
) -> None:
    browser = bureau.signed_in("own_branch")
    answer = browser.post("/console/account/password", current=current, password=password, again=again)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert can_sign_in(bureau, "own_branch", PASSWORD)
