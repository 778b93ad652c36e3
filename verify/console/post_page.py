"""What the page of one post shows: its decisions in order, its plates, and what the public said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from store.acts.authority import Authority
from store.acts.veto import CAUSE_ZH
from store.calendar import chinese_day, office_day
from store.differences import differences_between
from store.dossier import Dossier, dossier_of
from store.feedback import Heard, PublicAnswer, answers_for, messages_for, reads_complaints
from store.lookup import place_of, standing_in
from store.recalls import Recall, outstanding, recalls
from store.records import (
    Application,
    Approval,
    Copy,
    Finding,
    Investigation,
    Loss,
    Return,
)
from store.register import Reader
from store.satisfaction import Satisfaction, satisfaction_of
from store.standing import Standing
from store.terms import CONSENT_ZH, FATE_ZH, FIELD_ZH, FINDING_ZH, STAGE_ZH, TIMING_ZH


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a post."""

    at: datetime
    title: str
    text: str = ""
    mark: str = ""


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
    enough: int

    @property
    def can_be_shown(self) -> bool:
        """Whether there are enough ratings for counts to say something, and to give nobody away."""
        return self.satisfaction.n >= self.enough

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
    copies = reader.find(Copy, post_id=post_id)
    return PostPage(
        dossier=dossier,
        events=tuple(sorted(_events(reader, dossier, copies, investigations), key=lambda event: event.at)),
        plates=tuple(_plate(reader, each, authority.now) for each in copies),
        still_out=len(outstanding(reader, copies)),
        recalls=tuple(recalls(reader, post_id=post_id)),
        voice=_voice(reader, authority, dossier),
        investigations=investigations,
    )


def _plate(reader: Reader, copy: Copy, now: datetime) -> Plate:
    return Plate(copy=copy, standing=standing_in(reader, copy, now), place=place_of(reader, copy))


def _voice(reader: Reader, authority: Authority, dossier: Dossier) -> Voice:
    post_id, first = dossier.post.id, office_day(dossier.applications[0].filed_at)
    return Voice(
        messages=tuple(messages_for(reader, authority, post_id=post_id)),
        answers=tuple(answers_for(reader, authority, post_id)),
        satisfaction=satisfaction_of(reader, post_id, first, _counted_to(authority)),
        enough=authority.policy.ratings_min,
    )


def _counted_to(authority: Authority) -> date:
    """Return the last day that is counted; for whoever is spoken about the last full week's.

    Counts that moved while a visitor stands at the counter would tell how that visitor rated.
    """
    today = office_day(authority.now)
    return today if reads_complaints(authority) else today - timedelta(days=today.isoweekday())


def _investigations(reader: Reader, authority: Authority, post_id: str) -> tuple[Investigation, ...]:
    """Return what was found; what was looked into, and whose word it was, is the committee's alone."""
    found = reader.find(Investigation, post_id=post_id)
    if reads_complaints(authority):
        return tuple(found)
    return tuple(replace(each, facts="", feedback_ids=()) for each in found)


def _events(
    reader: Reader, dossier: Dossier, copies: list[Copy], investigations: Iterable[Investigation]
) -> Iterator[Event]:
    post_id = dossier.post.id
    yield from _applied(reader.find(Application, post_id=post_id))
    yield from map(_approved, reader.find(Approval, post_id=post_id))
    yield from _issued(copies)
    if award := dossier.award:
        yield Event(
            at=award.entered_at,
            title="命名授牌",
            text=f"{chinese_day(award.awarded_on)}　{award.document}".strip(),
        )
    for departure in dossier.departures:
        yield Event(at=departure.left_at, title="成员调离", text=departure.member_name)
    yield from map(_investigated, investigations)
    if veto := dossier.veto:
        text = f"{CAUSE_ZH[veto.cause]}。{veto.facts}"
        yield Event(at=veto.cast_at, title="一票否决，称号撤销", text=text, mark="revoked")
    yield from map(_lost, reader.find(Loss, post_id=post_id))
    yield from map(_returned, reader.find(Return, post_id=post_id))


def _applied(applications: list[Application]) -> Iterator[Event]:
    first, *later = applications
    yield Event(at=first.filed_at, title="申报", text=TIMING_ZH[first.timing])
    for before, after in zip(applications, later, strict=False):
        changed = differences_between(before.content, after.content)
        text = "；".join(
            f"{FIELD_ZH[each.field]}：{each.before or '空'} → {each.after or '空'}" for each in changed
        )
        yield Event(at=after.filed_at, title="申报变更", text=text)


def _approved(approval: Approval) -> Event:
    consents = "、".join(CONSENT_ZH.get(each, each) for each in approval.consents)
    consented = f"（党委同意{consents}）" if consents else ""
    text = f"{approval.document}{consented}　{approval.opinion}".rstrip("　")
    return Event(at=approval.approved_at, title="批准", text=text)


def _issued(copies: list[Copy]) -> Iterator[Event]:
    """Tell the plates of one day and stage as one event: they were one print, or a few in a row."""
    for _, batch in groupby(copies, key=lambda copy: (office_day(copy.issued_at), copy.stage)):
        made = list(batch)
        text = made[0].id if len(made) == 1 else f"{made[0].id} 至 {made[-1].id}"
        title = f"制发 {len(made)} 块（{STAGE_ZH[made[0].stage]}标牌）"
        yield Event(at=made[-1].issued_at, title=title, text=text)


def _investigated(found: Investigation) -> Event:
    return Event(at=found.concluded_at, title=f"查证：{FINDING_ZH[found.finding]}", text=found.facts)


def _lost(loss: Loss) -> Event:
    return Event(at=loss.reported_at, title="挂失", text=f"{loss.copy_id}　{loss.reason}")


def _returned(returned: Return) -> Event:
    text = f"{returned.copy_id}　{returned.note}".strip()
    return Event(at=returned.returned_at, title=FATE_ZH[returned.fate], text=text)
