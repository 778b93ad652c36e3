"""What a form of an act is made of: its questions, the post as it stands, what it says it will do.

Leaves out the forms themselves (act_forms.py, record_forms.py) and the acts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from store.assessments import due_of_post, standing_assessments
from store.clauses import STANDARDS_EN, STANDARDS_ZH
from store.dossier import Dossier
from store.policy import Policy
from store.recalls import outstanding
from store.records import STANDARDS, Assessment, Copy, Inspection, Role
from store.rectifications import Problem, problems
from store.register import Reader
from verify.console.fields import number_of
from verify.console.guard import Desk
from verify.console.post_page import PostPage

BRANCH_TOO = (Role.COMMITTEE, Role.BRANCH_OFFICER)
NAMES_APART = "、"


class Kind(StrEnum):
    """How something is asked for."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    CHECK = "check"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several answers."""

    value: str
    zh: str
    en: str = ""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One field: its name, how it is labelled, and what it says before anybody has typed."""

    name: str
    zh: str
    en: str
    kind: Kind = Kind.LINE
    hint: str = ""
    hint_en: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A post at the moment a form is opened: what is due of it, and what an act can be about."""

    page: PostPage
    today: date
    policy: Policy
    due: tuple[tuple[str, str], ...]
    unsettled: tuple[Problem, ...]
    plates_out: tuple[Copy, ...]
    assessments: tuple[Assessment, ...]
    inspections: tuple[Inspection, ...]

    @property
    def dossier(self) -> Dossier:
        """The post."""
        return self.page.dossier

    @property
    def stands(self) -> bool:
        """Whether the post was approved and neither revoked nor ended."""
        return self.dossier.approval is not None and self.dossier.is_open

    @property
    def period_due(self) -> str:
        """The earliest period in which somebody is still to be assessed; empty if there is none."""
        return self.due[0][0] if self.due else ""

    @property
    def members_due(self) -> tuple[str, ...]:
        """Who is still to be assessed in that period."""
        return tuple(name for period, name in self.due if period == self.period_due)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an act will do, said before it is done."""

    zh: str
    en: str


Asks = Callable[[Situation], tuple[Ask, ...]]


@dataclass(frozen=True, kw_only=True)
class ActForm:
    """The form of one act; `grave` ones ask for a code once more."""

    name: str
    zh: str
    en: str
    roles: tuple[Role, ...]
    clauses: tuple[str, ...]
    is_open: Callable[[Situation], bool]
    asks: Asks
    do: Callable[[Desk, Situation], object]
    effect: Callable[[Situation], Effect | None] = lambda _: None
    grave: bool = False


def situation_of(reader: Reader, page: PostPage, policy: Policy, today: date) -> Situation:
    """Gather what the forms of a post need to know."""
    dossier = page.dossier
    due = due_of_post(reader, dossier, policy, today) if dossier.award and dossier.is_open else ()
    unsettled = (each for each in problems(reader, post_id=dossier.post.id) if each.closed is None)
    return Situation(
        page=page,
        today=today,
        policy=policy,
        due=tuple((each.period.id, each.member_name) for each in due),
        unsettled=tuple(each for each in unsettled if each.is_unsettled),
        plates_out=tuple(outstanding(reader, reader.find(Copy, post_id=dossier.post.id))),
        assessments=tuple(standing_assessments(reader, post_id=dossier.post.id)),
        inspections=tuple(reader.find(Inspection, post_id=dossier.post.id)),
    )


REASON = Ask(name="reason", zh="原因", en="Reason", kind=Kind.TEXT)


def day_ask(situation: Situation, zh: str, en: str) -> Ask:
    """Ask for a day; today is filled in."""
    return Ask(name="day", zh=zh, en=en, kind=Kind.DAY, value=situation.today.isoformat())


WHOLE_POST = Choice(value="", zh="整个岗位", en="Whole post")

NUMBERED_ZH = "；".join(f"{number} {words}" for number, words in enumerate(STANDARDS_ZH, start=1))
NUMBERED_EN = "; ".join(f"{number} {words}" for number, words in enumerate(STANDARDS_EN, start=1))
"""The six standards (F31) with the numbers by which a form has them."""


def members_ask(situation: Situation, *everybody: Choice) -> Ask:
    """Ask for a member of the post, or for what stands for everybody where that may be meant."""
    names = tuple(Choice(value=each.name, zh=each.name) for each in situation.dossier.members)
    return Ask(
        name="member",
        zh="党员",
        en="Member",
        kind=Kind.CHOICE,
        choices=everybody + names,
        required=not everybody,
    )


def standards_of(text: str) -> frozenset[int]:
    """Return the numbers of standards that a field names.

    Raises:
        NotANumber: something in it is none.

    """
    typed = text.replace("，", NAMES_APART).replace(",", NAMES_APART).replace(" ", NAMES_APART)
    numbers = [each for each in typed.split(NAMES_APART) if each]
    return frozenset(
        number_of(each, what_zh=f"标准序号1至{STANDARDS}", what_en=f"standard 1 to {STANDARDS}")
        for each in numbers
    )
