"""What a worker counts of scan pages: in memory until it is entered, lost by no failure, and never who."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store.records import ScanCount
from store.register import RegisterUnavailable
from store.scan_counts import Scans, scans_by_day
from store.standing import Verdict
from store.tinydb_register import TinyDbRegister
from tests.verify.public.plates import FailingRegister
from tests.verify.public.serving import until
from verify import scan_tally
from verify.scan_tally import ScanTally

LATE = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)  # half past midnight of the next day in the office
DAY = date(2026, 7, 1)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[FailingRegister]:
    opened = TinyDbRegister(tmp_path / "register.db")
    yield FailingRegister(opened)
    opened.close()


@pytest.fixture
def tally(register: FailingRegister) -> ScanTally:
    return ScanTally(register, lambda: LATE)


def entered(register: FailingRegister) -> dict[date, Scans]:
    with register.snapshot() as reader:
        return scans_by_day(reader, date(2026, 1, 1), date(2026, 12, 31))


def test_scans_are_entered_together_on_the_day_of_the_office(
    register: FailingRegister, tally: ScanTally
) -> None:
    for verdict in (Verdict.VALID, Verdict.REVOKED, Verdict.UNKNOWN, Verdict.UNVERIFIABLE):
        tally.count(verdict)
    assert register.count(ScanCount) == 0
    tally.enter()
    tally.enter()
    assert entered(register) == {DAY: Scans(known=2, unknown=1)}
    assert register.count(ScanCount) == 1


def test_what_cannot_be_entered_stays_counted(register: FailingRegister, tally: ScanTally) -> None:
    register.failure = RegisterUnavailable()
    tally.count(Verdict.VALID)
    with pytest.raises(RegisterUnavailable):
        tally.enter()
    tally.count(Verdict.VALID)
    register.failure = None
    tally.enter()
    assert entered(register) == {DAY: Scans(known=2)}


def test_a_worker_that_stops_enters_the_rest(register: FailingRegister, tally: ScanTally) -> None:
    async def stopped_while_working() -> None:
        work = asyncio.create_task(tally.run())
        await asyncio.sleep(0)
        tally.count(Verdict.VALID)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(stopped_while_working())
    assert entered(register) == {DAY: Scans(known=1)}


def test_a_register_that_is_away_ends_no_worker(
    register: FailingRegister,
    tally: ScanTally,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(scan_tally, "ENTERED_EVERY_S", 0.001)
    tally.count(Verdict.CREATING)
    register.failure = RegisterUnavailable()

    async def away_and_back() -> None:
        work = asyncio.create_task(tally.run())
        await asyncio.to_thread(until, lambda: "could not be entered" in caplog.text)
        register.failure = None
        await asyncio.to_thread(until, lambda: register.count(ScanCount) > 0)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(away_and_back())
    assert entered(register) == {DAY: Scans(known=1)}
