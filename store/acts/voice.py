"""The public's voice (F21, F25): messages are received, votes count once, complaints are investigated."""

from dataclasses import dataclass

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.circulation import NoSuchCopy
from store.dossier import dossier_of
from store.lookup import standing_in
from store.records import Copy, Feedback, Finding, Grade, Investigation, Role, Topic
from store.refusals import Refusal
from store.register import Reader, Register

COMMENT_LONGEST = 500


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


class NotThisPost(Refusal):
    """A message named in an investigation is not about the post. Remedy: compare the receipt codes."""

    clause_id = "F21"
    reason_zh = "意见“{feedback_id}”不是关于岗位{post_id}的。"
    reason_en = "Message {feedback_id!r} is not about post {post_id}."
    remedy_zh = "请核对回执编号。"
    remedy_en = "Compare the receipt codes."


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a member of the public says about a plate.

    `voter` is a keyed hash of device, plate and week; `may_count` is what the throttle says of a vote.
    """

    receipt: str
    copy_id: str
    topic: Topic
    grade: Grade | None
    comment: str
    voter: str
    may_count: bool = True


def give_feedback(register: Register, authority: Authority, message: Message) -> Feedback:
    """Receive a message; its grade counts if the plate stands and the device has not voted this week.

    Raises:
        NoSuchCopy: the plate is not in the register.
        NothingSaid, CommentTooLong: there is nothing to keep, or too much.

    """
    comment = _checked_comment(message)
    with register.transaction() as transaction:
        copy = transaction.get(Copy, message.copy_id)
        if copy is None:
            raise NoSuchCopy(copy_id=message.copy_id)
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
        )
        enact(transaction, authority, Deed(act="feedback", object=copy.id), [feedback])
    return feedback


def _checked_comment(message: Message) -> str:
    comment = message.comment.strip()
    if message.topic in {Topic.RATING, Topic.OTHER} and message.grade is None and not comment:
        raise NothingSaid
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
    """Enter what the committee found when it looked into complaints about a post.

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
        enact(transaction, authority, Deed(act="investigate", object=post_id, reason=facts), [investigation])
    return investigation


def _check_about(reader: Reader, feedback_id: str, post_id: str) -> None:
    feedback = reader.get(Feedback, feedback_id)
    if feedback is None or feedback.post_id != post_id:
        raise NotThisPost(feedback_id=feedback_id, post_id=post_id)
