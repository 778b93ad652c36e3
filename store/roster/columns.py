"""From sheets to rows: which column holds what, and which rows belong to the table.

Knows both layouts, signatures and totals, and passes over what is no part of the table, saying so.
Leaves out whether a row is right (posts.py, rules.py).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.refusals import Refusal
from store.roster.cells import BLANK, Cell, Sheet, is_blank
from store.roster.characters import Note
from store.roster.faults import Findings, Spot, shown
from store.roster.header_row import FEWEST_HEADINGS, Header, find_header
from store.roster.headers import Field, field_of, heading_word, is_loose, usual_heading
from store.roster.words import POST_KINDS, word

_LETTERS = 26
_ALWAYS = (Field.BRANCH, Field.NAME, Field.KIND, Field.DUTIES)
_FOOTER = re.compile(
    r"[(（]?(?:填表|制表|填报|审核|审批|复核|负责|经办|联系|报送)(?:人|日期|时间|单位|电话|意见)*[)）]?(?:[:：].*)?"
    r"|[(（]?(?:备注|注|说明|日期|盖章|公章|签字|签名|单位盖章)[)）]?(?:[:：].*)?"
    r"|(?:合计|小计|总计|共计)(?:[:：\d].*)?|共\d+.*|.*[(（](?:盖章|公章|签字|签章|签名)[)）].*"
)


class Layout(StrEnum):
    """What one row stands for: a post with its names in a cell, or one person of a post."""

    PER_POST = "per_post"
    PER_PERSON = "per_person"


class NoHeader(Refusal):
    """No row looks like a header. Remedy: put the usual headings above the columns."""

    reason_zh = "没有找到表头；第一行内容是：{found}。"
    reason_en = "no header row was found; the first row reads: {found}."
    remedy_zh = "请在表格上方写明列名，至少有：{wanted}。"
    remedy_en = "Head the columns at least so: {wanted}."


class MissingColumns(Refusal):
    """The header row lacks columns a roster needs. Remedy: add them."""

    reason_zh = "表头缺少：{missing}；现有的列是：{found}。"
    reason_en = "the header lacks {missing}; it has {found}."
    remedy_zh = "请补上所缺的列，或把列名改为上述名称。"
    remedy_en = "Add the columns, or name them so."


class RepeatedColumn(Refusal):
    """Two columns are headed for the same thing. Remedy: keep one."""

    reason_zh = "与{other}列“{header}”重复，分不清以哪一列为准。"
    reason_en = "column {other} “{header}” is headed for the same thing."
    remedy_zh = "请保留一列，另一列删去或改名。"
    remedy_en = "Keep one of them and delete or rename the other."


class NoRows(Refusal):
    """There is a header and nothing below it. Remedy: fill in the table."""

    reason_zh = "表头下面没有填写任何岗位。"
    reason_en = "no post is listed below the header."
    remedy_zh = "请填写后再导入。"
    remedy_en = "Fill in the table and import it again."


class MixedLayouts(Refusal):
    """One sheet lists posts, another persons. Remedy: import them as two files."""

    reason_zh = "这张工作表与前面的填写方式不同（一张按岗位，一张按人员）。"
    reason_en = "this sheet is laid out otherwise than the first: one lists posts, the other persons."
    remedy_zh = "请统一为一种方式，或分成两个文件导入。"
    remedy_en = "Use one layout, or import them as two files."


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a row holds under one heading, and where that is."""

    field: Field
    spot: Spot
    cell: Cell

    @property
    def blank(self) -> bool:
        """Whether nothing stands there."""
        return is_blank(self.cell)


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row of the table: an entry for every field, blank where the table has no such column."""

    spot: Spot
    entries: Mapping[Field, Entry]

    def __getitem__(self, field: Field) -> Entry:
        absent = Entry(field=field, spot=self.spot, cell=BLANK)
        return self.entries.get(field, absent)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The rows of one sheet, in its layout."""

    layout: Layout
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, kw_only=True)
class _Located:
    """A sheet, the name findings give it, and its header with the column of each field."""

    sheet: Sheet
    label: str
    header: Header
    columns: Mapping[Field, int]

    def spot(self, row: int | None, column: int | None = None, cell: Cell = BLANK) -> Spot:
        return Spot(
            sheet=self.label,
            row=row,
            column=column_letter(column) if column else None,
            header=shown(self.header.headings.get(column, "")) if column else "",
            value=shown(cell.text),
        )


