"""The public's voice (F21, F25): messages are received and added to, votes count once, complaints are heard.

What is said stays out of the log, and so do receipt codes: the log names the plate or the post, and binds the
words by their digest.
"""

from dataclasses import dataclass
from datetime import timedelta

from store.acts.attachments import File, Subject, enclosed
from store.acts.authority import Authority, Deed, enact, stated
from store.acts.circulation import NoSuchCopy
from store.dossier import dossier_of
from store.feedback import Answers, additions_to, answers_to, as_it_stands
from store.lookup import standing_in
from store.records import (
    Addition,
    Channel,
    Copy,
    Feedback,
    Finding,
    Grade,
    Investigation,
    PlatePart,
    ReRating,
    Role,
    Topic,
)
from store.refusals import Refusal
from store.register import Reader, Register
from store.terms import BAD_GRADES, FINDING_ZH, GRADE_EN, GRADE_ZH

COMMENT_LONGEST = 500
ADDED_WITHIN = timedelta(minutes=60)
"""How long a message may be added to, by whoever has its receipt."""

_RECEIPT_SHOWN = 40
SPOKEN_TOPICS = frozenset({Topic.RATING, Topic.OTHER, Topic.COMPLAINT, Topic.PRAISE})
"""Topics that say nothing by themselves: a grade or words have to come with them."""


class NothingSaid(Refusal):
    """A message has neither a grade nor words. Remedy: choose a grade or write something."""

    clause_id = "F25"
    reason_zh = "没有选择评价，也没有填写意见。"
    reason_en = "Neither a grade nor a comment was given."
    remedy_zh = "请选择一项评价，或写下意见。"
    remedy_en = "Choose a grade or write a comment."


class CommentTooLong(Refusal):
    """A comment is longer than is kept. Remedy: shorten it."""

    clause_id = "F25"
    reason_zh = "意见有{length}个字，超过{longest}个字。"
    reason_en = "The comment has {length} characters; {longest} are taken."
    remedy_zh = "请删减后再提交；您写的内容仍在输入框中。"
    remedy_en = "Shorten it and send it again."


class NotAboutThePlate(Refusal):
    """Only a report that the plate differs can say what differs. Remedy: make it one, or leave that out."""

    clause_id = "F25"
    reason_zh = "只有反映“牌面不符”时才能注明哪一处不符。"
    reason_en = "Only a report that the plate differs can say what differs."
    remedy_zh = "请选择“牌面不符”，或不填不符之处。"
    remedy_en = "Report that the plate differs, or leave out what does."


class TooLateToAdd(Refusal):
    """A message is too old to be added to, or was answered. Remedy: scan the plate and say it anew."""

    clause_id = "F25"
    reason_zh = "补充须在提交后{minutes}分钟内，且在答复之前。"
    reason_en = "A message can be added to for {minutes} minutes, and until it is answered."
    remedy_zh = "如还有话要说，请扫码另行提交。"
    remedy_en = "Scan the plate to say something new."


class AlreadyAdded(Refusal):
    """A message was added to before; once is all. Remedy: scan the plate and say it anew."""

    clause_id = "F25"
    reason_zh = "这条意见已于{when}补充过，只能补充一次。"
    reason_en = "The message was added to at {when}; that is possible once."
    remedy_zh = "如还有话要说，请扫码另行提交。"
    remedy_en = "Scan the plate to say something new."


class NothingAdded(Refusal):
    """An addition adds nothing. Remedy: write something or choose a photo."""

    clause_id = "F25"
    reason_zh = "没有填写要补充的内容。"
    reason_en = "Nothing was added."
    remedy_zh = "请写几句、选择事项或照片，或留下联系方式；不需要补充的，可直接关闭本页。"
    remedy_en = "Write something, choose a matter or a photo, or leave a contact; or simply close the page."


class AlreadyReceived(Refusal):
    """Just this message was received before. Remedy: none is needed."""

    clause_id = "F25"
    reason_zh = "这条内容已经收到，没有重复登记，回执编号是{receipt}。"
    reason_en = "This was received before and is not entered twice; the receipt is {receipt}."
    remedy_zh = "无需再次提交。"
    remedy_en = "Nothing has to be done."


