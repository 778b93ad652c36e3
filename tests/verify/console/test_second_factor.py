"""Signing in with a code of a device: taken up once, accepted once, asked for before the gravest acts."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from store.acts.credentials import take_second_factor
from store.ledger import entry_at
from store.records import LogEntry, SecondFactor, SecondFactorUse, SignInFailure
from tests.verify.console.bureau import OWN, Browser, Bureau
from verify import second_factor
from verify.site import WebSettings

CODE = "/console/sign-in/code"


@pytest.fixture
def settings(settings: WebSettings) -> WebSettings:
    return replace(settings, code_roles=WebSettings.code_roles)


def key_on(page: str) -> str:
    found = re.search(r'class="key">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def shown(bureau: Bureau, key: str) -> str:
    """Return what the device shows; the half minute goes by first, so that every code is a new one."""
    bureau.wait(seconds=30)
    return pyotp.TOTP(key).at(bureau.now)


def enrolled(bureau: Bureau, name: str = "committee") -> tuple[Browser, str, list[str]]:
    """Sign an officer in for the first time; return the browser, the device's key and the recovery codes."""
    browser = bureau.browser()
    assert browser.sign_in(name).headers["location"] == CODE
    key = key_on(browser.get(CODE).text)
    page = browser.post(CODE, code=shown(bureau, key))
    assert page.status_code == 200
    browser.get("/console")
    return browser, key, re.findall(r"<li>([A-Z2-7]{5}-[A-Z2-7]{5})</li>", page.text)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/console").status_code == 200


@pytest.mark.parametrize("name", ["committee", "administrator"])
def test_the_password_alone_opens_nothing_to_a_grave_role(bureau: Bureau, name: str) -> None:
    browser = bureau.browser()
    assert browser.sign_in(name).headers["location"] == CODE
    assert not is_signed_in(browser)
    assert bureau.register.count(SecondFactor) == 0


@pytest.mark.parametrize("name", ["inspector", "own_branch", "print_clerk"])
def test_others_may_do_without(bureau: Bureau, name: str) -> None:
    assert is_signed_in(bureau.signed_in(name))


def test_the_first_code_takes_the_device_up_and_shows_ten_recovery_codes(bureau: Bureau) -> None:
    browser, _, codes = enrolled(bureau)
    assert is_signed_in(browser)
    assert len(set(codes)) == 10
    last = entry_at(bureau.register, bureau.register.count(LogEntry))
    assert (last.act, last.actor, last.object) == ("add second factor", "committee", "committee")


def test_the_key_on_the_page_is_the_one_in_its_matrix(bureau: Bureau) -> None:
    browser = bureau.browser()
    browser.sign_in("committee")
    page = browser.get(CODE).text
    assert key_on(page) == key_on(browser.get(CODE).text)
    assert re.search(r'<path d="M0 0h1v1h-1z', page)


def test_the_next_sign_in_asks_for_a_code_and_shows_no_key(bureau: Bureau) -> None:
    _, key, _ = enrolled(bureau)
    browser = bureau.browser()
    browser.sign_in("committee")
    assert 'class="key"' not in browser.get(CODE).text
    assert browser.post(CODE, code="000000").status_code == 422
    assert not is_signed_in(browser)
    assert browser.post(CODE, code=shown(bureau, key)).headers["location"] == "/console"
    assert is_signed_in(browser)


def test_a_code_is_accepted_once_by_any_browser(bureau: Bureau) -> None:
    _, key, _ = enrolled(bureau)
    code = shown(bureau, key)
    first, second = bureau.browser(), bureau.browser()
    for browser in (first, second):
        browser.sign_in("committee")
    assert first.post(CODE, code=code).status_code == 303
    answer = second.post(CODE, code=code)
    assert (answer.status_code, "已经用过" in answer.text) == (422, True)
    assert not is_signed_in(second)


def test_a_code_older_than_one_accepted_is_refused(bureau: Bureau) -> None:
    _, key, _ = enrolled(bureau)
    bureau.wait(minutes=5)
    older, newer = (pyotp.TOTP(key).at(bureau.now + timedelta(seconds=drift)) for drift in (0, 30))
    browser = bureau.browser()
    browser.sign_in("committee")
    assert browser.post(CODE, code=newer).status_code == 303
    again = bureau.browser()
    again.sign_in("committee")
    assert again.post(CODE, code=older).status_code == 422


