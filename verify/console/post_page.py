"""What the page of one post shows: its decisions in order, its plates, and what the public said."""

from dataclasses import dataclass, replace

from store.acts.authority import Authority
from store.calendar import office_day
from store.dossier import Dossier, dossier_of
from store.feedback import (
    Heard,
    PublicAnswer,
    answers_for,
    counted_to,
    messages_for,
    reads_complaints,
)
from store.lookup import place_of, standings_of_posts
from store.recalls import Recall, outstanding, recalls
from store.records import (
    Copy,
    Finding,
    Investigation,
)
from store.register import Reader
from store.satisfaction import Satisfaction, satisfaction_of
from store.standing import Standing
from store.timeline import Event, timeline


@dataclass(frozen=True, kw_only=True)
class Plate:
    """A copy of the post, how it stands and where."""

    copy: Copy
    standing: Standing
    place: str


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What the public said of a post, as the officer may know it; counts only of enough ratings (F24)."""

    messages: tuple[Heard, ...]
    answers: tuple[PublicAnswer, ...]
    satisfaction: Satisfaction
    can_be_shown: bool
    enough: int

    @property
    def worth_reading(self) -> tuple[Heard, ...]:
        """The messages that say more than a grade."""
        return tuple(each for each in self.messages if each.says_more)

    @property
    def average(self) -> float:
        """The mean grade, from 1 to 5."""
        counts = self.satisfaction.counts
        return sum(grade * count for grade, count in counts.items()) / self.satisfaction.n


@dataclass(frozen=True, kw_only=True)
class PostPage:
    """Everything the page of a post shows."""

    dossier: Dossier
    events: tuple[Event, ...]
    plates: tuple[Plate, ...]
    still_out: int
    recalls: tuple[Recall, ...]
    voice: Voice
    investigations: tuple[Investigation, ...]

    @property
    def standing(self) -> int:
        """How many plates stand."""
        return sum(plate.standing.stands for plate in self.plates)

    @property
    def open_recalls(self) -> int:
        """How many plates called back are still out."""
        return sum(recall.is_open for recall in self.recalls)

    @property
    def substantiated(self) -> tuple[Investigation, ...]:
        """The investigations that a veto for cause 3 can rest on (F21)."""
        return tuple(each for each in self.investigations if each.finding is Finding.SUBSTANTIATED)


def post_page(reader: Reader, authority: Authority, post_id: str) -> PostPage:
    """Gather the page of a post, as far as the officer may see it.

    Raises:
        NoSuchPost, NotAllowed: no post has this number, or it is another branch's.

    """
    dossier = dossier_of(reader, post_id)
    investigations = _investigations(reader, authority, post_id)
    standings = tuple(standings_of_posts(reader, [post_id], authority.now))
    return PostPage(
        dossier=dossier,
        events=timeline(reader, post_id, confidential=reads_complaints(authority)),
        plates=tuple(_plate(reader, *each) for each in standings),
        still_out=len(outstanding(reader, [copy for copy, _ in standings])),
        recalls=tuple(recalls(reader, post_id=post_id)),
        voice=_voice(reader, authority, dossier),
        investigations=investigations,
    )


def _plate(reader: Reader, copy: Copy, standing: Standing) -> Plate:
    return Plate(copy=copy, standing=standing, place=place_of(reader, copy))


def _voice(reader: Reader, authority: Authority, dossier: Dossier) -> Voice:
    post_id, first = dossier.post.id, office_day(dossier.applications[0].filed_at)
    satisfaction = satisfaction_of(reader, post_id, first, counted_to(authority))
    return Voice(
        messages=tuple(messages_for(reader, authority, post_id=post_id)),
        answers=tuple(answers_for(reader, authority, post_id)),
        satisfaction=satisfaction,
        can_be_shown=satisfaction.can_be_shown(authority.policy),
        enough=authority.policy.ratings_min,
    )


def _investigations(reader: Reader, authority: Authority, post_id: str) -> tuple[Investigation, ...]:
    """Return what was found; what was looked into, and whose word it was, is the committee's alone."""
    found = reader.find(Investigation, post_id=post_id)
    if reads_complaints(authority):
        return tuple(found)
    return tuple(replace(each, facts="", feedback_ids=()) for each in found)
