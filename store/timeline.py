"""The life of a post as dated events, in Chinese and English, for every page and sheet that tells it.

Knows which records are events and how each is worded; the particulars are quoted as they were written.
Leaves out what the public says of a post (feedback.py) and, unless it is asked for on behalf of somebody who
may read complaints, what was objected and what an investigation found.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from store.calendar import chinese_day, office_day
from store.differences import differences_between
from store.dossier import Dossier, dossier_of
from store.notices import notices_showing
from store.records import (
    Application,
    ApplicationReturned,
    Approval,
    Assessment,
    Award,
    BranchPlan,
    Commitment,
    Copy,
    Damage,
    Departure,
    ExemplaryDeed,
    Inspection,
    Investigation,
    Loss,
    Objection,
    ObjectionSettled,
    PaperSurvey,
    Placement,
    PostEnd,
    PublicNotice,
    Record,
    Rectification,
    RectificationClosed,
    RectificationResult,
    Return,
    Supervision,
    Veto,
    VetoCorrection,
)
from store.register import Reader
from store.terms import (
    CONSENT_EN,
    CONSENT_ZH,
    END_CAUSE_EN,
    END_CAUSE_ZH,
    FATE_ZH,
    FINDING_ZH,
    STAGE_EN,
    STAGE_ZH,
    TIMING_EN,
    TIMING_ZH,
    VETO_CAUSE_EN,
    VETO_CAUSE_ZH,
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a post: when it was entered, what it is, and the particulars in Chinese.

    `kind` is the class of the record that tells of it.
    """

    at: datetime
    kind: type[Record]
    zh: str
    en: str
    text: str = ""


def timeline(reader: Reader, post_id: str, *, confidential: bool = False) -> tuple[Event, ...]:
    """Tell the life of a post, oldest first; `confidential` adds what only the committee may read.

    Raises:
        NoSuchPost: no post has this number.

    """
    dossier = dossier_of(reader, post_id)
    events = (
        *_planned(reader, dossier),
        *_applied(dossier),
        *_shown(reader, dossier, confidential=confidential),
        *_issued(reader.find(Copy, post_id=post_id)),
        *_assessed(reader.find(Assessment, post_id=post_id)),
        *_investigated(reader.find(Investigation, post_id=post_id), confidential=confidential),
        *(tell(each) for kind, tell in _PLAIN.items() for each in reader.find(kind, post_id=post_id)),
    )
    return tuple(sorted(events, key=lambda event: event.at))


def _planned(reader: Reader, dossier: Dossier) -> Iterator[Event]:
    for plan in reader.find(BranchPlan, branch_id=dossier.post.branch_id, year=dossier.post.year):
        yield Event(at=plan.filed_at, kind=BranchPlan, zh="报备实施方案", en="Plan filed", text=plan.title)


def _applied(dossier: Dossier) -> Iterator[Event]:
    first, *later = dossier.applications
    yield Event(
        at=first.filed_at,
        kind=Application,
        zh="申报",
        en=f"Applied for, {TIMING_EN[first.timing].lower()}",
        text=TIMING_ZH[first.timing],
    )
    for before, after in zip(dossier.applications, later, strict=False):
        changed = "；".join(each.zh for each in differences_between(before.content, after.content))
        yield Event(
            at=after.filed_at,
            kind=Application,
            zh="申报变更",
            en="Change applied for",
            text=_joined(changed, after.reason),
        )


def _joined(*texts: str) -> str:
    return "　".join(text for text in texts if text)


def _shown(reader: Reader, dossier: Dossier, *, confidential: bool) -> Iterator[Event]:
    application_ids = [each.id for each in dossier.applications]
    for notice in notices_showing(reader, application_ids):
        days = f"{chinese_day(notice.opens_on)}至{chinese_day(notice.closes_on)}"
        text = _joined(notice.id, days, notice.places)
        yield Event(at=notice.posted_at, kind=PublicNotice, zh="公示", en="Public notice", text=text)
    for application_id in application_ids:
        for objection in reader.find(Objection, object_id=application_id):
            yield from _objected(reader, objection, confidential=confidential)


