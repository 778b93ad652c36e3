"""Public notices of plans and recommended posts, and the objections they draw (F26)."""

from dataclasses import dataclass
from datetime import date, timedelta

from store import working_days
from store.acts.authority import Authority, Deed, enact, stated
from store.acts.days import within_reach
from store.acts.voice import AlreadyReceived
from store.calendar import chinese_day, office_day
from store.dossier import Dossier, dossier_of
from store.lookup import only
from store.notices import NoticeState, notice_state, notices_showing, unsettled
from store.policy import REQUIRE
from store.records import (
    Application,
    BranchPlan,
    Channel,
    Finding,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    PublicNotice,
    Role,
)
from store.refusals import Refusal
from store.register import Reader, Register

OBJECTION_LONGEST = 1000


class NothingToShow(Refusal):
    """What a notice is to show is not there, or was decided already. Remedy: compare what waits."""

    clause_id = "F26"
    reason_zh = "“{object_id}”不是已报备的实施方案或待批准的申报，不能公示。"
    reason_en = "{object_id!r} is neither a plan on file nor an application that waits; it cannot be shown."
    remedy_zh = "请核对编号（gangpai posts、gangpai plan）。"
    remedy_en = "Compare the number (gangpai posts, gangpai plan)."


class NothingWaits(NothingToShow):
    """Nothing was named, and nothing waits unshown. Remedy: have the applications filed first."""

    reason_zh = "没有待批准而未公示的申报，无可公示。"
    reason_en = "No application waits that was not shown yet."
    remedy_zh = "请先导入名册（gangpai import）；已公示的见 gangpai notice list。"
    remedy_en = "Import a roster first (gangpai import); gangpai notice list names what was shown."


class NoticeBackdated(Refusal):
    """A notice would begin before it is entered. Remedy: let it begin today or later."""

    clause_id = "F26"
    reason_zh = "公示不能从{opens_zh}开始：该日已过。"
    reason_en = "The notice cannot begin on {opens_on}: that day is past."
    remedy_zh = "请从今天或以后开始，公示期满{working_days}个工作日。"
    remedy_en = "Let it begin today or later; it runs for {working_days} full working days."


class NoSuchNotice(Refusal):
    """No notice with this number shows such a thing. Remedy: list the notices."""

    clause_id = "F26"
    reason_zh = "公示“{notice_id}”中没有“{object_id}”。"
    reason_en = "There is no notice {notice_id!r} that shows {object_id!r}."
    remedy_zh = "请核对公示编号（gangpai notice list）。"
    remedy_en = "Compare the number (gangpai notice list)."


class NoticeClosed(Refusal):
    """The notice takes no objections today. Remedy: complain about the plate, or write to the committee."""

    clause_id = "F26"
    reason_zh = "公示“{notice_id}”自{opens_zh}至{closes_zh}，现在不接受网上意见。"
    reason_en = "Notice {notice_id!r} runs from {opens_on} to {closes_on}; it takes no objection now."
    remedy_zh = "仍要反映的，请书面向党委提出。"
    remedy_en = "Write to the committee instead."


class ObjectionTooLong(Refusal):
    """An objection is longer than is kept. Remedy: shorten it."""

    clause_id = "F26"
    reason_zh = "意见有{length}个字，超过{longest}个字。"
    reason_en = "The objection has {length} characters; {longest} are taken."
    remedy_zh = "请删减后再提交。"
    remedy_en = "Shorten it and send it again."


class NoSuchObjection(Refusal):
    """No objection has this receipt code. Remedy: list the objections."""

    clause_id = "F26"
    reason_zh = "没有回执编号为“{objection_id}”的公示意见。"
    reason_en = "There is no objection {objection_id!r}."
    remedy_zh = "请核对回执编号（gangpai objection list）。"
    remedy_en = "Compare the receipt code (gangpai objection list)."


class ObjectionAnswered(Refusal):
    """The objection was settled before; that answer stands. Remedy: none is needed."""

    clause_id = "F26"
    reason_zh = "公示意见“{objection_id}”已于此前答复：“{answer}”。"
    reason_en = "Objection {objection_id!r} was answered before: {answer!r}."
    remedy_zh = "无需重复办理。"
    remedy_en = "Nothing has to be done."


class NoticeStillRuns(Refusal):
    """The notice of the application has not run its full term. Remedy: approve after its last day."""

    clause_id = "F26"
    reason_zh = "岗位{post_id}的公示自{opens_zh}至{closes_zh}（{working_days}个工作日），还剩{days_left}天。"
    reason_en = (
        "The notice of post {post_id} runs from {opens_on} to {closes_on} ({working_days} working days); "
        "{days_left} days are left."
    )
    remedy_zh = "请于公示期满次日起批准。"
    remedy_en = "Approve it from the day after on."


