"""Signing in and out through the browser."""

import re
from dataclasses import replace

import pytest

from store.acts.officers import disable_officer
from store.records import OfficerSession, SessionEnd, SessionSeen, SignInFailure
from tests.verify.console.bureau import PASSWORD, SAME_ORIGIN, Browser, Bureau
from tests.verify.in_process import HERE
from verify.app import create_app
from verify.passwords import SignInsBusy
from verify.site import WebSettings

WRONG = "not the password at all"


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/console").status_code == 200


def secret_of(browser: Browser) -> str:
    return browser.client.cookies["session"]


def test_the_right_password_opens_the_console(bureau: Bureau) -> None:
    browser = bureau.browser()
    assert browser.get("/console").headers["location"] == "/console/sign-in"
    answer = browser.sign_in("committee")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert is_signed_in(browser)
    assert browser.get("/console/sign-in").headers["location"] == "/console"


def test_the_cookie_is_for_the_server_only(bureau: Bureau) -> None:
    cookie = bureau.browser().sign_in("committee").headers["set-cookie"]
    assert re.match(r"session=[0-9a-f]{64}; HttpOnly; Path=/; SameSite=lax$", cookie)


def test_over_https_the_cookie_is_bound_to_the_host(bureau: Bureau, settings: WebSettings) -> None:
    secure = replace(settings, base_url="https://gp.example.cn")
    app = create_app(secure, bureau.register, lambda: bureau.now)
    app.dependency_overrides = bureau.app.dependency_overrides
    bureau.app = app
    cookie = bureau.browser().sign_in("committee").headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie


def test_the_register_keeps_no_secret(bureau: Bureau) -> None:
    secret = secret_of(bureau.signed_in())
    assert len(secret) == 64
    assert secret not in str(bureau.register.find(OfficerSession))


@pytest.mark.parametrize("name", ["committee", "nobody", "", "  ", "a" * 5000, "<b>", "{zh}"])
def test_wrong_and_unknown_are_answered_alike(bureau: Bureau, name: str) -> None:
    browser = bureau.browser()
    answer = browser.sign_in(name, WRONG)
    assert answer.status_code == 422
    assert "登录名或密码不对" in answer.text
    assert WRONG not in answer.text
    assert not is_signed_in(browser)


def test_a_closed_account_is_answered_like_a_wrong_password(bureau: Bureau) -> None:
    disable_officer(bureau.register, bureau.administrator(), "inspector", reason="调离")
    assert "登录名或密码不对" in bureau.browser().sign_in("inspector").text


def test_failures_slow_an_account_down_but_never_lock_it(bureau: Bureau) -> None:
    browser = bureau.browser()
    for _ in range(3):
        assert browser.sign_in("committee", WRONG).status_code == 422
    answer = browser.sign_in("committee")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert "请等待2秒" in answer.text
    assert "wait 2 s" in answer.text
    assert bureau.browser().sign_in("inspector").status_code == 303
    bureau.wait(seconds=2)
    assert browser.sign_in("committee").status_code == 303


def test_waiting_is_told_in_minutes_and_a_refused_try_is_no_failure(bureau: Bureau) -> None:
    browser = bureau.browser()
    for _ in range(12):
        while browser.sign_in("committee", WRONG).status_code == 429:
            bureau.wait(minutes=1)
    kept = bureau.register.count(SignInFailure)
    assert "请等待15分钟" in browser.sign_in("committee").text
    assert bureau.register.count(SignInFailure) == kept


def test_a_network_is_slowed_down_whatever_the_names(bureau: Bureau) -> None:
    browser = bureau.browser()
    for number in range(20):
        assert browser.sign_in(f"guess{number}", WRONG).status_code == 422
    assert browser.sign_in("committee").status_code == 429


def test_the_trace_of_a_failure_names_nobody(bureau: Bureau) -> None:
    bureau.browser().sign_in("committee", WRONG)
    kept = str(bureau.register.find(SignInFailure))
    assert "committee" not in kept
    assert HERE[0] not in kept


