"""The roll of plates: which stand and which were revoked, by number, a page at a time or all of them.

Knows what of a plate anybody may read in a list (F22): of one that stands its post, unit and kind; of a
revoked one nothing but number and day. Leaves out every code: a number is read off the plate, a code proves
that somebody held it. Plates that came back, were lost or replaced are on no roll.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import dropwhile

from store.board import in_order
from store.calendar import office_day
from store.dossier import NoSuchPost
from store.lookup import standings_of_posts
from store.records import Copy, Post, Product, Stage
from store.register import Reader
from store.standing import STANDS, Standing, Verdict

LINES_MOST = 100
"""How many plates a page lists."""

EXAMINED_FOR_ONE = 3
"""How many plates are looked at for each that a page may list."""

POSTS_AT_A_TIME = 10

ON_THE_ROLL = STANDS | {Verdict.REVOKED}


@dataclass(frozen=True, kw_only=True)
class PlateFacts:
    """What the roll tells of a plate that stands."""

    post_id: str
    post_name: str
    branch_name: str
    product: Product
    stage: Stage


@dataclass(frozen=True, kw_only=True)
class RollLine:
    """One plate on the roll: its number, how it stands since which day, and its facts while it stands."""

    number: str
    verdict: Verdict
    since: date
    plate: PlateFacts | None


@dataclass(frozen=True, kw_only=True)
class RollPage:
    """Plates in the order of their numbers; `following` is the number the next page begins with, if any."""

    lines: tuple[RollLine, ...]
    following: str | None


def roll_page(reader: Reader, now: datetime, *, first: str = "", most: int = LINES_MOST) -> RollPage:
    """Return a page of the roll that begins with a plate or post number, or with the first of all.

    It has `most` lines at the most, and fewer where most of the plates looked at came back.

    Raises:
        NoSuchPost: the page is to begin with a number that no post and no plate has.

    """
    lines: list[RollLine] = []
    for examined, (copy, standing) in enumerate(_from(reader, now, first)):
        if examined == most * EXAMINED_FOR_ONE or len(lines) == most:
            return RollPage(lines=tuple(lines), following=copy.id)
        lines.extend(_listed(copy, standing))
    return RollPage(lines=tuple(lines), following=None)


def whole_roll(reader: Reader, now: datetime) -> RollPage:
    """Return the whole roll."""
    found = _standings(reader, now, reader.find(Post))
    lines = (line for copy, standing in found for line in _listed(copy, standing))
    return RollPage(lines=tuple(lines), following=None)


def _from(reader: Reader, now: datetime, first: str) -> Iterator[tuple[Copy, Standing]]:
    posts = reader.find(Post)
    if not first:
        yield from _standings(reader, now, posts)
        return
    begins_at = reader.get(Copy, first)
    post = reader.get(Post, begins_at.post_id if begins_at else first)
    if post is None:
        raise NoSuchPost(post_id=first)
    later = _standings(reader, now, [each for each in posts if in_order(each) >= in_order(post)])
    yield from dropwhile(lambda found: begins_at is not None and found[0].id != begins_at.id, later)


def _standings(reader: Reader, now: datetime, posts: Iterable[Post]) -> Iterator[tuple[Copy, Standing]]:
    """Yield the plates of posts in the order of their numbers, a few posts to each question."""
    numbers = [each.id for each in sorted(posts, key=in_order)]
    for begin in range(0, len(numbers), POSTS_AT_A_TIME):
        yield from standings_of_posts(reader, numbers[begin : begin + POSTS_AT_A_TIME], now)


def _listed(copy: Copy, standing: Standing) -> Iterator[RollLine]:
    if standing.verdict in ON_THE_ROLL and standing.since:
        yield RollLine(
            number=copy.id,
            verdict=standing.verdict,
            since=office_day(standing.since),
            plate=_facts(copy) if standing.stands else None,
        )


def _facts(copy: Copy) -> PlateFacts:
    return PlateFacts(
        post_id=copy.post_id,
        post_name=copy.face.post_name,
        branch_name=copy.face.branch_name,
        product=copy.product,
        stage=copy.stage,
    )
