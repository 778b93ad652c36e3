"""清单: every copy of a print run, by its number, and where it lies in which file.

Knows what a spreadsheet does to a text that looks like a formula. Holds no codes: a list is passed around,
and whoever has a code can make a plate that scans.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from plaques.pack.facts import ArtworkFile, PackFacts
from plaques.preflight.report import Report
from store.paperwork.sheet import Align, Column, Sheet, Table
from store.plates import Copy
from store.terms import plate_kind_zh

Row = tuple[str | int, ...]

_COLUMNS = (
    Column(heading="编号\nNumber", width=9, align=Align.CENTER),
    Column(heading="岗位编号\nPost no.", width=5, align=Align.CENTER),
    Column(heading="岗位名称\nPost", width=14),
    Column(heading="持有人\nHolder", width=6),
    Column(heading="地点\nPlace", width=12),
    Column(heading="换发旧牌\nReplaces", width=9, align=Align.CENTER),
    Column(heading="文件\nFile", width=18),
    Column(heading="页\nPage", width=3, align=Align.CENTER),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def serial_rows(copies: Sequence[Copy], report: Report, file: str) -> Iterator[Row]:
    """Yield one row for each copy of a file: what it is, whose, where it goes, and the page it is on."""
    for copy, read in zip(copies, report.copies, strict=True):
        face = copy.face
        names = (copy.id, copy.post_id, face.post_name, face.holder, copy.place, copy.replaces or "", file)
        yield (*names, read.sheet_number)


def serial_csv(rows: Iterable[Row]) -> bytes:
    """Return the list as CSV that Excel opens as text (UTF-8 with BOM)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.heading.partition("\n")[0] for column in _COLUMNS)
    writer.writerows(tuple(map(_harmless, row)) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def serial_sheet(artwork: Sequence[ArtworkFile], facts: PackFacts) -> Sheet:
    """Return the list as a sheet for a workbook."""
    rows = tuple(row for file in artwork for row in serial_rows(file.copies, file.report, file.name))
    first = artwork[0].copies[0]
    return Sheet(
        name="清单",
        title=f"{plate_kind_zh(first.product, first.stage)}清单",
        subtitle=f"Serial list　{facts.name}　共{len(rows)}件 {len(rows)} pieces",
        tables=(Table(columns=_COLUMNS, rows=rows),),
        landscape=True,
    )


def _harmless(field: str | int) -> str | int:
    """Return the field so that no spreadsheet takes it for a formula, in half or full width."""
    is_formula = isinstance(field, str) and field.lstrip().startswith(_FORMULA_STARTS)
    return f"'{field}" if is_formula else field
