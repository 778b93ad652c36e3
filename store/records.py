"""What was decided: frozen records, each written once and never edited.

Knows the shape of every record and refuses an impossible one. Leaves out what a record means for a scan
(standing.py), whether it may be written (acts/) and how it is kept (the engines).
Times are aware and in UTC; dates are the office's days in Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from store.codes import PlateCode


class OrganisationKind(StrEnum):
    """Committee (中心党委) or general branch (党总支)."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"


class PostKind(StrEnum):
    """个人示范岗 or 集体示范岗 (F1)."""

    INDIVIDUAL = "individual"
    COLLECTIVE = "collective"


class CollectiveKind(StrEnum):
    """What a collective post is: 办公室, 服务岗位 or 支部 (F3)."""

    OFFICE = "office"
    SERVICE_POST = "service_post"
    BRANCH = "branch"


class Timing(StrEnum):
    """Where an application fell against the window of F6."""

    EARLY = "early"
    IN_WINDOW = "in_window"
    LATE = "late"


class Product(StrEnum):
    """What is printed: 标牌, 胸牌, 桌牌, 门牌."""

    PLAQUE = "plaque"
    BADGE = "badge"
    DESK = "desk"
    DOOR = "door"


class Stage(StrEnum):
    """创建标牌 after approval, 命名标牌 after the award."""

    CREATION = "creation"
    TITLE = "title"


class VetoCause(IntEnum):
    """The four causes of a one-vote veto, numbered as the founding plan lists them (F21)."""

    GRAVE_BREACH = 1
    GRAVE_ACCIDENT = 2
    SUBSTANTIATED_COMPLAINT = 3
    GRAVE_HARM_TO_IMAGE = 4


class RecallCause(StrEnum):
    """Why a copy has to come back."""

    VETO = "veto"
    REPLACEMENT = "replacement"
    DEPARTURE = "departure"


class Fate(StrEnum):
    """How a copy left circulation."""

    RETURNED = "returned"
    DESTROYED = "destroyed"


class Grade(IntEnum):
    """The national five-grade scale of satisfaction; the last two are 差评."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    FAIRLY_SATISFIED = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1


class Topic(StrEnum):
    """What a message from the public is about."""

    RATING = "rating"
    PLATE_DIFFERS = "plate_differs"
    NOT_HERE = "not_here"
    STILL_DISPLAYED = "still_displayed"
    OTHER = "other"


class Finding(StrEnum):
    """The outcome of an investigation: 属实, 不属实, 无法查证."""

    SUBSTANTIATED = "substantiated"
    UNSUBSTANTIATED = "unsubstantiated"
    UNVERIFIABLE = "unverifiable"


class Role(StrEnum):
    """Who an actor is to the register."""

    COMMITTEE = "committee"
    BRANCH_OFFICER = "branch_officer"
    PRINT_CLERK = "print_clerk"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing decided; its id is unique among records of its class."""

    id: str

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a record needs an id")


@dataclass(frozen=True, kw_only=True)
class Organisation(Record):
    """A node of the tree: the committee, or a general branch below it."""

    name: str
    kind: OrganisationKind
    parent_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """A party member in a post; `title` is the function within it (岗长, 成员, …)."""

    name: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class PostContent:
    """What an application says of a post: everything a plate can show."""

    name: str
    kind: PostKind
    collective_kind: CollectiveKind | None
    place: str
    duties: str
    members: tuple[Member, ...]
    other_staff: tuple[str, ...] = ()
    commitment: str = ""

    def __post_init__(self) -> None:
        if (self.kind is PostKind.COLLECTIVE) != (self.collective_kind is not None):
            raise ValueError("a collective post, and only it, has a collective kind")


@dataclass(frozen=True, kw_only=True)
class Post(Record):
    """The identity of a post; its id is the post number, such as 2026-007."""

    year: int
    branch_id: str


@dataclass(frozen=True, kw_only=True)
class Application(Record):
    """A branch applies for a post, or for a change of one; the latest approved one is in force."""

    post_id: str
    branch_id: str
    year: int
    content: PostContent
    filed_at: datetime
    timing: Timing


@dataclass(frozen=True, kw_only=True)
class Approval(Record):
    """The committee approves one application (F7); `consents` names the clauses it waived."""

    application_id: str
    post_id: str
    document: str
    opinion: str
    consents: tuple[str, ...]
    approved_at: datetime


@dataclass(frozen=True, kw_only=True)
class Award(Record):
    """The committee names the post a holder of the title (F12, F16)."""

    post_id: str
    awarded_on: date
    document: str
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Face:
    """The words on one copy, exactly as printed; `mark` is 样张 on a demonstration copy, else empty."""

    heading: str
    post_name: str
    duties: str
    member_count: int
    names: tuple[str, ...]
    holder: str
    holder_title: str
    branch_name: str
    issuer: str
    dated_on: date
    mark: str = ""

    def __post_init__(self) -> None:
        if self.member_count != len(self.names):
            raise ValueError("the printed count is the number of names printed (F10)")


