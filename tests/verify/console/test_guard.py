"""Who may use which route, and that nothing is changed from elsewhere: tried on every route there is."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from store.acts.authority import Authority
from store.acts.veto import Charge, veto
from store.records import Post, Role, VetoCause
from tests.verify.console.bureau import OFFICERS, OTHER, OWN, SAME_ORIGIN, Browser, Bureau
from verify.console import PARTS, guard
from verify.console.guard import ConsoleRoute, Doorstep, Officers

C, A, I, P, B, O = "committee", "administrator", "inspector", "print_clerk", "own_branch", "other_branch"  # noqa: E741 -- columns of the table below
METHODS = ("GET", "POST")
ACT = "/console/posts/{post_id}/acts"
BY_COMMITTEE = ("send-back", "inspect", "correct-veto", "paper-message")
BY_BRANCH = (
    "adjust",
    "leave",
    "survey",
    "assess",
    "rectify",
    "close-rectification",
    "promise",
    "deed",
    "supervise",
    "end",
    "place",
    "damaged",
    "correct-assessment",
    "attach",
)
MATRIX = {
    "GET /console": {C, A, I, P, B, O},
    "GET /console/next": {C, A, I, P, B, O},
    "GET /console/account": {C, A, I, P, B, O},
    "POST /console/account/sessions/{ended_id}/end": {C, A, I, P, B, O},
    "POST /console/account/password": {C, A, I, P, B, O},
    "GET /console/account/second-factor": {C, A, I, P, B, O},
    "POST /console/account/second-factor": {C, A, I, P, B, O},
    "POST /console/account/second-factor/end": {C, A, I, P, B, O},
    **{f"{method} {ACT}/{name}": {C} for method in METHODS for name in BY_COMMITTEE},
    **{f"{method} {ACT}/{name}": {C, B} for method in METHODS for name in BY_BRANCH},
    "GET /console/officers": {A},
    "POST /console/officers/invitations": {A},
    "GET /console/officers/{officer_id}/duties": {A},
    "POST /console/officers/{officer_id}/duties": {A},
    "POST /console/officers/{officer_id}/close": {A},
    "POST /console/officers/{officer_id}/sessions/end": {A},
    "POST /console/officers/{officer_id}/second-factor/end": {A},
    "POST /console/officers/{officer_id}/identity": {A},
    "POST /console/officers/{officer_id}/identity/end": {A},
    "POST /console/sign-out": {C, A, I, P, B, O},
    "GET /console/due": {C, A, B, O},
    "GET /console/due/calendar.ics": {C, A, B, O},
    "GET /console/posts": {C, A, I, P, B, O},
    "GET /console/search": {C, A, I, P, B, O},
    "GET /console/posts/{post_id}": {C, A, I, P, B},
    "GET /console/posts/{post_id}/plates/{number}.png": {C, A, I, P, B},
    "GET /console/posts/{post_id}/papers/{name}.{suffix}": {C, A, I, B},
    "GET /console/posts/{post_id}/files/{attachment_id}": {C, I, B},
    "POST /console/posts/{post_id}/approve": {C},
    "POST /console/posts/{post_id}/award": {C},
    "POST /console/posts/{post_id}/investigate": {C},
    "GET /console/posts/{post_id}/veto": {C},
    "POST /console/posts/{post_id}/veto": {C},
    **{f"{method} /console/bulk/{name}": {C} for method in METHODS for name in ("approve", "award")},
    "GET /console/import": {C, B, O},
    "POST /console/import": {C, B, O},
    "POST /console/import/apply": {C, B, O},
    "GET /console/plans": {C, B, O},
    "POST /console/plans/plan": {C, B, O},
    "POST /console/plans/summary": {C, B, O},
    "GET /console/notices": {C, A, I, B, O},
    "POST /console/notices": {C},
    "GET /console/notices/{notice_id}": {C, A, I, B, O},
    "POST /console/notices/{notice_id}/objections": {C},
    "POST /console/notices/{notice_id}/objections/{receipt}/settle": {C},
    "GET /console/print": {C, P, B, O},
    "GET /console/print/order": {C, P, B, O},
    "POST /console/print/order": {C, P, B, O},
    "GET /console/print/picture": {C, P, B, O},
    "GET /console/print/jobs/{job_id}": {C, P, B, O},
    "POST /console/print/jobs/{job_id}/cancel": {C, P, B, O},
    "POST /console/print/jobs/{job_id}/go-on": {C, P, B, O},
    "GET /console/print/jobs/{job_id}/files/{file_name}": {C, P, B, O},
    "GET /console/recalls": {C, A, I, B, O},
    "POST /console/copies/{number}/return": {C, B},
    "POST /console/copies/{number}/lost": {C, B},
    "GET /console/return": {C, B, O},
    "POST /console/return": {C, B, O},
    "POST /console/return/scanned": {C, B, O},
    "POST /console/return/many": {C, B, O},
    "GET /console/recalls/receipt.pdf": {C, A, I, B, O},
    "POST /console/recalls/{number}/photo": {C, B, O},
    "GET /console/recalls/photos/{attachment_id}": {C, I, B, O},
    "GET /console/feedback": {C, A, I, B, O},
    "GET /console/feedback/{receipt}": {C},
    "GET /console/reports": {C, A, I, B, O},
    **{
        f"GET /console/reports/{name}{suffix}": {C, A, I} if name == "scans" else {C, A, I, B, O}
        for name in ("satisfaction", "assessments", "recalls", "scans", "annual")
        for suffix in ("", ".xlsx", ".pdf")
    },
    "POST /console/feedback/{receipt}/call-back": {C},
    "POST /console/feedback/{receipt}/investigate": {C},
    "POST /console/feedback/{receipt}/settle": {C},
    "GET /console/feedback/forgeries": {C},
    "POST /console/feedback/forgeries/{receipt}/answer": {C},
    "GET /console/feedback/photos/{attachment_id}": {C},
    "GET /console/log": {C, A, I},
    "GET /console/log/checkpoint.txt": {C, A, I},
    "GET /console/log/{entry_number}": {C, A, I},
    "GET /console/log/{entry_number}/proof.json": {C, A, I},
    "GET /console/settings": {C, A},
    "GET /console/settings/policy": {C, A},
    "POST /console/settings/policy": {C},
    "GET /console/settings/policy/{decision_id}.toml": {C, A},
    "GET /console/settings/organisations": {C, A},
    "POST /console/settings/organisations": {C, A},
    "GET /console/settings/organisations/{branch_id}": {C, A},
    "POST /console/settings/organisations/{branch_id}": {C, A},
    "GET /console/settings/designs": {C, A},
    "GET /console/settings/designs/schema.json": {C, A},
    "GET /console/settings/designs/{product}/{name}.toml": {C, A},
    "GET /console/settings/designs/{product}/{name}": {C, A},
    "GET /console/settings/designs/{product}/{name}/{size}/{stage}.png": {C, A},
    "GET /console/settings/texts": {C, A},
    "POST /console/settings/texts/{subject}": {C, A},
    "GET /console/settings/tokens": {A},
    "POST /console/settings/tokens": {A},
    "POST /console/settings/tokens/{granted_id}/revoke": {A},
    "GET /console/settings/webhooks": {C, A},
    "POST /console/settings/webhooks": {C},
    "POST /console/settings/webhooks/{webhook_id}/test": {C},
    "POST /console/settings/webhooks/{webhook_id}/end": {C},
    "GET /console/settings/backup": {A},
    "POST /console/settings/backup": {A},
}
"""Which officer passes at each route; the post and the plate asked for belong to the branch of B."""
DOORSTEP = {
    "GET /console/sign-in",
    "POST /console/sign-in",
    "GET /console/setup",
    "POST /console/setup",
    "GET /console/sign-in/identity",
    "GET /console/sign-in/identity/back",
    "GET /console/sign-in/code",
    "POST /console/sign-in/code",
    "GET /console/invitation/{secret}",
    "POST /console/invitation/{secret}",
}
FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour's site": {"Sec-Fetch-Site": "same-site"},
    "another origin": {"Origin": "https://evil.example"},
    "our name in theirs": {"Origin": "http://testserver.evil.example"},
    "another port": {"Origin": "http://testserver:81"},
    "a site that outranks the origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
}


def console_routes() -> Iterator[tuple[str, ConsoleRoute]]:
    for part in PARTS:
        for route in part.routes:
            assert isinstance(route, ConsoleRoute)
            for method in route.methods or ():
                yield f"{method} {route.path}", route


ROUTES = dict(console_routes())
UNSAFE = sorted(name for name in ROUTES if not name.startswith("GET "))


def every_route(router: Any, prefix: str = "") -> Iterator[str]:
    """Walk whatever the application serves, however it was put together."""
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from every_route(included, prefix + route.include_context.prefix)
        elif hasattr(route, "endpoint"):
            yield from (f"{method} {prefix}{route.path}" for method in route.methods or ())


def ask(bureau: Bureau, browser: Browser, name: str, **more: Any) -> int:
    """Send a request that lacks nothing but sense, and return its status."""
    method, path = name.split(" ")
    address = address_of(bureau, path)
    if method == "GET":
        return browser.get(address).status_code
    fields = {"token": browser.token} | more.pop("data", {})
    return browser.ask(method, address, data=fields, **({"headers": SAME_ORIGIN} | more)).status_code


def address_of(bureau: Bureau, path: str, **found: str) -> str:
    """Fill in the names of a path, by things there are where the register has them."""
    post_id = next(each.id for each in bureau.register.find(Post) if bureau.copies(each.id))
    named: dict[str, object] = {
        "post_id": post_id,
        "number": bureau.copies(post_id)[0].id,
        "ended_id": "0" * 64,
        "receipt": "R0",
        "notice_id": "N2026-01",
        "attachment_id": "Feedback-R0-1",
        "name": "nothing",
        "suffix": "pdf",
        "officer_id": "inspector",
        "entry_number": 1,
        "branch_id": "O01",
        "decision_id": "current",
        "granted_id": "T1",
        "product": "badge",
        "size": "badge",
        "stage": "title",
        "subject": "about",
        "webhook_id": "W1",
        "secret": "0" * 64,
        "job_id": "P1",
        "file_name": "x.pdf",
    }
    return path.format(**(named | found))


def test_every_route_of_the_console_is_in_the_matrix() -> None:
    assert set(ROUTES) == set(MATRIX) | DOORSTEP


def test_nothing_is_served_below_console_but_these(bureau: Bureau) -> None:
    served = {name for name in every_route(bureau.app) if name.split(" ")[1].startswith("/console")}
    assert served == set(ROUTES)


def test_a_route_that_declares_nobody_cannot_be_built() -> None:
    router = APIRouter(route_class=ConsoleRoute)
    with pytest.raises(TypeError, match="declare"):
        router.get("/secret")(lambda: "anybody")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_the_declaration_agrees_with_the_matrix(name: str) -> None:
    declared = ROUTES[name].declared
    if name in DOORSTEP:
        assert isinstance(declared, Doorstep)
        return
    assert isinstance(declared, Officers)
    assert declared.roles == {OFFICERS[officer][0] for officer in MATRIX[name]}
    assert Role.PUBLIC not in declared.roles


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_each_officer_passes_where_the_matrix_says(bureau: Bureau, name: str) -> None:
    bureau.plated()
    assert {officer for officer in OFFICERS if passes(bureau, officer, name)} == MATRIX[name]


def passes(bureau: Bureau, officer: str, name: str) -> bool:
    """Whether the officer gets beyond the guard and the act's own check; who does not changes nothing."""
    browser, before = bureau.signed_in(officer), bureau.office.written()
    if ask(bureau, browser, name) != 403:
        return True
    assert bureau.office.written() == before
    return False


