"""How the delivery of a message goes: attempts, how they ended, when the next one comes, when all failed.

Knows the pauses between attempts, and that an attempt without an end was cut off. Leaves out which messages
there are (outbox.py) and how one is sent (gangpai/couriers.py).
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from store.records import Delivery, DeliveryOutcome, Webhook
from store.register import Reader

LEASE = timedelta(minutes=1)
"""How long an attempt may take; who finds one that is older takes it for cut off."""

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long after each failed attempt the next one comes; the one behind the last pause is the last."""

JITTER = 0.1


class CourseState(StrEnum):
    """How the delivery of a message stands."""

    UNDER_WAY = "under_way"
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


COURSE_STATE_ZH: dict[CourseState, str] = {
    CourseState.UNDER_WAY: "正在送",
    CourseState.WAITING: "等待重试",
    CourseState.DELIVERED: "已送达",
    CourseState.FAILED: "未送达",
}

COURSE_STATE_EN: dict[CourseState, str] = {
    CourseState.UNDER_WAY: "Under way",
    CourseState.WAITING: "Will be tried again",
    CourseState.DELIVERED: "Delivered",
    CourseState.FAILED: "Not delivered",
}

_MISSED = frozenset({CourseState.WAITING, CourseState.FAILED})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: an HTTP status, or 0 and the problem in one word where nothing did."""

    status: int = 0
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took the message (RFC 9110, 15.3)."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the successful ones


def message_id(webhook_id: str, source_id: str, part: int) -> str:
    """Return the id of the message that tells a webhook of a change."""
    return f"{webhook_id}-{source_id}-{part}"


@dataclass(frozen=True, kw_only=True)
class Course:
    """The newest attempt to deliver a message, and how it ended, if that is known."""

    delivery: Delivery
    outcome: DeliveryOutcome | None

    @property
    def message_id(self) -> str:
        """The id of the message, the same in every attempt: what a receiver tells repetitions by."""
        return message_id(self.delivery.webhook_id, self.delivery.source_id, self.delivery.part)

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.outcome is not None and Answer(status=self.outcome.status).is_taken

    def state(self, now: datetime) -> CourseState:
        """Tell how the delivery stands at a moment."""
        if self.is_delivered:
            return CourseState.DELIVERED
        if self.outcome is None and not self._is_cut_off(now):
            return CourseState.UNDER_WAY
        return CourseState.WAITING if self.delivery.attempt <= len(PAUSES) else CourseState.FAILED

    @property
    def next_at(self) -> datetime:
        """When the next attempt comes if this one failed."""
        pause = PAUSES[min(self.delivery.attempt, len(PAUSES)) - 1]
        return self.delivery.begun_at + pause * (1 + JITTER * _share(self.delivery.id))

    def is_due(self, now: datetime) -> bool:
        """Whether the next attempt is to be made; at once where the clock has been set back."""
        return self.state(now) is CourseState.WAITING and (now >= self.next_at or self._is_ahead(now))

    def _is_cut_off(self, now: datetime) -> bool:
        return now - self.delivery.begun_at > LEASE or self._is_ahead(now)

    def _is_ahead(self, now: datetime) -> bool:
        return self.delivery.begun_at - now > LEASE


def courses(reader: Reader, webhook_id: str) -> list[Course]:
    """Return how the delivery of every message to a webhook went, in the order they were begun."""
    outcomes = {each.delivery_id: each for each in reader.find(DeliveryOutcome, webhook_id=webhook_id)}
    found: dict[str, Course] = {}
    for delivery in reader.find(Delivery, webhook_id=webhook_id):
        course = Course(delivery=delivery, outcome=outcomes.get(delivery.id))
        found[course.message_id] = course
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class Health:
    """How a webhook fares: its messages by state, and since when its receiver takes none."""

    counts: Mapping[CourseState, int]
    delivered_at: datetime | None
    failing_since: datetime | None


def health_of(reader: Reader, webhook: Webhook, now: datetime) -> Health:
    """Tell how a webhook fares; a receiver fails that has taken nothing since an attempt that failed."""
    known = courses(reader, webhook.id)
    taken_at = max((each.delivery.begun_at for each in known if each.is_delivered), default=None)
    missed = [each for each in known if each.state(now) in _MISSED]
    failing = [each for each in missed if taken_at is None or each.delivery.begun_at > taken_at]
    return Health(
        counts=Counter(each.state(now) for each in known),
        delivered_at=taken_at,
        failing_since=min((_first_begun(reader, each) for each in failing), default=None),
    )


def _first_begun(reader: Reader, course: Course) -> datetime:
    first = reader.get(Delivery, f"{course.message_id}-1")
    return first.begun_at if first else course.delivery.begun_at


def _share(text: str) -> float:
    """Return a share between -1 and 1 that follows from a text, so that not all retries come at once."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**31 - 1
