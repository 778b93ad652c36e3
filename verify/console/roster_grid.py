"""A roster as a grid with every fault at its cell, and what the differences mean: for the import.

Knows which cells are opened for writing: those with a fault, and all of a row that is at fault as a whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from store.acts.apply import RosterPlan
from store.policy import Policy
from store.records import Timing
from store.roster import Fault
from store.roster.cells import BLANK, Sheet
from store.roster.columns import column_letter, sheet_labels
from verify.console.act_parts import Effect
from verify.console.carried import cell_name, readable

OPEN_MOST = 500
"""So many cells are opened at once; those further down follow when these are right."""


@dataclass(frozen=True, kw_only=True)
class GridCell:
    """One cell: its text, the numbers of its faults, and the field to write it anew in, if it is open."""

    letter: str
    text: str
    faults: tuple[int, ...]
    field: str


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """One row of a sheet; `faults` are those of the row as a whole."""

    number: int
    cells: tuple[GridCell, ...]
    faults: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class GridSheet:
    """One sheet as it is shown."""

    name: str
    letters: tuple[str, ...]
    rows: tuple[GridRow, ...]


def grid_of(sheets: tuple[Sheet, ...], faults: Sequence[Fault]) -> list[GridSheet]:
    """Return the visible sheets with the faults at their cells; faults are numbered from 1."""
    spots: dict[tuple[str, int | None, str | None], tuple[int, ...]] = {}
    for number, each in enumerate(faults, start=1):
        spot = (each.sheet, each.row, each.column)
        spots[spot] = (*spots.get(spot, ()), number)
    labelled = enumerate(zip(sheets, sheet_labels(sheets), strict=True))
    return [
        _sheet(at, sheet, label, spots) for at, (sheet, label) in labelled if sheet.cells and not sheet.hidden
    ]


_Spots = dict[tuple[str, int | None, str | None], tuple[int, ...]]


def _sheet(at: int, sheet: Sheet, label: str, spots: _Spots) -> GridSheet:
    columns = range(1, max((max(row, default=1) for row in sheet.cells.values()), default=1) + 1)
    letters = tuple(map(column_letter, columns))
    rows = tuple(_row(at, sheet, number, spots, (label, letters)) for number in sorted(sheet.cells))
    return GridSheet(name=sheet.name, letters=letters, rows=rows)


def _row(at: int, sheet: Sheet, number: int, spots: _Spots, head: tuple[str, tuple[str, ...]]) -> GridRow:
    label, letters = head
    faults = spots.get((label, number, None), ())

    def cells() -> Iterator[GridCell]:
        for column, letter in enumerate(letters, start=1):
            found = spots.get((label, number, letter), ())
            is_open = min((*found, *faults), default=OPEN_MOST + 1) <= OPEN_MOST
            yield GridCell(
                letter=letter,
                text=readable(sheet.cells[number].get(column, BLANK).text),
                faults=found,
                field=cell_name(at, number, column) if is_open else "",
            )

    return GridRow(number=number, cells=tuple(cells()), faults=faults)


def effect_of(plan: RosterPlan, timing: Timing, policy: Policy) -> Effect:
    """Say what importing will do before it is done."""
    new, changed, again = len(plan.new), len(plan.changed), len(plan.again)
    if not (new or changed or again):
        return Effect(
            zh="与登记簿一致，没有需要导入的内容。",
            en="The register says the same; there is nothing to import.",
        )
    late_zh, late_en = _OFF_WINDOW.get(timing, ("", ""))
    return Effect(
        zh=f"将登记{new}个新岗位的申报、{changed}个岗位的变更、{again}个重新申报，均待{policy.committee_name}"
        f"批准；批准之前，已批准的内容和在外的标牌不变。{late_zh}",
        en=f"{new} new applications, {changed} changes and {again} filed again will wait for the committee; "
        f"until it approves, what is in force and the plates out stay as they are. {late_en}".strip(),
    )


_OFF_WINDOW = {
    Timing.EARLY: ("现在早于申报期（F6），先作草稿登记。", "Before the window (F6): filed as drafts."),
    Timing.LATE: (
        "现在晚于申报期（F6），批准时将记为党委同意事项。",
        "After the window (F6): an approval will note a consent.",
    ),
}
