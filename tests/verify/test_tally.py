"""What one worker counts of plates still on display: entered soon, entered whole, and lost by no failure."""

import asyncio
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from store.records import Sighting
from store.register import RegisterUnavailable
from store.sightings import Seen
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.verify.public.plates import FailingRegister, revoked
from tests.verify.public.serving import until
from verify import sightings
from verify.sightings import Tally

DAY = date(2026, 6, 15)


@pytest.fixture
def register(tmp_path: Path) -> FailingRegister:
    return FailingRegister(TinyDbRegister(tmp_path / "register.db"))


@pytest.fixture
def seen(register: FailingRegister) -> Seen:
    copy = revoked(Office(register))
    return Seen(line_id=f"{copy.id}-R", on=DAY)


def entered(register: FailingRegister) -> list[tuple[date, int]]:
    return [(each.seen_on, each.scans) for each in register.find(Sighting)]


def test_the_first_of_a_day_is_entered_at_once_and_the_others_together(
    register: FailingRegister, seen: Seen
) -> None:
    tally = Tally(register)
    for _ in range(5):
        tally.count(seen)
    assert entered(register) == [(DAY, 1)]
    tally.enter()
    tally.enter()
    assert entered(register) == [(DAY, 1), (DAY, 4)]


def test_a_new_day_enters_what_was_left_of_the_old_one(register: FailingRegister, seen: Seen) -> None:
    tally, tomorrow = Tally(register), Seen(line_id=seen.line_id, on=DAY + timedelta(days=1))
    for each in (seen, seen, seen, tomorrow):
        tally.count(each)
    assert entered(register) == [(DAY, 1), (DAY, 2), (tomorrow.on, 1)]


def test_another_worker_sees_that_the_day_has_begun(register: FailingRegister, seen: Seen) -> None:
    for tally in (Tally(register), Tally(register)):
        tally.count(seen)
    assert entered(register) == [(DAY, 1)]


def test_what_cannot_be_entered_stays_counted(register: FailingRegister, seen: Seen) -> None:
    tally = Tally(register)
    register.failure = RegisterUnavailable()
    for _ in range(3):
        with pytest.raises(RegisterUnavailable):
            tally.count(seen)
    with pytest.raises(RegisterUnavailable):
        tally.enter()
    register.failure = None
    tally.count(seen)
    assert entered(register) == [(DAY, 4)]


def test_a_worker_that_stops_enters_the_rest(register: FailingRegister, seen: Seen) -> None:
    tally = Tally(register)

    async def stopped_while_working() -> None:
        work = asyncio.create_task(tally.run())
        await asyncio.sleep(0)
        tally.count(seen)
        tally.count(seen)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(stopped_while_working())
    assert entered(register) == [(DAY, 1), (DAY, 1)]


def test_a_register_that_is_away_ends_no_worker(
    register: FailingRegister,
    seen: Seen,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sightings, "ENTERED_EVERY_S", 0.001)
    tally = Tally(register)
    tally.count(seen)
    tally.count(seen)
    register.failure = RegisterUnavailable()

    async def away_and_back() -> None:
        work = asyncio.create_task(tally.run())
        await asyncio.to_thread(until, lambda: "could not be entered" in caplog.text)
        register.failure = None
        await asyncio.to_thread(until, lambda: register.count(Sighting) > 1)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(away_and_back())
    assert entered(register) == [(DAY, 1), (DAY, 1)]
