"""The people a roster lists: from the cells that name them to persons, each with the place it was read from.

Knows how a cell of names and a cell of one name are read. Leaves out how many a post needs (rules.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from store.refusals import Refusal
from store.roster.characters import Note
from store.roster.columns import Entry, TableRow
from store.roster.faults import Findings
from store.roster.headers import Field
from store.roster.name_lists import (
    ListedName,
    function_of,
    refuse_listing,
    refuse_non_member,
    split_name,
    split_names,
)
from store.roster.names import clean_name
from store.roster.texts import LONGEST, TextTooLong, missing, read_cell, read_optional_text, refuse
from store.roster.words import MEMBERSHIP, NOTHING, PROBATIONARY, word


class SeveralNames(Refusal):
    """A cell for one person holds several names. Remedy: one row each."""

    clause_id = "F10"
    reason_zh = "一格里有{count}个姓名。"
    reason_en = "there are {count} names in one cell."
    remedy_zh = "按人员填写时一行只写一人，请分成几行。"
    remedy_en = "Where rows stand for persons, give each a row."


class UnknownMembership(Refusal):
    """The cell does not say whether the person is a member. Remedy: 是 or 否."""

    clause_id = "F4"
    reason_zh = "“{found}”看不出是不是党员。"
    reason_en = "{found!r} does not tell whether this is a member."
    remedy_zh = "请填“是”或“否”（或“中共党员”“群众”）。"
    remedy_en = "Write 是 or 否 (or 中共党员, 群众)."


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in a post; `name` or `is_member` is None where the cell could not be used."""

    entry: Entry
    name: str | None
    title: str
    is_member: bool | None


def read_members(row: TableRow, findings: Findings) -> tuple[Person, ...] | None:
    """Read the members of a row that stands for a post; None where the cell could not be used."""
    entry = row[Field.MEMBERS]
    people = _listed_people(entry, findings, is_member=True)
    if people == ():
        refuse(entry, missing(entry), findings)
    return people


def read_other_staff(row: TableRow, findings: Findings) -> tuple[Person, ...] | None:
    """Read the other staff of a row that stands for a post; None where the cell could not be used."""
    return _listed_people(row[Field.OTHERS], findings, is_member=False)


def read_person(row: TableRow, findings: Findings) -> Person | None:
    """Read the person a row stands for; None where the name's cell could not be used."""
    is_member = _membership(row[Field.PARTY], findings)
    title = read_optional_text(row[Field.TITLE], findings) or ""
    entry = row[Field.PERSON]
    listed = _split(entry, split_name, findings)
    if listed is None:
        return None
    if not listed:
        refuse(entry, missing(entry), findings)
        return None
    if len(listed) > 1:
        refuse(entry, SeveralNames(count=len(listed)), findings)
        return None
    person = _person(entry, listed[0], findings, is_member=is_member)
    return Person(entry=entry, name=person.name, title=title or person.title, is_member=is_member)


def _listed_people(entry: Entry, findings: Findings, *, is_member: bool) -> tuple[Person, ...] | None:
    listed = _split(entry, split_names, findings)
    if listed is None:
        return None
    return tuple(_person(entry, name, findings, is_member=is_member) for name in listed)


def _split(
    entry: Entry, split: Callable[[str], tuple[ListedName, ...]], findings: Findings
) -> tuple[ListedName, ...] | None:
    text = read_cell(entry, findings)
    if text is None:
        return None
    if word(text) in NOTHING:
        return ()
    try:
        return split(text)
    except Refusal as refusal:
        refuse(entry, refusal, findings)
        return None


def _person(entry: Entry, listed: ListedName, findings: Findings, *, is_member: bool | None) -> Person:
    title = function_of(listed)
    try:
        name = _name(entry, listed, findings)
        _refuse_remark(listed, title, is_member=is_member)
    except Refusal as refusal:
        refuse(entry, refusal, findings)
        name = None
    return Person(entry=entry, name=name, title=title, is_member=is_member)


def _name(entry: Entry, listed: ListedName, findings: Findings) -> str:
    refuse_listing(listed)
    clean = clean_name(listed.written)
    findings.remark(entry.spot, (*listed.notes, *clean.notices))
    if listed.title and not function_of(listed):
        findings.remark(entry.spot, [_dropped(listed)])
    return clean.name


def _dropped(listed: ListedName) -> Note:
    return Note(
        f"“{listed.written}”后的“{listed.title}”不是岗内职务，未录入",
        f"{listed.title!r} after {listed.written!r} is no function in the post and was left out",
    )


def _refuse_remark(listed: ListedName, title: str, *, is_member: bool | None) -> None:
    if is_member:
        refuse_non_member(listed)
    if len(title) > LONGEST[Field.TITLE]:
        raise TextTooLong(heading="职务", length=len(title), most=LONGEST[Field.TITLE])


def _membership(entry: Entry, findings: Findings) -> bool | None:
    text = read_cell(entry, findings)
    if text is None:
        return None
    is_member = MEMBERSHIP.get(word(text))
    if not text:
        refuse(entry, missing(entry), findings)
    elif is_member is None:
        refuse(entry, UnknownMembership(found=entry.spot.value), findings)
    if word(text) in PROBATIONARY:
        findings.remark(entry.spot, [_PROBATIONARY])
    return is_member


_PROBATIONARY = Note(
    "预备党员按其他人员录入，不计入党员人数",
    "a probationary member was read as other staff and does not count",
)
