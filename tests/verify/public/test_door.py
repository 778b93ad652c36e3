"""The door answers plain scans exactly as the application's own route does, and lets all else through."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.office import Office
from tests.verify.public.plates import plate_of, valid
from tests.verify.public.street import Scene
from verify import door
from verify.door import plain_scan
from verify.languages import language

CODE = "0123456789ABCDEFGHJKMNPQRS"
SESSION = b"__Host-session"
OF_THE_MOMENT = {"x-request-id", "content-length"}


def scope(**others: Any) -> dict[str, Any]:
    plain = {"type": "http", "method": "GET", "path": f"/{CODE}", "query_string": b"", "headers": []}
    return plain | others


def told(answer: httpx.Response) -> tuple[object, ...]:
    """Return all of an answer that two answers to one question share."""
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}
    headers["vary"] = " ".join(sorted({*headers["vary"].split(", "), "Accept-Encoding"}))
    return answer.status_code, headers, answer.content


WISHES: list[dict[str, str]] = [
    {"Accept": accept, "Accept-Encoding": encoding, "Accept-Language": spoken}
    for accept in ("text/html", "application/json", "*/*")
    for encoding in ("identity", "gzip, deflate")
    for spoken in ("zh-CN,zh;q=0.9", "en-GB,en")
]


def test_the_door_and_the_route_give_one_answer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene.plate.paths[0]
    at_the_door = [scene.client.request(each, path, headers=w) for w in WISHES for each in ("GET", "HEAD")]
    monkeypatch.setattr(door, "plain_scan", lambda *_: None)
    by_the_route = [scene.client.request(each, path, headers=w) for w in WISHES for each in ("GET", "HEAD")]
    assert list(map(told, at_the_door)) == list(map(told, by_the_route))


def test_only_a_plain_scan_stops_at_the_door(
    client: httpx.Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = plate_of(valid(office)).code
    client.headers["Accept-Encoding"] = "identity"
    monkeypatch.setattr(door, "_page", lambda *_: b"the door")
    assert client.get(f"/{code}").text == client.get(f"/{code}?t=1700000000000abc").text == "the door"
    for path in (f"/{code}?lang=en", f"/{code}?x=1", f"/{code}?t=1&lang=en", f"/{code[:13]}-{code[13:]}"):
        assert client.get(path).status_code == 200
        assert client.get(path).text != "the door"
    client.cookies.set("__Host-session", "0" * 64)
    assert client.get(f"/{code}").text != "the door"


@pytest.mark.parametrize(
    "unusual",
    [
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"path": "/"},
        {"path": f"/{CODE}0"},
        {"path": f"/{CODE[1:]}"},
        {"path": f"/{CODE}\n"},
        {"path": f"/{CODE[1:]}/"},
        {"path": f"/{CODE[1:]}七"},
        {"path": f"/{CODE[1:]}-"},
        {"query_string": b"lang=en"},
        {"query_string": b"t=1&t=2"},
        {"query_string": b"t=1\n"},
        {"root_path": "/behind"},
        {"headers": [(b"cookie", SESSION + b"=1")]},
        {"headers": [(b"cookie", b"a=1"), (b"cookie", SESSION + b"=1")]},
        {"headers": [(b"accept", b"text/html"), (b"accept", b"application/json")]},
    ],
    ids=str,
)
def test_what_is_unusual_goes_to_the_application(unusual: dict[str, Any]) -> None:
    assert plain_scan(scope(), SESSION) is not None
    assert plain_scan(scope(**unusual), SESSION) is None


def test_what_is_asked_for_is_understood() -> None:
    headers = [
        (b"accept", b"application/json"),
        (b"accept-encoding", b"br, gzip"),
        (b"accept-language", b"zh"),
        (b"cookie", b"device=00; lang=en"),
    ]
    asked = plain_scan(scope(headers=headers, query_string=b"t=17abc", path=f"/{CODE.lower()}"), SESSION)
    assert asked is not None
    assert (asked.as_json, asked.compressed, asked.language) == (True, True, language("en"))
    assert asked.address.path == f"/{CODE}"
    plain = plain_scan(scope(), SESSION)
    assert plain is not None
    assert (plain.as_json, plain.compressed, plain.language) == (False, False, language("zh-CN"))


def test_no_other_page_has_an_address_like_a_code(app: FastAPI) -> None:
    paths = {route.path for route in iter_route_contexts(app.routes)}
    assert [path for path in paths if plain_scan(scope(path=path), SESSION)] == []


def test_a_scan_at_the_door_is_counted_and_timed_as_one_of_the_route(
    client: httpx.Client, app: FastAPI
) -> None:
    client.get(f"/{CODE}")
    lines = app.state.site.metrics.exposition().decode()
    assert 'gangpai_scans_total{verdict="unknown"} 1.0' in lines
    assert 'route="/{code}"' in lines
