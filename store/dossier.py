"""Everything decided about a post, gathered from the register and read as one value."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from store.branches import OF_A_POST, branch_of, organisation
from store.differences import Difference, differences_between
from store.lookup import ids_since, in_force, only, veto_in_force
from store.records import (
    Application,
    ApplicationReturned,
    Approval,
    Award,
    Departure,
    Member,
    Organisation,
    Post,
    PostContent,
    PostEnd,
    Stage,
    Veto,
    VetoCorrection,
)
from store.refusals import Refusal
from store.register import Link, Reader, Related

_APPLICATIONS = Link(kind=Application, by="post_id", to="id")
_RETURNED = Link(kind=ApplicationReturned, by="post_id", to="id")
_APPROVALS = Link(kind=Approval, by="post_id", to="id")
_AWARDS = Link(kind=Award, by="post_id", to="id")
_VETOES = Link(kind=Veto, by="post_id", to="id")
_CORRECTIONS = Link(kind=VetoCorrection, by="post_id", to="id")
_ENDS = Link(kind=PostEnd, by="post_id", to="id")
_DEPARTURES = Link(kind=Departure, by="post_id", to="id")
_DECIDED = (
    *(*OF_A_POST, _APPLICATIONS, _RETURNED, _APPROVALS, _AWARDS, _VETOES, _CORRECTIONS),
    *(_ENDS, _DEPARTURES),
)
"""What a dossier is made of."""


class PostState(StrEnum):
    """How far a post has come."""

    APPLIED = "applied"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    AWARDED = "awarded"
    ENDED = "ended"
    REVOKED = "revoked"


POST_STATE_ZH: dict[PostState, str] = {
    PostState.APPLIED: "待批准",
    PostState.SENT_BACK: "已退回",
    PostState.APPROVED: "创建中",
    PostState.AWARDED: "已命名",
    PostState.ENDED: "已停用",
    PostState.REVOKED: "已撤销",
}

POST_STATE_EN: dict[PostState, str] = {
    PostState.APPLIED: "Applied for",
    PostState.SENT_BACK: "Sent back",
    PostState.APPROVED: "In creation",
    PostState.AWARDED: "Awarded",
    PostState.ENDED: "Ended",
    PostState.REVOKED: "Revoked",
}


class NoSuchPost(Refusal):
    """No post has this number. Remedy: list the posts."""

    reason_zh = "没有编号为“{post_id}”的岗位。"
    reason_en = "There is no post {post_id!r}."
    remedy_zh = "请对照岗位列表核对编号（gangpai posts）。"
    remedy_en = "Compare it with the list of posts (gangpai posts)."


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A post with its branch, its applications and what was decided about it; `veto` is the one in force."""

    post: Post
    branch: Organisation
    applications: tuple[Application, ...]
    returned: tuple[ApplicationReturned, ...]
    approval: Approval | None
    award: Award | None
    veto: Veto | None
    end: PostEnd | None
    departures: tuple[Departure, ...]

    @property
    def latest(self) -> Application:
        """What the branch applied for last."""
        return self.applications[-1]

    @property
    def approved(self) -> Application | None:
        """The application the committee approved last."""
        by_id = {each.id: each for each in self.applications}
        return by_id[self.approval.application_id] if self.approval else None

    @property
    def in_force(self) -> Application:
        """The approved application, or before any approval the latest."""
        return self.approved or self.latest

    @property
    def content(self) -> PostContent:
        """What the application in force says."""
        return self.in_force.content

    @property
    def sent_back(self) -> ApplicationReturned | None:
        """How the committee sent the latest application back, if it did (F7)."""
        return next((each for each in self.returned if each.application_id == self.latest.id), None)

    @property
    def current(self) -> Application:
        """What the branch stands by: the latest application, unless that was sent back after an approval."""
        return self.in_force if self.sent_back else self.latest

    @property
    def is_open(self) -> bool:
        """Whether the post can still be dealt with: it was neither revoked nor ended."""
        return self.veto is None and self.end is None

    @property
    def pending(self) -> bool:
        """Whether the latest application still waits for the committee."""
        return self.is_open and self.approved != self.latest and self.sent_back is None

    @property
    def changes(self) -> tuple[Difference, ...]:
        """What the latest application would change, while it waits."""
        return tuple(differences_between(self.content_of(self.in_force), self.content_of(self.latest)))

    @property
    def members(self) -> tuple[Member, ...]:
        """The members in force who have not left the post."""
        return self.members_of(self.in_force)

    def members_of(self, application: Application) -> tuple[Member, ...]:
        """Return the members an application names who have not left the post since it was filed."""
        since = ids_since(self.applications, application.id)
        left = {each.member_name for each in self.departures if each.application_id in since}
        return tuple(member for member in application.content.members if member.name not in left)

    def content_of(self, application: Application) -> PostContent:
        """Return what an application says, without the members who have left the post since."""
        return replace(application.content, members=self.members_of(application))

    @property
    def stage(self) -> Stage:
        """Which plate the post hangs: 创建标牌 until the award, 命名标牌 after it."""
        return Stage.TITLE if self.award else Stage.CREATION

    @property
    def state(self) -> PostState:
        """How far the post has come."""
        return next(state for state, reached in self._states() if reached)

    def _states(self) -> Iterator[tuple[PostState, object]]:
        yield PostState.REVOKED, self.veto
        yield PostState.ENDED, self.end
        yield PostState.AWARDED, self.award
        yield PostState.APPROVED, self.approval
        yield PostState.SENT_BACK, self.sent_back
        yield PostState.APPLIED, self.applications


