"""What machines are given beside the scan: the described API, failed scans, and a word to crawlers."""

import httpx
import pytest
from fastapi import FastAPI

from tests.office import Office
from tests.verify.public.plates import JSON, NOBODYS, FailingRegister, plate_of, valid


def test_the_description_lists_the_api_and_nothing_else(client: httpx.Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["servers"] == [{"url": "/api/v1"}]
    assert {"/plates/{code}", "/posts", "/office/posts"} <= set(described["paths"])
    assert not [path for path in described["paths"] if path.startswith(("/console", "/api"))]
    assert described["info"]["title"] == "gangpai"


def test_no_page_shows_the_description_with_foreign_scripts(client: httpx.Client) -> None:
    assert [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404] * 3


def test_the_api_answers_as_the_scan_does(client: httpx.Client, office: Office) -> None:
    plate = plate_of(valid(office))
    for code in (plate.code, NOBODYS.text, "x"):
        api, scan = client.get(f"/api/v1/plates/{code}"), client.get(f"/{code}", headers=JSON)
        assert (api.status_code, api.json()) == (scan.status_code, scan.json())


def test_a_scan_that_failed_is_counted_as_such(
    client: httpx.Client, register: FailingRegister, app: FastAPI
) -> None:
    register.failure = OSError("gone")
    client.get("/x")
    assert 'gangpai_scans_total{verdict="unverifiable"} 1.0' in app.state.site.metrics.exposition().decode()


NAMED = "application/json"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/html"),
        ("", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json", NAMED),
        ("Application/JSON; charset=utf-8", NAMED),
        ("application/json, text/plain, */*", NAMED),
        ("application/*", NAMED),
        ("application/json, text/html;q=0.9", NAMED),
        ("application/json;q=0.9, text/html", "text/html"),
        ("application/json;q=0, */*", "text/html"),
        ("application/json;q=nan", "text/html"),
        ("application/json, text/html", "text/html"),
        (";;,,;q=", "text/html"),
    ],
)
def test_whoever_would_rather_have_json_gets_json(
    client: httpx.Client, office: Office, accept: str, kind: str
) -> None:
    answer = client.get(f"/{valid(office).code}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)


def test_crawlers_are_asked_to_stay_away(client: httpx.Client) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
