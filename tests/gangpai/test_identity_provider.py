"""Signing in by an identity provider: a real one on this machine, and each way in which it goes wrong."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from joserfc.jwk import OctKey, RSAKey

from gangpai.back_channel import HttpBackChannel, provider_of
from gangpai.settings import BadSetting, OidcSettings, load_settings
from store.acts.identities import bind_identity, identity_of, identity_typed
from store.policy import founding_plan
from store.records import IdentityClaim, LogEntry, Officer, OfficerSession, Role
from store.tinydb_register import TinyDbRegister
from tests.gangpai.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, providing, reply
from tests.office import Office
from tests.signing import note_key
from tests.verify.console.bureau import BASE_URL, CHEAP, Browser, Bureau
from verify.app import create_app
from verify.console.doorway import password_gate
from verify.identity import ProviderAway, WordNotTrusted
from verify.passwords import PasswordGate
from verify.site import WebSettings

HERE, BACK = "/console/sign-in/identity", "/console/sign-in/identity/back"
WORKING = {
    "GANGPAI_OIDC_CLIENT_ID": "c",
    "GANGPAI_OIDC_CLIENT_SECRET": "s",
    "GANGPAI_BASE_URL": "https://a.cn",
}
METADATA = "/realm/.well-known/openid-configuration"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    register = TinyDbRegister(tmp_path / "register.db")
    yield Office(register)
    register.close()


@pytest.fixture
def provider(office: Office) -> Iterator[Provider]:
    with providing(lambda: office.now) as provider:
        yield provider


def settings_of(provider: Provider) -> OidcSettings:
    return OidcSettings(
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        second_factors=frozenset({"otp"}),
    )


@pytest.fixture
def bureau(office: Office, provider: Provider) -> Bureau:
    settings = WebSettings(
        base_url=BASE_URL,
        policy=founding_plan(),
        secret=b"s" * 32,
        ledger_key=note_key(),
        identity_provider=provider_of(settings_of(provider)),
    )
    app = create_app(settings, office.register, lambda: office.now)
    gate = PasswordGate(CHEAP)
    app.dependency_overrides[password_gate] = lambda: gate
    bureau = Bureau(office.register, app, office)
    bureau.employ("inspector", Role.INSPECTOR)
    bureau.employ("committee", Role.COMMITTEE)
    return bureau


def bind(bureau: Bureau, provider: Provider, officer: str = "inspector", value: str = "u-1") -> None:
    identity = identity_typed(provider.issuer, value)
    bind_identity(bureau.register, bureau.administrator(), officer, identity)


def sent_there(browser: Browser) -> httpx.Response:
    """Follow the browser to the provider, which sends it back with a code."""
    there = browser.get(HERE)
    assert there.status_code == 303, there.text
    return httpx.get(there.headers["location"])


def come_back(browser: Browser) -> httpx.Response:
    back = urlsplit(sent_there(browser).headers["location"])
    return browser.get(f"{back.path}?{back.query}")


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/console").status_code == 200


def test_whoever_is_bound_is_signed_in(bureau: Bureau, provider: Provider) -> None:
    bind(bureau, provider)
    browser = bureau.browser()
    assert come_back(browser).headers["location"] == "/console"
    assert is_signed_in(browser)
    assert "inspector" in browser.get("/console/account").text


def test_the_question_is_for_one_sign_in_and_holds_no_secret(bureau: Bureau) -> None:
    browser = bureau.browser()
    asked = [parse_qs(urlsplit(browser.get(HERE).headers["location"]).query) for _ in range(2)]
    assert all(asked[0][name] != asked[1][name] for name in ("state", "nonce", "code_challenge"))
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert {len(asked[0][name][0]) >= 43 for name in ("state", "nonce", "code_challenge")} == {True}
    assert CLIENT_SECRET not in str(asked)


def test_nobody_gets_an_account_by_being_vouched_for(bureau: Bureau) -> None:
    browser, before = bureau.browser(), bureau.register.count(Officer)
    answer = come_back(browser)
    assert (answer.status_code, "u-1" in answer.text, 'id="password"' in answer.text) == (422, True, True)
    assert (bureau.register.count(Officer), is_signed_in(browser)) == (before, False)


def test_an_email_is_pinned_to_its_subject(bureau: Bureau, provider: Provider) -> None:
    bind(bureau, provider, value="Wang@Example.cn")
    provider.person |= {"email": "wang@example.CN", "email_verified": True}
    assert come_back(bureau.browser()).status_code == 303
    pinned = identity_of(bureau.register, "inspector")
    assert pinned is not None
    assert (pinned.claim, pinned.value) == (IdentityClaim.SUBJECT, "u-1")
    assert bureau.register.find(LogEntry)[-1].act == "bind identity"
    provider.person["sub"] = "u-2"
    assert come_back(bureau.browser()).status_code == 422


@pytest.mark.parametrize("verified", [False, "true", None])
def test_an_email_that_nobody_verified_opens_nothing(
    bureau: Bureau, provider: Provider, verified: object
) -> None:
    bind(bureau, provider, value="wang@example.cn")
    provider.person |= {"email": "wang@example.cn", "email_verified": verified}
    assert come_back(bureau.browser()).status_code == 422


def test_the_committee_still_owes_its_code(bureau: Bureau, provider: Provider) -> None:
    bind(bureau, provider, "committee")
    browser = bureau.browser()
    assert come_back(browser).headers["location"] == "/console/sign-in/code"
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [
        ({"amr": ["pwd", "otp"]}, True),
        ({"acr": "otp"}, True),
        ({"amr": ["pwd"]}, False),
        ({"acr": ""}, False),
    ],
)
def test_a_second_factor_counts_where_the_settings_take_it(
    bureau: Bureau, provider: Provider, said: dict[str, Any], is_taken: object
) -> None:
    bind(bureau, provider, "committee")
    provider.claims = said
    browser = bureau.browser()
    come_back(browser)
    assert is_signed_in(browser) == is_taken


def test_a_sign_in_vouched_for_confirms_no_grave_act(bureau: Bureau, provider: Provider) -> None:
    post_id = bureau.plated()
    bind(bureau, provider, "committee")
    provider.claims = {"amr": ["otp"]}
    browser = bureau.browser()
    come_back(browser)
    browser.get(f"/console/posts/{post_id}/veto")
    charge = {"cause": "1", "facts": "查实", "name": "财务室", "code": ""}
    answer = browser.post(f"/console/posts/{post_id}/veto", **charge)
    assert (answer.status_code, "还没有启用验证码" in answer.text) == (422, True)
    assert bureau.dossier(post_id).veto is None


def test_tightening_the_settings_ends_what_was_opened_by_them(bureau: Bureau, provider: Provider) -> None:
    bind(bureau, provider, "committee")
    provider.claims = {"amr": ["otp"]}
    browser = bureau.browser()
    come_back(browser)
    assert bureau.register.find(OfficerSession)[-1].assured_by == "otp"
    site = bureau.app.state.site
    strict = replace(site.settings.identity_provider, second_factors=frozenset())
    bureau.app.state.site = replace(site, settings=replace(site.settings, identity_provider=strict))
    assert not is_signed_in(browser)


def test_only_the_browser_that_began_ends_it(bureau: Bureau, provider: Provider) -> None:
    bind(bureau, provider)
    back = urlsplit(sent_there(bureau.browser()).headers["location"])
    for other in (bureau.browser(), bureau.browser()):
        other.get(HERE)
        answer = other.get(f"{back.path}?{back.query}")
        assert (answer.status_code, "不是从本浏览器开始" in answer.text) == (422, True)
        assert not is_signed_in(other)


def test_a_sign_in_is_ended_within_ten_minutes_and_once(bureau: Bureau, provider: Provider) -> None:
    bind(bureau, provider)
    browser = bureau.browser()
    back = urlsplit(sent_there(browser).headers["location"])
    bureau.wait(minutes=11)
    assert browser.get(f"{back.path}?{back.query}").status_code == 422
    back = urlsplit(sent_there(browser).headers["location"])
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    assert browser.get(f"{back.path}?{back.query}").status_code == 422


@pytest.mark.parametrize("error", ["access_denied", "<script>alert(1)</script>", ""])
def test_a_provider_that_declines_is_told_in_words(bureau: Bureau, error: str) -> None:
    browser = bureau.browser()
    there = parse_qs(urlsplit(browser.get(HERE).headers["location"]).query)
    answer = browser.get(f"{BACK}?state={there['state'][0]}&error={error}")
    assert (answer.status_code, "没有同意登录" in answer.text) == (422, True)
    assert "<script>alert" not in answer.text


def signed_by_a_stranger(provider: Provider) -> None:
    provider.signed_with = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)


def signed_with_the_secret(provider: Provider) -> None:
    provider.signed_with, provider.algorithm = OctKey.import_key(CLIENT_SECRET * 3), "HS256"


def unsigned(provider: Provider) -> None:
    asked, now = next(iter(provider.codes.values())), int(provider.clock().timestamp())
    claims = {"iss": provider.issuer, "sub": "u-1", "aud": CLIENT_ID, "iat": now, "exp": now + 300}
    parts = ({"alg": "none"}, claims | {"nonce": asked.get_nonce()})
    word = ".".join(
        [*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), ""]
    )
    provider.answers["/realm/token"] = lambda handler: reply(handler, (200, {"id_token": word}, []))


def too_old(provider: Provider) -> None:
    past = int((provider.clock() - timedelta(hours=1)).timestamp())
    provider.claims = {"iat": past, "exp": past + 300}


def not_yet(provider: Provider) -> None:
    provider.claims = {"iat": int((provider.clock() + timedelta(hours=1)).timestamp())}


WRONG: dict[str, Callable[[Provider], None]] = {
    "another issuer": lambda provider: provider.claims.update(iss="https://elsewhere.example.cn"),
    "for another program": lambda provider: provider.claims.update(aud=["another"]),
    "for several, handed to another": lambda provider: provider.claims.update(
        aud=[CLIENT_ID, "another"], azp="another"
    ),
    "an answer to another question": lambda provider: provider.claims.update(nonce="0" * 64),
    "without a nonce": lambda provider: provider.claims.update(nonce=None),
    "another access token": lambda provider: provider.claims.update(at_hash="0" * 22),
    "methods that are no list": lambda provider: provider.claims.update(amr="otp"),
    "a stranger's key": signed_by_a_stranger,
    "a shared secret": signed_with_the_secret,
    "no signature": unsigned,
    "too old": too_old,
    "of tomorrow": not_yet,
    "a description of another": lambda provider: provider.described.update(issuer="https://elsewhere.cn"),
    "keys elsewhere": lambda provider: provider.described.update(jwks_uri="http://169.254.169.254/keys"),
    "codes taken elsewhere": lambda provider: provider.described.update(
        {"token_endpoint": "http://[::1]:1/t"}
    ),
    "no keys": lambda provider: provider.answers.update(
        {"/realm/keys": lambda handler: reply(handler, (200, [], []))}
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_word_not_to_be_believed_lets_nobody_in(bureau: Bureau, provider: Provider, name: str) -> None:
    bind(bureau, provider)
    browser = bureau.browser()
    back = urlsplit(sent_there(browser).headers["location"])
    WRONG[name](provider)
    answer = browser.get(f"{back.path}?{back.query}")
    assert (answer.status_code, "不可信" in answer.text, is_signed_in(browser)) == (422, True, False)


def hang_up(handler: Any) -> None:
    handler.connection.close()


def go_elsewhere(handler: Any) -> None:
    reply(handler, (302, {}, [("Location", "http://169.254.169.254/latest")]))


def say_too_much(handler: Any) -> None:
    reply(handler, (200, {"issuer": "x" * 300_000}, []))


def say_nonsense(handler: Any) -> None:
    handler.wfile.write(b"SSH-2.0-nonsense\r\n\r\n")
    handler.connection.close()


FAILING: dict[str, tuple[int, Callable[[Any], None]]] = {
    "a fault of its own": (503, lambda handler: reply(handler, (500, {}, []))),
    "a redirect": (503, go_elsewhere),
    "hanging up": (503, hang_up),
    "another protocol": (503, say_nonsense),
    "too much": (422, say_too_much),
}


@pytest.mark.parametrize("name", sorted(FAILING))
def test_a_provider_that_fails_leaves_passwords(bureau: Bureau, provider: Provider, name: str) -> None:
    status, provider.answers[METADATA] = FAILING[name]
    browser = bureau.browser()
    answer = browser.get(HERE)
    assert (answer.status_code, 'id="password"' in answer.text) == (status, True)
    assert browser.sign_in("inspector").status_code == 303
    assert "http://169.254.169.254" not in answer.text


def test_a_silent_provider_is_waited_for_no_longer_than_said(
    bureau: Bureau, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gangpai.back_channel.PATIENCE_S", 0.1)
    provider.answers[METADATA] = lambda handler: handler.rfile.read()
    answer = bureau.browser().get(HERE)
    assert (answer.status_code, "timed_out" in answer.text) == (503, True)


def test_more_questions_than_turns_are_refused_at_once(provider: Provider) -> None:
    channel = HttpBackChannel(issuer=provider.issuer)
    while channel.turns.acquire(blocking=False):
        pass
    with pytest.raises(ProviderAway, match="busy"):
        channel.get(f"{provider.issuer}/keys")
    assert provider.asked == []


@pytest.mark.parametrize("address", ["http://169.254.169.254/", "https://127.0.0.1/", "file:///etc/passwd"])
def test_nothing_is_asked_elsewhere(provider: Provider, address: str) -> None:
    with pytest.raises(WordNotTrusted):
        HttpBackChannel(issuer=provider.issuer).get(address)


def test_without_a_provider_there_is_no_such_way(bureau: Bureau) -> None:
    site = bureau.app.state.site
    bureau.app.state.site = replace(site, settings=replace(site.settings, identity_provider=None))
    browser = bureau.browser()
    for address in (HERE, BACK):
        assert browser.get(address).headers["location"] == "/console/sign-in"
    assert "统一身份" not in browser.get("/console/sign-in").text


def administrator(bureau: Bureau) -> tuple[Browser, str]:
    """Sign in an administrator with a device, and return the key it shows codes of."""
    bureau.employ("admin", Role.ADMINISTRATOR)
    browser = bureau.browser()
    browser.sign_in("admin")
    page = browser.get("/console/sign-in/code").text
    key = re.sub(r"\s", "", re.findall(r'class="key">([^<]+)<', page)[0])
    browser.post("/console/sign-in/code", code=pyotp.TOTP(key).at(bureau.now))
    browser.get("/console/officers")
    return browser, key


def test_the_administrator_binds_and_unbinds(bureau: Bureau) -> None:
    admin, key = administrator(bureau)
    bureau.wait(minutes=1)
    given = {"identity": "u-1", "code": pyotp.TOTP(key).at(bureau.now)}
    assert admin.post("/console/officers/inspector/identity", **given).status_code == 303
    browser = bureau.browser()
    come_back(browser)
    assert is_signed_in(browser)
    bureau.wait(minutes=1)
    reason = {"reason": "调离", "code": pyotp.TOTP(key).at(bureau.now)}
    assert admin.post("/console/officers/inspector/identity/end", **reason).status_code == 303
    assert not is_signed_in(browser)
    assert come_back(browser).status_code == 422


def test_binding_asks_for_a_code(bureau: Bureau) -> None:
    admin, _ = administrator(bureau)
    answer = admin.post("/console/officers/inspector/identity", identity="u-1", code="000000")
    assert (answer.status_code, identity_of(bureau.register, "inspector")) == (422, None)


def test_binding_needs_a_provider(bureau: Bureau) -> None:
    admin, _ = administrator(bureau)
    site = bureau.app.state.site
    bureau.app.state.site = replace(site, settings=replace(site.settings, identity_provider=None))
    answer = admin.post("/console/officers/inspector/identity", identity="u-1", code="000000")
    assert (answer.status_code, "没有接入统一身份服务" in answer.text) == (422, True)


def test_the_settings_name_a_provider(tmp_path: Path) -> None:
    given = WORKING | {
        "GANGPAI_OIDC_ISSUER": "https://id.example.cn/r",
        "GANGPAI_OIDC_SECOND_FACTORS": "otp, mfa",
    }
    oidc = load_settings(given, tmp_path).oidc
    assert oidc is not None
    assert (oidc.issuer, oidc.second_factors) == ("https://id.example.cn/r", frozenset({"otp", "mfa"}))
    assert "'s'" not in repr(oidc)
    assert load_settings({}, tmp_path).oidc is None


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.example.cn",
        "https://id.example.cn?x=1",
        "https://u:p@id.example.cn",
        "https://id.example.cn:x",
        "ftp://id.example.cn",
        "id.example.cn",
        "https://",
        "https://[::1",
        "http://127.0.0.1.example.cn",
    ],
)
def test_an_issuer_is_reached_by_https_or_on_this_machine(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(BadSetting):
        load_settings(WORKING | {"GANGPAI_OIDC_ISSUER": issuer}, tmp_path)


@pytest.mark.parametrize("lacking", sorted(WORKING))
def test_a_provider_without_what_it_needs_is_refused(tmp_path: Path, lacking: str) -> None:
    given = {key: value for key, value in WORKING.items() if key != lacking}
    with pytest.raises(BadSetting):
        load_settings(given | {"GANGPAI_OIDC_ISSUER": "http://127.0.0.1:8080"}, tmp_path)
