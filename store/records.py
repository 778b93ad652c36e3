"""What was decided: frozen records, each written once and never edited.

Knows the shape of every record and refuses an impossible one. Leaves out what a record means for a scan
(standing.py), whether it may be written (acts/) and how it is kept (the engines).
Times are aware and in UTC; dates are the office's days in Asia/Shanghai.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TypeVar

from store.plates import (  # found here too, among all the others
    CollectiveKind as CollectiveKind,
)
from store.plates import (
    Copy as Copy,
)
from store.plates import (
    Face as Face,
)
from store.plates import (
    Member as Member,
)
from store.plates import (
    PostContent as PostContent,
)
from store.plates import (
    PostKind as PostKind,
)
from store.plates import (
    Product as Product,
)
from store.plates import (
    Record as Record,
)
from store.plates import (
    Stage as Stage,
)

V = TypeVar("V")

STANDARDS = 6
"""The founding plan lists six standards of a post (F31)."""

_PERIOD = re.compile(r"\d{4}-\w{1,10}")


def later(default: V) -> V:
    """Declare a field that records of an earlier release lack; at its default it is not hashed."""
    declared: V = field(default=default, metadata={"later": True})
    return declared


class OrganisationKind(StrEnum):
    """Committee (中心党委) or general branch (党总支)."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"


class Timing(StrEnum):
    """Where an application fell against the window of F6."""

    EARLY = "early"
    IN_WINDOW = "in_window"
    LATE = "late"


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
    END = "end"


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
    COMPLAINT = "complaint"
    PRAISE = "praise"


class PlatePart(StrEnum):
    """What of a plate is not as its scan shows it (牌面不符)."""

    NAME = "name"
    DUTIES = "duties"
    POST = "post"
    PICTURE = "picture"
    NUMBER = "number"
    OTHER = "other"


class Channel(StrEnum):
    """How the public's word arrived: from a scan, or on a paper form typed in (F25)."""

    SCAN = "scan"
    PAPER = "paper"


class Finding(StrEnum):
    """The outcome of an investigation: 属实, 不属实, 无法查证."""

    SUBSTANTIATED = "substantiated"
    UNSUBSTANTIATED = "unsubstantiated"
    UNVERIFIABLE = "unverifiable"


class NoticeSubject(StrEnum):
    """What a public notice shows: the plans of branches, or the posts recommended (F26)."""

    PLANS = "plans"
    APPLICATIONS = "applications"


class RectificationResult(StrEnum):
    """How a rectification was closed: 整改到位 or 整改不到位 (F18)."""

    DONE = "done"
    NOT_DONE = "not_done"


class EndCause(StrEnum):
    """Why a post ended without disgrace: 届满 or 停止创建 after an assessment (F19)."""

    TERM_OVER = "term_over"
    STOPPED = "stopped"


class Scope(StrEnum):
    """What an officers' tool may ask of the API (verify/api/): one kind of thing each."""

    POSTS_READ = "posts:read"
    COPIES_READ = "copies:read"
    RECALLS_READ = "recalls:read"
    RECALLS_WRITE = "recalls:write"
    DUTIES_READ = "duties:read"
    FEEDBACK_READ = "feedback:read"
    LEDGER_READ = "ledger:read"
    EXPORT_READ = "export:read"


class PrintOutcome(StrEnum):
    """How a print job ended."""

    FINISHED = "finished"
    UNANSWERED = "unanswered"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class RemarkKind(StrEnum):
    """What a remark on a print job is: a refusal, a warning nobody has answered, or a thing to look at."""

    REFUSED = "refused"
    WARNING = "warning"
    LOOK = "look"


class TextSubject(StrEnum):
    """What an office may tell the public in words of its own."""

    COMPLAINT_PHONE = "complaint_phone"
    COMPLAINT_PLACE = "complaint_place"
    ABOUT = "about"


class IdentityClaim(StrEnum):
    """By what an identity provider's word is known: its own subject, or an e-mail it vouches for."""

    SUBJECT = "sub"
    EMAIL = "email"