class NotThisPost(Refusal):
    """A message named in an investigation is not about the post. Remedy: compare the receipt codes."""

    clause_id = "F21"
    reason_zh = "意见“{feedback_id}”不是关于岗位{post_id}的。"
    reason_en = "Message {feedback_id!r} is not about post {post_id}."
    remedy_zh = "请核对回执编号。"
    remedy_en = "Compare the receipt codes."


class NoSuchMessage(Refusal):
    """No message has this receipt code. Remedy: compare it with the receipt."""

    clause_id = "F25"
    reason_zh = "没有回执编号为“{receipt}”的意见。"
    reason_en = "There is no message {receipt!r}."
    remedy_zh = "请核对回执编号。"
    remedy_en = "Compare it with the receipt."


class NotSettled(Refusal):
    """A second grade came before the message was settled. Remedy: wait for the answer."""

    clause_id = "F25"
    reason_zh = "这条意见尚未处理完毕，暂不能再次评价。"
    reason_en = "The message is not settled yet; it cannot be graded again."
    remedy_zh = "请在回执页看到处理结果后再评。"
    remedy_en = "Grade again when the receipt page shows the answer."


class NothingToReRate(Refusal):
    """Only a 差评 may be graded again. Remedy: rate anew from the plate."""

    clause_id = "F25"
    reason_zh = "只有“不满意”或“非常不满意”的评价，在处理完毕后可以再评一次。"
    reason_en = "Only a bad rating can be graded again once it is settled."
    remedy_zh = "如有新的意见，请扫码另行评价。"
    remedy_en = "Scan the plate to say something new."