@dataclass(frozen=True, kw_only=True)
class Copy(Record):
    """One printed thing with its own code and fate; its id is the plate number with check digits."""

    code: str
    post_id: str
    branch_id: str
    application_id: str
    product: Product
    stage: Stage
    design: str
    size: str
    face: Face
    place: str
    issued_at: datetime
    replaces: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        PlateCode(self.code)


@dataclass(frozen=True, kw_only=True)
class Loss(Record):
    """A copy was reported lost (挂失)."""

    copy_id: str
    post_id: str
    reason: str
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Return(Record):
    """A copy came back or was destroyed (交回、销毁)."""

    copy_id: str
    post_id: str
    fate: Fate
    note: str
    returned_at: datetime


@dataclass(frozen=True, kw_only=True)
class Departure(Record):
    """A member left the post (调离); only that member's copies are concerned.

    `application_id` is the post's latest application at the time: only a later one names the member again.
    """

    post_id: str
    application_id: str
    member_name: str
    left_at: datetime


@dataclass(frozen=True, kw_only=True)
class Veto(Record):
    """The one-vote veto of a post (F20-F22)."""

    post_id: str
    cause: VetoCause
    facts: str
    investigation_id: str | None
    cast_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecallLine(Record):
    """One copy that must come back, and by when (F23)."""

    copy_id: str
    post_id: str
    branch_id: str
    cause: RecallCause
    opened_at: datetime
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Feedback(Record):
    """A message from the public about the plate it was read from; its id is the receipt code.

    `voter` is a keyed hash of device, plate and week; it cannot be traced back and changes every week.
    """

    copy_id: str
    post_id: str
    branch_id: str
    topic: Topic
    grade: Grade | None
    comment: str
    voter: str
    counted: bool
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class Investigation(Record):
    """What the committee found when it looked into a complaint (查证)."""

    post_id: str
    feedback_ids: tuple[str, ...]
    finding: Finding
    facts: str
    concluded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Officer(Record):
    """Someone who may sign in; the id is the sign-in name."""

    display_name: str
    role: Role
    branch_id: str | None
    password_hash: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfficerDisabled(Record):
    """The account of an officer was closed."""

    officer_id: str
    reason: str
    disabled_at: datetime


@dataclass(frozen=True, kw_only=True)
class SignInFailure(Record):
    """A refused sign-in; account and network are kept as keyed hashes that change every hour."""

    account: str
    network: str
    failed_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfficerSession(Record):
    """A signed-in browser; the id is the hash of the session's secret."""

    officer_id: str
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionSeen(Record):
    """A signed-in browser was active."""

    session_id: str
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionEnd(Record):
    """A signed-in browser was signed out."""

    session_id: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class LogEntry(Record):
    """One act, as the ledger keeps it; `digests` are the SHA-256 of the records it wrote.

    `seal` binds the entry to all before it; the ledger sets it when the act is entered.
    """

    number: int
    at: datetime
    actor: str
    act: str
    object: str
    reason: str
    digests: tuple[str, ...]
    seal: str = ""


KINDS: tuple[type[Record], ...] = (
    Organisation, Post, Application, Approval, Award, Copy, Loss, Return, Departure, Veto, RecallLine,
    Feedback, Investigation, Officer, OfficerDisabled, SignInFailure, OfficerSession, SessionSeen,
    SessionEnd, LogEntry,
)  # fmt: skip
"""Every record class the register keeps."""

UNLOGGED: frozenset[type[Record]] = frozenset(
    {LogEntry, SignInFailure, OfficerSession, SessionSeen, SessionEnd}
)
"""Classes no log entry binds: the log itself, and the traces of sign-ins, which decide nothing."""

INDEXED: dict[type[Record], tuple[str, ...]] = {
    Organisation: ("name",),
    Post: ("year", "branch_id"),
    Application: ("post_id", "branch_id", "year"),
    Approval: ("post_id", "application_id"),
    Award: ("post_id",),
    Copy: ("code", "post_id", "branch_id", "replaces"),
    Loss: ("copy_id", "post_id"),
    Return: ("copy_id", "post_id"),
    Departure: ("post_id",),
    Veto: ("post_id",),
    RecallLine: ("copy_id", "post_id", "branch_id"),
    Feedback: ("copy_id", "post_id", "branch_id", "voter"),
    Investigation: ("post_id",),
    OfficerDisabled: ("officer_id",),
    SignInFailure: ("account", "network"),
    OfficerSession: ("officer_id",),
    SessionSeen: ("session_id",),
    SessionEnd: ("session_id",),
}
"""The fields each class can be found by; finding by another field is refused, so nothing scans."""

UNIQUE: dict[type[Record], tuple[str, ...]] = {Copy: ("code",)}
"""Fields besides the id of which no two records of a class may share a value."""