class WebhookEvent(StrEnum):
    """A change of a standing that other programs may be told."""

    POST_AWARDED = "post.awarded"
    POST_REVOKED = "post.revoked"
    POST_VETO_CORRECTED = "post.veto_corrected"
    POST_ENDED = "post.ended"
    COPY_REPLACED = "copy.replaced"
    COPY_LOST = "copy.lost"
    COPY_RETURNED = "copy.returned"
    COPY_LEFT = "copy.left"
    COPY_STILL_DISPLAYED = "copy.still_displayed"


class Role(StrEnum):
    """Who an actor is to the register."""

    COMMITTEE = "committee"
    BRANCH_OFFICER = "branch_officer"
    PRINT_CLERK = "print_clerk"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class Organisation(Record):
    """A node of the tree: the committee, or a general branch below it."""

    name: str
    kind: OrganisationKind
    parent_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrganisationRenamed(Record):
    """A general branch goes by another name from now on; its newest holds (branches.py)."""

    organisation_id: str
    name: str
    reason: str
    renamed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PolicyDecision(Record):
    """The committee decided the numbers that the founding plan leaves open; the newest decision holds.

    `text` is a whole policy file, so that what was decided under it can still be read when numbers change.
    """

    text: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class PublicText(Record):
    """What the office tells the public on a subject; the newest holds, and an empty one tells nothing."""

    subject: TextSubject
    text: str
    worded_at: datetime


@dataclass(frozen=True, kw_only=True)
class Post(Record):
    """The identity of a post; its id is the post number, such as 2026-007."""

    year: int
    branch_id: str


@dataclass(frozen=True, kw_only=True)
class Application(Record):
    """A branch applies for a post, or for a change of one; the latest approved one is in force.

    `reason` says why a post that stands is to be changed (F19).
    """

    post_id: str
    branch_id: str
    year: int
    content: PostContent
    filed_at: datetime
    timing: Timing
    reason: str = later("")


@dataclass(frozen=True, kw_only=True)
class ApplicationReturned(Record):
    """The committee sends an application back with its opinion (F7)."""

    application_id: str
    post_id: str
    document: str
    opinion: str
    returned_at: datetime


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
    """The committee names the post a holder of the title (F12, F16), on the ground of an inspection (F13)."""

    post_id: str
    awarded_on: date
    document: str
    entered_at: datetime
    round: str = later("")
    inspection_id: str | None = later(None)


@dataclass(frozen=True, kw_only=True)
class Loss(Record):
    """A copy was reported lost (挂失)."""

    copy_id: str
    post_id: str
    reason: str
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Return(Record):
    """A copy came back or was destroyed (交回、销毁); `taken_by` is the officer who entered it."""

    copy_id: str
    post_id: str
    fate: Fate
    note: str
    returned_at: datetime
    taken_by: str = later("")


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
class VetoCorrection(Record):
    """The committee takes back a mistaken veto; the post stands again."""

    veto_id: str
    post_id: str
    document: str
    reason: str
    corrected_at: datetime


@dataclass(frozen=True, kw_only=True)
class PostEnd(Record):
    """A post ends without disgrace: its term is over, or it is stopped (F19)."""

    post_id: str
    cause: EndCause
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class Damage(Record):
    """A copy is damaged and has to be printed anew; it stands until its successor is issued."""

    copy_id: str
    post_id: str
    reason: str
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class Placement(Record):
    """Where a copy hangs, stands or is worn from a day on (F8, F9)."""

    copy_id: str
    post_id: str
    place: str
    placed_on: date
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecallLine(Record):
    """One copy that must come back, and by when (F23); `veto_id` names the veto that opened the line."""

    copy_id: str
    post_id: str
    branch_id: str
    cause: RecallCause
    opened_at: datetime
    due_on: date
    veto_id: str | None = later(None)


@dataclass(frozen=True, kw_only=True)
class Sighting(Record):
    """Scans, on one day, of a copy that a veto called back and that is still out: so many more than before.

    The day is all that is kept of a scan. Counts that several workers enter for one line and day add up.
    """

    line_id: str
    seen_on: date
    scans: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.scans < 1:
            raise ValueError("a count of scans begins at one")


