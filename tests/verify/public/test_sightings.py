"""Plates still on display: a page tells that it is looked at, that counts once, and nobody is found in it."""

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from store.acts.circulation import return_copy
from store.recalls import RecallState, recalls
from store.records import Copy, Sighting
from store.sightings import seen_in
from tests.office import Office
from tests.verify.public import plates
from tests.verify.public.plates import JSON, NOBODYS, NOBODYS_NUMBER, FailingRegister, revoked, valid
from tests.verify.public.street import Clock, Somebody
from verify.site import Site

ANSWERING, RECEIVING = import_module("verify.public.plates"), import_module("verify.public.sightings")
ADDRESS, BROWSER = "198.51.100.23", "Very Particular Browser 7.1"
DEVICE = "0123456789abcdef" * 2


@pytest.fixture
def copy(office: Office) -> Copy:
    return revoked(office)


@pytest.fixture
def site(app: FastAPI) -> Site:
    found: Site = app.state.site
    return found


def counted(site: Site) -> int:
    """Enter what waits, and return how many scans the register holds."""
    site.tally.enter()
    return sum(each.scans for each in site.register.find(Sighting))


@pytest.mark.parametrize("way", ["code", "number"])
def test_f23_a_look_at_a_revoked_plate_raises_its_recall(
    client: httpx.Client, office: Office, copy: Copy, way: str
) -> None:
    plate = plates.plate_of(copy)
    path = dict(zip(("code", "number"), plate.paths, strict=True))[way]
    answer = client.post(f"{path}/sighting")
    assert (answer.status_code, answer.content, "set-cookie" in answer.headers) == (204, b"", False)
    [recall] = [each for each in recalls(office.register) if each.copy.id == copy.id]
    assert (recall.state, sum(recall.scans.values())) == (RecallState.STILL_DISPLAYED, 1)


def test_reading_counts_nothing(client: httpx.Client, site: Site, copy: Copy) -> None:
    for path in (*plates.plate_of(copy).paths, f"/{copy.code}/plate.png", f"/{copy.code}/sighting"):
        for headers in ({}, JSON):
            client.get(path, headers=headers)
            client.head(path, headers=headers)
    assert counted(site) == 0


def test_a_page_loaded_again_and_again_counts_once_an_hour(
    client: httpx.Client, site: Site, clock: Clock, copy: Copy
) -> None:
    for _ in range(100):
        client.post(f"/{copy.code}/sighting")
    assert counted(site) == 1
    clock.forward(hours=1)
    client.post(f"/number/{copy.id}/sighting")
    assert counted(site) == 2


def test_other_networks_and_other_plates_count_on_their_own(
    somebody: Somebody, site: Site, copy: Copy, office: Office
) -> None:
    others = [each.copy for each in recalls(office.register) if each.copy.id != copy.id and each.is_open]
    for number in range(1, 4):
        for each in (copy, *others):
            somebody(f"198.51.100.{number}").post(f"/{each.code}/sighting")
    assert counted(site) == 3 * (1 + len(others))


def test_a_flood_makes_no_more_records_than_a_day_has_minutes(
    somebody: Somebody, site: Site, copy: Copy
) -> None:
    for number in range(200):
        somebody(f"198.51.100.{number}").post(f"/{copy.code}/sighting")
    assert site.register.count(Sighting) == 1
    assert counted(site) == 200
    assert site.register.count(Sighting) == 2


def test_whatever_the_plate_the_answer_is_the_same(client: httpx.Client, office: Office) -> None:
    standing = valid(office)
    paths = (
        f"/{standing.code}",
        f"/number/{standing.id}",
        f"/{NOBODYS.text}",
        f"/number/{NOBODYS_NUMBER}",
        "/x",
    )
    answers = [client.post(f"{path}/sighting") for path in paths]
    assert {(each.status_code, each.content) for each in answers} == {(204, b"")}
    assert office.register.count(Sighting) == 0


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
def test_a_foreign_page_cannot_count(
    client: httpx.Client, site: Site, copy: Copy, headers: dict[str, str]
) -> None:
    assert client.post(f"/{copy.code}/sighting", headers=headers).status_code == 403
    assert counted(site) == 0


def test_a_register_that_is_away_is_said_so(
    client: httpx.Client, register: FailingRegister, copy: Copy
) -> None:
    register.failure = OSError("gone")
    assert client.post(f"/{copy.code}/sighting").status_code == 503


def test_a_plate_that_came_back_counts_no_more(client: httpx.Client, office: Office, copy: Copy) -> None:
    return_copy(office.register, office.by(), copy.id)
    assert client.post(f"/{copy.code}/sighting").status_code == 204
    assert office.register.count(Sighting) == 0


@pytest.fixture
def traces(
    somebody: Somebody, site: Site, copy: Copy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Callable[[], list[str]]:
    """Return what is found of somebody who looks: in a file of the register, in the log, in the counters."""

    def look() -> list[str]:
        visitor = somebody(ADDRESS, **{"User-Agent": BROWSER})
        visitor.cookies.set("device", DEVICE)
        with caplog.at_level(logging.DEBUG):
            visitor.post(f"/{copy.code}/sighting")
            assert counted(site) == 1
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
        told = kept + caplog.text.encode() + somebody().get("/metrics").content
        return [each for each in (ADDRESS, BROWSER, DEVICE) if each.encode() in told]

    return look


def test_nothing_of_who_looked_is_kept(traces: Callable[[], list[str]]) -> None:
    assert traces() == []


def test_a_trace_of_who_looked_is_caught(
    traces: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(request: httpx.Request, _: Site) -> str:
        logging.getLogger("verify").info("looked at by %s", request.headers["user-agent"])
        return ""

    monkeypatch.setattr(RECEIVING, "network_key", telling)
    assert traces() == [BROWSER]


def test_counting_on_a_get_is_caught(
    client: httpx.Client, site: Site, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up: Callable[..., Any] = ANSWERING.look_up

    def counting(site: Site, address: Any) -> Any:
        scan = look_up(site, address)
        if seen := seen_in(site.register, scan):
            site.tally.count(seen)
        return scan

    monkeypatch.setattr(ANSWERING, "look_up", counting)
    with pytest.raises(AssertionError):
        test_reading_counts_nothing(client, site, copy)
