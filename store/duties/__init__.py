"""Duties: who must do what by when, read off the register on a day.

`duties` asks every search of this package and sorts what they find. Nothing is kept: what is done is no
longer found. A general branch is told what concerns it, never who complained or objected, nor in which words.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from store.duties.award_rounds import awards_to_make, inspections_to_make, surveys_to_hold
from store.duties.books import Books
from store.duties.duty import Duty
from store.duties.members import assessments_to_make, posts_to_adjust, rectifications_to_close
from store.duties.plates import damaged_plates, plates_to_bring_back, plates_to_print, plates_to_replace
from store.duties.receivers import receivers_to_mend
from store.duties.setting_up import (
    applications_to_decide,
    applications_to_revise,
    notices_to_close,
    objections_to_settle,
    plans_to_file,
    posts_to_apply_for,
)
from store.duties.voices import bad_ratings_to_answer
from store.duties.years import summaries_to_file
from store.policy import Policy
from store.read_ahead import PostsAhead, ReadAhead
from store.records import Post
from store.register import Reader

__all__ = ["OF_BRANCHES", "OF_POSTS", "Duty", "duties", "in_order", "searched"]

Search = Callable[[Books], Iterator[Duty]]

OF_BRANCHES: tuple[Search, ...] = (
    plans_to_file,
    posts_to_apply_for,
    notices_to_close,
    objections_to_settle,
    summaries_to_file,
    receivers_to_mend,
)
"""The searches for what is due of a branch, or of the committee about no post."""

OF_POSTS: tuple[Search, ...] = (
    applications_to_decide,
    applications_to_revise,
    plates_to_print,
    plates_to_replace,
    damaged_plates,
    plates_to_bring_back,
    assessments_to_make,
    rectifications_to_close,
    posts_to_adjust,
    surveys_to_hold,
    inspections_to_make,
    awards_to_make,
    bad_ratings_to_answer,
)
"""The searches for what is due of a post."""


def duties(reader: Reader, policy: Policy, today: date, branch_id: str | None = None) -> tuple[Duty, ...]:
    """Return what is to be done, by date and then by clause; of one general branch if it is named.

    Take the reader from a snapshot.
    """
    books = Books(_ahead(reader, branch_id), policy, today, branch_id)
    return in_order(searched(books, (*OF_BRANCHES, *OF_POSTS)))


def _ahead(reader: Reader, branch_id: str | None) -> Reader:
    if branch_id is None:
        return ReadAhead(reader)
    return PostsAhead(reader, [each.id for each in reader.find(Post, branch_id=branch_id)])


def searched(books: Books, searches: Iterable[Search]) -> Iterator[Duty]:
    """Yield what the searches find."""
    return (duty for search in searches for duty in search(books))


def in_order(found: Iterable[Duty]) -> tuple[Duty, ...]:
    """Return duties by date and then by clause."""
    return tuple(sorted(found, key=_by_date_and_clause))


def _by_date_and_clause(duty: Duty) -> tuple[date, int, str]:
    return duty.due_on, int(duty.clause.removeprefix("F")), duty.id
