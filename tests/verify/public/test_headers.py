"""What comes with every answer of every route: nothing is cached, nothing foreign runs, nothing is heavy.

Leaves out the answers to machines below /api/v1, which other sites may read (tests/verify/api/).
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.plates import NOBODYS, FailingRegister, plate_of, valid
from tests.verify.public.reading import Page
from tests.verify.public.street import Scene
from verify.headers import SecurityHeaders
from verify.site import WebSettings

PAGE_BYTES_MOST = 14 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
ALWAYS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=63072000",
}
FRAMED = {
    "default-src 'none'",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors *",
}
"""What the one page that other sites may frame is let do: less than any other, but for the frame."""

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def questions(app: FastAPI, code: str, number: str) -> Iterator[tuple[str, str]]:
    """Ask every path in every method; of a stream only what it refuses, since it would not end."""
    paths = {route.path for route in iter_route_contexts(app.routes)} - {"/static"}
    assert {"/{code}", "/number/{number}", "/notice", "/metrics", "/console", "/embed/{post_id}"} <= paths
    for path in sorted(path for path in paths if path):
        followed = path.endswith("/live")
        filled = path.replace("{code}", NOBODYS.text if followed else code)
        filled = filled.replace("{number}", "2026-009-01-00" if followed else number)
        yield from ((method, re.sub(r"\{\w+\}", "X", filled)) for method in METHODS)
    yield from (("GET", "/no/such/page"), ("GET", "/static/scan.js"), ("GET", "/static/none.js"))


def lacking(answer: httpx.Response) -> set[str]:
    """Return the headers that an answer lacks or has otherwise."""
    policy = set(answer.headers.get("content-security-policy", "").split("; "))
    if is_framed(answer):
        return wrong(answer, ALWAYS | {"cross-origin-resource-policy": "cross-origin"}) | (policy ^ FRAMED)
    loose = {each for each in policy if "unsafe" in each or "*" in each}
    return wrong(answer, ALWAYS) | (POLICY - policy) | loose


def wrong(answer: httpx.Response, expected: dict[str, str]) -> set[str]:
    return {name for name, value in expected.items() if answer.headers.get(name) != value}


def is_framed(answer: httpx.Response) -> bool:
    """Whether this is the page that other sites may frame, and not a refusal to show it."""
    asked = answer.request
    return asked.url.path.startswith("/embed/") and asked.method in {"GET", "HEAD"}


def unguarded(client: httpx.Client, app: FastAPI, office: Office) -> set[tuple[str, str]]:
    plate = plate_of(valid(office))
    asked = questions(app, plate.code, plate.number)
    return {(method, path) for method, path in asked if lacking(client.request(method, path))}


def test_every_route_answers_with_every_header(client: httpx.Client, app: FastAPI, office: Office) -> None:
    assert unguarded(client, app, office) == set()


def test_an_application_without_its_headers_is_caught(
    client: httpx.Client, app: FastAPI, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecurityHeaders, "__call__", lambda self, *call: self._app(*call))
    assert len(unguarded(client, app, office)) > 50


def test_failures_have_the_headers_too(
    client: httpx.Client, office: Office, register: FailingRegister
) -> None:
    code = valid(office).code
    failures = [
        client.get("/console/no-such-page"),
        client.put(f"/{code}"),
        client.post(f"/{code}/feedback", data={"comment": "a" * 70_000}),
        client.post(f"/{code}/feedback", content=b"<a/>", headers={"Content-Type": "text/xml"}),
        client.post(f"/{code}/feedback", data={"grade": "no"}),
        client.post(f"/{code}/feedback", data={"grade": "5"}, headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    register.failure = RuntimeError("bug")
    failures += [client.get("/notice"), client.get(f"/{code}")]
    assert [each.status_code for each in failures] == [404, 405, 413, 415, 422, 403, 503, 503]
    assert [lacking(each) for each in failures] == [set()] * len(failures)


def test_the_policy_lets_in_the_page_s_own_style_and_no_other(scene: Scene) -> None:
    answer = scene.client.get(scene.plate.paths[0])
    page = Page(answer.text)
    digest = base64.b64encode(hashlib.sha256(page.within("style").encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert [tag for tag, _ in page.tags].count("style") == 1


def inline_code(html: str) -> list[str]:
    """Name what the policy would keep from working: styles in place, handlers, scripts in the page."""
    tags = Page(html).tags
    attributes = [name for _, held in tags for name in held if name == "style" or name.startswith("on")]
    return attributes + [tag for tag, held in tags if tag == "script" and "src" not in held]


def foreign_addresses(html: str) -> list[str]:
    """Return the addresses in a page that lead, load or send anywhere but to its own host."""
    page = Page(html)
    names = ("href", "src", "action", "formaction", "srcset", "poster", "data", "content")
    held = [value for name in names for value in page.attributes(name)]
    loaded = re.findall(r"url\(|@import|https?:[^\s<\"']*", page.within("style"))
    return loaded + [each for each in held if "//" in each or ":" in each]


def pages(scene: Scene) -> list[str]:
    others = ["/", "/notice", "/ledger", "/number", "/number?number=1", "/no/such", "/receipt/x"]
    others += ["/satisfaction", "/satisfaction/2026-001", "/roll"]
    return [scene.client.get(path).text for path in (*scene.plate.paths, *others)]


def test_no_page_holds_code_or_leads_away(scene: Scene) -> None:
    for html in pages(scene):
        assert inline_code(html) == []
        assert foreign_addresses(html) == []


@pytest.mark.parametrize(
    "spoiled",
    ['<p style="color:red">', "<p onclick=x()>", "<script>x()</script>"],
)
def test_inline_code_is_found(spoiled: str) -> None:
    assert inline_code(f"<style></style>{spoiled}")


@pytest.mark.parametrize("spoiled", ['<img src="//cdn.example/x">', '<a href="https://example.org/">'])
def test_a_foreign_address_is_found(spoiled: str) -> None:
    assert foreign_addresses(f"<style></style>{spoiled}")


def test_a_page_is_light(scene: Scene) -> None:
    for path in scene.plate.paths:
        with scene.client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            sent = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in answer.headers["vary"].lower()
        assert gzip.decompress(sent).startswith(b"<!doctype html>")
        assert len(sent) <= PAGE_BYTES_MOST


def test_pages_and_json_are_told_apart_by_whoever_keeps_them(scene: Scene) -> None:
    assert {"Accept", "Cookie"} <= set(scene.client.get(scene.plate.paths[0]).headers["vary"].split(", "))


def test_a_site_reached_by_http_does_not_promise_https(
    application: Callable[[WebSettings], FastAPI], settings: WebSettings
) -> None:
    local = replace(settings, base_url="http://127.0.0.1:8000")
    answer = visitor(application(local), local.base_url).get("/")
    assert lacking(answer) == {"strict-transport-security"}
