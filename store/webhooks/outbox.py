"""Which messages are due to which webhook now, and who of many workers makes an attempt.

What is to be told follows from the log and the sightings, what was told from the deliveries on record:
nothing is lost by a restart. Each attempt is entered before it is made, so that one worker makes it; one that
was cut off is made again. A message arrives once or more often, unless its receiver fails for days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from store.records import Delivery, DeliveryOutcome, LogEntry, Record, Sighting, Webhook, WebhookEnd
from store.register import R, Reader, Register
from store.webhooks.courses import Answer, Course, message_id
from store.webhooks.happenings import Happening, entry_numbered, happenings_in, source_named

ENTRIES_AT_A_TIME = 2000


@dataclass(frozen=True, kw_only=True)
class Message:
    """A change to be told to a webhook, as its next attempt."""

    webhook: Webhook
    happening: Happening
    attempt: int = 1

    @property
    def id(self) -> str:
        """The id of the message, the same in every attempt."""
        return message_id(self.webhook.id, self.happening.source_id, self.happening.part)


class Outbox:
    """What is due to the webhooks, followed from the register by one process; a new one finds the same."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._open: dict[str, Course] = {}
        self._new: dict[str, Message] = {}
        self._read: dict[type[Record], int] = {Delivery: 0, DeliveryOutcome: 0, Sighting: 0}
        self._entry: int | None = None
        self.is_behind = False

    def due(self, reader: Reader, now: datetime) -> list[Message]:
        """Return the messages whose next attempt is to be made now, new ones in the order of the log.

        Take the reader from a snapshot. After a long absence the log is read in stretches; `is_behind` says
        that there is more of it.
        """
        self._follow_deliveries(reader)
        webhooks = active_webhooks(reader)
        self._follow_log(reader, webhooks)
        self._follow_sightings(reader, webhooks)
        active = {each.id: each for each in webhooks}
        ripe = (each for each in self._new.values() if each.happening.may_be_told(now))
        fresh = [each for each in ripe if each.webhook.id in active]
        return [*fresh, *self._again(reader, active, now)]

    def _follow_deliveries(self, reader: Reader) -> None:
        for delivery in self._since(reader, Delivery):
            course = Course(delivery=delivery, outcome=None)
            self._open[course.message_id] = course
            self._known.add(course.message_id)
            self._new.pop(course.message_id, None)
        by_delivery = {each.delivery.id: each for each in self._open.values()}
        for outcome in self._since(reader, DeliveryOutcome):
            if begun := by_delivery.get(outcome.delivery_id):
                self._settle(Course(delivery=begun.delivery, outcome=outcome))

    def _settle(self, course: Course) -> None:
        self._open[course.message_id] = course
        if course.is_delivered:
            del self._open[course.message_id]

    def _follow_log(self, reader: Reader, webhooks: list[Webhook]) -> None:
        size = reader.count(LogEntry)
        first = _first_entry(reader, webhooks, size) if self._entry is None else self._entry
        self._entry = min(first + ENTRIES_AT_A_TIME, size)
        self.is_behind = self._entry < size
        for number in range(first + 1, self._entry + 1):
            entry = entry_numbered(reader, number)
            for happening in happenings_in(reader, entry) if entry else ():
                self._announce(happening, [each for each in webhooks if each.after_entry < number])

    def _follow_sightings(self, reader: Reader, webhooks: list[Webhook]) -> None:
        first = self._read[Sighting] + 1
        for number, sighting in enumerate(self._since(reader, Sighting), start=first):
            for happening in happenings_in(reader, sighting):
                self._announce(happening, [each for each in webhooks if each.after_sighting < number])

    def _announce(self, happening: Happening, webhooks: list[Webhook]) -> None:
        for webhook in webhooks:
            message = Message(webhook=webhook, happening=happening)
            if happening.event in webhook.events and message.id not in self._known:
                self._new[message.id] = message

    def _again(self, reader: Reader, webhooks: dict[str, Webhook], now: datetime) -> Iterator[Message]:
        for course in self._open.values():
            webhook = webhooks.get(course.delivery.webhook_id)
            if webhook and course.is_due(now) and (happening := told_by(reader, course.delivery)):
                yield Message(webhook=webhook, happening=happening, attempt=course.delivery.attempt + 1)

    def _since(self, reader: Reader, kind: type[R]) -> list[R]:
        """Return the records of a class that were added since the last call, oldest first."""
        count = reader.count(kind)
        added = list(reader.newest(kind, limit=count - self._read[kind]))
        self._read[kind] = count
        return added[::-1]


def _first_entry(reader: Reader, webhooks: list[Webhook], size: int) -> int:
    """Return the number of the entry before which every webhook was told everything, at least once.

    Messages are begun in the order of the log, so that behind the newest one begun nothing is left out.
    """
    return min((max(each.after_entry, _newest_begun(reader, each) - 1) for each in webhooks), default=size)


def _newest_begun(reader: Reader, webhook: Webhook) -> int:
    begun = (each.source_id for each in reader.find(Delivery, webhook_id=webhook.id))
    return max((int(each) for each in begun if each.isdecimal()), default=0)


def told_by(reader: Reader, delivery: Delivery) -> Happening | None:
    """Return the change that a delivery tells of."""
    source = source_named(reader, delivery.source_id)
    return happenings_in(reader, source)[delivery.part] if source else None


def active_webhooks(reader: Reader) -> list[Webhook]:
    """Return the webhooks that have not been ended, oldest first."""
    ended = {each.webhook_id for each in reader.find(WebhookEnd)}
    return [each for each in reader.find(Webhook) if each.id not in ended]


def begin(register: Register, message: Message, now: datetime) -> Delivery | None:
    """Enter that an attempt is begun; None if another worker has begun it, or the webhook was ended.

    Raises:
        RegisterUnavailable: nothing was entered, so nothing may be sent.

    """
    happening = message.happening
    delivery = Delivery(
        id=f"{message.id}-{message.attempt}",
        webhook_id=message.webhook.id,
        event=happening.event,
        source_id=happening.source_id,
        part=happening.part,
        attempt=message.attempt,
        begun_at=now,
    )
    with register.transaction() as transaction:
        taken = transaction.get(Delivery, delivery.id)
        if taken or transaction.find(WebhookEnd, webhook_id=message.webhook.id):
            return None
        transaction.append(delivery)
    return delivery


def finish(register: Register, delivery: Delivery, answer: Answer, now: datetime) -> Course:
    """Enter how an attempt ended.

    Raises:
        RegisterUnavailable: it is not on record, and the message will be delivered again.

    """
    outcome = DeliveryOutcome(
        id=f"{delivery.id}-O",
        delivery_id=delivery.id,
        webhook_id=delivery.webhook_id,
        status=answer.status,
        problem=answer.problem,
        ended_at=now,
    )
    with register.transaction() as transaction:
        transaction.append(outcome)
    return Course(delivery=delivery, outcome=outcome)
