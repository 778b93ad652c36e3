"""Reading changes nothing, whoever reads: link scanners, crawlers, browsers that look ahead."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from store.acts.circulation import report_lost
from tests.office import Office
from tests.verify.public.plates import JSON, NOBODYS, NOBODYS_NUMBER, FailingRegister, plate_of, valid

READS = ("GET", "HEAD")


def read_paths(app: FastAPI) -> set[tuple[str, str]]:
    """Return every method and path that only reads, the console's included."""
    return {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        for method in READS
        if route.path and method in (route.methods or ())
    }


def test_no_read_writes(
    client: httpx.Client, app: FastAPI, office: Office, register: FailingRegister
) -> None:
    plate = plate_of(valid(office))
    before = register.version(), office.written()
    asked = read_paths(app)
    assert len(asked) > 20
    for method, path in asked:
        followed = path.endswith("/live")
        code, number = (NOBODYS.text, NOBODYS_NUMBER) if followed else (plate.code, plate.number)
        filled = path.replace("{code}", code).replace("{number}", number)
        for more in ({}, JSON):
            assert client.request(method, filled, headers=more).status_code < 500
    assert (register.version(), office.written()) == before


def test_a_write_would_be_noticed(office: Office, register: FailingRegister) -> None:
    copy = valid(office)
    before = register.version(), office.written()
    report_lost(office.register, office.by(), copy.id, reason="遗失")
    version, written = register.version(), office.written()
    assert version != before[0]
    assert written != before[1]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_a_message_is_only_taken_as_a_post(client: httpx.Client, office: Office, method: str) -> None:
    path = f"/{valid(office).code}/feedback"
    before = office.written()
    answer = client.request(method, path, content=b"grade=5")
    assert answer.status_code in {404, 405}
    assert office.written() == before


def test_every_page_can_be_asked_for_its_headers(app: FastAPI) -> None:
    pages = {path for method, path in read_paths(app) if method == "GET" and not path.startswith("/console")}
    silent = pages - {path for method, path in read_paths(app) if method == "HEAD"}
    assert silent == {"/{code}/live", "/number/{number}/live", "/roll.pdf", "/roll.xlsx"}
