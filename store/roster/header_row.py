"""Where the header of a sheet stands: one row or two, above it whatever titles there are.

Knows how a header is told from other rows. Knows nothing of what must be in it (columns.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from store.roster.cells import Sheet
from store.roster.headers import Field, field_of, is_loose

FEWEST_HEADINGS = 3
"""As many known headings make a row a header."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """The header of a sheet: its last row, and the heading of each column as written."""

    row: int
    headings: Mapping[int, str]

    @property
    def fields(self) -> frozenset[Field]:
        """The fields it heads; a serial number tells nothing of a table."""
        known = filter(None, map(field_of, self.headings.values()))
        return frozenset(known) - {Field.SERIAL}


def find_header(sheet: Sheet) -> Header | None:
    """Choose the row, or pair of rows, with the most known, most exact headings; the first among equals."""
    best = max(_candidates(sheet), key=_worth, default=None)
    return best if best and len(best.fields) >= FEWEST_HEADINGS else None


def _worth(header: Header) -> tuple[int, int]:
    exact = sum(not is_loose(heading) for heading in header.headings.values())
    return len(header.fields), exact


def _candidates(sheet: Sheet) -> Iterator[Header]:
    upper: Mapping[int, str] = {}
    previous = 0
    for number in sorted(sheet.headings):
        lower = {column: cell.text for column, cell in sheet.headings[number].items()}
        yield Header(row=number, headings=lower)
        if previous == number - 1:
            yield Header(row=number, headings=_double(upper, lower))
        upper, previous = lower, number


def _double(upper: Mapping[int, str], lower: Mapping[int, str]) -> dict[int, str]:
    columns = sorted({*upper, *lower})
    return {column: _stacked(upper.get(column, ""), lower.get(column, "")) for column in columns}


def _stacked(upper: str, lower: str) -> str:
    """Read two headings above one another together, or else the one that is known."""
    return next(filter(field_of, (upper + lower, lower, upper)), lower or upper)