@dataclass(frozen=True, kw_only=True)
class ScanCount(Record):
    """How many scan pages a day had when a worker last added to it; of a scan nothing else is kept.

    `scans` showed a plate of this register and `unknown` none; both are the day's totals so far. `day_before`
    names the last count of the day before it that had any.
    """

    counted_on: date
    scans: int
    unknown: int
    day_before: str | None

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.scans, self.unknown) < 0 or self.scans == self.unknown == 0:
            raise ValueError("a count of scans begins at one")


@dataclass(frozen=True, kw_only=True)
class Feedback(Record):
    """A message from the public about a plate, or on paper about a post; its id is the receipt code.

    `voter` is a keyed hash of device, plate and week; it cannot be traced back and changes every week.
    `copy_id` is empty on paper. `sealed_contact` can be opened with the committee's key only. `differs` says
    what of the plate is not as its scan shows it.
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
    channel: Channel = later(Channel.SCAN)
    sealed_contact: str = later("")
    differs: PlatePart | None = later(None)


@dataclass(frozen=True, kw_only=True)
class Addition(Record):
    """What the giver of a message added to it: what it is about, words, a contact sealed to its receipt code.

    `topic` is None where the message is about what it was about.
    """

    feedback_id: str
    post_id: str
    topic: Topic | None
    comment: str
    sealed_contact: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class CallBack(Record):
    """Someone who gave a 差评 was called back, or what was tried instead."""

    feedback_id: str
    post_id: str
    note: str
    called_at: datetime


@dataclass(frozen=True, kw_only=True)
class Settlement(Record):
    """A message is settled; the receipt page shows the answer."""

    feedback_id: str
    post_id: str
    answer: str
    settled_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReRating(Record):
    """The giver of a settled message graded once more; possible once."""

    feedback_id: str
    post_id: str
    grade: Grade
    rated_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactRead(Record):
    """Someone of the committee opened the contact left with a message or an objection."""

    subject_id: str
    reason: str
    read_at: datetime


@dataclass(frozen=True, kw_only=True)
class ForgeryReport(Record):
    """Somebody saw what may be a forged plate, which belongs to no post; the id is the receipt code.

    `scanned` is the code or number it carries, where it carries one of our form.
    """

    place: str
    looks: str
    scanned: str
    sealed_contact: str
    reported_at: datetime


@dataclass(frozen=True, kw_only=True)
class ForgeryAnswered(Record):
    """The committee looked into a report of forgery; the receipt page shows the answer."""

    report_id: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Investigation(Record):
    """What the committee found when it looked into a complaint (查证)."""

    post_id: str
    feedback_ids: tuple[str, ...]
    finding: Finding
    facts: str
    concluded_at: datetime


@dataclass(frozen=True, kw_only=True)
class BranchPlan(Record):
    """A branch's own plan for the programme in a year (F35)."""

    branch_id: str
    year: int
    title: str
    text: str
    filed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PublicNotice(Record):
    """A public notice: shown from the first day to the last, both included (F26).

    `object_ids` are the ids of branch plans or of applications, as `subject` says.
    """

    subject: NoticeSubject
    object_ids: tuple[str, ...]
    places: str
    opens_on: date
    closes_on: date
    posted_at: datetime

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.object_ids or self.closes_on < self.opens_on:
            raise ValueError("a notice shows something, on at least one day")


@dataclass(frozen=True, kw_only=True)
class Objection(Record):
    """Someone objects to what a notice shows (F26); the id is the receipt code."""

    notice_id: str
    object_id: str
    text: str
    channel: Channel
    received_at: datetime
    sealed_contact: str = ""


@dataclass(frozen=True, kw_only=True)
class ObjectionSettled(Record):
    """What the committee found about an objection, and its answer."""

    objection_id: str
    finding: Finding
    answer: str
    settled_at: datetime