def test_a_crowd_at_the_door_is_asked_to_come_back(bureau: Bureau) -> None:
    class FullGate:
        def matches(self, *_: object) -> bool:
            raise SignInsBusy

    browser = bureau.signed_in()
    for dependency in bureau.app.dependency_overrides:
        bureau.app.dependency_overrides[dependency] = FullGate
    assert bureau.browser().sign_in("committee").status_code == 503
    assert is_signed_in(browser)


def test_signing_in_makes_a_new_session_and_ends_the_old(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    before = secret_of(browser)
    browser.sign_in("committee")
    assert secret_of(browser) != before
    old = bureau.browser()
    old.client.cookies.set("session", before)
    assert not is_signed_in(old)


def test_a_planted_session_id_is_not_taken_over(bureau: Bureau) -> None:
    browser, planted = bureau.browser(), "0" * 64
    browser.client.cookies.set("session", planted, domain="testserver.local", path="/")
    cookie = browser.sign_in("committee").headers["set-cookie"]
    assert planted not in cookie
    thief = bureau.browser()
    thief.client.cookies.set("session", planted)
    assert not is_signed_in(thief)
    assert bureau.register.count(SessionEnd) == 0


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(bureau: Bureau) -> None:
    browser, stolen = bureau.signed_in(), bureau.browser()
    stolen.client.cookies.set("session", secret_of(browser))
    assert is_signed_in(stolen)
    answer = browser.post("/console/sign-out")
    assert answer.headers["location"] == "/console/sign-in"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert not is_signed_in(stolen)


def test_half_an_hour_of_idleness_ends_a_session(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    for _ in range(3):
        bureau.wait(minutes=29)
        assert is_signed_in(browser)
    bureau.wait(minutes=30)
    assert not is_signed_in(browser)


def test_twelve_hours_end_a_session_however_busy(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    for _ in range(12 * 3 - 1):
        bureau.wait(minutes=20)
        assert is_signed_in(browser)
    bureau.wait(minutes=20)
    assert not is_signed_in(browser)


def test_activity_is_kept_once_a_minute(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    before = bureau.register.count(SessionSeen)
    bureau.wait(seconds=61)
    for _ in range(5):
        browser.get("/console")
    assert bureau.register.count(SessionSeen) == before + 1


def test_a_closed_account_loses_its_sessions_at_once(bureau: Bureau) -> None:
    browser = bureau.signed_in("inspector")
    disable_officer(bureau.register, bureau.administrator(), "inspector", reason="调离")
    assert not is_signed_in(browser)


def test_a_session_is_known_to_every_worker(bureau: Bureau, settings: WebSettings) -> None:
    secret = secret_of(bureau.signed_in())
    bureau.app = create_app(settings, bureau.register, lambda: bureau.now)
    elsewhere = bureau.browser()
    elsewhere.client.cookies.set("session", secret)
    assert is_signed_in(elsewhere)


def test_the_account_lists_the_own_sessions_and_ends_one(bureau: Bureau) -> None:
    phone, desktop, other = bureau.signed_in(), bureau.signed_in(), bureau.signed_in("inspector")
    page = desktop.get("/console/account").text
    ends = re.findall(r'action="(/console/account/sessions/[0-9a-f]{64}/end)"', page)
    assert len(ends) == 2
    for address in ends:
        assert other.post(address).status_code == 303
    assert is_signed_in(phone)
    for address in reversed(ends):
        desktop.post(address)
    assert not is_signed_in(phone)
    assert is_signed_in(other)


def test_no_page_is_kept_by_the_browser(bureau: Bureau) -> None:
    answer = bureau.signed_in().get("/console/posts")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_signing_in_from_a_foreign_page_is_refused(bureau: Bureau) -> None:
    browser = bureau.browser()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        fields = {"name": "committee", "password": PASSWORD}
        answer = browser.ask("POST", "/console/sign-in", data=fields, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert browser.ask("POST", "/console/sign-in", data=fields, headers=SAME_ORIGIN).status_code == 303
