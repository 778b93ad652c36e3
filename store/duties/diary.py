"""The diary: the duties of the whole organisation, kept at hand for pages that are asked for all day long.

What is due of a post is looked for again when something about the post was added, or when day or policy
change; what is due of branches when anything was. Finds what `duties` finds. Leaves out the duties of one
branch, which few posts bear and which are looked for each time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from store.dossier import Dossier, dossier_of
from store.duties import OF_BRANCHES, OF_POSTS, Duty, duties, in_order, searched
from store.duties.books import Books
from store.kept import Kept
from store.policy import Policy
from store.records import (
    Addition,
    Application,
    ApplicationReturned,
    Approval,
    Assessment,
    Award,
    CallBack,
    Copy,
    Damage,
    Departure,
    Feedback,
    Inspection,
    Loss,
    OrganisationRenamed,
    PaperSurvey,
    Placement,
    Post,
    PostEnd,
    PublicNotice,
    RecallLine,
    Record,
    Rectification,
    RectificationClosed,
    ReRating,
    Return,
    Settlement,
    Sighting,
    Veto,
    VetoCorrection,
)
from store.register import Reader, Register

BEARING: tuple[type[Record], ...] = (
    *(Post, Application, ApplicationReturned, Approval, PublicNotice, Award, Inspection, PostEnd, Departure),
    *(Copy, Placement, Damage, Loss, Return, RecallLine, Sighting, Veto, VetoCorrection),
    *(Feedback, Addition, CallBack, Settlement, ReRating, PaperSurvey),
    *(Assessment, Rectification, RectificationClosed, OrganisationRenamed),
)
"""What the duties of a post follow from."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What decides besides the records: the policy and the day."""

    policy: Policy
    today: date


@dataclass(frozen=True, kw_only=True)
class _Due:
    """A post, and what is due of it."""

    dossier: Dossier
    duties: tuple[Duty, ...]


class Diary:
    """Knows every duty of the organisation; one for each process, safe in threads."""

    def __init__(self) -> None:
        self._kept = Kept[_Asked, _Due](BEARING, _due_of)
        self._lock = Lock()
        self._looked_at: tuple[int, _Asked] | None = None
        self._found: tuple[Duty, ...] = ()
        self._of_branches = _OfBranches()

    def duties(
        self, register: Register, policy: Policy, today: date, branch_id: str | None = None
    ) -> tuple[Duty, ...]:
        """Return what is to be done, by date and then by clause; of one general branch if it is named.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        asked = _Asked(policy=policy, today=today)
        if branch_id:
            return self._of_branches.duties(register, asked, branch_id)
        with self._lock:
            looked_at = (register.version(), asked)  # before the state that is read, which may be newer
            if looked_at != self._looked_at:
                self._found = self._all(register, asked)
                self._looked_at = looked_at
            return self._found

    def _all(self, register: Register, asked: _Asked) -> tuple[Duty, ...]:
        of_posts = self._kept.by_post(register, asked)
        with register.snapshot() as reader:
            posts = tuple(each.dossier for each in of_posts.values())
            books = Books(reader, asked.policy, asked.today, given=posts)
            of_branches = list(searched(books, OF_BRANCHES))
        return in_order([*of_branches, *(duty for each in of_posts.values() for duty in each.duties)])


class _OfBranches:
    """Knows the duties of branches, each from when it is asked about until anything changes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looked_at: tuple[int, _Asked] | None = None
        self._found: dict[str, tuple[Duty, ...]] = {}

    def duties(self, register: Register, asked: _Asked, branch_id: str) -> tuple[Duty, ...]:
        found = self._as_of((register.version(), asked))  # before the state that is read, which may be newer
        if branch_id not in found:
            with register.snapshot() as reader:
                found[branch_id] = duties(reader, asked.policy, asked.today, branch_id)
        return found[branch_id]

    def _as_of(self, looked_at: tuple[int, _Asked]) -> dict[str, tuple[Duty, ...]]:
        with self._lock:
            if looked_at != self._looked_at:
                self._found, self._looked_at = {}, looked_at
            return self._found


def _due_of(reader: Reader, post_ids: Collection[str] | None, asked: _Asked) -> Mapping[str, _Due]:
    given = None if post_ids is None else tuple(dossier_of(reader, each) for each in sorted(post_ids))
    books = Books(reader, asked.policy, asked.today, given=given)
    found = defaultdict[str, list[Duty]](list)
    for duty in searched(books, OF_POSTS):
        found[duty.post_id].append(duty)
    return {each.post.id: _Due(dossier=each, duties=tuple(found[each.post.id])) for each in books.posts}