@dataclass(frozen=True, kw_only=True)
class Assessment(Record):
    """One member of a titled post held against the six standards for one period (F17, F31).

    `period` is the id of a period of the policy, such as 2026-Q3; `standards` tells for each of the six, in
    the founding plan's order, whether it is met. `corrects` names an assessment entered wrongly.
    """

    post_id: str
    branch_id: str
    member_name: str
    period: str
    standards: tuple[bool, ...]
    remarks: str
    assessed_on: date
    entered_at: datetime
    corrects: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.standards) != STANDARDS:
            raise ValueError("an assessment speaks of each of the six standards (F31)")
        if not _PERIOD.fullmatch(self.period):
            raise ValueError("a period is a year and a name, such as 2026-Q3")


@dataclass(frozen=True, kw_only=True)
class Rectification(Record):
    """A problem found is to be put right by a day (F18); `member_name` is empty where the post is meant."""

    post_id: str
    branch_id: str
    member_name: str
    assessment_id: str | None
    problem: str
    due_on: date
    ordered_at: datetime


@dataclass(frozen=True, kw_only=True)
class RectificationClosed(Record):
    """What became of a rectification, with the evidence (F18)."""

    rectification_id: str
    post_id: str
    result: RectificationResult
    evidence: str
    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaperSurvey(Record):
    """A satisfaction survey on paper, typed in: how many forms gave each grade, best first (F24, F25)."""

    post_id: str
    branch_id: str
    held_on: date
    counts: tuple[int, ...]
    method: str
    entered_at: datetime

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.counts) != len(Grade) or min(self.counts) < 0 or not sum(self.counts):
            raise ValueError("a survey counts the forms of each of the five grades")


@dataclass(frozen=True, kw_only=True)
class Inspection(Record):
    """The committee's inspection of a post in an award round (F13-F15, F24, F32).

    `report`, `site` and `opinions` are the three kinds of evidence; the points are out of 100, each given or
    computed as the policy stood then. Of `survey_count` ratings, `survey_satisfied` were satisfied.
    """

    post_id: str
    branch_id: str
    round: str
    inspected_on: date
    report: str
    site: str
    opinions: str
    report_points: int
    site_points: int
    survey_points: int
    survey_count: int
    survey_satisfied: int
    points: int
    meets_standards: bool
    recognised: bool
    outstanding: bool
    effective: bool
    entered_at: datetime

    def __post_init__(self) -> None:
        super().__post_init__()
        given = (self.report_points, self.site_points, self.survey_points, self.points)
        if not all(0 <= each <= 100 for each in given):  # noqa: PLR2004 - full marks
            raise ValueError("points are out of 100")
        if not 0 <= self.survey_satisfied <= self.survey_count:
            raise ValueError("no more can be satisfied than were asked")


@dataclass(frozen=True, kw_only=True)
class Commitment(Record):
    """What a post, or one of its members, publicly promised (F34); the latest one holds."""

    post_id: str
    member_name: str
    text: str
    made_on: date
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ExemplaryDeed(Record):
    """A deed of a post that is told to the public while the post holds the title (F36)."""

    post_id: str
    member_name: str
    title: str
    text: str
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Supervision(Record):
    """A visit of supervision and guidance to a branch, or to one of its posts (F28)."""

    branch_id: str
    post_id: str | None
    supervised_on: date
    findings: str
    guidance: str
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class YearSummary(Record):
    """What a branch learned in a year (F29)."""

    branch_id: str
    year: int
    text: str
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class AttachmentContent(Record):
    """The bytes of a file, in base64; the id is their SHA-256 in hexadecimal."""

    data: str


@dataclass(frozen=True, kw_only=True)
class Attachment(Record):
    """A file that belongs to a record (F29): a photograph, a scan, a report.

    `subject` is the class name of the record and `subject_id` its id.
    """

    subject: str
    subject_id: str
    branch_id: str | None
    file_name: str
    media_type: str
    size_bytes: int
    content_id: str
    caption: str
    attached_at: datetime


