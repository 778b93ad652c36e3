"""What a cell says: a clean text within its bounds, or a fault.

Knows how long each text may be and how lines of a cell become one. Leaves out names (people.py).
"""

import re

from store.refusals import Refusal
from store.roster.characters import HAN, Note, settle
from store.roster.columns import Entry
from store.roster.faults import Findings
from store.roster.headers import HEADINGS, Field, usual_heading
from store.roster.words import NOTHING, word

LONGEST: dict[Field, int] = {
    Field.BRANCH: 50,
    Field.NAME: 40,
    Field.PLACE: 60,
    Field.DUTIES: 300,
    Field.COMMITMENT: 100,
    Field.TITLE: 20,
}
"""The most characters a text may have and still be set on a plaque or badge."""

_SENTENCES = frozenset((Field.DUTIES, Field.COMMITMENT))
_BLANK_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_BREAK_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}，、；：。]) *[\r\n]+\s*(?=[{HAN}])")
_BREAK_BEFORE_ITEM = re.compile(
    r"(?<=[^。；，、：;.,:\s])\s*[\r\n]+\s*(?=[(（]?[\d一二三四五六七八九十]+[)）.．、]|[①-⑳])"
)


class MissingValue(Refusal):
    """A cell that must be filled in is blank. Remedy: fill it in."""

    reason_zh = "没有填写“{heading}”。"
    reason_en = "“{heading}” is missing."
    remedy_zh = "请在这一行填写，除合并单元格外不会沿用上一行。"
    remedy_en = "Fill it in; only merged cells are taken over from the row above."


class MissingColumn(Refusal):
    """What must be said has no column at all. Remedy: add the column."""

    reason_zh = "表头没有“{heading}”这一列，而这个岗位必须填写。"
    reason_en = "there is no column “{heading}”, which this post needs."
    remedy_zh = "请在表格里加上这一列并填写。"
    remedy_en = "Add the column and fill it in."


class TextTooLong(Refusal):
    """A text is longer than a plaque can carry. Remedy: shorten it."""

    reason_zh = "{heading}有{length}个字，超过{most}个字，标牌上放不下。"
    reason_en = "this text has {length} characters, more than the {most} a plaque can carry."
    remedy_zh = "请精简到{most}个字以内。"
    remedy_en = "Shorten it to {most} characters."


def refuse(entry: Entry, refusal: Refusal, findings: Findings) -> None:
    """Add a fault at an entry, resting on the clause of its column where the refusal names none."""
    findings.refuse(entry.spot, refusal, clause_id=HEADINGS[entry.field].clause_id)


def missing(entry: Entry) -> MissingValue | MissingColumn:
    """Word the absence of an entry, or of the column it would stand in."""
    if entry.spot.column is None:
        return MissingColumn(heading=usual_heading(entry.field))
    return MissingValue(heading=entry.spot.header or usual_heading(entry.field))


def read_cell(entry: Entry, findings: Findings) -> str | None:
    """Return what stands in a cell with its characters settled; None where it cannot be used."""
    if entry.cell.flaw:
        refuse(entry, entry.cell.flaw, findings)
        return None
    try:
        settled = settle(entry.cell.text)
    except Refusal as refusal:
        refuse(entry, refusal, findings)
        return None
    findings.remark(entry.spot, settled.notes)
    return settled.text.strip()


def read_text(entry: Entry, findings: Findings) -> str | None:
    """Return a text that must be there, on one line and within its bound; None after a fault."""
    text = read_optional_text(entry, findings)
    if text == "":
        refuse(entry, missing(entry), findings)
        return None
    return text


def read_optional_text(entry: Entry, findings: Findings) -> str | None:
    """Return a text that may be absent, on one line and within its bound; None after a fault."""
    written = read_cell(entry, findings)
    if written is None:
        return None
    text = "" if word(written) in NOTHING else one_line(entry.field, written)
    if text and text != written:
        findings.remark(entry.spot, [_JOINED])
    return _bounded(entry, text, findings)


_JOINED = Note("已去掉换行和多余的空格", "line breaks and needless blanks were taken out")


def one_line(field: Field, text: str) -> str:
    """Return a text without line breaks and needless blanks, as its column has it."""
    if field in _SENTENCES:
        items = _BREAK_BEFORE_ITEM.sub("；", text)
        return " ".join(_BREAK_BETWEEN_HAN.sub("", items).split())
    return " ".join(_BLANK_BETWEEN_HAN.sub("", text).split())


def _bounded(entry: Entry, text: str, findings: Findings) -> str | None:
    most = LONGEST[entry.field]
    if len(text) <= most:
        return text
    heading = usual_heading(entry.field)
    refuse(entry, TextTooLong(heading=heading, length=len(text), most=most), findings)
    return None
