"""What answers carry: who may read them, what is left of the quota, tags, HEAD and OPTIONS."""

import httpx
import pytest

from tests.verify.api.real_answers import requests
from tests.verify.api.scene import COMMITTEE, OF_A, VALID, Scene, token_of
from verify.api import routes
from verify.api.doors import Public, Scoped
from verify.api.keeping import FOR_EVER
from verify.headers import SecurityHeaders
from verify.throttle import LookUps, Throttle

ELSEWHERE = {"Origin": "https://elsewhere.example"}
OPEN = [each for each in routes() if isinstance(each.door, Public) and each.methods == {"GET"}]
PLAIN = [each.path for each in OPEN if "{" not in each.path]
CLOSED = [each.path for each in routes() if isinstance(each.door, Scoped)]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
GUARDS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=63072000",
}
LOCKED = {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}
KEPT = ("/", "/policy", "/openapi.json", "/ledger/entries/1", "/problems/not-found")


def lacking(answer: httpx.Response) -> set[str]:
    policy = set(answer.headers.get("content-security-policy", "").split("; "))
    wrong = {name for name, value in GUARDS.items() if answer.headers.get(name) != value}
    return wrong | (LOCKED - policy) | {each for each in policy if "unsafe" in each or "*" in each}


def unguarded(scene: Scene) -> set[tuple[str, str]]:
    """Ask everything there is, well and badly, with a token and without, in every method."""
    answers = [asked.of(scene) for asked in requests(scene)]
    paths = [each.path for each in routes()]
    answers += [scene.client().request(method, path) for path in [*paths, "/nowhere"] for method in METHODS]
    return {(each.request.method, each.request.url.path) for each in answers if lacking(each)}


def test_every_answer_has_every_header(own_scene: Scene) -> None:
    assert unguarded(own_scene) == set()


def test_a_header_that_is_left_out_is_caught(own_scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SecurityHeaders, "__call__", lambda self, *call: self._app(*call))
    assert {path for _, path in unguarded(own_scene)} >= {f"/api/v1{each}" for each in PLAIN}


@pytest.mark.parametrize("path", [*PLAIN, "/plates/x", f"/posts/{VALID}", "/posts/none", "/posts?limit=0"])
def test_a_page_of_any_origin_may_read_what_is_public(scene: Scene, path: str) -> None:
    answer = scene.get(path, **ELSEWHERE)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", [*CLOSED, "/nowhere"])
def test_a_page_of_another_origin_reads_nothing_else(scene: Scene, path: str) -> None:
    for answer in (
        scene.get(path, token_of(COMMITTEE), **ELSEWHERE),
        scene.client(**ELSEWHERE).options(path),
    ):
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_foreign_page_cannot_speak_for_its_visitor(scene: Scene) -> None:
    path = f"/plates/{scene.copies[VALID].code}/feedback"
    for headers in (ELSEWHERE, {"Sec-Fetch-Site": "cross-site"}):
        refused = scene.client(**headers).post(path, json={"grade": 5})
        assert refused.status_code == 403
        assert refused.json()["type"].endswith("/foreign-page")
        assert "access-control-allow-origin" not in refused.headers


def test_a_browser_is_told_beforehand_that_it_may_ask_with_a_tag(scene: Scene) -> None:
    wish = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = scene.client(**ELSEWHERE, **wish).options("/policy")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-headers"] == "If-None-Match"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/posts", "GET, HEAD, OPTIONS"),
        ("/plates/x/feedback", "OPTIONS, POST"),
        ("/copies/x/return", "OPTIONS, POST"),
    ],
)
def test_a_path_names_what_may_be_asked_of_it(scene: Scene, path: str, allowed: str) -> None:
    client = scene.client()
    assert client.options(path).headers["allow"] == allowed
    refused = client.delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
    assert refused.json()["type"].endswith("/method-not-allowed")


@pytest.mark.parametrize("path", PLAIN)
def test_the_headers_alone_are_those_of_the_answer(scene: Scene, path: str) -> None:
    whole = scene.get(path, **{"Accept-Encoding": "identity"})
    alone = scene.client().head(path)
    assert alone.content == b""
    assert alone.status_code == whole.status_code == 200
    kept = ("content-type", "etag", "cache-control", "content-length")
    assert [alone.headers.get(name) for name in kept] == [whole.headers.get(name) for name in kept]


@pytest.mark.parametrize("path", [*PLAIN, "/plates/x", f"/posts/{VALID}", "/nowhere"])
def test_nothing_about_standing_may_be_kept(scene: Scene, path: str) -> None:
    answer = scene.get(path)
    if path in KEPT:
        assert answer.headers["etag"].startswith('W/"')
        assert answer.headers["cache-control"] == "public, no-cache"
    else:
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", KEPT)
def test_what_the_client_has_is_not_sent_again(scene: Scene, path: str) -> None:
    tag = scene.get(path).headers["etag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        answer = scene.get(path, **{"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    assert scene.get(path, **{"If-None-Match": '"other"'}).status_code == 200


def test_an_entry_of_the_log_is_kept_for_ever(scene: Scene) -> None:
    assert scene.get("/ledger/entries/1").headers["cache-control"] == FOR_EVER


def test_a_network_is_told_its_quota_and_when_to_ask_again(own_scene: Scene) -> None:
    own_scene.app.state.site.throttles.api_networks = Throttle(60)
    first = own_scene.get("/posts")
    assert first.headers["ratelimit-policy"] == '"hour";q=60;w=3600'
    assert first.headers["ratelimit"] == '"hour";r=59;t=60'
    for _ in range(59):
        assert own_scene.get("/posts").status_code == 200
    refused = own_scene.get("/posts")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.headers["ratelimit"] == '"hour";r=0;t=3600'
    assert refused.json()["type"].endswith("/too-many-requests")
    own_scene.clock.forward(seconds=60)
    assert own_scene.get("/posts").status_code == 200


def test_numbers_cannot_be_counted_through(own_scene: Scene) -> None:
    own_scene.app.state.site.throttles.numbers = LookUps(1)
    plates = [each.id for each in own_scene.copies.values()]
    asked = [own_scene.get(f"/plates/number/{number}").status_code for number in plates[:2]]
    assert asked == [200, 429]


def test_a_tool_behind_the_same_address_is_not_slowed_by_the_public(own_scene: Scene) -> None:
    own_scene.app.state.site.throttles.api_networks = Throttle(1)
    assert [own_scene.get("/posts").status_code for _ in range(2)] == [200, 429]
    assert own_scene.get("/office/posts", token_of(OF_A)).status_code == 200


def test_requests_are_counted_by_the_template_of_their_route(own_scene: Scene) -> None:
    own_scene.get(f"/posts/{VALID}")
    own_scene.get(f"/plates/{own_scene.copies[VALID].code}")
    told = own_scene.app.state.site.metrics.exposition().decode()
    assert 'route="/api/v1/posts/{number}"' in told
    assert 'route="/api/v1/plates/{code}"' in told
    assert own_scene.copies[VALID].code not in told
