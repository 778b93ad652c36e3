"""The committee approves an application (F5, F6, F7)."""

from store.acts.apply import PostIsRevoked
from store.acts.authority import Authority, Deed, enact, stated
from store.dossier import Dossier, dossier_of, dossiers
from store.records import Approval, Role, Timing
from store.refusals import Refusal
from store.register import Reader, Register
from store.rules import check_post


class AlreadyApproved(Refusal):
    """The post's latest application has been approved. Remedy: none is needed."""

    clause_id = "F7"
    reason_zh = "岗位{post_id}已于此前批准（文号：{document}）。"
    reason_en = "Post {post_id} is approved already, by document {document}."
    remedy_zh = "无需重复办理。"
    remedy_en = "Nothing has to be done."


class QuotaExceeded(Refusal):
    """The branch would have more posts than the plan allows. Remedy: the committee states why it consents."""

    clause_id = "F5"
    reason_zh = "“{branch_name}”已批准{approved}个岗位，超过每个总支{most}个的上限。"
    reason_en = "{branch_name} has {approved} approved posts; a branch may have {most}."
    remedy_zh = "党委同意超额设岗的，请写明理由后再批准（命令行用 --reason）。"
    remedy_en = "To consent all the same, state the reason (on the command line: --reason)."


def approve(
    register: Register, authority: Authority, post_id: str, *, document: str, over_quota_reason: str = ""
) -> Approval:
    """Approve the post's latest application.

    An application outside the window of F6 is approved with the committee's consent on the record.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing: no document number.
        NoSuchPost, PostIsRevoked, AlreadyApproved: there is nothing to approve.
        QuotaExceeded: the branch is over quota and no reason was given (F5).
        TooFewMembers, NotExactlyOneMember, TextMissing: the post falls short (F2, F4, F10).

    """
    authority.permit(Role.COMMITTEE)
    document = stated(document, what_zh="批准文号", what_en="document number")
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        _check_open(dossier)
        check_post(dossier.latest.content, dossier.members_of(dossier.latest), authority.policy)
        consents = (*_late(dossier), *_over_quota(transaction, dossier, authority, over_quota_reason))
        approval = Approval(
            id=f"{dossier.latest.id}-P",
            application_id=dossier.latest.id,
            post_id=post_id,
            document=document,
            opinion=over_quota_reason.strip(),
            consents=consents,
            approved_at=authority.now,
        )
        deed = Deed(act="approve", object=post_id, reason=f"{document} {over_quota_reason}".strip())
        enact(transaction, authority, deed, [approval])
    return approval


def _check_open(dossier: Dossier) -> None:
    if dossier.veto:
        raise PostIsRevoked(post_id=dossier.post.id, post_name=dossier.content.name)
    if dossier.approval and not dossier.pending:
        raise AlreadyApproved(post_id=dossier.post.id, document=dossier.approval.document)


def _late(dossier: Dossier) -> tuple[str, ...]:
    return () if dossier.latest.timing is Timing.IN_WINDOW else ("F6",)


def _over_quota(reader: Reader, dossier: Dossier, authority: Authority, reason: str) -> tuple[str, ...]:
    if dossier.approval:
        return ()
    others = dossiers(reader, dossier.post.branch_id)
    approved = sum(
        1 for each in others if each.approval and not each.veto and each.post.year == dossier.post.year
    )
    if approved < authority.policy.posts_per_branch_max:
        return ()
    if not reason.strip():
        raise QuotaExceeded(
            branch_name=dossier.branch.name, approved=approved, most=authority.policy.posts_per_branch_max
        )
    return ("F5",)
