"""A roster of applications: a file's bytes to posts, or one report of everything wrong with it.

Knows the walk only. The rooms behind it: tables (bytes to cells), columns (cells to rows),
posts (rows to posts), rules (posts against the clauses). Reads no file and writes no record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from store.records import PostContent
from store.roster.cells import Sheet
from store.roster.columns import Layout, find_tables, sheet_labels
from store.roster.faults import Fault, Findings, Notice, RosterRefused
from store.roster.posts import PostDraft, read_posts
from store.roster.rules import check_posts, refuse_former_names
from store.roster.tables import read_sheets

__all__ = ["Fault", "Layout", "Notice", "Roster", "RosterRefused", "RosterRow", "read_roster", "roster_of"]


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One post as listed: who applies, for what, and the row (of persons: the first row) it stands in."""

    branch_name: str
    content: PostContent
    row: int


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A roster without a fault, and what its officer should still look at."""

    rows: tuple[RosterRow, ...]
    notices: tuple[Notice, ...]
    layout: Layout


NONE_RENAMED: Mapping[str, str] = MappingProxyType({})


def read_roster(
    data: bytes, filename: str, *, members_min: int, renamed: Mapping[str, str] = NONE_RENAMED
) -> Roster:
    """Read an .xlsx or CSV roster whole; `members_min` is the least number of members of F4.

    Every visible sheet with a header row is read. A probationary member counts as other staff. `renamed` has
    under each name that a branch had before the one it has now (`branches.former_names`).

    Raises:
        RosterRefused: at least one fault; it lists all of them, and nothing may be taken from the file.

    """
    return roster_of(read_sheets(data, filename), members_min=members_min, renamed=renamed)


def roster_of(
    sheets: tuple[Sheet, ...], *, members_min: int, renamed: Mapping[str, str] = NONE_RENAMED
) -> Roster:
    """Read a roster from sheets that were taken from its file before.

    Raises:
        RosterRefused: as of `read_roster`.

    """
    findings = Findings()
    tables = find_tables(sheets, findings)
    posts = [post for table in tables for post in read_posts(table, findings)]
    check_posts(posts, members_min, findings)
    refuse_former_names(posts, renamed, findings)
    notices = findings.notices(sheet_labels(sheets))
    return Roster(rows=tuple(map(_row, posts)), notices=notices, layout=tables[0].layout)


def _row(post: PostDraft) -> RosterRow:
    return RosterRow(branch_name=post.branch or "", content=post.content, row=post.row.spot.row or 0)
