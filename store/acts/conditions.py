"""What an act asks of the post it is about: that it stands, is the actor's own, and has the member named."""

from store.acts.authority import Authority
from store.dossier import Dossier, dossier_of
from store.records import Role
from store.refusals import Refusal
from store.register import Reader


class PostIsRevoked(Refusal):
    """The post was vetoed; its title does not come back by an application. Remedy: ask the committee."""

    clause_id = "F22"
    reason_zh = "岗位{post_id}“{post_name}”的称号已被撤销，不能再办理此事。"
    reason_en = "Post {post_id} ({post_name}) has been revoked; this can no longer be done for it."
    remedy_zh = "请从名册中去掉该岗位，或报党委研究。"
    remedy_en = "Leave it out of the roster, or ask the committee."


class PostHasEnded(Refusal):
    """The post has ended; nothing more is done for it. Remedy: apply for a new post."""

    clause_id = "F19"
    reason_zh = "岗位{post_id}“{post_name}”已停用，不能再办理此事。"
    reason_en = "Post {post_id} ({post_name}) has ended; this can no longer be done for it."
    remedy_zh = "如需继续创建，请重新申报岗位。"
    remedy_en = "To go on, apply for a new post."


class NotApproved(Refusal):
    """The post has no approval yet. Remedy: approve it first."""

    clause_id = "F7"
    reason_zh = "岗位{post_id}尚未批准。"
    reason_en = "Post {post_id} has not been approved."
    remedy_zh = "请先批准；批准前只能打印样张（--proof）。"
    remedy_en = "Approve it first; until then only a proof can be printed (--proof)."


class NotInPost(Refusal):
    """The person named is not a member of the post. Remedy: compare the name with the post's list."""

    clause_id = "F19"
    reason_zh = "“{member_name}”不在岗位{post_id}的党员名单中。"
    reason_en = "{member_name!r} is not among the members of post {post_id}."
    remedy_zh = "请核对姓名，名单上现有：{members}。"
    remedy_en = "Compare the name; its members are: {members}."


def check_open(dossier: Dossier) -> None:
    """Let a post pass that was neither revoked nor ended.

    Raises:
        PostIsRevoked, PostHasEnded: nothing more is decided in its favour.

    """
    facts = {"post_id": dossier.post.id, "post_name": dossier.content.name}
    if dossier.veto:
        raise PostIsRevoked(**facts)
    if dossier.end:
        raise PostHasEnded(**facts)


def check_approved(dossier: Dossier) -> None:
    """Let a post pass that is approved and stands.

    Raises:
        PostIsRevoked, PostHasEnded: the post was vetoed, or has ended.
        NotApproved: the post has no approval.

    """
    check_open(dossier)
    if dossier.approval is None:
        raise NotApproved(post_id=dossier.post.id)


def check_member(dossier: Dossier, name: str) -> None:
    """Let the name of a member of the post pass.

    Raises:
        NotInPost: nobody in the post has it, or has it still.

    """
    names = [each.name for each in dossier.members]
    if name not in names:
        raise NotInPost(member_name=name, post_id=dossier.post.id, members="、".join(names))


def own_post(reader: Reader, authority: Authority, post_id: str) -> Dossier:
    """Return a post that stands, for the committee or an officer of its branch.

    Raises:
        NotAllowed, NoSuchPost: it is not the actor's post, or there is none.
        NotApproved, PostIsRevoked, PostHasEnded: the post does not stand.

    """
    dossier = dossier_of(reader, post_id)
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=dossier.post.branch_id)
    check_approved(dossier)
    return dossier
