"""What the page of a post shows besides its decisions: assessments, figures, papers, files, what is due.

Knows how it is gathered for one officer. Leaves out the decisions themselves (post_page.py).
"""

from dataclasses import dataclass
from datetime import date

from store.assessments import standing_assessments
from store.calendar import office_day
from store.duties import OF_POSTS, in_order, searched
from store.duties.books import Books
from store.enclosures import enclosures
from store.figures import Figure, published
from store.records import Assessment, Attachment
from store.rectifications import Problem, problems
from store.register import Reader
from verify.console.act_parts import Situation, situation_of
from verify.console.due import Due, address_of
from verify.console.guard import Desk
from verify.console.papers import Paper, papers
from verify.console.post_files import OPENS_FILES, TAKES_PAPERS
from verify.console.post_page import PostPage


@dataclass(frozen=True, kw_only=True)
class PostRecords:
    """What was written about a post, newest first, and what can be taken from its page."""

    today: date
    situation: Situation
    dues: tuple[Due, ...]
    assessments: tuple[Assessment, ...]
    problems: tuple[Problem, ...]
    figures: tuple[Figure, ...]
    papers: tuple[Paper, ...]
    files: tuple[Attachment, ...]


def post_records(reader: Reader, desk: Desk, page: PostPage) -> PostRecords:
    """Gather what is written about a post, as far as the officer may see it; `reader` read its page as well.

    Raises:
        RegisterUnavailable: the register cannot be read.

    """
    today, post_id, policy = office_day(desk.authority.now), page.dossier.post.id, desk.policy
    return PostRecords(
        today=today,
        situation=situation_of(reader, page, policy, today),
        dues=_dues(reader, desk, page, today),
        assessments=tuple(reversed(standing_assessments(reader, post_id=post_id))),
        problems=tuple(reversed(list(problems(reader, post_id=post_id)))),
        figures=published(reader, policy, post_id, policy.periods.of(today)),
        papers=_papers(reader, desk, page),
        files=_files(reader, desk, post_id),
    )


def _dues(reader: Reader, desk: Desk, page: PostPage, today: date) -> tuple[Due, ...]:
    """Return what is due of the post, for those who are told what is due at all."""
    if not desk.works:
        return ()
    books = Books(reader, desk.authority.policy, today, desk.branch_id, given=(page.dossier,))
    found = (each for each in searched(books, OF_POSTS) if each.post_id == page.dossier.post.id)
    return tuple(Due(duty=each, address=address_of(each, desk.officer.role)) for each in in_order(found))


def _papers(reader: Reader, desk: Desk, page: PostPage) -> tuple[Paper, ...]:
    return papers(reader, desk.authority, page.dossier, page.recalls) if desk.may(*TAKES_PAPERS) else ()


def _files(reader: Reader, desk: Desk, post_id: str) -> tuple[Attachment, ...]:
    if not desk.may(*OPENS_FILES):
        return ()
    return enclosures(reader, post_id, confidential=desk.reads_complaints)
