"""The committee takes a mistaken veto back, on the record: the post stands again (F20, F29)."""

from dataclasses import dataclass, replace

from store.acts.authority import Authority, Deed, enact, stated
from store.dossier import dossier_of
from store.lookup import history_of
from store.recalls import Summons, called_back_by, next_line
from store.records import Copy, RecallCause, RecallLine, Role, VetoCorrection
from store.refusals import Refusal
from store.register import Reader, Register
from store.standing import Verdict, standing_of


class NoVetoInForce(Refusal):
    """The post is not revoked, so there is nothing to take back. Remedy: look at its record."""

    clause_id = "F20"
    reason_zh = "岗位{post_id}没有生效中的一票否决，无可更正。"
    reason_en = "No veto of post {post_id} is in force; there is nothing to take back."
    remedy_zh = "请查看岗位记录：可能从未否决，或已经更正。"
    remedy_en = "Look at its record: it was never vetoed, or that was taken back already."


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """The correction, the copies that count again, and the recall lines of those that do not."""

    correction: VetoCorrection
    restored: tuple[Copy, ...]
    recall_lines: tuple[RecallLine, ...]


def correct_veto(
    register: Register, authority: Authority, post_id: str, *, document: str, reason: str
) -> Corrected:
    """Take the veto in force back: the post stands again, and so does every copy that is still out.

    The recall lines that the veto opened are closed thereby. Copies that came back or were destroyed stay so
    and are printed anew. A copy that has another reason to come back by now, because its holder left in the
    meantime or the post had ended, is called back for that.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing: no document number, or no reason.
        NoSuchPost, NoVetoInForce: there is no veto to take back.

    """
    authority.permit(Role.COMMITTEE)
    document = stated(document, what_zh="更正文号", what_en="document number")
    reason = stated(reason, what_zh="更正理由", what_en="reason of the correction")
    with register.transaction() as transaction:
        veto = dossier_of(transaction, post_id).veto
        if veto is None:
            raise NoVetoInForce(post_id=post_id)
        correction = VetoCorrection(
            id=f"{veto.id}-C",
            veto_id=veto.id,
            post_id=post_id,
            document=document,
            reason=reason,
            corrected_at=authority.now,
        )
        freed = called_back_by(transaction, transaction.find(Copy, post_id=post_id), veto)
        lines = [line for copy in freed for line in _due_all_the_same(transaction, authority, copy)]
        deed = Deed(act="correct veto", object=post_id, reason=f"{document} {reason}")
        enact(transaction, authority, deed, [correction, *lines])
    due = {line.copy_id for line in lines}
    restored = tuple(each for each in freed if each.id not in due)
    return Corrected(correction=correction, restored=restored, recall_lines=tuple(lines))


_STILL_DUE = {
    Verdict.LEFT: RecallCause.DEPARTURE,
    Verdict.REPLACED: RecallCause.REPLACEMENT,
    Verdict.ENDED: RecallCause.END,
}


def _due_all_the_same(reader: Reader, authority: Authority, copy: Copy) -> list[RecallLine]:
    history = replace(history_of(reader, copy), veto=None)
    cause = _STILL_DUE.get(standing_of(history, authority.now).verdict)
    days = authority.policy.recall_days
    return [next_line(reader, copy, Summons(cause=cause, now=authority.now, days=days))] if cause else []
