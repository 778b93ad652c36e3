"""A form on somebody else's page cannot speak for whoever opens it (OWASP ASVS 5.0, 3.5)."""

import httpx
import pytest
from fastapi import FastAPI

from store.records import Feedback
from tests.office import Office
from tests.verify.public.plates import Plate, plate_of, valid
from tests.verify.public.street import Somebody
from verify.network import check_same_site

VOTE = {"grade": "5"}
OWN = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://gp.example.cn"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://gp.example.cn"},
    {"Origin": "null"},
]
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://gp.example.cn"},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://gp.example.cn.evil.example"},
    {"Origin": "https://gp.example.cn:8443"},
    {"Origin": "https://other.gp.example.cn"},
    {"Origin": "gp.example.cn"},
    {"Origin": ""},
    {"Origin": "http://["},
]


@pytest.fixture
def plate(office: Office) -> Plate:
    return plate_of(valid(office))


def statuses(client: httpx.Client, plate: Plate, headers: dict[str, str]) -> list[int]:
    return [client.post(f"{path}/feedback", data=VOTE, headers=headers).status_code for path in plate.paths]


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_our_own_pages_may_send(client: httpx.Client, plate: Plate, headers: dict[str, str]) -> None:
    assert statuses(client, plate, headers) == [303, 303]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_may_not(
    client: httpx.Client, office: Office, plate: Plate, headers: dict[str, str]
) -> None:
    assert statuses(client, plate, headers) == [403, 403]
    assert office.register.find(Feedback) == []


def test_a_site_that_does_not_ask_is_caught(somebody: Somebody, app: FastAPI, plate: Plate) -> None:
    app.dependency_overrides[check_same_site] = lambda: None
    assert [statuses(somebody(), plate, headers) for headers in FOREIGN] == [[303, 303]] * len(FOREIGN)