class ObjectionUnsettled(Refusal):
    """Someone objected, and nobody has looked into it. Remedy: settle the objection first."""

    clause_id = "F26"
    reason_zh = "岗位{post_id}的公示有{count}条意见尚未答复：{receipts}。"
    reason_en = "{count} objections to post {post_id} are unsettled: {receipts}."
    remedy_zh = "请先查明并答复（gangpai objection settle），再批准。"
    remedy_en = "Look into them and settle them first (gangpai objection settle)."


class NoNotice(Refusal):
    """The policy asks for a notice before the approval, and there was none. Remedy: post it."""

    clause_id = "F26"
    reason_zh = "岗位{post_id}的申报未经公示；公示期为{working_days}个工作日。"
    reason_en = "The application of post {post_id} was not shown; a notice runs {working_days} working days."
    remedy_zh = "请先公示（gangpai notice post），期满后批准。"
    remedy_en = "Post a notice (gangpai notice post), and approve after it."


@dataclass(frozen=True, kw_only=True)
class NewNotice:
    """What a notice is to show, where on paper, and from which day; the ids are of plans or applications."""

    subject: NoticeSubject
    object_ids: tuple[str, ...]
    places: str
    opens_on: date


def post_notice(register: Register, authority: Authority, new: NewNotice) -> PublicNotice:
    """Post a public notice for the policy's full working days after the day on which it opens.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoticeBackdated, DayOutOfReach, NothingToShow: it cannot be posted so.

    """
    authority.permit(Role.COMMITTEE)
    places = stated(new.places, what_zh="公示地点", what_en="place of the notice")
    _check_opens(authority, new.opens_on)
    with register.transaction() as transaction:
        _check_showable(transaction, new)
        notice = PublicNotice(
            id=_next_id(transaction, authority),
            subject=new.subject,
            object_ids=tuple(dict.fromkeys(new.object_ids)),
            places=places,
            opens_on=new.opens_on,
            closes_on=working_days.after(new.opens_on, authority.policy.notice_working_days),
            posted_at=authority.now,
        )
        deed = Deed(act="post notice", object=notice.id, reason="、".join(notice.object_ids))
        enact(transaction, authority, deed, [notice])
    return notice


def _check_opens(authority: Authority, opens_on: date) -> None:
    within_reach(opens_on, authority, what_zh="公示开始日期", what_en="first day of the notice")
    if opens_on < office_day(authority.now):
        raise NoticeBackdated(
            opens_on=opens_on,
            opens_zh=chinese_day(opens_on),
            working_days=authority.policy.notice_working_days,
        )


def _check_showable(reader: Reader, new: NewNotice) -> None:
    is_there = _is_on_file if new.subject is NoticeSubject.PLANS else _waits
    if not new.object_ids:
        raise NothingWaits
    missing = [each for each in new.object_ids if not is_there(reader, each)]
    if missing:
        raise NothingToShow(object_id="、".join(missing))


def _is_on_file(reader: Reader, plan_id: str) -> bool:
    return reader.get(BranchPlan, plan_id) is not None


def _waits(reader: Reader, application_id: str) -> bool:
    application = reader.get(Application, application_id)
    if application is None:
        return False
    dossier = dossier_of(reader, application.post_id)
    return dossier.pending and dossier.latest == application


def _next_id(reader: Reader, authority: Authority) -> str:
    year = office_day(authority.now).year
    earlier = sum(1 for each in reader.find(PublicNotice) if office_day(each.posted_at).year == year)
    return f"N{year}-{earlier + 1:02d}"


@dataclass(frozen=True, kw_only=True)
class NewObjection:
    """What someone has against what a notice shows; a contact comes sealed already."""

    receipt: str
    notice_id: str
    object_id: str
    text: str
    sealed_contact: str = ""


_CHANNELS = {Role.PUBLIC: Channel.SCAN, Role.COMMITTEE: Channel.PAPER}