def _objected(reader: Reader, objection: Objection, *, confidential: bool) -> Iterator[Event]:
    """Tell an objection; the post learns no more than the answer, since the hour would say whose it was."""
    if confidential:
        yield Event(
            at=objection.received_at,
            kind=Objection,
            zh="收到公示意见",
            en="Objection received",
            text=objection.text,
        )
    for settled in reader.find(ObjectionSettled, objection_id=objection.id):
        yield Event(
            at=settled.settled_at,
            kind=ObjectionSettled,
            zh=f"答复公示意见：{FINDING_ZH[settled.finding]}",
            en=f"Objection settled: {settled.finding.value}",
            text=settled.answer,
        )


def _issued(copies: Iterable[Copy]) -> Iterator[Event]:
    """Tell the plates of one day and stage as one event: they were one print, or a few in a row."""
    for (_, stage), batch in groupby(copies, key=lambda copy: (office_day(copy.issued_at), copy.stage)):
        made = list(batch)
        yield Event(
            at=made[-1].issued_at,
            kind=Copy,
            zh=f"制发{len(made)}块（{STAGE_ZH[stage]}标牌）",
            en=f"{len(made)} plates issued ({STAGE_EN[stage]})",
            text=made[0].id if len(made) == 1 else f"{made[0].id} 至 {made[-1].id}",
        )


def _assessed(assessments: Iterable[Assessment]) -> Iterator[Event]:
    """Tell the assessments of one act as one event."""
    for (at, period), batch in groupby(assessments, key=lambda each: (each.entered_at, each.period)):
        made = list(batch)
        short = [each.member_name for each in made if not all(each.standards)]
        yield Event(
            at=at,
            kind=Assessment,
            zh=f"考核{len(made)}人（{period}）",
            en=f"{len(made)} members assessed ({period}), {'not all' if short else 'all'} up to standard",
            text=f"有不符合项：{'、'.join(short)}" if short else "均符合六条标准",
        )


def _investigated(found: Iterable[Investigation], *, confidential: bool) -> Iterator[Event]:
    for each in found:
        yield Event(
            at=each.concluded_at,
            kind=Investigation,
            zh=f"查证：{FINDING_ZH[each.finding]}",
            en=f"Investigated: {each.finding.value}",
            text=each.facts if confidential else "",
        )


def _sent_back(each: ApplicationReturned) -> Event:
    text = _joined(each.document, each.opinion)
    return Event(at=each.returned_at, kind=ApplicationReturned, zh="退回申报", en="Sent back", text=text)


def _approved(each: Approval) -> Event:
    consents = "、".join(CONSENT_ZH[clause] for clause in each.consents)
    text = _joined(f"{each.document}{f'（党委同意{consents}）' if consents else ''}", each.opinion)
    waived = ", ".join(CONSENT_EN[clause] for clause in each.consents)
    english = f"Approved {waived}" if waived else "Approved"
    return Event(at=each.approved_at, kind=Approval, zh="批准", en=english, text=text)


def _placed(each: Placement) -> Event:
    text = _joined(each.copy_id, f"{chinese_day(each.placed_on)}起置于{each.place}")
    return Event(at=each.entered_at, kind=Placement, zh="悬挂、放置", en="Placed", text=text)


def _damaged(each: Damage) -> Event:
    text = _joined(each.copy_id, each.reason)
    return Event(at=each.reported_at, kind=Damage, zh="登记损坏", en="Reported damaged", text=text)


def _lost(each: Loss) -> Event:
    text = _joined(each.copy_id, each.reason)
    return Event(at=each.reported_at, kind=Loss, zh="挂失", en="Reported lost", text=text)


def _returned(each: Return) -> Event:
    text = _joined(each.copy_id, each.note)
    english = f"Plate {each.fate.value}"
    return Event(at=each.returned_at, kind=Return, zh=FATE_ZH[each.fate], en=english, text=text)


