"""The committee decides on an application: it approves it, or sends it back (F5, F6, F7, F26, F35).

What it approves off the plan's regular course stands on the record as a consent, by the clause waived.
"""

from collections.abc import Iterator
from datetime import date

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.circulation import departures_of
from store.acts.conditions import check_open
from store.acts.notices import check_unopposed, waived_notice
from store.acts.plans import waived_plan
from store.calendar import office_day
from store.dossier import Dossier, dossier_of, dossiers
from store.records import Application, ApplicationReturned, Approval, Role, Timing
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


class SentBack(Refusal):
    """The post's latest application was sent back. Remedy: the branch applies again."""

    clause_id = "F7"
    reason_zh = "岗位{post_id}的申报已退回（文号：{document}）：“{opinion}”。"
    reason_en = "The application of post {post_id} was sent back by document {document}: {opinion!r}."
    remedy_zh = "请由总支修改后重新申报。"
    remedy_en = "The branch applies again."


class AppliedSince(Refusal):
    """The branch applied anew after the application was looked at. Remedy: look at the new one."""

    clause_id = "F7"
    reason_zh = "岗位{post_id}在您查看之后又有新的申报（{application_id}），本次未批准。"
    reason_en = "Post {post_id} was applied for anew ({application_id}) since; nothing was approved."
    remedy_zh = "请核对新申报的内容后再批准。"
    remedy_en = "Look at what it says now, then approve."


class QuotaExceeded(Refusal):
    """The branch would have more posts than the plan allows. Remedy: the committee states why it consents."""

    clause_id = "F5"
    reason_zh = "“{branch_name}”已批准{approved}个岗位，超过每个总支{most}个的上限。"
    reason_en = "{branch_name} has {approved} approved posts; a branch may have {most}."
    remedy_zh = "党委同意超额设岗的，请写明理由后再批准（命令行用 --reason）。"
    remedy_en = "To consent all the same, state the reason (on the command line: --reason)."


def approve(  # noqa: PLR0913 - three texts of the decision, each named
    register: Register,
    authority: Authority,
    post_id: str,
    *,
    document: str,
    over_quota_reason: str = "",
    looked_at: str = "",
) -> Approval:
    """Approve the post's latest application; who a change leaves out has left the post in the same act.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing: no document number.
        NoSuchPost, PostIsRevoked, PostHasEnded, AlreadyApproved, SentBack: there is nothing to approve.
        AppliedSince: the application `looked_at`, where it is named, is not the latest any more.
        TooFewMembers, NotExactlyOneMember, TextMissing: the post falls short (F2, F4, F10).
        NoticeStillRuns, ObjectionUnsettled: the public has not been heard out (F26).
        QuotaExceeded: the branch is over quota and no reason was given (F5).
        NoPlan, NoNotice: the policy requires what is not there (F26, F35).

    """
    authority.permit(Role.COMMITTEE)
    document = stated(document, what_zh="批准文号", what_en="document number")
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        _check_approvable(transaction, authority, dossier, looked_at)
        approval = Approval(
            id=f"{dossier.latest.id}-P",
            application_id=dossier.latest.id,
            post_id=post_id,
            document=document,
            opinion=over_quota_reason.strip(),
            consents=tuple(_consents(transaction, dossier, authority, over_quota_reason)),
            approved_at=authority.now,
        )
        departures, lines = departures_of(transaction, authority, dossier, _left_out(dossier))
        deed = Deed(act="approve", object=post_id, reason=f"{document} {over_quota_reason}".strip())
        enact(transaction, authority, deed, [approval, *departures, *lines])
    return approval


def return_application(
    register: Register, authority: Authority, post_id: str, *, document: str, opinion: str
) -> ApplicationReturned:
    """Send the post's latest application back with the committee's opinion; what is in force stays so.

    Raises:
        NotAllowed: the actor is not the committee.
        ReasonMissing: no document number, or no opinion.
        NoSuchPost, PostIsRevoked, PostHasEnded, AlreadyApproved, SentBack: there is nothing to decide.

    """
    authority.permit(Role.COMMITTEE)
    document = stated(document, what_zh="退回文号", what_en="document number")
    opinion = stated(opinion, what_zh="退回意见", what_en="committee's opinion")
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        _check_pending(dossier)
        returned = ApplicationReturned(
            id=f"{dossier.latest.id}-B",
            application_id=dossier.latest.id,
            post_id=post_id,
            document=document,
            opinion=opinion,
            returned_at=authority.now,
        )
        deed = Deed(act="send back", object=post_id, reason=f"{document} {opinion}")
        enact(transaction, authority, deed, [returned])
    return returned


def _check_approvable(reader: Reader, authority: Authority, dossier: Dossier, looked_at: str) -> None:
    _check_pending(dossier)
    if looked_at not in {"", dossier.latest.id}:
        raise AppliedSince(post_id=dossier.post.id, application_id=dossier.latest.id)
    check_post(dossier.latest.content, dossier.members_of(dossier.latest), authority.policy)
    check_unopposed(reader, dossier, authority)


def _check_pending(dossier: Dossier) -> None:
    check_open(dossier)
    if back := dossier.sent_back:
        raise SentBack(post_id=dossier.post.id, document=back.document, opinion=back.opinion)
    if dossier.approval and not dossier.pending:
        raise AlreadyApproved(post_id=dossier.post.id, document=dossier.approval.document)


def _left_out(dossier: Dossier) -> list[str]:
    """Return the members in force whom the latest application no longer names (F19)."""
    named = {each.name for each in dossier.latest.content.members}
    return [each.name for each in dossier.members if dossier.approval and each.name not in named]


def _consents(reader: Reader, dossier: Dossier, authority: Authority, reason: str) -> Iterator[str]:
    """Yield the clauses the committee waives when a post is set up; changing one is no application (F19)."""
    if dossier.approval:
        return
    yield from _off_window(dossier.latest, authority)
    yield from _over_quota(reader, dossier, authority, reason)
    yield from waived_plan(reader, dossier.branch, dossier.post.year, authority.policy)
    yield from waived_notice(reader, dossier, authority)


def _off_window(application: Application, authority: Authority) -> tuple[str, ...]:
    """Waive the window for a late application, and for a draft that is approved before the window opens."""
    opens = date(application.year, *authority.policy.window_opens)
    drafted = application.timing is Timing.EARLY and office_day(authority.now) >= opens
    return () if drafted or application.timing is Timing.IN_WINDOW else ("F6",)


def _over_quota(reader: Reader, dossier: Dossier, authority: Authority, reason: str) -> tuple[str, ...]:
    approved = approved_posts(reader, dossier.post.branch_id, dossier.post.year)
    if approved < authority.policy.posts_per_branch_max:
        return ()
    if not reason.strip():
        raise QuotaExceeded(
            branch_name=dossier.branch.name, approved=approved, most=authority.policy.posts_per_branch_max
        )
    return ("F5",)


def approved_posts(reader: Reader, branch_id: str, year: int) -> int:
    """Return how many posts of a branch and year are approved and go on: what the quota counts (F5)."""
    return sum(
        1 for each in dossiers(reader, branch_id) if each.approval and each.is_open and each.post.year == year
    )