def test_nobody_is_sent_to_sign_in(bureau: Bureau) -> None:
    for name in MATRIX:
        method, path = name.split(" ")
        answer = bureau.browser().ask(method, path, headers=SAME_ORIGIN)
        assert answer.headers["location"] == "/console/sign-in"


def test_what_was_typed_outlives_the_session(bureau: Bureau) -> None:
    post_id, facts = bureau.plated(), "<b>7月2日</b>起火"
    browser, typed = bureau.signed_in(), {"cause": "2", "facts": facts, "name": "财务室"}
    bureau.wait(minutes=31)
    address = f"/console/posts/{post_id}/veto"
    late = browser.post(address, **typed)
    assert (late.status_code, facts in late.text) == (401, False)
    assert sent_again(late.text) == typed
    assert browser.sign_in("committee").status_code == 303
    held = browser.ask("POST", address, data=sent_again(late.text), headers=SAME_ORIGIN)
    assert held.status_code == 403
    assert bureau.dossier(post_id).veto is None
    assert browser.ask("POST", address, data=sent_again(held.text), headers=SAME_ORIGIN).status_code == 303
    assert bureau.dossier(post_id).veto is not None


def sent_again(html: str) -> dict[str, str]:
    """Return the fields of the form in which what was typed comes back."""
    form = html.partition('<form class="card sheet"')[2].partition("</form>")[0]
    return {
        unescape(name): unescape(value) for name, value in re.findall(r'name="(.*?)" value="(.*?)"', form)
    }


