"""A roster's cells on their way through the browser: sealed into one field, opened again, put right by hand.

Between the steps of an import nothing is kept here; the page carries the cells. The seal tells that they are
what was read from the file, so what is opened needs no second look. Leaves out what the cells mean.
"""

import base64
import hmac
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from store.refusals import Refusal
from store.roster.cells import (
    MOST_COLUMNS,
    Cell,
    DateCell,
    ErrorCell,
    FormulaCell,
    Grid,
    Sheet,
    is_blank,
    text_cell,
)
from verify.network import keyed
from verify.site import Site

_FLAWS: dict[str, type[Refusal]] = {kind.__name__: kind for kind in (FormulaCell, ErrorCell, DateCell)}
_CELL = re.compile(r"cell-(\d{1,3})-(\d{1,7})-(\d{1,3})", re.ASCII)
_Packed = list[tuple[int, int, str, bool, list[str]]]
_PackedSheet = tuple[str, _Packed, _Packed, bool, list[int], list[int]]


class SealBroken(Refusal):
    """What the page carried is not what was read from the file. Remedy: choose the file again."""

    clause_id = "F19"
    reason_zh = "页面所带的名册内容不完整，没有导入。"
    reason_en = "The page did not carry the roster whole; nothing was imported."
    remedy_zh = "请重新选择名册文件。"
    remedy_en = "Choose the file again."


def sealed(site: Site, sheets: Iterable[Sheet]) -> str:
    """Return the sheets as one word that only this deployment can make."""
    packed = zlib.compress(json.dumps([_packed(each) for each in sheets]).encode())
    text = base64.urlsafe_b64encode(packed).decode()
    return f"{_seal(site, text)}.{text}"


def opened(site: Site, word: str) -> tuple[Sheet, ...]:
    """Return the sheets that were sealed.

    Raises:
        SealBroken: this deployment did not make the word.

    """
    seal, _, text = word.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(site, text).encode()):
        raise SealBroken
    return tuple(_unpacked(each) for each in json.loads(zlib.decompress(base64.urlsafe_b64decode(text))))


def _seal(site: Site, text: str) -> str:
    return keyed(site, "roster", text)


def _packed(sheet: Sheet) -> _PackedSheet:
    hidden = sheet.hidden, sorted(sheet.hidden_rows), sorted(sheet.hidden_columns)
    return sheet.name, _listed(sheet.cells), _listed(sheet.headings), *hidden


def _listed(grid: Grid) -> _Packed:
    return [
        (row, column, cell.text, cell.merged, _flaw(cell))
        for row, cells in grid.items()
        for column, cell in cells.items()
    ]


def _flaw(cell: Cell) -> list[str]:
    return [cell.flaw.code, str(cell.flaw.facts.get("shown", ""))] if cell.flaw else []


def _unpacked(packed: _PackedSheet) -> Sheet:
    name, cells, headings, hidden, hidden_rows, hidden_columns = packed
    return Sheet(
        name=name,
        cells=_grid(cells),
        headings=_grid(headings),
        hidden=hidden,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )


def _grid(packed: _Packed) -> Grid:
    grid: dict[int, dict[int, Cell]] = {}
    for row, column, text, merged, flaw in packed:
        found = _FLAWS[flaw[0]](**({"shown": flaw[1]} if flaw[1] else {})) if flaw else None
        grid.setdefault(row, {})[column] = Cell(text, found, merged)
    return grid


def cell_name(sheet: int, row: int, column: int) -> str:
    """Name the form's field of a cell."""
    return f"cell-{sheet}-{row}-{column}"


def readable(text: str) -> str:
    """Return a cell's text as a page can show it: what cannot be seen becomes the sign of a loss."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text.replace("\r\n", "\n"))


def put_right(sheets: tuple[Sheet, ...], typed: Mapping[str, str]) -> tuple[Sheet, ...]:
    """Return the sheets with what was typed into their cells; a cell that was left alone stays as it was."""
    changes: dict[int, dict[tuple[int, int], str]] = {}
    for name, text in typed.items():
        if (found := _CELL.fullmatch(name)) and 1 <= int(found[3]) <= MOST_COLUMNS:
            changes.setdefault(int(found[1]), {})[int(found[2]), int(found[3])] = text.replace("\r\n", "\n")
    return tuple(_changed(sheet, changes.get(at, {})) for at, sheet in enumerate(sheets))


def _changed(sheet: Sheet, changes: Mapping[tuple[int, int], str]) -> Sheet:
    cells, headings = (
        {row: dict(written) for row, written in grid.items()} for grid in (sheet.cells, sheet.headings)
    )
    for (row, column), text in changes.items():
        before = cells.get(row, {}).get(column, Cell(""))
        if row in cells and text != readable(before.text):
            _put(cells[row], column, text_cell(text))
            _put(headings.setdefault(row, {}), column, text_cell(text))
    return replace(sheet, cells=cells, headings=headings)


def _put(row: dict[int, Cell], column: int, cell: Cell) -> None:
    row.pop(column, None)
    if not is_blank(cell):
        row[column] = cell
