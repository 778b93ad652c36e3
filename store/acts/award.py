"""The committee names a post a holder of the title (F12, F16)."""

from datetime import date

from store.acts.apply import PostIsRevoked
from store.acts.authority import Authority, Deed, enact
from store.dossier import Dossier, dossier_of
from store.records import Award, Role
from store.refusals import Refusal
from store.register import Register
from store.rules import check_post


class NotApproved(Refusal):
    """The post has no approval yet. Remedy: approve it first."""

    clause_id = "F7"
    reason_zh = "岗位{post_id}尚未批准。"
    reason_en = "Post {post_id} has not been approved."
    remedy_zh = "请先批准；批准前只能打印样张（--proof）。"
    remedy_en = "Approve it first; until then only a proof can be printed (--proof)."


class AlreadyAwarded(Refusal):
    """The post holds the title. Remedy: none is needed."""

    clause_id = "F16"
    reason_zh = "岗位{post_id}已于{awarded_on}命名。"
    reason_en = "Post {post_id} was named on {awarded_on}."
    remedy_zh = "无需重复办理。"
    remedy_en = "Nothing has to be done."


def award(
    register: Register, authority: Authority, post_id: str, *, awarded_on: date, document: str = ""
) -> Award:
    """Name the post a holder of the title.

    Raises:
        NotAllowed: the actor is not the committee.
        NoSuchPost, NotApproved, AlreadyAwarded, PostIsRevoked: the post cannot be named.
        TooFewMembers, NotExactlyOneMember: the members still in the post are too few (F2, F4).

    """
    authority.permit(Role.COMMITTEE)
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        check_approved(dossier)
        if dossier.award:
            raise AlreadyAwarded(post_id=post_id, awarded_on=dossier.award.awarded_on)
        check_post(dossier.content, dossier.members, authority.policy)
        awarded = Award(
            id=f"{post_id}-T",
            post_id=post_id,
            awarded_on=awarded_on,
            document=document.strip(),
            entered_at=authority.now,
        )
        enact(transaction, authority, Deed(act="award", object=post_id, reason=document.strip()), [awarded])
    return awarded


def check_approved(dossier: Dossier) -> None:
    """Let a post pass that is approved and stands.

    Raises:
        PostIsRevoked: the post was vetoed.
        NotApproved: the post has no approval.

    """
    if dossier.veto:
        raise PostIsRevoked(post_id=dossier.post.id, post_name=dossier.content.name)
    if dossier.approval is None:
        raise NotApproved(post_id=dossier.post.id)
