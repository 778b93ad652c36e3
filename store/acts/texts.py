"""Wording what the public is told: where to complain, and what the programme is here."""

from store.acts.authority import Authority, Deed, StatementTooLong, enact
from store.public_texts import LONGEST, SUBJECT_EN, SUBJECT_ZH, worded
from store.records import PublicText, Role, TextSubject
from store.refusals import Refusal
from store.register import Register


class WordedSoAlready(Refusal):
    """The public is told just these words. Remedy: change them."""

    clause_id = "F37"
    reason_zh = "“{subject_zh}”已是这样写的。"
    reason_en = "{subject_en} is worded so already."
    remedy_zh = "请先改写再保存。"
    remedy_en = "Change the words first."


def word_text(register: Register, authority: Authority, subject: TextSubject, text: str) -> PublicText:
    """Tell the public something in other words from now on; an empty text tells nothing (F37).

    Raises:
        NotAllowed: the actor is neither the committee nor the administrator.
        StatementTooLong, WordedSoAlready: it cannot be worded so.

    """
    authority.permit(Role.COMMITTEE, Role.ADMINISTRATOR)
    words, zh, en = text.strip(), SUBJECT_ZH[subject], SUBJECT_EN[subject]
    if len(words) > LONGEST[subject]:
        raise StatementTooLong(what_zh=zh, what_en=en, length=len(words), longest=LONGEST[subject])
    with register.transaction() as transaction:
        if worded(transaction, subject) == words:
            raise WordedSoAlready(subject_zh=zh, subject_en=en)
        told = PublicText(
            id=f"X{transaction.count(PublicText) + 1}", subject=subject, text=words, worded_at=authority.now
        )
        enact(transaction, authority, Deed(act="word text", object=zh, reason=words), [told])
    return told
