"""Token buckets: an hour's worth, refilled evenly, one for each key."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from verify import throttle
from verify.throttle import FLOOD_FACTOR, NUMBERS_PER_HOUR, LookUps, Throttle, Throttles

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)


def taken(bucket: Throttle, tries: int, now: datetime = NOON, key: str = "a") -> int:
    return sum(bucket.takes(key, now) for _ in range(tries))


def test_a_full_bucket_holds_an_hour_s_worth() -> None:
    assert taken(Throttle(6), 10) == 6


@pytest.mark.parametrize(("minutes", "refilled"), [(9, 0), (10, 1), (19, 1), (30, 3), (60, 6), (600, 6)])
def test_it_refills_evenly_and_never_overflows(minutes: int, refilled: int) -> None:
    bucket = Throttle(6)
    taken(bucket, 6)
    assert taken(bucket, 10, NOON + timedelta(minutes=minutes)) == refilled


def test_a_spending_tells_what_is_left_and_when_there_is_more() -> None:
    bucket = Throttle(6)
    first = bucket.spend("a", NOON)
    assert (first.taken, first.left, first.most) == (True, 5, 6)
    assert (first.next_in_s, first.full_in_s) == (0, 600)
    taken(bucket, 5)
    refused = bucket.spend("a", NOON + timedelta(minutes=4))
    assert (refused.taken, refused.left) == (False, 0)
    assert (refused.next_in_s, refused.full_in_s) == (360, 3360)


def test_asking_in_vain_costs_nothing() -> None:
    bucket = Throttle(6)
    for minute in range(10):
        assert taken(bucket, 20, NOON + timedelta(minutes=minute)) == (6 if minute == 0 else 0)
    assert taken(bucket, 1, NOON + timedelta(minutes=10, seconds=1)) == 1


def test_keys_do_not_touch_each_other() -> None:
    bucket = Throttle(2)
    assert [taken(bucket, 5, key=key) for key in "ab"] == [2, 2]


def test_a_clock_set_back_gives_nothing_away() -> None:
    bucket = Throttle(2)
    taken(bucket, 2)
    assert taken(bucket, 5, NOON - timedelta(days=1)) == 0
    assert taken(bucket, 5, NOON - timedelta(days=1) + timedelta(minutes=30)) == 1


def test_only_the_longest_unused_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "BUCKETS_MOST", 3)
    bucket = Throttle(1)
    for key in "abc":
        assert taken(bucket, 1, key=key) == 1
    assert taken(bucket, 1, key="a") == 0
    assert taken(bucket, 1, key="d") == 1
    assert [taken(bucket, 1, key=key) for key in "acd"] == [0, 0, 0]
    assert taken(bucket, 1, key="b") == 1


def test_a_process_throttles_votes_messages_and_numbers() -> None:
    throttles = Throttles(votes_per_hour=4)
    assert taken(throttles.votes, 100) == 4
    assert taken(throttles.messages, 100) == 4 * FLOOD_FACTOR
    assert looked_up(throttles.numbers, map(str, range(200))) == NUMBERS_PER_HOUR


def looked_up(look_ups: LookUps, numbers: Iterable[str], now: datetime = NOON, network: str = "a") -> int:
    return sum(look_ups.lets(network, number, now) for number in numbers)


def test_only_ever_new_numbers_use_up_a_network_s_look_ups() -> None:
    look_ups = LookUps(3)
    assert looked_up(look_ups, ["1", "2"] * 500) == 1000
    assert looked_up(look_ups, ["3", "4", "5"]) == 1
    assert looked_up(look_ups, ["1", "2", "3"] * 500) == 1500
    assert looked_up(look_ups, ["1", "2", "3", "4"], network="b") == 3


def test_a_number_asked_for_all_the_time_stays_free_and_one_left_alone_does_not() -> None:
    look_ups = LookUps(1)
    for minute in range(0, 180, 50):
        assert looked_up(look_ups, ["1"], NOON + timedelta(minutes=minute)) == 1
    assert looked_up(look_ups, ["2", "1"], NOON + timedelta(minutes=150 + 61)) == 1


def test_only_the_longest_unasked_number_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "NUMBERS_KEPT", 2)
    look_ups = LookUps(3)
    assert looked_up(look_ups, ["1", "2", "1", "3"]) == 4
    assert looked_up(look_ups, ["1", "3", "2"]) == 2
