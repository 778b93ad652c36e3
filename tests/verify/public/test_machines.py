"""What machines are given beside the scan: the described API, counters, health, and a word to crawlers."""

import httpx
import pytest

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


def test_the_counters_tell_what_happened_and_to_nobody_in_particular(
    client: httpx.Client, office: Office
) -> None:
    plate = plate_of(valid(office))
    client.get(f"/{plate.code}")
    client.get(f"/number/{plate.number}", headers=JSON)
    client.get("/x")
    client.post(f"/{plate.code}/feedback", data={"topic": "not_here"})
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = set(answer.text.splitlines())
    assert lines == {
        "# TYPE gangpai_scans_total counter",
        'gangpai_scans_total{kind="valid"} 2',
        'gangpai_scans_total{kind="unknown"} 1',
        "# TYPE gangpai_feedback_total counter",
        'gangpai_feedback_total{kind="not_here"} 1',
        "# TYPE gangpai_open_pages gauge",
        "gangpai_open_pages 0",
    }


def test_scans_that_failed_are_counted(client: httpx.Client, register: FailingRegister) -> None:
    register.failure = OSError("gone")
    client.get("/x")
    assert 'gangpai_scans_total{kind="unverifiable"} 1' in client.get("/metrics").text


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


def test_health_and_crawlers_are_answered_in_plain_text(client: httpx.Client) -> None:
    told = {path: client.get(path).text for path in ("/healthz", "/readyz", "/robots.txt")}
    assert told == {
        "/healthz": "ok\n",
        "/readyz": "ready\n",
        "/robots.txt": "User-agent: *\nDisallow: /\n",
    }
