"""How many scan pages each day had: entered by several workers, read by day, on both engines."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from store import scan_counts
from store.ledger import verify
from store.records import UNLOGGED, LogEntry, ScanCount
from store.register import Register
from store.scan_counts import Scans, enter_scans, scans_by_day
from store.tinydb_register import TinyDbRegister
from store.transfer import export_json, import_json
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare

DAY = date(2026, 7, 1)
NEXT, THIRD, FOURTH = (DAY + timedelta(days=number) for number in (1, 2, 3))


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


def entered(register: Register, first: date = DAY, last: date = THIRD) -> dict[date, Scans]:
    with register.snapshot() as reader:
        return scans_by_day(reader, first, last)


def enter_three_days(register: Register) -> None:
    enter_scans(register, DAY, Scans(known=3))
    enter_scans(register, DAY, Scans(known=2, unknown=1))
    enter_scans(register, NEXT, Scans(unknown=4))
    enter_scans(register, THIRD, Scans(known=7))
    enter_scans(register, THIRD, Scans(known=1))


def test_counts_of_a_day_add_up_and_days_stay_apart(register: Register) -> None:
    assert entered(register) == {}
    enter_three_days(register)
    assert entered(register) == {
        DAY: Scans(known=5, unknown=1),
        NEXT: Scans(unknown=4),
        THIRD: Scans(known=8),
    }
    assert list(entered(register)) == [DAY, NEXT, THIRD]


SPANS = [(DAY, DAY, [DAY]), (NEXT, NEXT, [NEXT]), (NEXT, THIRD, [NEXT, THIRD]), (FOURTH, FOURTH, [])]


@pytest.mark.parametrize(("first", "last", "days"), SPANS)
def test_only_the_days_asked_for_are_read(
    register: Register, first: date, last: date, days: list[date]
) -> None:
    enter_three_days(register)
    assert list(entered(register, first, last)) == days


def test_a_year_is_read_in_as_many_steps_as_it_has_days(register: Register) -> None:
    for number in range(40):
        enter_scans(register, DAY + timedelta(days=number // 8), Scans(known=1))
    asked = Counting(register)
    scans_by_day(asked, DAY, DAY + timedelta(days=9))  # type: ignore[arg-type] # as much of a reader as is needed
    assert asked.gets == 4


class Counting:
    """A reader that counts what it is asked for by id, and answers nothing but that and what is newest."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.gets = 0

    def newest(self, kind: type[ScanCount], limit: int) -> Iterator[ScanCount]:
        return self.register.newest(kind, limit)

    def get(self, kind: type[ScanCount], record_id: str) -> ScanCount | None:
        self.gets += 1
        return self.register.get(kind, record_id)


def test_workers_that_enter_at_once_lose_nothing(register: Register) -> None:
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda known: enter_scans(register, DAY, Scans(known=known)), range(1, 9)))
    assert entered(register) == {DAY: Scans(known=36)}


def test_a_clock_that_goes_back_adds_to_the_newest_day(register: Register) -> None:
    enter_scans(register, NEXT, Scans(known=2))
    enter_scans(register, DAY, Scans(known=3))
    assert entered(register) == {NEXT: Scans(known=5)}


def test_a_count_says_how_many_and_which_day_and_the_log_says_nothing(office: Office) -> None:
    entries = office.register.count(LogEntry)
    enter_scans(office.register, DAY, Scans(known=7))
    assert {each.name for each in fields(ScanCount)} == {"id", "counted_on", "scans", "unknown", "day_before"}
    assert ScanCount in UNLOGGED
    assert office.register.count(LogEntry) == entries
    with office.register.snapshot() as reader:
        assert verify(reader).faults == ()


@pytest.mark.parametrize(("scans", "unknown"), [(0, 0), (-1, 2), (2, -1)])
def test_a_count_begins_at_one(scans: int, unknown: int) -> None:
    with pytest.raises(ValueError, match="begins at one"):
        ScanCount(id="1", counted_on=DAY, scans=scans, unknown=unknown, day_before=None)


def test_counts_move_with_the_register(office: Office, tmp_path: Path) -> None:
    enter_three_days(office.register)
    with (
        office.register.snapshot() as reader,
        closing(TinyDbRegister(tmp_path / "moved.db")) as moved,
    ):
        import_json(moved, export_json(reader))
        assert entered(moved) == entered(office.register)


def test_totals_that_are_not_carried_are_caught(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = scan_counts._next_count  # noqa: SLF001 - the step a mutant leaves out
    forgetful = lambda transaction, today, scans: replace(  # noqa: E731 - a mutant in one line
        carried(transaction, today, scans), scans=scans.known, unknown=scans.unknown
    )
    monkeypatch.setattr(scan_counts, "_next_count", forgetful)
    with pytest.raises(AssertionError):
        test_counts_of_a_day_add_up_and_days_stay_apart(register)