@pytest.mark.parametrize(("drift", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_clocks_may_differ_by_half_a_minute(bureau: Bureau, drift: int, status: int) -> None:
    _, key, _ = enrolled(bureau)
    bureau.wait(minutes=5)
    browser = bureau.browser()
    browser.sign_in("committee")
    code = pyotp.TOTP(key).at(bureau.now + drift * timedelta(seconds=30))
    assert browser.post(CODE, code=code).status_code == status


def test_a_recovery_code_works_once_however_it_is_typed(bureau: Bureau) -> None:
    _, _, codes = enrolled(bureau)
    browser = bureau.browser()
    browser.sign_in("committee")
    assert browser.post(CODE, code=codes[3].lower().replace("-", " ")).status_code == 303
    assert "备用码还剩 9 个" in browser.get("/console/account").text
    again = bureau.browser()
    again.sign_in("committee")
    assert again.post(CODE, code=codes[3]).status_code == 422


def test_the_register_holds_neither_key_nor_recovery_code(bureau: Bureau) -> None:
    _, key, codes = enrolled(bureau)
    kept = str(bureau.register.find(SecondFactor)) + str(bureau.register.find(SecondFactorUse))
    assert key not in kept
    assert not any(code.replace("-", "") in kept for code in codes)


def test_wrong_codes_slow_the_account_down(bureau: Bureau) -> None:
    _, key, _ = enrolled(bureau)
    browser = bureau.browser()
    browser.sign_in("committee")
    for _ in range(3):
        assert browser.post(CODE, code="000000").status_code == 422
    answer = browser.post(CODE, code=shown(bureau, key)[:5] + "x")
    assert (answer.status_code, bureau.register.count(SignInFailure)) == (422, 4)
    assert browser.post(CODE, code="000000").status_code == 429


def test_ten_minutes_after_the_password_it_is_asked_for_again(bureau: Bureau) -> None:
    _, key, _ = enrolled(bureau)
    browser = bureau.browser()
    browser.sign_in("committee")
    bureau.wait(minutes=10)
    assert browser.post(CODE, code=shown(bureau, key)).headers["location"] == "/console/sign-in"
    assert not is_signed_in(browser)


@pytest.mark.parametrize("change", [lambda word: word[:-1] + "0", lambda word: "x" + word, lambda _: "."])
def test_nobody_can_write_the_word_between_password_and_code(bureau: Bureau, change: object) -> None:
    assert callable(change)
    browser = bureau.browser()
    browser.sign_in("committee")
    word = browser.client.cookies["halfway"]
    forger = bureau.browser()
    forger.client.cookies.set("halfway", change(word))
    assert forger.get(CODE).headers.get("location") == "/console/sign-in"


def test_a_session_opened_by_a_password_alone_does_not_serve_a_grave_role(
    bureau: Bureau, settings: WebSettings
) -> None:
    bureau.app.state.site = replace(bureau.app.state.site, settings=replace(settings, code_roles=frozenset()))
    browser = bureau.signed_in("committee")
    bureau.app.state.site = replace(bureau.app.state.site, settings=settings)
    assert not is_signed_in(browser)


def test_a_demonstration_asks_for_no_code(bureau: Bureau, settings: WebSettings) -> None:
    bureau.app.state.site = replace(bureau.app.state.site, settings=replace(settings, demo=True))
    assert is_signed_in(bureau.signed_in("committee"))


def test_a_veto_asks_for_a_new_code(bureau: Bureau) -> None:
    browser, key, _ = enrolled(bureau)
    post_id = bureau.plated("财务室", OWN)
    address = f"/console/posts/{post_id}/veto"
    fields = {"cause": "2", "facts": "起火", "name": "财务室"}
    assert 'name="code"' in browser.get(address).text
    for code in ("", "000000"):
        answer = browser.post(address, **fields, code=code)
        assert (answer.status_code, "验证码不对" in answer.text, "起火" in answer.text) == (422, True, True)
    assert bureau.dossier(post_id).veto is None
    assert browser.post(address, **fields, code=shown(bureau, key)).status_code == 303
    assert bureau.dossier(post_id).veto is not None


def test_the_own_device_is_given_up_by_one_more_code(bureau: Bureau) -> None:
    browser, key, _ = enrolled(bureau)
    assert browser.post("/console/account/second-factor/end", code="1").status_code == 422
    answer = browser.post("/console/account/second-factor/end", code=shown(bureau, key))
    assert answer.status_code == 303
    assert not is_signed_in(browser)
    again = bureau.browser()
    again.sign_in("committee")
    assert key_on(again.get(CODE).text) != key


def test_a_branch_officer_may_take_a_device_up(bureau: Bureau) -> None:
    browser = bureau.signed_in("own_branch")
    page = browser.get("/console/account/second-factor").text
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    wrong = browser.post("/console/account/second-factor", sealed=sealed[1], code="000000")
    assert (wrong.status_code, key_on(wrong.text)) == (422, key_on(page))
    code = shown(bureau, key_on(page))
    done = browser.post("/console/account/second-factor", sealed=sealed[1], code=code)
    assert "备用码" in done.text
    other = bureau.browser()
    assert other.sign_in("own_branch").headers["location"] == CODE


def test_a_device_sealed_for_somebody_else_is_not_taken_up(bureau: Bureau) -> None:
    page = bureau.signed_in("inspector").get("/console/account/second-factor").text
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed
    thief = bureau.signed_in("own_branch")
    answer = thief.post("/console/account/second-factor", sealed=sealed[1], code=shown(bureau, key_on(page)))
    assert answer.status_code == 303
    assert bureau.register.count(SecondFactor) == 0


def test_who_lost_the_device_is_helped_by_the_administrator(bureau: Bureau) -> None:
    browser, _, _ = enrolled(bureau)
    take_second_factor(bureau.register, bureau.administrator(), "committee", reason="手机丢失")
    assert not is_signed_in(browser)


def test_a_check_taken_out_is_noticed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "_check_newer", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_code_older_than_one_accepted_is_refused(bureau)


def test_a_veto_that_asks_for_no_code_is_noticed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.console.guard.accept_code", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_veto_asks_for_a_new_code(bureau)


def test_a_word_whose_seal_nobody_looks_at_is_noticed(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmac.compare_digest", lambda *_: True)
    with pytest.raises(AssertionError):
        test_nobody_can_write_the_word_between_password_and_code(bureau, lambda word: word[:-1] + "0")