def test_a_password_never_comes_back(bureau: Bureau) -> None:
    answer = bureau.browser().post("/console/return", plate="2026-001", password="hurry")  # noqa: S106 -- nobody's
    assert (answer.status_code, "2026-001" in answer.text, "hurry" in answer.text) == (401, True, False)


@pytest.mark.parametrize("name", UNSAFE)
def test_a_foreign_page_changes_nothing(bureau: Bureau, name: str) -> None:
    bureau.plated()
    browser, before = bureau.signed_in(), bureau.office.written()
    for origin, headers in FOREIGN.items():
        assert ask(bureau, browser, name, headers=headers) == 403, origin
    assert bureau.office.written() == before


@pytest.mark.parametrize("name", sorted(set(UNSAFE) - DOORSTEP))
def test_a_form_without_the_sessions_token_changes_nothing(bureau: Bureau, name: str) -> None:
    bureau.plated()
    browser, other = bureau.signed_in(), bureau.signed_in()
    before = bureau.office.written()
    for token in ("", "0" * 64, "ä", browser.token[:-1], other.token):
        assert ask(bureau, browser, name, data={"token": token}) == 403, token
    assert bureau.office.written() == before


@pytest.mark.parametrize("headers", [SAME_ORIGIN, {"Sec-Fetch-Site": "none"}, {"Origin": "null"}, {}])
def test_our_own_forms_pass_as_browsers_send_them(bureau: Bureau, headers: dict[str, str]) -> None:
    bureau.plated()
    assert ask(bureau, bureau.signed_in(), "POST /console/copies/{number}/return", headers=headers) == 303


