"""What a post tells the public is entered: a commitment of its own or of a member (F34), a deed (F36)."""

from dataclasses import dataclass
from datetime import date

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.conditions import check_member, own_post
from store.acts.days import passed
from store.records import Commitment, ExemplaryDeed
from store.refusals import Refusal
from store.register import Register

COMMITMENT_LONGEST = 200
DEED_TITLE_LONGEST = 30
DEED_LONGEST = 600


class WordsTooLong(Refusal):
    """A text is longer than a phone's page takes. Remedy: shorten it."""

    clause_id = "F34"
    reason_zh = "{what_zh}有{length}个字，超过{longest}个字。"
    reason_en = "The {what_en} has {length} characters; {longest} are taken."
    remedy_zh = "请精简后再登记。"
    remedy_en = "Shorten it."


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What was promised and when, by a member or, without a name, by the post."""

    text: str
    made_on: date
    member_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """A deed of a member or, without a name, of the post."""

    title: str
    text: str
    member_name: str = ""


def commit(register: Register, authority: Authority, post_id: str, promise: Promise) -> Commitment:
    """Enter a commitment; it shows on the scan page in place of the one before it.

    Raises:
        ReasonMissing, WordsTooLong, DayAhead: the commitment is incomplete.
        NotAllowed, NoSuchPost: it is not the actor's post, or there is none.
        NotApproved, PostIsRevoked, PostHasEnded: the post does not stand.
        NotInPost: the person named is not in the post.

    """
    text = _fitting(promise.text, COMMITMENT_LONGEST, what_zh="公开承诺", what_en="commitment")
    passed(promise.made_on, authority, what_zh="承诺日期", what_en="day of the commitment")
    with register.transaction() as transaction:
        dossier = own_post(transaction, authority, post_id)
        if promise.member_name:
            check_member(dossier, promise.member_name)
        made = Commitment(
            id=f"{post_id}-N{len(transaction.find(Commitment, post_id=post_id)) + 1}",
            post_id=post_id,
            member_name=promise.member_name,
            text=text,
            made_on=promise.made_on,
            entered_at=authority.now,
        )
        enact(transaction, authority, Deed(act="commit", object=post_id, reason=promise.member_name), [made])
    return made


def tell_deed(register: Register, authority: Authority, post_id: str, story: Story) -> ExemplaryDeed:
    """Enter a deed; it shows on the scan pages of the post's valid title plates, and on no others.

    Told again under the same title, it takes the earlier's place there.

    Raises:
        ReasonMissing, WordsTooLong: the deed is incomplete.
        NotAllowed, NoSuchPost: it is not the actor's post, or there is none.
        NotApproved, PostIsRevoked, PostHasEnded: the post does not stand.
        NotInPost: the person named is not in the post.

    """
    title = _fitting(story.title, DEED_TITLE_LONGEST, what_zh="事迹标题", what_en="title of the deed")
    text = _fitting(story.text, DEED_LONGEST, what_zh="事迹内容", what_en="account of the deed")
    with register.transaction() as transaction:
        dossier = own_post(transaction, authority, post_id)
        if story.member_name:
            check_member(dossier, story.member_name)
        told = ExemplaryDeed(
            id=f"{post_id}-S{len(transaction.find(ExemplaryDeed, post_id=post_id)) + 1}",
            post_id=post_id,
            member_name=story.member_name,
            title=title,
            text=text,
            entered_at=authority.now,
        )
        enact(transaction, authority, Deed(act="deed", object=post_id, reason=title), [told])
    return told


def _fitting(text: str, longest: int, *, what_zh: str, what_en: str) -> str:
    said = stated(text, what_zh=what_zh, what_en=what_en)
    if len(said) > longest:
        raise WordsTooLong(what_zh=what_zh, what_en=what_en, length=len(said), longest=longest)
    return said
