"""One counted vote for a plate, a device and a week; the cookie that tells devices; how crowds are slowed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from store.records import Copy, Feedback, Product
from tests.office import Office
from tests.verify.in_process import visitor
from tests.verify.public.plates import POST, valid
from tests.verify.public.street import Clock, Somebody
from verify.site import WebSettings

SUNDAY_LATE = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
"""23:59:59 in Shanghai, the last second of week 47; in UTC Monday is still eight hours away."""


@pytest.fixture
def path(office: Office) -> str:
    return f"/{valid(office).code}/feedback"


def counted(client: httpx.Client, path: str, **fields: object) -> bool:
    answer = client.post(path, json={"grade": 5} | fields)
    assert answer.status_code == 201
    return bool(answer.json()["counted"])


def test_a_device_counts_once_a_week_and_is_always_received(
    client: httpx.Client, office: Office, path: str
) -> None:
    assert [counted(client, path) for _ in range(3)] == [True, False, False]
    assert len(office.register.find(Feedback)) == 3
    receipt = client.post(path, data={"grade": "5"}).headers["location"]
    assert "本周已评价过" in client.get(receipt).text


def test_another_device_and_another_plate_count_on_their_own(
    somebody: Somebody, office: Office, path: str
) -> None:
    one, other = somebody(), somebody()
    badge = office.issued(POST, Product.BADGE)
    assert [counted(one, path), counted(other, path), counted(one, path)] == [True, True, False]
    assert counted(one, f"/number/{badge.id}/feedback")
    assert not counted(one, f"/{badge.code}/feedback")


def test_a_message_without_a_grade_leaves_the_vote_unspent(client: httpx.Client, path: str) -> None:
    assert not counted(client, path, grade=None, comment="谢谢")
    assert counted(client, path)


def counts_again(client: httpx.Client, clock: Clock, path: str, moments: tuple[datetime, datetime]) -> bool:
    clock.now, second = moments
    assert counted(client, path)
    clock.now = second
    return counted(client, path)


@pytest.mark.parametrize(
    "moments",
    [
        (SUNDAY_LATE, SUNDAY_LATE + timedelta(seconds=1)),
        (SUNDAY_LATE - timedelta(days=7), SUNDAY_LATE),
        (datetime(2027, 1, 3, 15, tzinfo=UTC), datetime(2027, 1, 3, 17, tzinfo=UTC)),
    ],
)
def test_the_next_week_begins_on_monday_in_shanghai(
    client: httpx.Client, clock: Clock, path: str, moments: tuple[datetime, datetime]
) -> None:
    assert counts_again(client, clock, path, moments)


@pytest.mark.parametrize(
    "moments",
    [
        (SUNDAY_LATE + timedelta(seconds=1), SUNDAY_LATE + timedelta(hours=8, seconds=1)),
        (SUNDAY_LATE - timedelta(days=6), SUNDAY_LATE),
        (datetime(2026, 12, 31, 4, tzinfo=UTC), datetime(2027, 1, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_new_day_a_new_year_and_monday_in_utc_are_the_same_week(
    client: httpx.Client, clock: Clock, path: str, moments: tuple[datetime, datetime]
) -> None:
    assert not counts_again(client, clock, path, moments)


def test_the_voter_cannot_be_told_from_week_to_week(
    client: httpx.Client, office: Office, clock: Clock, path: str
) -> None:
    for _ in range(2):
        assert counted(client, path)
        clock.forward(days=7)
    first, second = office.register.find(Feedback)
    assert first.voter != second.voter
    assert client.cookies["__Host-device"] not in first.voter + second.voter


def test_over_https_the_cookie_is_bound_to_the_host(client: httpx.Client, path: str) -> None:
    cookie = client.post(path, data={"grade": "5"}).headers["set-cookie"]
    name, value = cookie.split(";")[0].split("=")
    assert name == "__Host-device"
    assert re.fullmatch("[0-9a-f]{32}", value)
    flags = {each.strip() for each in cookie.split(";")[1:]}
    assert flags == {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=34560000"}


def test_over_http_the_cookie_has_its_plain_name(
    application: Callable[[WebSettings], FastAPI], settings: WebSettings, path: str
) -> None:
    local = replace(settings, base_url="http://127.0.0.1:8000")
    client = visitor(application(local), local.base_url)
    cookie = client.post(path, data={"grade": "5"}).headers["set-cookie"]
    assert cookie.startswith("device=")
    assert "Secure" not in cookie
    assert not counted(client, path)


def test_only_a_message_that_is_received_sets_the_cookie(client: httpx.Client, path: str) -> None:
    client.get(path.removesuffix("/feedback"))
    client.post(path, data={"comment": ""})
    assert dict(client.cookies) == {}


@pytest.mark.parametrize("value", ["x", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "%0a"])
def test_a_cookie_of_no_device_is_replaced(somebody: Somebody, path: str, value: str) -> None:
    client = somebody(Cookie=f"__Host-device={value}")
    fresh = client.post(path, data={"grade": "5"}).cookies["__Host-device"]
    assert re.fullmatch("[0-9a-f]{32}", fresh)
    assert fresh != value


def test_a_known_device_keeps_its_cookie(client: httpx.Client, path: str) -> None:
    first, second = (client.post(path, data={"grade": "5"}).cookies["__Host-device"] for _ in range(2))
    assert first == second


class TestCrowds:
    """A whole office behind one address, and a script behind another; three votes an hour are taken."""

    VOTES, MESSAGES = 3, 30

    @pytest.fixture
    def settings(self, settings: WebSettings) -> WebSettings:
        return replace(settings, policy=replace(settings.policy, votes_per_network_hour=self.VOTES))

    def test_beyond_the_pace_votes_are_received_uncounted(
        self, somebody: Somebody, office: Office, clock: Clock, path: str
    ) -> None:
        assert [counted(somebody(), path) for _ in range(5)] == [True] * 3 + [False] * 2
        assert counted(somebody("198.51.100.1"), path)
        clock.forward(minutes=20)
        assert [counted(somebody(), path) for _ in range(2)] == [True, False]
        assert len(office.register.find(Feedback)) == 8

    def test_the_pace_holds_for_a_plate_whichever_way_it_is_asked_for(
        self, somebody: Somebody, office: Office, path: str
    ) -> None:
        [copy] = office.register.find(Copy, code=path.split("/")[1])
        ways = [path, f"/number/{copy.id}/feedback"] * 2
        assert [counted(somebody(), way) for way in ways] == [True] * 3 + [False]

    def test_comments_do_not_spend_the_votes_of_others(self, somebody: Somebody, path: str) -> None:
        for _ in range(5):
            counted(somebody(), path, grade=None, comment="谢谢")
        assert counted(somebody(), path)

    def test_a_flood_is_turned_away_and_only_where_it_comes_from(
        self, somebody: Somebody, office: Office, clock: Clock, path: str
    ) -> None:
        statuses = [somebody().post(path, data={"topic": "not_here"}).status_code for _ in range(33)]
        assert statuses == [303] * self.MESSAGES + [429] * 3
        refused = somebody().post(path, data={"grade": "5"})
        assert refused.headers["retry-after"] == "30"
        assert "短时间内从您所在网络提交的内容较多" in refused.text
        assert somebody("198.51.100.1").post(path, data={"grade": "5"}).status_code == 303
        clock.forward(minutes=2)
        assert somebody().post(path, data={"grade": "5"}).status_code == 303
        assert len(office.register.find(Feedback)) == self.MESSAGES + 2
