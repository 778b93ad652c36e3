"""How many scan pages each day had: entered now and then, read day by day.

Kept is a number for a day, and nothing of who scanned, which plate or when: a count is no act and stays out
of the log. A day's total is carried from count to count, and the first count of a day names the last one of
the day before, so that a year is read in as many steps as it has days. Leaves out what counts as a scan and
when counts are entered (verify/scan_tally.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from store.records import ScanCount
from store.register import Reader, Register, Transaction


@dataclass(frozen=True, kw_only=True)
class Scans:
    """How many scan pages showed a plate of this register, and how many showed none."""

    known: int = 0
    unknown: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to enter."""
        return self.known > 0 or self.unknown > 0


def enter_scans(register: Register, today: date, scans: Scans) -> None:
    """Add scans to the day's total; where the newest count is of a later day, to that one's.

    Raises:
        RegisterUnavailable: nothing was added.

    """
    with register.transaction() as transaction:
        transaction.append(_next_count(transaction, today, scans))


def scans_by_day(reader: Reader, first: date, last: date) -> dict[date, Scans]:
    """Return the totals of the days that had any, from the first to the last, both included, oldest first."""
    found = {
        each.counted_on: Scans(known=each.scans, unknown=each.unknown)
        for each in _days_back(reader, first)
        if each.counted_on <= last
    }
    return dict(reversed(found.items()))


def _next_count(transaction: Transaction, today: date, scans: Scans) -> ScanCount:
    newest = next(transaction.newest(ScanCount, 1), None)
    number = str(transaction.count(ScanCount) + 1)
    if newest is None or newest.counted_on < today:
        return ScanCount(
            id=number,
            counted_on=today,
            scans=scans.known,
            unknown=scans.unknown,
            day_before=newest.id if newest else None,
        )
    return ScanCount(
        id=number,
        counted_on=newest.counted_on,
        scans=newest.scans + scans.known,
        unknown=newest.unknown + scans.unknown,
        day_before=newest.day_before,
    )


def _days_back(reader: Reader, first: date) -> Iterator[ScanCount]:
    """Yield the last count of each day, newest day first, until before the first day."""
    count = next(reader.newest(ScanCount, 1), None)
    while count and count.counted_on >= first:
        yield count
        count = reader.get(ScanCount, count.day_before) if count.day_before else None
