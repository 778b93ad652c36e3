"""The one-vote veto: the title falls and every plate is called back, in one act (F20-F23).

A veto that was a mistake is taken back by an act of its own (correction.py); after that the post can be
vetoed again.
"""

from dataclasses import dataclass

from store.acts.authority import Authority, Deed, enact, stated
from store.dossier import Dossier, dossier_of
from store.recalls import Summons, open_lines
from store.records import Copy, Finding, Investigation, RecallCause, RecallLine, Role, Veto, VetoCause
from store.refusals import Refusal
from store.register import Reader, Register


class AlreadyVetoed(Refusal):
    """The post was vetoed before; the first veto stands and nothing changes. Remedy: none is needed."""

    clause_id = "F20"
    reason_zh = "岗位{post_id}已于{when}被一票否决，称号已撤销，本次未作任何更改。"
    reason_en = "Post {post_id} was vetoed at {when}; nothing has changed."
    remedy_zh = "请跟进标牌收回。"
    remedy_en = "See to the recall of its plates."


class NotSubstantiated(Refusal):
    """Cause 3 came without a substantiated investigation of this post. Remedy: investigate first."""

    clause_id = "F21"
    reason_zh = "以群众反映为由否决岗位{post_id}，须有经查证属实的查证结论。"
    reason_en = "A veto of post {post_id} for a complaint needs an investigation that substantiated it."
    remedy_zh = "请先登记查证结论（属实），并在否决时注明查证编号。"
    remedy_en = "Enter the investigation's finding first, and name it with the veto."


class NothingApproved(Refusal):
    """The post was never approved; there is no title to revoke. Remedy: leave it unapproved."""

    clause_id = "F20"
    reason_zh = "岗位{post_id}尚未批准，没有称号可撤销。"
    reason_en = "Post {post_id} was never approved; there is nothing to revoke."
    remedy_zh = "不予批准即可。"
    remedy_en = "Do not approve it."


@dataclass(frozen=True, kw_only=True)
class Charge:
    """Why a post is vetoed: one of the four causes, the facts, and for cause 3 the investigation."""

    cause: VetoCause
    facts: str
    investigation_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Vetoed:
    """The veto and the recall lines it opened."""

    veto: Veto
    recall_lines: tuple[RecallLine, ...]


def veto(register: Register, authority: Authority, post_id: str, charge: Charge) -> Vetoed:
    """Revoke a post's title and open a recall line for every outstanding copy, in one transaction.

    When this returns, no scan on any worker shows the post's plates as standing.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing: the facts are not stated.
        NoSuchPost, NothingApproved: there is no title to revoke.
        AlreadyVetoed: the first veto stands; nothing changes.
        NotSubstantiated: cause 3 without a substantiated investigation of this post (F21).

    """
    authority.permit(Role.COMMITTEE)
    facts = stated(charge.facts, what_zh="否决事实", what_en="facts of the veto")
    with register.transaction() as transaction:
        _check_vetoable(dossier_of(transaction, post_id))
        _check_cause(transaction, post_id, charge)
        cast = Veto(
            id=_next_id(transaction, post_id),
            post_id=post_id,
            cause=charge.cause,
            facts=facts,
            investigation_id=charge.investigation_id,
            cast_at=authority.now,
        )
        lines = open_lines(transaction, transaction.find(Copy, post_id=post_id), _summons(authority, cast))
        enact(transaction, authority, Deed(act="veto", object=post_id, reason=facts), [cast, *lines])
    return Vetoed(veto=cast, recall_lines=tuple(lines))


def _next_id(reader: Reader, post_id: str) -> str:
    earlier = len(reader.find(Veto, post_id=post_id))
    return f"{post_id}-V{earlier + 1}" if earlier else f"{post_id}-V"


def _summons(authority: Authority, cast: Veto) -> Summons:
    days = authority.policy.recall_days
    return Summons(cause=RecallCause.VETO, now=authority.now, days=days, veto_id=cast.id)


def _check_vetoable(dossier: Dossier) -> None:
    if dossier.veto:
        raise AlreadyVetoed(post_id=dossier.post.id, when=dossier.veto.cast_at)
    if dossier.approval is None:
        raise NothingApproved(post_id=dossier.post.id)


def _check_cause(reader: Reader, post_id: str, charge: Charge) -> None:
    found = reader.get(Investigation, charge.investigation_id) if charge.investigation_id else None
    proves = found is not None and found.post_id == post_id and found.finding is Finding.SUBSTANTIATED
    if not proves and (charge.cause is VetoCause.SUBSTANTIATED_COMPLAINT or charge.investigation_id):
        raise NotSubstantiated(post_id=post_id)
