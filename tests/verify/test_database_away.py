"""The register goes away under the running site: every page says so within two seconds, and all heals."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from store.acts.notices import NewNotice, post_notice
from store.acts.plans import NewPlan, file_plan
from store.calendar import office_day
from store.postgres_register import PostgresRegister
from store.records import LogEntry, NoticeSubject, PublicNotice
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests.office import NOON, Office
from tests.postgres import DURABLE, Server
from tests.verify.in_process import visitor
from tests.verify.public.street import SETTINGS
from verify.app import create_app

ANSWERED_WITHIN_S = 2.0
WORD = "暂时无法核验"
NEED_NO_REGISTER = {
    "/", "/robots.txt", "/healthz", "/metrics", "/number", "/forgery", "/specimen.png", "/ledger/key",
    "/ledger/verify.py",
    "/api/v1/", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/problems/{name}",
}  # fmt: skip
"""What tells nothing of any plate, and is the same whatever the register holds."""

FOLLOWED = {"/{code}/live", "/number/{number}/live"}
"""Streams that do not end; what they tell while the register is away is in public/test_live.py."""

FOR_OFFICERS = ("/console", "/api/v1/office")
MORE = {
    "/ledger/inclusion": "?number=1&size=1",
    "/ledger/consistency": "?from=1&to=1",
}


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server(DURABLE)
    yield started
    started.close()


def public_pages(app: FastAPI) -> Iterator[str]:
    """Name the template of every page and answer of the API that anybody may read."""
    apis = [cast("FastAPI", each.kwargs["api"]) for each in app.user_middleware if "api" in each.kwargs]
    for prefix, part in (("", app), *(("/api/v1", api) for api in apis)):
        for route in iter_route_contexts(part.routes):
            path = f"{prefix}{route.path}"
            if route.path and "GET" in (route.methods or ()) and not path.startswith(FOR_OFFICERS):
                yield path


def hung(office: Office) -> PublicNotice:
    """Hang a branch's plan on the notice board."""
    words = NewPlan(year=NOON.year, title="创建方案", text="组织发动。")
    plan = file_plan(office.register, office.by(), "O01", words)
    new = NewNotice(
        subject=NoticeSubject.PLANS, object_ids=(plan.id,), places="网页专栏", opens_on=office_day(NOON)
    )
    return post_notice(office.register, office.by(), new)


def filled(path: str, notice: PublicNotice, code: str, number: str) -> str:
    """Return the path of something there is."""
    values = {
        "code": code,
        "number": "1" if "ledger" in path else "2026-001" if path == "/api/v1/posts/{number}" else number,
        "post_id": "2026-001",
        "receipt": "ABCDEFGHJKMN",
        "notice_id": notice.id,
        "object_id": notice.object_ids[0],
        "name": "not-found",
    }
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], path) + MORE.get(path, "")


def answered(client: httpx.Client, path: str) -> httpx.Response:
    """Ask, and refuse to wait longer than somebody who scanned does."""
    began = time.monotonic()
    answer = client.get(path)
    assert time.monotonic() - began < ANSWERED_WITHIN_S, path
    return answer


class Street:
    """A site over a register, with the path of every page of it that anybody may read."""

    def __init__(self, register: Register) -> None:
        self.office = Office(register)
        copy = self.office.issued(self.office.approved())
        self.notice = hung(self.office)
        app = create_app(SETTINGS, register, lambda: NOON)
        self.client = visitor(app, SETTINGS.base_url)
        templates = sorted(set(public_pages(app)) - FOLLOWED)
        self.paths = {each: filled(each, self.notice, copy.code, copy.id) for each in templates}
        self.code, self.post_id = copy.code, copy.post_id

    def assert_as_ever(self) -> None:
        found = {each: answered(self.client, path).status_code for each, path in self.paths.items()}
        assert {each for each, status in found.items() if status >= 500} == set()

    def assert_away(self) -> None:
        assert set(self.paths) >= NEED_NO_REGISTER
        for each, path in self.paths.items():
            answer = answered(self.client, path)
            if each in NEED_NO_REGISTER:
                assert answer.status_code < 500, each
                continue
            assert answer.status_code == 503, each
            if answer.headers["content-type"].startswith("text/html"):
                assert WORD in answer.text, each

    def standing(self) -> str:
        answer = self.client.get(f"/{self.code}", headers={"Accept": "application/json"})
        return str(answer.json()["standing"])


def test_every_page_says_so_while_the_database_is_away_and_heals(server: Server) -> None:
    with closing(PostgresRegister(server.fresh_dsn())) as register:
        street = Street(register)
        for mode in ("immediate", "fast"):
            street.assert_as_ever()
            assert street.standing() == "creating"
            server.stop(mode)
            street.assert_away()
            assert street.standing() == "unverifiable"
            server.start()
        assert street.standing() == "creating"
        street.office.vetoed(street.post_id)
        assert street.standing() == "revoked"


def test_every_page_says_so_while_the_database_is_silent(server: Server) -> None:
    with closing(PostgresRegister(server.fresh_dsn())) as register:
        street = Street(register)
        server.freeze()
        try:
            assert answered(street.client, f"/{street.code}").status_code == 503
        finally:
            server.thaw()
        assert street.standing() == "creating"


def gone(file: Path) -> None:
    """Take the file away, as somebody does who tidies up."""
    file.rename(file.with_suffix(".away"))


def spoiled(file: Path) -> None:
    """Put something in the file's place that is no register."""
    file.rename(file.with_suffix(".away"))
    file.write_bytes(b"something else" * 500)


@pytest.mark.parametrize("spoil", [gone, spoiled])
def test_every_page_says_so_while_the_file_is_away_and_heals(tmp_path: Path, spoil: object) -> None:
    file = tmp_path / "register.db"
    with closing(TinyDbRegister(file)) as register:
        street = Street(register)
        street.assert_as_ever()
        assert callable(spoil)
        spoil(file)
        street.assert_away()
        file.unlink(missing_ok=True)
        file.with_suffix(".away").rename(file)
        assert street.standing() == "creating"
        assert register.count(LogEntry) > 0


def test_a_page_that_keeps_its_answer_is_caught(tmp_path: Path) -> None:
    file = tmp_path / "register.db"
    with closing(TinyDbRegister(file)) as register:
        street = Street(register)
        kept = street.client.get("/notice")
        ask = street.client.get
        street.client.get = lambda path, **more: kept if path == "/notice" else ask(path, **more)  # type: ignore[method-assign] # a cache
        gone(file)
        with pytest.raises(AssertionError, match="/notice"):
            street.assert_away()
