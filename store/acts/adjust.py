"""A post that stands is changed, or ends without disgrace (F19).

A change is an application like any other: it takes effect when the committee approves it.
"""

from dataclasses import dataclass, fields, replace

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.conditions import check_approved, own_post
from store.calendar import office_day
from store.differences import differences_between
from store.dossier import Dossier, dossier_of, dossiers
from store.recalls import Summons, open_lines
from store.records import (
    Application,
    Copy,
    EndCause,
    Member,
    PostContent,
    PostEnd,
    RecallCause,
    RecallLine,
    Role,
)
from store.refusals import Refusal
from store.register import Reader, Register
from store.rules import check_post


class NothingChanges(Refusal):
    """The change leaves every word as it is. Remedy: say what is to be different."""

    clause_id = "F19"
    reason_zh = "所报内容与岗位{post_id}的现有内容一致，没有可调整的。"
    reason_en = "Post {post_id} is in just these words already; there is nothing to change."
    remedy_zh = "请写明要调整的成员、职责、地点或名称。"
    remedy_en = "Say which members, duties, place or name are to be different."


class NameTaken(Refusal):
    """Another post of the branch has the name. Remedy: choose another."""

    clause_id = "F19"
    reason_zh = "“{branch_name}”已有名为“{post_name}”的岗位（{other_id}）。"
    reason_en = "{branch_name} has a post {post_name!r} already ({other_id})."
    remedy_zh = "请换一个岗位名称。"
    remedy_en = "Choose another name."


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be different about a post; None leaves it as it is. `members` names all of them."""

    name: str | None = None
    duties: str | None = None
    place: str | None = None
    members: tuple[Member, ...] | None = None

    def applied_to(self, content: PostContent) -> PostContent:
        """Return the content with the change made."""
        wanted = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(content, **{key: value for key, value in wanted.items() if value is not None})


def adjust(
    register: Register, authority: Authority, post_id: str, change: Change, *, reason: str
) -> Application:
    """Apply for a change of a post that stands; one that waits already is taken further.

    Raises:
        NotAllowed: the actor is neither the committee nor of the post's branch.
        ReasonMissing: no reason is given.
        NoSuchPost, NotApproved, PostIsRevoked, PostHasEnded: the post does not stand.
        NothingChanges, NameTaken: the change is none, or clashes with another post.
        TooFewMembers, NotExactlyOneMember, TextMissing: the post would fall short (F2, F4, F10).

    """
    reason = stated(reason, what_zh="调整原因", what_en="reason of the change")
    with register.transaction() as transaction:
        dossier = own_post(transaction, authority, post_id)
        application = _application(dossier, authority, change, reason)
        check_post(application.content, application.content.members, authority.policy)
        _check_name_free(transaction, dossier, application.content.name)
        enact(transaction, authority, Deed(act="adjust", object=post_id, reason=reason), [application])
    return application


def _application(dossier: Dossier, authority: Authority, change: Change, reason: str) -> Application:
    content = dossier.content_of(dossier.current)
    changed = change.applied_to(content)
    if not any(differences_between(content, changed)):
        raise NothingChanges(post_id=dossier.post.id)
    day = office_day(authority.now)
    return Application(
        id=f"{dossier.post.id}-A{len(dossier.applications) + 1}",
        post_id=dossier.post.id,
        branch_id=dossier.post.branch_id,
        year=day.year,
        content=changed,
        filed_at=authority.now,
        timing=authority.policy.timing_of(day),
        reason=reason,
    )


def _check_name_free(reader: Reader, dossier: Dossier, name: str) -> None:
    for other in dossiers(reader, dossier.post.branch_id):
        names = {other.content.name, other.latest.content.name}
        if other.end is None and other.post != dossier.post and name in names:
            raise NameTaken(branch_name=dossier.branch.name, post_name=name, other_id=other.post.id)


_MAY_END = {
    EndCause.TERM_OVER: (Role.COMMITTEE,),
    EndCause.STOPPED: (Role.COMMITTEE, Role.BRANCH_OFFICER),
}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The end of a post and the recall lines it opened."""

    end: PostEnd
    recall_lines: tuple[RecallLine, ...]


def end_post(
    register: Register, authority: Authority, post_id: str, *, cause: EndCause, reason: str
) -> Ended:
    """End a post without disgrace and call every copy back that is out, in one transaction.

    The committee ends a post whose term is over; the branch may also stop one that is not kept up.

    Raises:
        NotAllowed: the actor may not end the post for this cause.
        ReasonMissing: no reason is given.
        NoSuchPost, NotApproved, PostIsRevoked, PostHasEnded: there is no post to end.

    """
    reason = stated(reason, what_zh="停用原因", what_en="reason of the end")
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        authority.permit(*_MAY_END[cause], branch_id=dossier.post.branch_id)
        check_approved(dossier)
        end = PostEnd(id=f"{post_id}-E", post_id=post_id, cause=cause, reason=reason, ended_at=authority.now)
        days = authority.policy.recall_days
        summons = Summons(cause=RecallCause.END, now=authority.now, days=days)
        lines = open_lines(transaction, transaction.find(Copy, post_id=post_id), summons)
        enact(transaction, authority, Deed(act="end", object=post_id, reason=reason), [end, *lines])
    return Ended(end=end, recall_lines=tuple(lines))