class AlreadyReRated(Refusal):
    """The message was graded a second time before; once is all. Remedy: none is needed."""

    clause_id = "F25"
    reason_zh = "这条意见已于{when}再次评价为“{grade_zh}”，只能再评一次。"
    reason_en = "The message was graded again at {when}, as {grade_en!r}; that is possible once."
    remedy_zh = "如有新的意见，请扫码另行评价。"
    remedy_en = "Scan the plate to say something new."


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a member of the public says about a plate.

    `voter` is a keyed hash of device, plate and week; `may_count` is what the throttle says of a vote;
    `sealed_contact` was sealed by whoever received it (contacts.py).
    """

    receipt: str
    copy_id: str
    topic: Topic
    grade: Grade | None
    comment: str
    voter: str
    may_count: bool = True
    sealed_contact: str = ""
    differs: PlatePart | None = None
    photos: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What the giver of a message adds: what it is about unless that stays, words, a contact, photos."""

    topic: Topic | None = None
    comment: str = ""
    sealed_contact: str = ""
    photos: tuple[File, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it adds nothing."""
        return not (self.topic or self.comment.strip() or self.sealed_contact or self.photos)


@dataclass(frozen=True, kw_only=True)
class PaperMessage:
    """What somebody wrote on a paper form about a post; plain grades on paper are a PaperSurvey."""

    receipt: str
    post_id: str
    topic: Topic
    grade: Grade | None
    comment: str
    sealed_contact: str = ""


def give_feedback(register: Register, authority: Authority, message: Message) -> Feedback:
    """Receive a message; its grade counts if the plate stands and the device has not voted this week.

    Raises:
        NotAllowed: an officer speaks in the public's place.
        NoSuchCopy: the plate is not in the register.
        NothingSaid, CommentTooLong, NotAboutThePlate: there is nothing to keep, too much, or nothing fitting.
        AlreadyReceived: the receipt code is taken; nothing changes.

    """
    authority.permit(Role.PUBLIC)
    comment = _checked(message)
    with register.transaction() as transaction:
        copy = transaction.get(Copy, message.copy_id)
        if copy is None:
            raise NoSuchCopy(copy_id=message.copy_id)
        if transaction.get(Feedback, message.receipt):
            raise AlreadyReceived(receipt=message.receipt)
        feedback = Feedback(
            id=message.receipt,
            copy_id=copy.id,
            post_id=copy.post_id,
            branch_id=copy.branch_id,
            topic=message.topic,
            grade=message.grade,
            comment=comment,
            voter=message.voter,
            counted=_counts(transaction, authority, copy, message),
            given_at=authority.now,
            sealed_contact=message.sealed_contact,
            differs=message.differs,
        )
        photos = enclosed(transaction, _subject(feedback), message.photos, authority.now)
        enact(transaction, authority, Deed(act="feedback", object=copy.id), [feedback, *photos])
    return feedback


def _checked(message: Message) -> str:
    """Return the words of a message that may be received."""
    if message.topic in SPOKEN_TOPICS and message.grade is None and not message.comment.strip():
        raise NothingSaid
    if message.differs and message.topic is not Topic.PLATE_DIFFERS:
        raise NotAboutThePlate
    return _short_enough(message.comment)


def _subject(feedback: Feedback) -> Subject:
    return Subject(kind=Feedback.__name__, id=feedback.id)


def add_to_feedback(register: Register, authority: Authority, receipt: str, extra: Extra) -> Addition:
    """Let whoever has the receipt of a fresh message say more, once; it is read as one message.

    Raises:
        NotAllowed: an officer speaks in the public's place.
        NothingAdded, CommentTooLong: there is nothing to keep, or too much.
        NoSuchMessage, AlreadyAdded, TooLateToAdd: there is nothing to be added to, or not any more.

    """
    authority.permit(Role.PUBLIC)
    if extra.is_empty:
        raise NothingAdded
    comment = _short_enough(extra.comment)
    with register.transaction() as transaction:
        feedback = message_of(transaction, receipt)
        check_may_add(transaction, authority, feedback)
        addition = Addition(
            id=f"{feedback.id}-P",
            feedback_id=feedback.id,
            post_id=feedback.post_id,
            topic=extra.topic,
            comment=comment,
            sealed_contact=extra.sealed_contact,
            added_at=authority.now,
        )
        photos = enclosed(transaction, _subject(feedback), extra.photos, authority.now)
        about = Deed(act="add to feedback", object=feedback.copy_id)
        enact(transaction, authority, about, [addition, *photos])
    return addition


def may_add(reader: Reader, authority: Authority, feedback: Feedback) -> bool:
    """Tell whether a message may be added to now."""
    try:
        check_may_add(reader, authority, feedback)
    except (AlreadyAdded, TooLateToAdd):
        return False
    return True


def check_may_add(reader: Reader, authority: Authority, feedback: Feedback) -> None:
    """Let a message pass that may be added to now.

    Raises:
        AlreadyAdded, TooLateToAdd: it may not.

    """
    for earlier in reader.find(Addition, feedback_id=feedback.id):
        raise AlreadyAdded(when=earlier.added_at)
    answered = answers_to(reader, feedback.id).settlement
    is_fresh = authority.now - feedback.given_at <= ADDED_WITHIN
    if answered or not is_fresh or feedback.channel is Channel.PAPER:
        raise TooLateToAdd(minutes=int(ADDED_WITHIN.total_seconds() // 60))


def enter_paper_message(register: Register, authority: Authority, message: PaperMessage) -> Feedback:
    """Enter the words of a paper form, marked as such; its grade is shown and never counted (F24, F25).

    Only the committee types forms in: a branch would read who complains of it.

    Raises:
        NotAllowed, NoSuchPost: the actor is not the committee, or there is no such post.
        NothingSaid, CommentTooLong: there are no words to keep, or too many.

    """
    authority.permit(Role.COMMITTEE)
    comment = _short_enough(message.comment)
    if not comment:
        raise NothingSaid
    with register.transaction() as transaction:
        post = dossier_of(transaction, message.post_id).post
        feedback = Feedback(
            id=message.receipt,
            copy_id="",
            post_id=post.id,
            branch_id=post.branch_id,
            topic=message.topic,
            grade=message.grade,
            comment=comment,
            voter="",
            counted=False,
            given_at=authority.now,
            channel=Channel.PAPER,
            sealed_contact=message.sealed_contact,
        )
        enact(transaction, authority, Deed(act="paper feedback", object=post.id), [feedback])
    return feedback


def re_rate(register: Register, authority: Authority, receipt: str, grade: Grade) -> ReRating:
    """Take the second grade of whoever has the receipt; it counts in the first one's place.

    Raises:
        NotAllowed: an officer speaks in the public's place.
        NoSuchMessage, NothingToReRate, NotSettled: there is nothing to be graded again, or not yet.
        AlreadyReRated: once is all; nothing changes.

    """
    authority.permit(Role.PUBLIC)
    with register.transaction() as transaction:
        feedback = message_of(transaction, receipt)
        _check_re_ratable(feedback, answers_to(transaction, feedback.id))
        rating = ReRating(
            id=f"{feedback.id}-2",
            feedback_id=feedback.id,
            post_id=feedback.post_id,
            grade=grade,
            rated_at=authority.now,
        )
        enact(transaction, authority, Deed(act="re-rate", object=feedback.post_id), [rating])
    return rating


def may_re_rate(feedback: Feedback, answers: Answers) -> bool:
    """Tell whether a message may be graded a second time now."""
    try:
        _check_re_ratable(feedback, answers)
    except (NothingToReRate, NotSettled, AlreadyReRated):
        return False
    return True


def _check_re_ratable(feedback: Feedback, answers: Answers) -> None:
    if feedback.grade not in BAD_GRADES:
        raise NothingToReRate
    if answers.settlement is None:
        raise NotSettled
    if earlier := answers.re_rating:
        raise AlreadyReRated(
            when=earlier.rated_at,
            grade_zh=GRADE_ZH[earlier.grade],
            grade_en=GRADE_EN[earlier.grade],
        )


def message_of(reader: Reader, receipt: str) -> Feedback:
    """Return the message a receipt code belongs to, with what was added to it.

    Raises:
        NoSuchMessage: it is nobody's.

    """
    feedback = reader.get(Feedback, receipt.strip().upper())
    if feedback is None:
        raise NoSuchMessage(receipt=receipt[:_RECEIPT_SHOWN])
    return as_it_stands(feedback, additions_to(reader, feedback_id=feedback.id))


def _short_enough(words: str) -> str:
    comment = words.strip()
    if len(comment) > COMMENT_LONGEST:
        raise CommentTooLong(length=len(comment), longest=COMMENT_LONGEST)
    return comment


def _counts(reader: Reader, authority: Authority, copy: Copy, message: Message) -> bool:
    if message.grade is None or not message.may_count:
        return False
    voted = any(earlier.counted for earlier in reader.find(Feedback, voter=message.voter))
    return not voted and standing_in(reader, copy, authority.now).stands


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What an investigation of a post found, and which messages it looked into."""

    finding: Finding
    facts: str
    feedback_ids: tuple[str, ...] = ()


def conclude_investigation(
    register: Register, authority: Authority, post_id: str, conclusion: Conclusion
) -> Investigation:
    """Enter what the committee found when it looked into complaints about a post; it answers none of them.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing, NoSuchPost, NotThisPost: the finding is incomplete.

    """
    authority.permit(Role.COMMITTEE)
    facts = stated(conclusion.facts, what_zh="查证情况", what_en="account of the investigation")
    with register.transaction() as transaction:
        dossier_of(transaction, post_id)
        for feedback_id in conclusion.feedback_ids:
            _check_about(transaction, feedback_id, post_id)
        investigation = Investigation(
            id=f"{post_id}-I{len(transaction.find(Investigation, post_id=post_id)) + 1}",
            post_id=post_id,
            feedback_ids=conclusion.feedback_ids,
            finding=conclusion.finding,
            facts=facts,
            concluded_at=authority.now,
        )
        told = FINDING_ZH[conclusion.finding]
        enact(transaction, authority, Deed(act="investigate", object=post_id, reason=told), [investigation])
    return investigation


def _check_about(reader: Reader, feedback_id: str, post_id: str) -> None:
    feedback = reader.get(Feedback, feedback_id)
    if feedback is None or feedback.post_id != post_id:
        raise NotThisPost(feedback_id=feedback_id, post_id=post_id)