def object_to(register: Register, authority: Authority, new: NewObjection) -> Objection:
    """Receive an objection: from the public while the notice hangs, or typed in by the committee from paper.

    What came on paper may be entered after the last day, since it came before.

    Raises:
        NotAllowed: the actor is neither of the public nor the committee.
        ReasonMissing, ObjectionTooLong: there is nothing to keep, or too much.
        NoSuchNotice, NoticeClosed: it cannot be objected to.
        AlreadyReceived: the receipt code is taken; nothing changes.

    """
    authority.permit(*_CHANNELS)
    text = _checked_text(new.text)
    channel = _CHANNELS[authority.actor.role]
    with register.transaction() as transaction:
        notice = transaction.get(PublicNotice, new.notice_id)
        if notice is None or new.object_id not in notice.object_ids:
            raise NoSuchNotice(notice_id=new.notice_id, object_id=new.object_id)
        if transaction.get(Objection, new.receipt):
            raise AlreadyReceived(receipt=new.receipt)
        _check_takes(notice, channel, office_day(authority.now))
        objection = Objection(
            id=new.receipt,
            notice_id=notice.id,
            object_id=new.object_id,
            text=text,
            channel=channel,
            received_at=authority.now,
            sealed_contact=new.sealed_contact,
        )
        enact(transaction, authority, Deed(act="object", object=notice.id), [objection])
    return objection


def _checked_text(text: str) -> str:
    text = stated(text, what_zh="意见内容", what_en="text of the objection")
    if len(text) > OBJECTION_LONGEST:
        raise ObjectionTooLong(length=len(text), longest=OBJECTION_LONGEST)
    return text


_TAKES = {
    Channel.SCAN: {NoticeState.RUNNING},
    Channel.PAPER: {NoticeState.RUNNING, NoticeState.OVER},
}


def _check_takes(notice: PublicNotice, channel: Channel, day: date) -> None:
    if notice_state(notice, day) not in _TAKES[channel]:
        raise NoticeClosed(notice_id=notice.id, **_days_of(notice))


def settle_objection(
    register: Register, authority: Authority, objection_id: str, *, finding: Finding, answer: str
) -> ObjectionSettled:
    """Enter what the committee found about an objection, and its answer.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoSuchObjection, ObjectionAnswered: it cannot be settled so.

    """
    authority.permit(Role.COMMITTEE)
    answer = stated(answer, what_zh="答复内容", what_en="answer")
    with register.transaction() as transaction:
        objection = transaction.get(Objection, objection_id)
        if objection is None:
            raise NoSuchObjection(objection_id=objection_id)
        if earlier := only(transaction.find(ObjectionSettled, objection_id=objection_id)):
            raise ObjectionAnswered(objection_id=objection_id, answer=earlier.answer)
        settled = ObjectionSettled(
            id=f"{objection_id}-S",
            objection_id=objection_id,
            finding=finding,
            answer=answer,
            settled_at=authority.now,
        )
        deed = Deed(act="settle objection", object=objection.notice_id, reason=answer)
        enact(transaction, authority, deed, [settled])
    return settled


def check_unopposed(reader: Reader, dossier: Dossier, authority: Authority) -> None:
    """Let an application pass whose notices have run their term and whose objections are all answered.

    Objections to an earlier application of the post count too: applying anew does not do away with them.

    Raises:
        NoticeStillRuns, ObjectionUnsettled: the public has not been heard out (F26).

    """
    application_ids = [each.id for each in dossier.applications]
    for notice in notices_showing(reader, application_ids):
        _check_over(notice, dossier, authority)
    if waiting := unsettled(reader, application_ids):
        raise ObjectionUnsettled(
            post_id=dossier.post.id, count=len(waiting), receipts="、".join(each.id for each in waiting)
        )


def _check_over(notice: PublicNotice, dossier: Dossier, authority: Authority) -> None:
    today = office_day(authority.now)
    if notice_state(notice, today) is not NoticeState.OVER:
        raise NoticeStillRuns(
            post_id=dossier.post.id,
            days_left=(notice.closes_on - today + timedelta(days=1)).days,
            working_days=authority.policy.notice_working_days,
            **_days_of(notice),
        )


def _days_of(notice: PublicNotice) -> dict[str, object]:
    return {
        "opens_on": notice.opens_on,
        "closes_on": notice.closes_on,
        "opens_zh": chinese_day(notice.opens_on),
        "closes_zh": chinese_day(notice.closes_on),
    }


def waived_notice(reader: Reader, dossier: Dossier, authority: Authority) -> tuple[str, ...]:
    """Return the clause that is waived where the latest application was never shown to the public (F26).

    Raises:
        NoNotice: the policy does not waive it.

    """
    if notices_showing(reader, [dossier.latest.id]):
        return ()
    if authority.policy.notice_before_approval == REQUIRE:
        raise NoNotice(post_id=dossier.post.id, working_days=authority.policy.notice_working_days)
    return ("F26",)
