"""From rows to posts: one row is a post, or all rows that name the same post are.

Knows both layouts and the words of each choice. Leaves out the rules a post must meet (rules.py).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from store.records import CollectiveKind, Member, PostContent, PostKind
from store.refusals import Refusal
from store.roster.columns import Entry, Layout, Table, TableRow
from store.roster.faults import Findings, shown
from store.roster.headers import Field, usual_heading
from store.roster.people import Person, read_members, read_other_staff, read_person
from store.roster.texts import missing, read_cell, read_optional_text, read_text, refuse
from store.roster.words import COLLECTIVE_KINDS, NOTHING, POST_KINDS, read_count, word

_Chosen = TypeVar("_Chosen")
_AGREEING = (
    Field.KIND,
    Field.COLLECTIVE_KIND,
    Field.PLACE,
    Field.DUTIES,
    Field.COMMITMENT,
    Field.COUNT,
)


class UnknownKind(Refusal):
    """The kind of post is none of the two. Remedy: 个人 or 集体."""

    clause_id = "F1"
    reason_zh = "“{found}”不是岗位类型。"
    reason_en = "{found!r} is no kind of post."
    remedy_zh = "请填“个人”或“集体”。"
    remedy_en = "Write 个人 or 集体."


class UnknownCollectiveKind(Refusal):
    """The kind of collective is none of the three. Remedy: 办公室, 服务岗位 or 支部."""

    clause_id = "F3"
    reason_zh = "“{found}”不是集体类型。"
    reason_en = "{found!r} is no kind of collective post."
    remedy_zh = "请填“办公室”“服务岗位”或“支部”。"
    remedy_en = "Write 办公室, 服务岗位 or 支部."


class CollectiveKindOfIndividual(Refusal):
    """An individual post says which collective it is. Remedy: empty the cell."""

    clause_id = "F3"
    reason_zh = "个人示范岗填了集体类型“{found}”。"
    reason_en = "an individual post has the collective kind {found!r}."
    remedy_zh = "请清空这一格，或把岗位类型改为“集体”。"
    remedy_en = "Empty the cell, or make the post a collective one."


class UnknownCount(Refusal):
    """The count is no number. Remedy: write a number."""

    clause_id = "F10"
    reason_zh = "“{found}”不是人数。"
    reason_en = "{found!r} is no number of people."
    remedy_zh = "请填写阿拉伯数字。"
    remedy_en = "Write it in digits."


class RowsDisagree(Refusal):
    """Two rows of one post say different things about it. Remedy: make them agree."""

    reason_zh = "“{heading}”与第{row}行同一岗位的不一致：第{row}行是“{first}”，这里是“{found}”。"
    reason_en = "“{heading}” differs from row {row} of the same post: {first!r} there, {found!r} here."
    remedy_zh = "请把同一岗位各行改成一致；如果是两个岗位，请用不同的岗位名称。"
    remedy_en = "Make the rows of a post agree; if these are two posts, name them differently."


@dataclass(frozen=True, kw_only=True)
class PostDraft:
    """A post as read; None where a cell could not be used, which a fault has said already."""

    row: TableRow
    branch: str | None
    name: str | None
    kind: PostKind | None
    collective_kind: CollectiveKind | None
    place: str | None
    duties: str | None
    commitment: str | None
    count: int | None
    people: tuple[Person, ...] | None

    @property
    def content(self) -> PostContent:
        """The post as an application states it; asked for only when no fault was found.

        Raises:
            ValueError: a part could not be used after all.

        """
        people = self.people or ()
        if self.name is None or self.kind is None or self.duties is None:
            raise ValueError("a post with a fault has no content")
        return PostContent(
            name=self.name,
            kind=self.kind,
            collective_kind=self.collective_kind,
            place=self.place or "",
            duties=self.duties,
            members=tuple(Member(name=p.name, title=p.title) for p in people if p.name and p.is_member),
            other_staff=tuple(p.name for p in people if p.name and not p.is_member),
            commitment=self.commitment or "",
        )


def read_posts(table: Table, findings: Findings) -> Iterator[PostDraft]:
    """Read the posts of a table, in the order in which they first appear."""
    if table.layout is Layout.PER_POST:
        for row in table.rows:
            yield _draft(row, _people_of_post(row, findings), findings)
    else:
        yield from _posts_of_persons(table.rows, findings)


def _people_of_post(row: TableRow, findings: Findings) -> tuple[Person, ...] | None:
    members = read_members(row, findings)
    others = read_other_staff(row, findings)
    return None if members is None or others is None else members + others


def _posts_of_persons(rows: Iterable[TableRow], findings: Findings) -> Iterator[PostDraft]:
    posts: dict[tuple[str, str], list[TableRow]] = {}
    for row in rows:
        branch, name = row[Field.BRANCH], row[Field.NAME]
        if branch.blank or name.blank:
            _refuse_nameless(row, findings)
        else:
            posts.setdefault((word(branch.cell.text), word(name.cell.text)), []).append(row)
    for same in posts.values():
        people = [read_person(row, findings) for row in same]
        _refuse_disagreement(same, findings)
        yield _draft(same[0], _all_read(people), findings)


def _refuse_nameless(row: TableRow, findings: Findings) -> None:
    for entry in (row[Field.BRANCH], row[Field.NAME]):
        if entry.blank:
            refuse(entry, missing(entry), findings)
    read_person(row, findings)


def _all_read(people: list[Person | None]) -> tuple[Person, ...] | None:
    read = tuple(person for person in people if person)
    return read if len(read) == len(people) else None


def _refuse_disagreement(rows: list[TableRow], findings: Findings) -> None:
    first = rows[0]
    for row in rows[1:]:
        for field in _AGREEING:
            if word(row[field].cell.text) != word(first[field].cell.text):
                refuse(row[field], _disagreement(first[field], row[field]), findings)


def _disagreement(first: Entry, other: Entry) -> RowsDisagree:
    return RowsDisagree(
        heading=usual_heading(first.field),
        row=first.spot.row,
        first=shown(first.cell.text),
        found=shown(other.cell.text),
    )


def _draft(row: TableRow, people: tuple[Person, ...] | None, findings: Findings) -> PostDraft:
    kind = _chosen(row[Field.KIND], POST_KINDS, UnknownKind, findings)
    return PostDraft(
        row=row,
        branch=read_text(row[Field.BRANCH], findings),
        name=read_text(row[Field.NAME], findings),
        kind=kind,
        collective_kind=_collective_kind(row[Field.COLLECTIVE_KIND], kind, findings),
        place=read_optional_text(row[Field.PLACE], findings),
        duties=read_text(row[Field.DUTIES], findings),
        commitment=read_optional_text(row[Field.COMMITMENT], findings),
        count=_count(row[Field.COUNT], findings),
        people=people,
    )


def _chosen(
    entry: Entry, choices: Mapping[str, _Chosen], unknown: type[Refusal], findings: Findings
) -> _Chosen | None:
    text = read_cell(entry, findings)
    if text is None:
        return None
    chosen = choices.get(word(text))
    if not text:
        refuse(entry, missing(entry), findings)
    elif chosen is None:
        refuse(entry, unknown(found=entry.spot.value), findings)
    return chosen


def _collective_kind(entry: Entry, kind: PostKind | None, findings: Findings) -> CollectiveKind | None:
    if kind is PostKind.COLLECTIVE:
        return _chosen(entry, COLLECTIVE_KINDS, UnknownCollectiveKind, findings)
    text = read_cell(entry, findings)
    if kind is PostKind.INDIVIDUAL and text and word(text) not in NOTHING:
        refuse(entry, CollectiveKindOfIndividual(found=entry.spot.value), findings)
    return None


def _count(entry: Entry, findings: Findings) -> int | None:
    text = read_cell(entry, findings)
    if text is None or word(text) in NOTHING:
        return None
    count = read_count(text)
    if count is None:
        refuse(entry, UnknownCount(found=entry.spot.value), findings)
    return count