def test_a_broken_form_is_refused_in_words(bureau: Bureau) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = bureau.signed_in().ask("POST", "/console/return", content=b"--y", headers=SAME_ORIGIN | kind)
    assert answer.status_code in {400, 403}
    assert "没有办成" in answer.text


@pytest.mark.parametrize("officer", OFFICERS)
def test_the_menu_leads_only_where_the_officer_may_go(bureau: Bureau, officer: str) -> None:
    browser = bureau.signed_in(officer)
    links = set(re.findall(r'href="(/console[^"]*)"', browser.get("/console").text))
    assert "/console/posts" in links
    assert {link for link in links if browser.get(link).status_code != 200} == set()


def test_looking_writes_nothing_but_the_trace_of_use(bureau: Bureau) -> None:
    post_id = bureau.plated()
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    veto(bureau.register, bureau.office.by(), post_id, charge)
    browser = bureau.signed_in()
    before = bureau.office.written()
    for name in sorted(ROUTES):
        if name.startswith("GET "):
            assert ask(bureau, browser, name) < 500
    assert bureau.office.written() == before


def test_a_branch_sees_its_own_posts_plates_and_voices_only(bureau: Bureau) -> None:
    own, other = bureau.plated("财务室", OWN), bureau.plated("标本室", OTHER)
    charge = Charge(cause=VetoCause.GRAVE_BREACH, facts="查实")
    for post_id in (own, other):
        veto(bureau.register, bureau.office.by(), post_id, charge)
    for officer, seen, hidden in (("own_branch", own, other), ("other_branch", other, own)):
        browser = bureau.signed_in(officer)
        for address in ("/console", "/console/posts", "/console/recalls", "/console/recalls?branch=O01"):
            page = browser.get(address).text
            assert hidden not in page
            assert seen in page
        assert browser.get(f"/console/recalls?post={hidden}").status_code == 403
        assert browser.get(f"/console/posts/{hidden}").status_code == 403
        hidden_plate = bureau.copies(hidden)[0].id
        assert hidden_plate not in browser.get(f"/console/return?done={hidden_plate}").text
        assert browser.post("/console/return", plate=hidden_plate).status_code == 403