@dataclass(frozen=True, kw_only=True)
class Officer(Record):
    """Someone who may sign in; the id is the sign-in name."""

    display_name: str
    role: Role
    branch_id: str | None
    password_hash: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfficerChange(Record):
    """An officer has another role or branch from now on; the newest holds (acts/officers.py)."""

    officer_id: str
    role: Role
    branch_id: str | None
    reason: str
    changed_at: datetime


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
class PasswordChange(Record):
    """An officer has another password; the newest counts."""

    officer_id: str
    password_hash: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Invitation(Record):
    """An account, new or old, that waits for a password; the id is the hash of the link's secret."""

    officer_id: str
    display_name: str
    role: Role
    branch_id: str | None
    invited_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class InvitationTaken(Record):
    """Somebody with the link chose a password; it leads nowhere any more."""

    invitation_id: str
    taken_at: datetime


@dataclass(frozen=True, kw_only=True)
class SecondFactor(Record):
    """A device shows codes for an officer (RFC 6238); its key comes of nonce and deployment."""

    officer_id: str
    nonce: str
    recovery_hashes: tuple[str, ...]
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class SecondFactorUse(Record):
    """A code of the device or of its recovery sheet was accepted; the id names it, so that none is twice."""

    factor_id: str
    used_at: datetime


@dataclass(frozen=True, kw_only=True)
class SecondFactorEnd(Record):
    """The codes of a device are accepted no longer."""

    factor_id: str
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class IdentityBinding(Record):
    """Whom an identity provider vouches for by this value is this officer; the officer's newest counts."""

    officer_id: str
    issuer: str
    claim: IdentityClaim
    value: str
    bound_at: datetime


@dataclass(frozen=True, kw_only=True)
class IdentityBindingEnd(Record):
    """The identity provider opens the officer's account no longer."""

    binding_id: str
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfficerSession(Record):
    """A signed-in browser; the id is the hash of its secret, `factor_id` the device that opened it.

    `assured_by` is the second factor that an identity provider vouched for instead of a device.
    """

    officer_id: str
    started_at: datetime
    factor_id: str | None = later(None)
    assured_by: str = later("")


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
class ApiToken(Record):
    """A tool of an office may ask the API until it expires; of its 256 random bits only the hash is kept.

    It belongs to no person but to an office: a role, and where that is confined, a branch.
    """

    label: str
    secret_hash: str
    role: Role
    branch_id: str | None
    scopes: tuple[Scope, ...]
    granted_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class TokenRevocation(Record):
    """A token was taken back before it expired."""

    token_id: str
    reason: str
    revoked_at: datetime


@dataclass(frozen=True, kw_only=True)
class Webhook(Record):
    """Another program is told of changes; of what came before it was added it is told nothing.

    `after_entry` is the size of the log, `after_sighting` the number of sightings, when it was added.
    """

    address: str
    events: tuple[WebhookEvent, ...]
    sealed_secret: str
    after_entry: int
    after_sighting: int
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class WebhookEnd(Record):
    """A webhook is told no more."""

    webhook_id: str
    reason: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class Delivery(Record):
    """An attempt to deliver a message was begun; whoever wrote this record, and nobody else, makes it.

    `source_id` names the log entry or the sighting that the message tells of, `part` which of its changes.
    """

    webhook_id: str
    event: WebhookEvent
    source_id: str
    part: int
    attempt: int
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeliveryOutcome(Record):
    """How an attempt to deliver ended: the HTTP status, or 0 and the problem where none came."""

    delivery_id: str
    webhook_id: str
    status: int
    problem: str
    ended_at: datetime


class ReminderWay(StrEnum):
    """How a branch is reminded of plates that are overdue."""

    MAIL = "mail"
    ROBOT = "robot"


@dataclass(frozen=True, kw_only=True)
class RecallReminder(Record):
    """A reminder of overdue plates was begun; whoever wrote this record, and nobody else, sends it (F23)."""

    branch_id: str
    way: ReminderWay
    sent_on: date
    attempt: int
    plates: int
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecallReminderOutcome(Record):
    """How a reminder ended: an empty problem where it was taken."""

    reminder_id: str
    branch_id: str
    problem: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class PrintOrder:
    """What is to be printed and how; without a `stage` each post's own, an empty text means the default.

    `again` says what becomes of plates that are out, `skip` how many places of the first sheet are used.
    """

    product: Product
    stage: Stage | None = None
    proof: bool = False
    again: str = "ask"
    design: str = ""
    size: str = ""
    sheet: str = "single"
    skip: int = 0
    bleed_mm: int = 0
    inks: str = "rgb"
    duplex: bool = False
    names_by: str = "listed"


