"""Errors of the API: problem details, in two languages, each type leading to a page about it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from store.refusals import Refusal
from store.register import RegisterUnavailable
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.api.scene import COMMITTEE, OF_A, OF_B, REVOKED, VALID, Scene, fill, token_of
from tests.verify.in_process import visitor
from tests.verify.public.plates import NOBODYS_NUMBER, FailingRegister
from tests.verify.public.reading import Page
from tests.verify.public.street import CODES, SETTINGS, Chance, Clock
from verify.api import routes
from verify.api.problems import NAMES, PREFIX, _refusals, name_of
from verify.app import create_app
from verify.throttle import Throttle

HAN = re.compile(r"[\u4e00-\u9fff]")
JSON = {"Content-Type": "application/json"}


def checked(answer: httpx.Response, status: int, name: str) -> None:
    """Hold an answer against what every error is."""
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, PREFIX + name)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["zh"].endswith("。")
    assert not HAN.search(problem["detail"]) or "'" in problem["detail"]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/plates", "/posts/", "/plates/a/b/c", "/v2", "/%0Aposts", "/office", "/posts/%2F"]
)
def test_an_unknown_address_is_a_problem(scene: Scene, path: str) -> None:
    checked(scene.get(path), 404, "not-found")


def test_the_addresses_beside_the_api_are_the_sites(scene: Scene) -> None:
    site = visitor(scene.app, SETTINGS.base_url)
    assert site.get("/api/v1").json()["name"] == "gangpai"
    assert site.get("/api/v10").headers["content-type"].startswith("text/html")
    assert site.get("/api/v1x/posts").headers["content-type"].startswith("text/html")


def test_refusals_tell_their_clause_and_remedy(own_scene: Scene) -> None:
    tool, path = own_scene.client(token_of(OF_A)), f"/copies/{own_scene.copies[REVOKED].id}/return"
    assert tool.post(path, json={}).status_code == 201
    refused = tool.post(path, json={})
    checked(refused, 409, "already-returned")
    assert (refused.json()["clause"], refused.json()["remedy"]) == ("F23", "Nothing has to be done.")
    assert refused.json()["title"] == "The copy is in already."


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/posts/2026-999", 404, "no-such-post"),
        ("/posts/%00", 404, "no-such-post"),
        ("/ledger/entries/999999", 404, "no-such-entry"),
        ("/ledger/entries/x", 422, "malformed"),
        ("/ledger/entries/0", 422, "malformed"),
        ("/satisfaction?period=2026-X", 422, "no-such-period"),
        ("/satisfaction?period=2026-Q4", 422, "period-runs"),
        ("/posts?standing=good", 422, "malformed"),
        ("/office/posts", 401, "token-missing"),
        ("/problems/none", 404, "not-found"),
    ],
)
def test_what_cannot_be_answered_says_why(scene: Scene, path: str, status: int, name: str) -> None:
    checked(scene.get(path), status, name)


@pytest.mark.parametrize(
    ("body", "headers", "status", "name"),
    [
        (b"{}", {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (b"{}", {}, 415, "unsupported-media-type"),
        (b"{", JSON, 422, "malformed"),
        (b"[" * 50_000, JSON, 422, "malformed"),
        (b'{"note": "\\ud800"}', JSON, 422, "malformed"),
        (b'{"note": "\\u0000"}', JSON, 422, "unstorable-text"),
        (b'{"fate": "eaten"}', JSON, 422, "malformed"),
        (b'{"note": 5, "x": NaN}', JSON, 422, "malformed"),
        (b"[]", JSON, 422, "malformed"),
        (b'{"note": "' + b"x" * 70_000 + b'"}', JSON, 413, "body-too-large"),
    ],
    ids=str,
)
def test_a_body_that_will_not_do_changes_nothing(
    scene: Scene, body: bytes, headers: dict[str, str], status: int, name: str
) -> None:
    before = scene.office.written()
    path = f"/copies/{scene.copies[REVOKED].id}/return"
    checked(scene.client(token_of(COMMITTEE), **headers).post(path, content=body), status, name)
    assert scene.office.written() == before


def test_a_wrong_field_is_pointed_at(scene: Scene) -> None:
    path = f"/copies/{scene.copies[REVOKED].id}/return"
    refused = scene.client(token_of(COMMITTEE)).post(path, json={"fate": "eaten", "a/b": 1})
    assert [(each["in"], each["pointer"]) for each in refused.json()["errors"]] == [
        ("body", "#/fate"),
        ("body", "#/a~1b"),
    ]


@pytest.mark.parametrize(("number", "status"), [("2026-001-01-50", 422), ("x", 422), (NOBODYS_NUMBER, 404)])
def test_a_plate_that_is_none_cannot_be_taken_in(scene: Scene, number: str, status: int) -> None:
    assert scene.client(token_of(COMMITTEE)).post(f"/copies/{number}/return", json={}).status_code == status


def test_feedback_is_refused_in_words(scene: Scene) -> None:
    path = f"/plates/{scene.copies[VALID].code}/feedback"
    for accept in ("text/html", "*/*"):
        refused = scene.client(Accept=accept).post(path, json={"grade": 9})
        checked(refused, 422, "unknown-choice")


def test_feedback_is_received_as_json_whatever_else_is_liked(own_scene: Scene) -> None:
    path = f"/plates/{own_scene.copies[VALID].code}/feedback"
    received = own_scene.client(Accept="text/html").post(path, json={"grade": 5})
    assert (received.status_code, received.json()["counted"]) == (201, True)
    assert received.headers["location"] == f"/receipt/{received.json()['receipt']}"


@pytest.mark.parametrize(
    "brought",
    [{"data": {"grade": "5"}}, {"files": {"photo": b"x"}}, {"content": b'{"grade": 5}'}],
    ids=["form", "photos", "nameless"],
)
def test_feedback_takes_json_alone(scene: Scene, brought: dict[str, Any]) -> None:
    path = f"/plates/{scene.copies[VALID].code}/feedback"
    checked(scene.client().post(path, **brought), 415, "unsupported-media-type")


def test_beyond_the_soft_limit_a_wait_lets_a_message_pass(own_scene: Scene) -> None:
    own_scene.app.state.site.throttles.devices = Throttle(1)
    client, path = own_scene.client(), f"/plates/{own_scene.copies[VALID].code}/feedback"
    assert client.post(path, json={"grade": 2}).status_code == 201
    refused = client.post(path, json={"grade": 2})
    checked(refused, 429, "proof-needed")
    assert refused.json()["proof"]["challenge"]["algorithm"] == "SHA-256"
    own_scene.clock.forward(seconds=int(refused.headers["retry-after"]))
    again = client.post(path, json={"grade": 2, "wait": refused.json()["proof"]["wait"]})
    assert again.status_code == 201


def types() -> list[str]:
    return [*NAMES.values(), *sorted({name_of(each) for each in _refusals()})]


def test_every_type_leads_to_what_there_is_to_say_about_it(scene: Scene) -> None:
    client = scene.client()
    for name in types():
        told = client.get(f"/problems/{name}").json()
        assert told["type"] == PREFIX + name
        assert "{" not in told["zh"] + told["detail"]


def test_whoever_would_rather_have_a_page_gets_one(scene: Scene) -> None:
    for name in ("not-found", "no-such-post", "already-returned"):
        page = scene.get(f"/problems/{name}", Accept="text/html,application/xhtml+xml")
        assert page.headers["content-type"].startswith("text/html")
        assert scene.get(f"/problems/{name}").json()["title"] in Page(page.text).text


def test_types_are_told_apart() -> None:
    assert len(types()) == len(set(types()))


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[FailingRegister]:
    with closing(TinyDbRegister(tmp_path / "register.db")) as kept:
        yield FailingRegister(kept)


@pytest.mark.parametrize("failure", [RegisterUnavailable(), OSError("gone"), ValueError("a mistake of ours")])
def test_without_a_register_nothing_is_told(failing: FailingRegister, failure: Exception) -> None:
    fill(Office(failing, codes=iter(CODES)))
    app = create_app(SETTINGS, failing, Clock(), Chance())
    client = visitor(app, f"{SETTINGS.base_url}/api/v1")
    failing.failure = failure
    needing_none = {"index", "policy", "problem", "openapi", "docs"}
    for route in routes():
        if route.methods == {"GET"} and route.name not in needing_none:
            path = route.path.format(code="x", number="1")
            answer = client.get(path, headers={"Authorization": f"Bearer {token_of(OF_B)}"})
            assert answer.status_code == 503, path
            assert answer.headers["retry-after"]
            assert answer.headers["cache-control"] == "no-store"
            if not path.startswith("/plates"):
                name = "register-unavailable" if isinstance(failure, Refusal) else "unavailable"
                checked(answer, 503, name)
