"""Counting that a plate which was called back is still on display (F23).

Knows when a scan counts and how counts are entered. Kept is how many and on which day, nothing finer and
nothing of who: a count is no act, nobody answers for it, and an entry of the log would tell the moment.
Leaves out how scans are told apart (verify/sightings.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from store.calendar import office_day
from store.lookup import Scan
from store.recalls import is_open, open_line_of
from store.records import RecallLine, Sighting
from store.register import Reader, Register, Transaction
from store.standing import Verdict


@dataclass(frozen=True, kw_only=True)
class Seen:
    """That a plate was scanned: the line it is called back by, and the office's day."""

    line_id: str
    on: date


def seen_in(reader: Reader, scan: Scan) -> Seen | None:
    """Return what a scan tells about a recall: None unless a veto revoked the plate and it is still out."""
    if scan.copy is None or scan.standing.verdict is not Verdict.REVOKED:
        return None
    line = open_line_of(reader, scan.copy)
    return Seen(line_id=line.id, on=office_day(scan.standing.checked_at)) if line else None


def is_first(reader: Reader, seen: Seen) -> bool:
    """Whether no scan of the day has been entered for the line."""
    return all(each.seen_on != seen.on for each in reader.find(Sighting, line_id=seen.line_id))


def enter_sightings(register: Register, counted: Mapping[Seen, int]) -> None:
    """Add counts of scans to the register; those of plates that came back in the meantime are dropped.

    Raises:
        RegisterUnavailable: nothing was added.

    """
    with register.transaction() as transaction:
        for seen, scans in counted.items():
            line = transaction.get(RecallLine, seen.line_id)
            if line and is_open(transaction, line):
                transaction.append(_next_sighting(transaction, seen, scans))


def _next_sighting(transaction: Transaction, seen: Seen, scans: int) -> Sighting:
    number = len(transaction.find(Sighting, line_id=seen.line_id)) + 1
    return Sighting(id=f"{seen.line_id}-S{number}", line_id=seen.line_id, seen_on=seen.on, scans=scans)