@dataclass(frozen=True, kw_only=True)
class PrintJob(Record):
    """An officer had posts printed; `branch_id` is the branch of all of them, None where there are several.

    `accepted` are the warnings that the officer read and goes on in spite of.
    """

    officer_id: str
    branch_id: str | None
    post_ids: tuple[str, ...]
    order: PrintOrder
    accepted: tuple[str, ...]
    ordered_at: datetime


@dataclass(frozen=True, kw_only=True)
class PrintClaim(Record):
    """A runner took a job up; whoever wrote the latest claim, and nobody else, works on it."""

    job_id: str
    runner: str
    claimed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PrintBeat(Record):
    """The runner of a claim is alive, and has come so far."""

    job_id: str
    claim_id: str
    posts_done: int
    copies_done: int
    beat_at: datetime


@dataclass(frozen=True, kw_only=True)
class PrintPart(Record):
    """A file of a job is about to be put in place; it was if a copy with this `code` is on record."""

    job_id: str
    claim_id: str
    post_ids: tuple[str, ...]
    copies: int
    code: str
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class PrintCancel(Record):
    """An officer wants no more of a job; what is finished stays."""

    job_id: str
    officer_id: str
    cancelled_at: datetime


@dataclass(frozen=True, kw_only=True)
class PrintRemark:
    """Something to be told of a job: about which post or copy, in both languages."""

    kind: RemarkKind
    subject: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class PrintEnd(Record):
    """A job is worked on no more."""

    job_id: str
    outcome: PrintOutcome
    remarks: tuple[PrintRemark, ...]
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class LogEntry(Record):
    """One act, as the ledger keeps it; `digests` are the SHA-256 of the records it wrote.

    `seal` binds the entry to all before it and `salt` hides what of it is personal; the ledger sets both when
    the act is entered.
    """

    number: int
    at: datetime
    actor: str
    act: str
    object: str
    reason: str
    digests: tuple[str, ...]
    seal: str = ""
    salt: str = later("")


@dataclass(frozen=True, kw_only=True)
class TreeNode(Record):
    """A node of the Merkle tree over the log: its id is level and index, its hash that of a full subtree."""

    hash: str


KINDS: tuple[type[Record], ...] = (
    Organisation, OrganisationRenamed, PolicyDecision, PublicText,
    Officer, OfficerChange, OfficerDisabled, PasswordChange, Invitation, InvitationTaken,
    SecondFactor, SecondFactorUse, SecondFactorEnd, IdentityBinding, IdentityBindingEnd,
    SignInFailure, OfficerSession, SessionSeen, SessionEnd,
    ApiToken, TokenRevocation,
    BranchPlan, Post, Application, PublicNotice, Objection, ObjectionSettled, ApplicationReturned, Approval,
    Copy, Placement, Damage, Loss, Return, Departure,
    Feedback, Addition, CallBack, Settlement, ReRating, ContactRead, Investigation,
    ForgeryReport, ForgeryAnswered,
    PaperSurvey, Inspection, Award, Assessment, Rectification, RectificationClosed, PostEnd,
    Veto, VetoCorrection, RecallLine, RecallReminder, RecallReminderOutcome, Sighting, ScanCount,
    Commitment, ExemplaryDeed, Supervision, YearSummary, AttachmentContent, Attachment,
    Webhook, WebhookEnd, Delivery, DeliveryOutcome,
    PrintJob, PrintClaim, PrintBeat, PrintPart, PrintCancel, PrintEnd,
    LogEntry, TreeNode,
)  # fmt: skip
"""Every record class the register keeps; each stands behind those its records name (see REFERENCES)."""