def dossier_of(reader: Reader, post_id: str) -> Dossier:
    """Gather a post's decisions.

    Raises:
        NoSuchPost: no post has this number.

    """
    post = reader.get(Post, post_id)
    if post is None:
        raise NoSuchPost(post_id=post_id)
    return Dossier(
        post=post,
        branch=_branch_of(reader, post),
        applications=tuple(reader.find(Application, post_id=post_id)),
        returned=tuple(reader.find(ApplicationReturned, post_id=post_id)),
        approval=only(reader.find(Approval, post_id=post_id)),
        award=only(reader.find(Award, post_id=post_id)),
        veto=veto_in_force(reader, post_id),
        end=only(reader.find(PostEnd, post_id=post_id)),
        departures=tuple(reader.find(Departure, post_id=post_id)),
    )


def dossiers_named(reader: Reader, post_ids: Collection[str]) -> dict[str, Dossier]:
    """Gather some posts by one question, each under its number; a number that no post has is left out."""
    found = reader.related(Post, "id", post_ids, _DECIDED)
    return {post_id: _gathered(posts[0]) for post_id, posts in found.items() if posts}


def _gathered(found: Related[Post]) -> Dossier:
    return Dossier(
        post=found.record,
        branch=branch_of(found),
        applications=tuple(found.linked(_APPLICATIONS)),
        returned=tuple(found.linked(_RETURNED)),
        approval=only(found.linked(_APPROVALS)),
        award=only(found.linked(_AWARDS)),
        veto=in_force(found.linked(_VETOES), found.linked(_CORRECTIONS)),
        end=only(found.linked(_ENDS)),
        departures=tuple(found.linked(_DEPARTURES)),
    )


def _branch_of(reader: Reader, post: Post) -> Organisation:
    branch = organisation(reader, post.branch_id)
    if branch is None:
        raise LookupError(f"post {post.id} names organisation {post.branch_id}, which is not in the register")
    return branch


def dossiers(reader: Reader, branch_id: str | None = None) -> Iterator[Dossier]:
    """Gather every post, or every post of one branch, in the order of their numbers."""
    posts = reader.find(Post, branch_id=branch_id) if branch_id else reader.find(Post)
    yield from dossiers_named(reader, sorted(each.id for each in posts)).values()
