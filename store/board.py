"""Posts as the notice board shows them: how each stands, and which stand, by branch, a page at a time.

Knows that a post is named only while it stands or after it ended without disgrace, and how to reach any page
of thousands of posts by index. Leaves out persons and duties, which no page of this kind tells.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile, groupby, islice

from store.branches import OF_A_POST, branch_of, general_branches
from store.calendar import office_day
from store.dossier import NoSuchPost
from store.lookup import in_force, is_corrected, only
from store.records import Application, Approval, Award, Organisation, Post, PostEnd, Veto, VetoCorrection
from store.register import Link, Reader, Related
from store.standing import STANDS, Verdict

_APPROVALS = Link(kind=Approval, by="post_id", to="id")
_APPLICATIONS = Link(kind=Application, by="id", to="application_id", of=_APPROVALS)
_VETOES = Link(kind=Veto, by="post_id", to="id")
_CORRECTIONS = Link(kind=VetoCorrection, by="veto_id", to="id", of=_VETOES)
_ENDS = Link(kind=PostEnd, by="post_id", to="id")
_AWARDS = Link(kind=Award, by="post_id", to="id")
_DECIDED = (_APPROVALS, _APPLICATIONS, _VETOES, _CORRECTIONS, _ENDS, _AWARDS, *OF_A_POST)
"""What bears on how a post stands, and its name."""

SHOWN_MOST = 50
"""How many posts a page shows."""

EXAMINED_MOST = 200
"""How many posts a page looks at; where most of them ended it shows fewer."""


@dataclass(frozen=True, kw_only=True)
class PostStanding:
    """How a post stands and since which day; without a name where the public is told the fact alone (F22).

    The verdict is one of creating, valid, revoked, ended and unknown.
    """

    post_id: str
    verdict: Verdict
    since: date | None = None
    name: str = ""
    branch_name: str = ""

    @property
    def stands(self) -> bool:
        """Whether the post stands: it works towards the title, or holds it."""
        return self.verdict in STANDS


@dataclass(frozen=True, kw_only=True)
class BranchPosts:
    """Posts of one general branch that stand, and how many of all its posts were revoked."""

    name: str
    posts: tuple[PostStanding, ...]
    revoked: int


@dataclass(frozen=True, kw_only=True)
class PostsPage:
    """Posts by branch; `following` is the number of the post that the next page begins with, if any."""

    branches: tuple[BranchPosts, ...]
    following: str | None

    @property
    def posts(self) -> tuple[PostStanding, ...]:
        """All posts of the page."""
        return tuple(post for branch in self.branches for post in branch.posts)


def post_standing(reader: Reader, post_id: str) -> PostStanding:
    """Say how a post stands, as far as anybody may know; one that was never approved is unknown."""
    return post_standings(reader, [post_id])[post_id]


def post_standings(reader: Reader, post_ids: Collection[str]) -> dict[str, PostStanding]:
    """Say how posts stand by one question, each under its number."""
    found = reader.related(Post, "id", post_ids, _DECIDED)
    return {post_id: _standing(post_id, only(posts)) for post_id, posts in found.items()}


def _standing(post_id: str, found: Related[Post] | None) -> PostStanding:
    approvals = found.linked(_APPROVALS) if found else []
    if found is None or not approvals:
        return PostStanding(post_id=post_id, verdict=Verdict.UNKNOWN)
    verdict, since = next(_by_precedence(found))
    if verdict is Verdict.REVOKED:
        return PostStanding(post_id=post_id, verdict=verdict, since=since)
    in_use = {each.id: each for each in found.linked(_APPLICATIONS)}[approvals[-1].application_id]
    return PostStanding(
        post_id=post_id,
        verdict=verdict,
        since=since,
        name=in_use.content.name,
        branch_name=branch_of(found).name,
    )


def _by_precedence(found: Related[Post]) -> Iterator[tuple[Verdict, date]]:
    """Yield what an approved post may read; a veto outranks its end, as on its plates (standing.py)."""
    if veto := in_force(found.linked(_VETOES), found.linked(_CORRECTIONS)):
        yield Verdict.REVOKED, office_day(veto.cast_at)
    if end := only(found.linked(_ENDS)):
        yield Verdict.ENDED, office_day(end.ended_at)
    if award := only(found.linked(_AWARDS)):
        yield Verdict.VALID, award.awarded_on
    yield Verdict.CREATING, office_day(found.linked(_APPROVALS)[0].approved_at)


def standing_posts(reader: Reader, *, first: str = "", branch: str = "") -> PostsPage:
    """Return the posts that stand, by branch and number, from the post named on.

    `branch` is a part of the names of the branches wanted; none stands for all.

    Raises:
        NoSuchPost: the page is to begin with a post that is not there.

    """
    branches = [each for each in general_branches(reader) if branch in each.name]
    seen: list[tuple[Organisation, PostStanding]] = []
    following = None
    for examined, (of, standing) in enumerate(_standings(reader, _from(reader, branches, first))):
        if examined == EXAMINED_MOST or sum(each.stands for _, each in seen) == SHOWN_MOST:
            following = standing.post_id
            break
        seen.append((of, standing))
    return PostsPage(branches=tuple(_grouped(seen, _revoked_by_branch(reader))), following=following)


def _standings(
    reader: Reader, posts: Iterator[tuple[Organisation, Post]]
) -> Iterator[tuple[Organisation, PostStanding]]:
    """Yield how posts stand, a page of them to each question."""
    while some := list(islice(posts, SHOWN_MOST)):
        standings = post_standings(reader, [post.id for _, post in some])
        yield from ((branch, standings[post.id]) for branch, post in some)


def _from(
    reader: Reader, branches: Sequence[Organisation], first: str
) -> Iterator[tuple[Organisation, Post]]:
    """Yield every post from the one named on; branches passed by are not read."""
    begins_at = reader.get(Post, first) if first else None
    if begins_at is None:
        if first:
            raise NoSuchPost(post_id=first)
        yield from _posts_of(reader, branches)
        return
    later = dropwhile(lambda each: each.id != begins_at.branch_id, branches)
    yield from dropwhile(lambda each: each[1].id != first, _posts_of(reader, later))


def _posts_of(
    reader: Reader, branches: Iterator[Organisation] | Sequence[Organisation]
) -> Iterator[tuple[Organisation, Post]]:
    for branch in branches:
        for post in sorted(reader.find(Post, branch_id=branch.id), key=in_order):
            yield branch, post


def in_order(post: Post) -> tuple[int, int, str]:
    """Return what puts posts in the order of their numbers: the 1000th of a year follows the 999th."""
    return post.year, len(post.id), post.id


def _grouped(
    seen: Sequence[tuple[Organisation, PostStanding]], revoked: Counter[str]
) -> Iterator[BranchPosts]:
    for branch, found in groupby(seen, key=lambda each: each[0]):
        posts = tuple(post for _, post in found if post.stands)
        if posts or revoked[branch.id]:
            yield BranchPosts(name=branch.name, posts=posts, revoked=revoked[branch.id])


def _revoked_by_branch(reader: Reader) -> Counter[str]:
    """Count the posts a veto has taken, by branch; vetoes are few."""
    fallen = {each.post_id for each in reader.find(Veto) if not is_corrected(reader, each.id)}
    posts = (reader.get(Post, each) for each in fallen)
    return Counter(each.branch_id for each in posts if each)