@pytest.mark.parametrize("check", ["check_token", "check_sender"])
def test_a_check_taken_out_is_noticed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch, check: str) -> None:
    monkeypatch.setattr(guard, check, lambda _: None)
    name = "POST /console/copies/{number}/return"
    tests: dict[str, Callable[[], None]] = {
        "check_token": lambda: test_a_form_without_the_sessions_token_changes_nothing(bureau, name),
        "check_sender": lambda: test_a_foreign_page_changes_nothing(bureau, name),
    }
    with pytest.raises(AssertionError):
        tests[check]()


def test_a_role_check_taken_out_is_noticed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.Desk, "may", lambda *_: True)
    with pytest.raises(AssertionError):
        test_each_officer_passes_where_the_matrix_says(bureau, "GET /console/recalls")


def test_a_branch_check_taken_out_is_noticed(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Authority, "permit", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        test_each_officer_passes_where_the_matrix_says(bureau, "GET /console/posts/{post_id}")


def test_the_acts_ask_again_where_a_declaration_lets_everybody_in(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("POST /console/posts/{post_id}/veto", "POST /console/copies/{number}/return"):
        monkeypatch.setattr(ROUTES[name].declared, "roles", frozenset(Role))
    post_id = bureau.plated()
    browser = bureau.signed_in("print_clerk")
    charge = {"cause": "1", "facts": "查实", "name": "财务室"}
    assert browser.post(f"/console/posts/{post_id}/veto", **charge).status_code == 403
    assert browser.post(f"/console/copies/{bureau.copies(post_id)[0].id}/return").status_code == 403
    assert bureau.dossier(post_id).veto is None


def test_a_declaration_too_wide_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = ROUTES["GET /console/log"].declared
    monkeypatch.setattr(declared, "roles", frozenset(Role))
    with pytest.raises(AssertionError):
        test_the_declaration_agrees_with_the_matrix("GET /console/log")


def test_a_route_added_beside_the_console_is_noticed(bureau: Bureau) -> None:
    app: FastAPI = bureau.app
    app.get("/console/backdoor")(lambda: "open")
    with pytest.raises(AssertionError):
        test_nothing_is_served_below_console_but_these(bureau)