def find_tables(sheets: tuple[Sheet, ...], findings: Findings) -> tuple[Table, ...]:
    """Find the table of every visible sheet that has a header row; the other sheets are passed over.

    Faults and notices go to `findings`: no header or no row anywhere, missing or repeated columns, two
    layouts in one file, and what was passed over.
    """
    labels = sheet_labels(sheets)
    located = []
    for sheet, label in zip(sheets, labels, strict=True):
        header = None if sheet.hidden else find_header(sheet)
        if header:
            located.append(_locate(sheet, label, header, findings))
        elif sheet.cells:
            findings.remark(Spot(sheet=label), [_SKIPPED_HIDDEN if sheet.hidden else _SKIPPED_SHEET])
    if not located:
        findings.refuse(Spot(), _no_header(sheets))
    complete = [place for place in located if not _lacks_columns(place, findings)]
    return tuple(_filled_tables(complete, findings))


def sheet_labels(sheets: tuple[Sheet, ...]) -> tuple[str, ...]:
    """Name the sheets as findings do: not at all where there is only one."""
    return tuple(sheet.name if len(sheets) > 1 else "" for sheet in sheets)


def column_letter(column: int) -> str:
    """Spell a column number, counted from 1, as Excel does: A, Z, AA."""
    tens, units = divmod(column - 1, _LETTERS)
    return (column_letter(tens) if tens else "") + chr(ord("A") + units)


_SKIPPED_SHEET = Note("没有表头，这张工作表未读取", "this sheet has no header row and was passed over")
_SKIPPED_HIDDEN = Note("这张工作表已隐藏，未读取", "this sheet is hidden and was passed over")
_SKIPPED_FOOTER = Note("按落款或合计处理，未读取", "taken for a signature or total and passed over")
_SKIPPED_BANNER = Note(
    "按通栏的小标题或说明处理，未读取", "merged across the table, taken for a title or remark and passed over"
)
_HIDDEN_ROW = Note("这一行已隐藏，仍已读取", "this row is hidden and was read all the same")
_HIDDEN_COLUMN = Note("这一列已隐藏，仍已读取", "this column is hidden and was read all the same")
_IGNORED_COLUMN = Note(
    "名册用不到这一列，未读取", "a roster has no use for this column, which was passed over"
)
_WEAKER_COLUMN = Note("已另有更明确的列，这一列未读取", "a more exact column was read instead of this one")


def _no_header(sheets: tuple[Sheet, ...]) -> NoHeader:
    first = next((row for sheet in sheets for _, row in sorted(sheet.cells.items())), {})
    found = "、".join(f"“{shown(cell.text)}”" for cell in first.values())
    return NoHeader(found=found or "（空）", wanted=_listed((*_ALWAYS, Field.MEMBERS)))


def _listed(fields: Iterable[Field]) -> str:
    return "、".join(f"“{usual_heading(field)}”" for field in fields)


def _locate(sheet: Sheet, label: str, header: Header, findings: Findings) -> _Located:
    bare = _Located(sheet=sheet, label=label, header=header, columns={})
    columns: dict[Field, int] = {}
    ranked = sorted(header.headings, key=lambda column: (is_loose(header.headings[column]), column))
    for column in ranked:
        field = field_of(header.headings[column])
        if field and field not in columns:
            columns[field] = column
        elif field:
            _note_second(bare, column, columns[field], findings)
    place = _Located(sheet=sheet, label=label, header=header, columns=_one_person_column(columns))
    _note_columns(place, findings)
    return place


def _one_person_column(columns: Mapping[Field, int]) -> Mapping[Field, int]:
    """Read 党员姓名 as the person's name where a column tells of each row whether it is a member."""
    if Field.PARTY in columns and Field.PERSON not in columns and Field.MEMBERS in columns:
        return {Field.PERSON if field is Field.MEMBERS else field: at for field, at in columns.items()}
    return columns


def _note_second(place: _Located, column: int, first: int, findings: Findings) -> None:
    heading, chosen = place.header.headings[column], place.header.headings[first]
    spot = place.spot(place.header.row, column)
    if is_loose(heading) and not is_loose(chosen):
        findings.remark(spot, [_WEAKER_COLUMN])
    else:
        findings.refuse(spot, RepeatedColumn(other=column_letter(first), header=shown(chosen)))


