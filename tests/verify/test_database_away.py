"""The database goes away under the running site: pages say so within two seconds, and heal by themselves."""

import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from store.postgres_register import PostgresRegister
from tests.office import NOON, Office
from tests.postgres import DURABLE, Server
from tests.verify.in_process import visitor
from tests.verify.public.street import SETTINGS
from verify.app import create_app

ANSWERED_WITHIN_S = 2.0


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server(DURABLE)
    yield started
    started.close()


def standing(client: httpx.Client, code: str) -> tuple[int, str]:
    """Scan a code, and refuse to wait longer than a scanner does."""
    began = time.monotonic()
    answer = client.get(f"/{code}", headers={"Accept": "application/json"})
    assert time.monotonic() - began < ANSWERED_WITHIN_S
    return answer.status_code, answer.json()["standing"]


def test_every_page_answers_503_while_the_database_is_away_and_heals(server: Server) -> None:
    with closing(PostgresRegister(server.fresh_dsn())) as register:
        office = Office(register)
        copy = office.issued(office.approved())
        client = visitor(create_app(SETTINGS, register, lambda: NOON), SETTINGS.base_url)
        for mode in ("immediate", "fast"):
            assert standing(client, copy.code) == (200, "creating")
            server.stop(mode)
            assert standing(client, copy.code) == (503, "unverifiable")
            assert "暂时无法核验" in client.get(f"/{copy.code}").text
            for page in ("/notice", f"/number/{copy.id}", "/readyz"):
                assert client.get(page).status_code == 503
            server.start()
        assert standing(client, copy.code) == (200, "creating")
        office.vetoed(copy.post_id)
        assert standing(client, copy.code) == (200, "revoked")