def _left(each: Departure) -> Event:
    return Event(at=each.left_at, kind=Departure, zh="成员调离", en="Member left", text=each.member_name)


def _surveyed(each: PaperSurvey) -> Event:
    text = f"{chinese_day(each.held_on)}，{sum(each.counts)}份（纸质）"
    english = f"Survey held, {sum(each.counts)} on paper"
    return Event(at=each.entered_at, kind=PaperSurvey, zh="满意度测评", en=english, text=text)


def _inspected(each: Inspection) -> Event:
    text = f"{chinese_day(each.inspected_on)}，{each.points}分"
    return Event(
        at=each.entered_at, kind=Inspection, zh="检查评比", en=f"Inspected, {each.points} points", text=text
    )


def _awarded(each: Award) -> Event:
    text = _joined(chinese_day(each.awarded_on), each.document)
    return Event(at=each.entered_at, kind=Award, zh="命名授牌", en="Title awarded", text=text)


def _ordered(each: Rectification) -> Event:
    text = _joined(each.member_name, f"{each.problem}（限期{chinese_day(each.due_on)}）")
    english = f"To be put right by {each.due_on}"
    return Event(at=each.ordered_at, kind=Rectification, zh="责令整改", en=english, text=text)


def _closed(each: RectificationClosed) -> Event:
    done = each.result is RectificationResult.DONE
    return Event(
        at=each.closed_at,
        kind=RectificationClosed,
        zh="整改到位" if done else "整改不到位",
        en="Put right" if done else "Not put right",
        text=each.evidence,
    )


def _promised(each: Commitment) -> Event:
    text = _joined(each.member_name, each.text)
    return Event(at=each.entered_at, kind=Commitment, zh="公开承诺", en="Commitment made", text=text)


def _did(each: ExemplaryDeed) -> Event:
    text = _joined(each.member_name, each.title)
    return Event(at=each.entered_at, kind=ExemplaryDeed, zh="先进事迹", en="Exemplary deed", text=text)


def _supervised(each: Supervision) -> Event:
    text = _joined(chinese_day(each.supervised_on), each.findings, each.guidance)
    return Event(at=each.entered_at, kind=Supervision, zh="督查指导", en="Supervised", text=text)


def _vetoed(each: Veto) -> Event:
    text = f"{VETO_CAUSE_ZH[each.cause]}。{each.facts}"
    english = f"Vetoed for {VETO_CAUSE_EN[each.cause]}; title revoked"
    return Event(at=each.cast_at, kind=Veto, zh="一票否决，称号撤销", en=english, text=text)


def _corrected(each: VetoCorrection) -> Event:
    text = _joined(each.document, each.reason)
    return Event(
        at=each.corrected_at,
        kind=VetoCorrection,
        zh="更正一票否决，称号恢复",
        en="Veto taken back, standing again",
        text=text,
    )


def _ended(each: PostEnd) -> Event:
    return Event(
        at=each.ended_at,
        kind=PostEnd,
        zh=f"停用：{END_CAUSE_ZH[each.cause]}",
        en=f"Ended: {END_CAUSE_EN[each.cause]}",
        text=each.reason,
    )


_PLAIN: dict[type[Record], Callable[[Any], Event]] = {
    ApplicationReturned: _sent_back,
    Approval: _approved,
    Placement: _placed,
    Damage: _damaged,
    Loss: _lost,
    Return: _returned,
    Departure: _left,
    PaperSurvey: _surveyed,
    Inspection: _inspected,
    Award: _awarded,
    Rectification: _ordered,
    RectificationClosed: _closed,
    Commitment: _promised,
    ExemplaryDeed: _did,
    Supervision: _supervised,
    Veto: _vetoed,
    VetoCorrection: _corrected,
    PostEnd: _ended,
}
"""Each record of these classes about a post is one event, and is told by itself."""
