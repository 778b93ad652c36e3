"""Importing a roster in the browser: the file, its faults at their cells, the differences, and then the act.

Nothing is kept here between the steps: the page carries the cells under a seal, and the differences that were
shown by their hash. What is applied is what was shown, or nothing.
"""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from store.acts.apply import RegisterChangedSince, RosterPlan, apply_roster, permit_rows, plan_roster
from store.branches import former_names
from store.calendar import office_day
from store.records import LogEntry
from store.refusals import Refusal
from store.roster import Roster, RosterRefused, RosterRow, roster_of
from store.roster.cells import Sheet
from store.roster.tables import read_sheets
from verify.console.carried import opened, put_right, sealed
from verify.console.first_steps import next_step
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import IMPORTS
from verify.console.roster_grid import OPEN_MOST, effect_of, grid_of
from verify.console.wording import kind_en, kind_zh
from verify.network import keyed

router = APIRouter(prefix="/console/import", route_class=ConsoleRoute)
ImporterAtDesk = Annotated[Desk, Depends(Officers(*IMPORTS))]
FILE_BYTES_MOST = 5_000_000
ROWS_MOST = 6_000
CELLS_MOST = 60_000


class NoRosterChosen(Refusal):
    """No file was chosen. Remedy: choose the roster."""

    reason_zh = "没有选择名册文件。"
    reason_en = "No roster was chosen."
    remedy_zh = "请选择 Excel（.xlsx）或 CSV 文件。"
    remedy_en = "Choose an Excel (.xlsx) or CSV file."


class TooLargeForThePage(Refusal):
    """The roster is larger than a page can show. Remedy: import it in parts."""

    reason_zh = "名册太大：网页上最多{megabytes} MB、{rows}行、{cells}个单元格。"
    reason_en = "The roster is too large for a page: at most {megabytes} MB, {rows} rows and {cells} cells."
    remedy_zh = "请只保留名册表格，或分成几个文件导入。"
    remedy_en = "Keep the table only, or import it in several files."

    def __init__(self) -> None:
        """Quote the bounds."""
        super().__init__(megabytes=FILE_BYTES_MOST // 1_000_000, rows=ROWS_MOST, cells=CELLS_MOST)


@router.get("")
def choose(desk: ImporterAtDesk) -> Response:
    """Ask for a roster."""
    return _chooser(desk)


def _chooser(desk: Desk, refusal: Refusal | None = None) -> Response:
    return desk.page(
        "import.html",
        status=status_of(refusal) if refusal else 200,
        refusal=refusal,
        faults=refusal.faults if isinstance(refusal, RosterRefused) else (),
        megabytes=FILE_BYTES_MOST // 1_000_000,
    )


@router.post("")
def review(desk: ImporterAtDesk) -> Response:
    """Show every fault of a roster at its cell, or else the differences it would make (F5, F6)."""
    try:
        return _reviewed(desk, _sheets_sent(desk))
    except Refusal as refusal:
        return _chooser(desk, refusal)


def _sheets_sent(desk: Desk) -> tuple[Sheet, ...]:
    file = desk.form.get("file")
    if isinstance(file, UploadFile) and (file.filename or file.size):
        return _bounded(read_sheets(_bytes(file), file.filename or ""))
    return _sheets_carried(desk)


def _bytes(file: UploadFile) -> bytes:
    data = file.file.read(FILE_BYTES_MOST + 1)
    if len(data) > FILE_BYTES_MOST:
        raise TooLargeForThePage
    return data


def _bounded(sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    rows = [row for sheet in sheets for row in sheet.cells.values()]
    spread = sum(
        len(sheet.cells) * max(map(max, filter(None, sheet.cells.values())))
        for sheet in sheets
        if sheet.cells
    )
    if len(rows) > ROWS_MOST or spread > CELLS_MOST:
        raise TooLargeForThePage
    return sheets


def _sheets_carried(desk: Desk) -> tuple[Sheet, ...]:
    if not desk.said("sheets"):
        raise NoRosterChosen
    typed = {name: value for name, value in desk.form.items() if isinstance(value, str)}
    return put_right(opened(desk.site, desk.said("sheets")), typed)


def _read(desk: Desk, sheets: tuple[Sheet, ...]) -> Roster:
    renamed = former_names(desk.site.register)
    return roster_of(sheets, members_min=desk.policy.members_min, renamed=renamed)


def _reviewed(desk: Desk, sheets: tuple[Sheet, ...]) -> Response:
    try:
        roster = _read(desk, sheets)
    except RosterRefused as refused:
        return _faults(desk, sheets, refused)
    return _differences(desk, sheets, roster)


def _faults(desk: Desk, sheets: tuple[Sheet, ...], refused: RosterRefused) -> Response:
    return desk.page(
        "import_faults.html",
        status=status_of(refused),
        refusal=refused,
        grid=grid_of(sheets, refused.faults),
        open_most=OPEN_MOST,
        carried=sealed(desk.site, sheets),
    )


def _differences(
    desk: Desk, sheets: tuple[Sheet, ...], roster: Roster, refusal: Refusal | None = None
) -> Response:
    plan, policy = _plan(desk, roster.rows), desk.policy
    return desk.page(
        "import_differences.html",
        status=status_of(refusal) if refusal else 200,
        refusal=refusal,
        plan=plan,
        notices=roster.notices,
        effect=effect_of(plan, policy.timing_of(office_day(desk.site.clock())), policy),
        kind_zh=kind_zh,
        kind_en=kind_en,
        carried=sealed(desk.site, sheets),
        seen=_seen(desk, plan),
    )


def _plan(desk: Desk, rows: tuple[RosterRow, ...]) -> RosterPlan:
    with desk.site.register.snapshot() as reader:
        permit_rows(reader, desk.authority, rows)
        return plan_roster(reader, rows)


def _seen(desk: Desk, plan: RosterPlan) -> str:
    """Return the hash of everything a plan says, row by row and field by field."""
    return keyed(desk.site, "plan", repr(plan))


@router.post("/apply")
def apply(desk: ImporterAtDesk) -> Response:
    """File the applications whose differences were shown; what has changed since is shown again (F5, F6)."""
    try:
        sheets = _sheets_carried(desk)
        roster = _read(desk, sheets)
        return _applied(desk, sheets, roster)
    except Refusal as refusal:
        return _chooser(desk, refusal)


def _check_seen(desk: Desk, plan: RosterPlan) -> None:
    if not hmac.compare_digest(desk.said("seen").encode(), _seen(desk, plan).encode()):
        raise RegisterChangedSince


def _applied(desk: Desk, sheets: tuple[Sheet, ...], roster: Roster) -> Response:
    try:
        plan = _plan(desk, roster.rows)
        _check_seen(desk, plan)
        apply_roster(desk.site.register, desk.authority, roster.rows, looked_at=plan)
    except RegisterChangedSince as refusal:
        return _differences(desk, sheets, roster, refusal)
    return see_other(_onward(desk, desk.site.register.count(LogEntry)))


def _onward(desk: Desk, entry: int) -> str:
    """Return where the import is told of: to who decides on a first roster, where it is decided on."""
    step = next_step(desk) if desk.decides else None
    address = step.address if step else "/console/import"
    return f"{address}{'&' if '?' in address else '?'}entry={entry}"