UNLOGGED: frozenset[type[Record]] = frozenset(
    {
        LogEntry,
        SignInFailure,
        SecondFactorUse,
        OfficerSession,
        SessionSeen,
        SessionEnd,
        Sighting,
        ScanCount,
        TreeNode,
        RecallReminder,
        RecallReminderOutcome,
        Delivery,
        DeliveryOutcome,
        PrintJob,
        PrintClaim,
        PrintBeat,
        PrintPart,
        PrintCancel,
        PrintEnd,
    }
)
"""Classes no log entry binds: the log, its tree, and what decides nothing, such as sign-ins and counts."""

INDEXED: dict[type[Record], tuple[str, ...]] = {
    Organisation: ("name",),
    OrganisationRenamed: ("organisation_id", "name"),
    PublicText: ("subject",),
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
    RecallReminder: ("branch_id",),
    RecallReminderOutcome: ("branch_id",),
    Sighting: ("line_id",),
    Feedback: ("copy_id", "post_id", "branch_id", "voter", "grade", "topic"),
    Addition: ("feedback_id", "post_id", "topic"),
    Investigation: ("post_id",),
    OfficerChange: ("officer_id",),
    OfficerDisabled: ("officer_id",),
    PasswordChange: ("officer_id",),
    InvitationTaken: ("invitation_id",),
    SecondFactor: ("officer_id",),
    SecondFactorUse: ("factor_id",),
    SecondFactorEnd: ("factor_id",),
    IdentityBinding: ("officer_id", "value"),
    IdentityBindingEnd: ("binding_id",),
    SignInFailure: ("account", "network"),
    OfficerSession: ("officer_id",),
    SessionSeen: ("session_id",),
    SessionEnd: ("session_id",),
    ApiToken: ("secret_hash",),
    TokenRevocation: ("token_id",),
    BranchPlan: ("branch_id", "year"),
    ApplicationReturned: ("application_id", "post_id"),
    Objection: ("notice_id", "object_id"),
    ObjectionSettled: ("objection_id",),
    VetoCorrection: ("veto_id", "post_id"),
    PostEnd: ("post_id",),
    Damage: ("copy_id", "post_id"),
    Placement: ("copy_id", "post_id"),
    Assessment: ("post_id", "branch_id", "period", "corrects"),
    Rectification: ("post_id", "branch_id", "assessment_id"),
    RectificationClosed: ("rectification_id", "post_id"),
    PaperSurvey: ("post_id", "branch_id"),
    Inspection: ("post_id", "branch_id", "round"),
    CallBack: ("feedback_id", "post_id"),
    Settlement: ("feedback_id", "post_id"),
    ReRating: ("feedback_id", "post_id"),
    ContactRead: ("subject_id",),
    ForgeryAnswered: ("report_id",),
    Commitment: ("post_id",),
    ExemplaryDeed: ("post_id",),
    Supervision: ("branch_id", "post_id"),
    YearSummary: ("branch_id", "year"),
    Attachment: ("subject_id", "branch_id", "content_id"),
    WebhookEnd: ("webhook_id",),
    Delivery: ("webhook_id",),
    DeliveryOutcome: ("webhook_id",),
    PrintJob: ("branch_id",),
    PrintClaim: ("job_id",),
    PrintBeat: ("job_id",),
    PrintPart: ("job_id",),
}
"""The fields each class can be found by; finding by another field is refused, so nothing scans."""

UNIQUE: dict[type[Record], tuple[str, ...]] = {Copy: ("code",)}
"""Fields besides the id of which no two records of a class may share a value."""

_Names = dict[str, type[Record]]
_OF_A_POST: _Names = {"post_id": Post}
_OF_A_COPY: _Names = {"copy_id": Copy, "post_id": Post}
_OF_A_BRANCH: _Names = {"branch_id": Organisation}
_OF_FEEDBACK: _Names = {"feedback_id": Feedback, "post_id": Post}
_OF_A_JOB: _Names = {"job_id": PrintJob}