def _note_columns(place: _Located, findings: Findings) -> None:
    for column, heading in place.header.headings.items():
        if heading_word(heading) and field_of(heading) in _unread(place.columns):
            findings.remark(place.spot(place.header.row, column), [_IGNORED_COLUMN])
    for column in sorted(place.sheet.hidden_columns & set(place.columns.values())):
        findings.remark(place.spot(place.header.row, column), [_HIDDEN_COLUMN])


def _unread(columns: Mapping[Field, int]) -> tuple[Field | None, ...]:
    if Field.PARTY in columns:
        return None, *({Field.MEMBERS, Field.OTHERS} & columns.keys())
    return None, Field.PERSON, Field.TITLE


def _lacks_columns(place: _Located, findings: Findings) -> bool:
    missing = _missing(place.columns)
    if missing:
        found = "、".join(f"“{shown(heading)}”" for heading in place.header.headings.values())
        findings.refuse(place.spot(place.header.row), MissingColumns(missing=_listed(missing), found=found))
    return bool(missing)


def _filled_tables(places: list[_Located], findings: Findings) -> Iterator[Table]:
    tables = [Table(layout=_layout(place), rows=tuple(_rows(place, findings))) for place in places]
    if tables and not any(table.rows for table in tables):
        findings.refuse(places[0].spot(places[0].header.row), NoRows())
    for place, table in zip(places, tables, strict=True):
        if table.layout is not tables[0].layout:
            findings.refuse(place.spot(place.header.row), MixedLayouts())
        else:
            yield table


def _layout(place: _Located) -> Layout:
    return Layout.PER_PERSON if Field.PARTY in place.columns else Layout.PER_POST


def _missing(columns: Mapping[Field, int]) -> tuple[Field, ...]:
    if Field.PARTY in columns:
        names: tuple[Field, ...] = (Field.PERSON,)
    elif Field.PERSON in columns and Field.MEMBERS not in columns:
        names = (Field.PARTY,)
    else:
        names = (Field.MEMBERS,)
    return tuple(field for field in (*_ALWAYS, *names) if field not in columns)


def _rows(place: _Located, findings: Findings) -> Iterator[TableRow]:
    for number in sorted(place.sheet.cells):
        row = _row(place, number)
        if number <= place.header.row or all(
            entry.blank or entry.cell.merged for entry in row.entries.values()
        ):
            continue
        if _is_banner(place.sheet, number):
            findings.remark(row.spot, [_SKIPPED_BANNER])
        elif _is_footer(place.sheet.cells[number], row):
            findings.remark(row.spot, [_SKIPPED_FOOTER])
        elif not _repeats_header(row):
            findings.remark(row.spot, [_HIDDEN_ROW] if number in place.sheet.hidden_rows else [])
            yield row


def _row(place: _Located, number: int) -> TableRow:
    cells = place.sheet.cells[number]
    entries: dict[Field, Entry] = {}
    for field, column in place.columns.items():
        cell = cells.get(column, BLANK)
        if field is not Field.SERIAL:
            entries[field] = Entry(field=field, spot=place.spot(number, column, cell), cell=cell)
    return TableRow(spot=place.spot(number), entries=entries)


def _is_banner(sheet: Sheet, number: int) -> bool:
    """Tell a row whose only text is merged across several columns, which no post's is."""
    across = sheet.headings[number].values()
    written = [cell.text for cell in across if not cell.merged]
    return len(written) == 1 and sum(cell.text == written[0] for cell in across) >= FEWEST_HEADINGS


def _is_footer(cells: Mapping[int, Cell], row: TableRow) -> bool:
    """Tell a signature, remark or total from a post; a row that names a kind of post is never one."""
    if word(row[Field.KIND].cell.text) in POST_KINDS:
        return False
    return bool(_FOOTER.fullmatch("".join(cells[min(cells)].text.split())))


def _repeats_header(row: TableRow) -> bool:
    written = [entry for entry in row.entries.values() if not entry.blank]
    return len(written) >= FEWEST_HEADINGS and all(
        field_of(entry.cell.text) is entry.field for entry in written
    )
