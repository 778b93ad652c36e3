"""What every search for duties works with: the register, the policy, the day, and the part asked about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from store.branches import general_branches
from store.calendar import OFFICE_ZONE
from store.dossier import Dossier, PostState, dossiers
from store.duties.duty import Duty, DutyKind
from store.lookup import standings_of_posts
from store.policy import Policy
from store.records import Copy, Organisation
from store.register import Reader

_RUNNING = frozenset({PostState.APPROVED, PostState.AWARDED})


@dataclass(frozen=True)
class Words:
    """What is missing, in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a duty is about: what tells it apart, its number, and the branch concerned, if there is one."""

    key: str
    object: str
    branch_id: str | None = None
    branch_name: str = ""


@dataclass(frozen=True)
class Books:
    """A consistent state of the register on a day.

    `branch_id` narrows it to one general branch, `given` to some posts read before in the same state.
    """

    reader: Reader
    policy: Policy
    today: date
    branch_id: str | None = None
    given: tuple[Dossier, ...] | None = None

    @cached_property
    def branches(self) -> tuple[Organisation, ...]:
        """The general branches asked about."""
        return tuple(each for each in general_branches(self.reader) if self.branch_id in {None, each.id})

    @cached_property
    def posts(self) -> tuple[Dossier, ...]:
        """Every post asked about."""
        return tuple(dossiers(self.reader, self.branch_id)) if self.given is None else self.given

    @property
    def scopes(self) -> Iterator[dict[str, str]]:
        """The fields, one after the other, by which to find what belongs to the posts asked about."""
        if self.given is not None:
            yield from ({"post_id": each.post.id} for each in self.given)
        else:
            yield {"branch_id": self.branch_id} if self.branch_id else {}

    @cached_property
    def running(self) -> tuple[Dossier, ...]:
        """The posts that are approved and neither revoked nor ended."""
        return tuple(each for each in self.posts if each.state in _RUNNING)

    @cached_property
    def morning(self) -> datetime:
        """The first moment of the day."""
        return datetime.combine(self.today, time.min, OFFICE_ZONE)

    def standing_copies(self, post_id: str) -> list[Copy]:
        """Return the copies of a running post that may hang."""
        return self._standing[post_id]

    @cached_property
    def _standing(self) -> dict[str, list[Copy]]:
        found: dict[str, list[Copy]] = {each.post.id: [] for each in self.running}
        for copy, standing in standings_of_posts(self.reader, found, self.morning):
            if standing.stands:
                found[copy.post_id].append(copy)
        return found

    def duty(self, kind: DutyKind, subject: Subject, due_on: date, words: Words) -> Duty:
        """Make a duty that stands on this day."""
        return Duty(
            id=f"{kind}:{subject.key}",
            kind=kind,
            branch_id=subject.branch_id,
            branch_name=subject.branch_name,
            object=subject.object,
            zh=words.zh,
            en=words.en,
            due_on=due_on,
            overdue=self.today > due_on,
        )


def the_branch(branch: Organisation, year: int) -> Subject:
    """Return a branch in a year as what a duty is about."""
    return Subject(
        key=f"{branch.id}:{year}", object=branch.name, branch_id=branch.id, branch_name=branch.name
    )


def the_post(dossier: Dossier, about: str = "") -> Subject:
    """Return a post as what a duty is about; `about` tells apart several duties of one kind."""
    return Subject(
        key=":".join(filter(None, (dossier.post.id, about))),
        object=dossier.post.id,
        branch_id=dossier.branch.id,
        branch_name=dossier.branch.name,
    )
