"""What other programs are told: the changes of standings that a log entry, or a sighting, brought about.

Knows which act changes which standing, and that nothing is told but what a scan of the plate shows anybody:
numbers, standing, moment, the address of the page. No names, places, reasons, no word of the public. Leaves
out who is told (outbox.py).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from store.calendar import OFFICE_ZONE
from store.ledger import entry_id
from store.records import Copy, Departure, LogEntry, Loss, RecallLine, Record, Return, Sighting, WebhookEvent
from store.register import Reader
from store.standing import Verdict

Facts = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One change: which, its facts, and since when it may be told, if not at once.

    `source_id` names the log entry or the sighting behind it, and `part` which of its changes it is, so that
    it is the same one whenever it is read again.
    """

    event: WebhookEvent
    source_id: str
    part: int
    at: datetime
    post_id: str
    plates: tuple[str, ...]
    facts: Facts = field(default_factory=dict)
    told_from: datetime | None = None

    def may_be_told(self, now: datetime) -> bool:
        """Whether it may be told yet; what the log says may be at once, however the clock stands."""
        return self.told_from is None or now >= self.told_from

    def body(self, base_url: str) -> bytes:
        """Return the message as JSON in UTF-8 (Standard Webhooks: type, timestamp, data)."""
        plates = [{"number": number, "url": f"{base_url}/number/{number}"} for number in self.plates]
        return _body(self.event.value, self.at, {"post": self.post_id, "plates": plates, **self.facts})


def trial_body(now: datetime) -> bytes:
    """Return a message that tells of nothing, to try a receiver with."""
    return _body("test", now, {})


def _body(kind: str, at: datetime, data: Facts) -> bytes:
    told = {"type": kind, "timestamp": _utc(at), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def happenings_in(reader: Reader, source: Record) -> tuple[Happening, ...]:
    """Return the changes that a log entry or a sighting brought about, in an order that stays."""
    if isinstance(source, Sighting):
        return tuple(_sighted(reader, source))
    if isinstance(source, LogEntry) and source.act in _OF_ACTS:
        return tuple(_OF_ACTS[source.act](reader, source))
    return ()


def source_named(reader: Reader, source_id: str) -> Record | None:
    """Return the log entry or the sighting with this id."""
    return reader.get(LogEntry, source_id) or reader.get(Sighting, source_id)


def entry_numbered(reader: Reader, number: int) -> LogEntry | None:
    """Return a log entry by its number."""
    return reader.get(LogEntry, entry_id(number))


_Read = Callable[[Reader, LogEntry], Iterator[Happening]]


def _of_post(event: WebhookEvent, standing: Verdict | None = None) -> _Read:
    """Tell of a post with all the plates it had by then."""

    def read(reader: Reader, entry: LogEntry) -> Iterator[Happening]:
        copies = reader.find(Copy, post_id=entry.object)
        plates = tuple(each.id for each in copies if each.issued_at <= entry.at)
        yield _happening(event, entry, entry.object, plates, _standing(standing))

    return read


def _of_copy(event: WebhookEvent, standing: Verdict) -> _Read:
    def read(reader: Reader, entry: LogEntry) -> Iterator[Happening]:
        if copy := reader.get(Copy, entry.object):
            yield _happening(event, entry, copy.post_id, (copy.id,), _standing(standing))

    return read


def _replaced(reader: Reader, entry: LogEntry) -> Iterator[Happening]:
    issued = [copy for number in entry.object.split("、") if (copy := reader.get(Copy, number))]
    replacing = [(each, each.replaces) for each in issued if each.replaces]
    for part, (copy, old) in enumerate(replacing):
        facts = {**_standing(Verdict.REPLACED), "successor": copy.id}
        yield _happening(WebhookEvent.COPY_REPLACED, entry, copy.post_id, (old,), facts, part)


def _left(reader: Reader, entry: LogEntry) -> Iterator[Happening]:
    gone = {
        each.member_name for each in reader.find(Departure, post_id=entry.object) if each.left_at == entry.at
    }
    held = (each for each in reader.find(Copy, post_id=entry.object) if each.face.holder in gone)
    stood = [each for each in held if each.issued_at <= entry.at and not _was_gone(reader, each, entry.at)]
    for part, copy in enumerate(stood):
        facts = _standing(Verdict.LEFT)
        yield _happening(WebhookEvent.COPY_LEFT, entry, copy.post_id, (copy.id,), facts, part)


def _was_gone(reader: Reader, copy: Copy, at: datetime) -> bool:
    """Whether a copy was back, lost or replaced at a moment: what came later changes no message."""
    moments = (
        *(each.returned_at for each in reader.find(Return, copy_id=copy.id)),
        *(each.reported_at for each in reader.find(Loss, copy_id=copy.id)),
        *(each.issued_at for each in reader.find(Copy, replaces=copy.id)),
    )
    return any(each <= at for each in moments)


_OF_ACTS: dict[str, _Read] = {
    "award": _of_post(WebhookEvent.POST_AWARDED),
    "veto": _of_post(WebhookEvent.POST_REVOKED, Verdict.REVOKED),
    "correct veto": _of_post(WebhookEvent.POST_VETO_CORRECTED),
    "end": _of_post(WebhookEvent.POST_ENDED, Verdict.ENDED),
    "issue": _replaced,
    "lost": _of_copy(WebhookEvent.COPY_LOST, Verdict.LOST),
    "return": _of_copy(WebhookEvent.COPY_RETURNED, Verdict.RETURNED),
    "leave": _left,
    "approve": _left,
}


def _sighted(reader: Reader, sighting: Sighting) -> Iterator[Happening]:
    """Tell the first sighting of a line and day, and that when the day is over: the moment is nobody's."""
    line = reader.get(RecallLine, sighting.line_id)
    of_the_day = (
        each for each in reader.find(Sighting, line_id=sighting.line_id) if each.seen_on == sighting.seen_on
    )
    if line is None or next(of_the_day).id != sighting.id:
        return
    day = datetime.combine(sighting.seen_on, time.min, OFFICE_ZONE)
    yield Happening(
        event=WebhookEvent.COPY_STILL_DISPLAYED,
        source_id=sighting.id,
        part=0,
        at=day,
        told_from=day + timedelta(days=1),
        post_id=line.post_id,
        plates=(line.copy_id,),
        facts={**_standing(Verdict.REVOKED), "seen_on": sighting.seen_on.isoformat()},
    )


def _happening(  # noqa: PLR0913, PLR0917 - one line for each act above
    event: WebhookEvent, entry: LogEntry, post_id: str, plates: tuple[str, ...], facts: Facts, part: int = 0
) -> Happening:
    return Happening(
        event=event,
        source_id=entry.id,
        part=part,
        at=entry.at,
        post_id=post_id,
        plates=plates,
        facts=facts,
    )


def _standing(verdict: Verdict | None) -> Facts:
    return {"standing": verdict.value} if verdict else {}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