REFERENCES: dict[type[Record], _Names] = {
    Organisation: {"parent_id": Organisation},
    OrganisationRenamed: {"organisation_id": Organisation},
    Post: _OF_A_BRANCH,
    Application: _OF_A_POST | _OF_A_BRANCH,
    Approval: _OF_A_POST | {"application_id": Application},
    Award: _OF_A_POST | {"inspection_id": Inspection},
    Copy: _OF_A_POST | _OF_A_BRANCH | {"application_id": Application, "replaces": Copy},
    Loss: _OF_A_COPY,
    Return: _OF_A_COPY,
    Departure: _OF_A_POST | {"application_id": Application},
    Veto: _OF_A_POST | {"investigation_id": Investigation},
    RecallLine: _OF_A_COPY | _OF_A_BRANCH | {"veto_id": Veto},
    RecallReminder: _OF_A_BRANCH,
    RecallReminderOutcome: _OF_A_BRANCH | {"reminder_id": RecallReminder},
    Sighting: {"line_id": RecallLine},
    ScanCount: {"day_before": ScanCount},
    Feedback: _OF_A_COPY | _OF_A_BRANCH,
    Investigation: _OF_A_POST,
    Officer: _OF_A_BRANCH,
    OfficerChange: {"officer_id": Officer} | _OF_A_BRANCH,
    OfficerDisabled: {"officer_id": Officer},
    PasswordChange: {"officer_id": Officer},
    Invitation: _OF_A_BRANCH,
    InvitationTaken: {"invitation_id": Invitation},
    SecondFactor: {"officer_id": Officer},
    SecondFactorUse: {"factor_id": SecondFactor},
    SecondFactorEnd: {"factor_id": SecondFactor},
    IdentityBinding: {"officer_id": Officer},
    IdentityBindingEnd: {"binding_id": IdentityBinding},
    OfficerSession: {"officer_id": Officer, "factor_id": SecondFactor},
    SessionSeen: {"session_id": OfficerSession},
    SessionEnd: {"session_id": OfficerSession},
    ApiToken: _OF_A_BRANCH,
    TokenRevocation: {"token_id": ApiToken},
    BranchPlan: _OF_A_BRANCH,
    ApplicationReturned: _OF_A_POST | {"application_id": Application},
    Objection: {"notice_id": PublicNotice},
    ObjectionSettled: {"objection_id": Objection},
    VetoCorrection: _OF_A_POST | {"veto_id": Veto},
    PostEnd: _OF_A_POST,
    Damage: _OF_A_COPY,
    Placement: _OF_A_COPY,
    Assessment: _OF_A_POST | _OF_A_BRANCH | {"corrects": Assessment},
    Rectification: _OF_A_POST | _OF_A_BRANCH | {"assessment_id": Assessment},
    RectificationClosed: _OF_A_POST | {"rectification_id": Rectification},
    PaperSurvey: _OF_A_POST | _OF_A_BRANCH,
    Inspection: _OF_A_POST | _OF_A_BRANCH,
    Addition: _OF_FEEDBACK,
    CallBack: _OF_FEEDBACK,
    Settlement: _OF_FEEDBACK,
    ReRating: _OF_FEEDBACK,
    ForgeryAnswered: {"report_id": ForgeryReport},
    Commitment: _OF_A_POST,
    ExemplaryDeed: _OF_A_POST,
    Supervision: _OF_A_POST | _OF_A_BRANCH,
    YearSummary: _OF_A_BRANCH,
    Attachment: _OF_A_BRANCH | {"content_id": AttachmentContent},
    WebhookEnd: {"webhook_id": Webhook},
    Delivery: {"webhook_id": Webhook},
    DeliveryOutcome: {"webhook_id": Webhook, "delivery_id": Delivery},
    PrintJob: _OF_A_BRANCH | {"officer_id": Officer},
    PrintClaim: _OF_A_JOB,
    PrintBeat: _OF_A_JOB | {"claim_id": PrintClaim},
    PrintPart: _OF_A_JOB | {"claim_id": PrintClaim},
    PrintCancel: _OF_A_JOB | {"officer_id": Officer},
    PrintEnd: _OF_A_JOB,
}
"""Which class the id in a field is of; None names nothing."""

MAY_BE_EMPTY: frozenset[tuple[type[Record], str]] = frozenset({(Feedback, "copy_id")})
"""References that name nothing when they are the empty text; both engines refuse it in any other."""
