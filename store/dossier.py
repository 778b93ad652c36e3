"""Everything decided about a post, gathered from the register and read as one value."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from store.differences import Difference, differences_between
from store.lookup import only
from store.records import (
    Application,
    Approval,
    Award,
    Departure,
    Member,
    Organisation,
    Post,
    PostContent,
    Stage,
    Veto,
)
from store.refusals import Refusal
from store.register import Reader


class PostState(StrEnum):
    """How far a post has come."""

    APPLIED = "applied"
    APPROVED = "approved"
    AWARDED = "awarded"
    REVOKED = "revoked"


POST_STATE_ZH: dict[PostState, str] = {
    PostState.APPLIED: "待批准",
    PostState.APPROVED: "创建中",
    PostState.AWARDED: "已命名",
    PostState.REVOKED: "已撤销",
}


class NoSuchPost(Refusal):
    """No post has this number. Remedy: list the posts."""

    reason_zh = "没有编号为“{post_id}”的岗位。"
    reason_en = "There is no post {post_id!r}."
    remedy_zh = "请对照岗位列表核对编号（gangpai posts）。"
    remedy_en = "Compare it with the list of posts (gangpai posts)."


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A post with its branch, its latest application and every decision about it."""

    post: Post
    branch: Organisation
    latest: Application
    approved: Application | None
    approval: Approval | None
    award: Award | None
    veto: Veto | None
    departures: tuple[Departure, ...]

    @property
    def content(self) -> PostContent:
        """What is in force: the approved content, or before any approval the latest applied for."""
        return (self.approved or self.latest).content

    @property
    def pending(self) -> bool:
        """Whether the latest application still waits for the committee."""
        return self.approved != self.latest

    @property
    def changes(self) -> tuple[Difference, ...]:
        """What the latest application would change, while it waits."""
        return tuple(differences_between(self.content, self.latest.content))

    @property
    def members(self) -> tuple[Member, ...]:
        """The members in force who have not left the post."""
        left = {departure.member_name for departure in self.departures}
        return tuple(member for member in self.content.members if member.name not in left)

    @property
    def stage(self) -> Stage:
        """Which plate the post hangs: 创建标牌 until the award, 命名标牌 after it."""
        return Stage.TITLE if self.award else Stage.CREATION

    @property
    def state(self) -> PostState:
        """How far the post has come."""
        if self.veto:
            return PostState.REVOKED
        if self.award:
            return PostState.AWARDED
        return PostState.APPROVED if self.approval else PostState.APPLIED


def dossier_of(reader: Reader, post_id: str) -> Dossier:
    """Gather a post's decisions.

    Raises:
        NoSuchPost: no post has this number.

    """
    post = reader.get(Post, post_id)
    if post is None:
        raise NoSuchPost(post_id=post_id)
    applications = reader.find(Application, post_id=post_id)
    approval = only(reader.find(Approval, post_id=post_id))
    return Dossier(
        post=post,
        branch=_branch_of(reader, post),
        latest=applications[-1],
        approved=next(
            (each for each in applications if approval and each.id == approval.application_id), None
        ),
        approval=approval,
        award=only(reader.find(Award, post_id=post_id)),
        veto=only(reader.find(Veto, post_id=post_id)),
        departures=tuple(reader.find(Departure, post_id=post_id)),
    )


def _branch_of(reader: Reader, post: Post) -> Organisation:
    branch = reader.get(Organisation, post.branch_id)
    if branch is None:
        raise LookupError(f"post {post.id} names organisation {post.branch_id}, which is not in the register")
    return branch


def dossiers(reader: Reader, branch_id: str | None = None) -> Iterator[Dossier]:
    """Gather every post, or every post of one branch, in the order of their numbers."""
    posts = reader.find(Post, branch_id=branch_id) if branch_id else reader.find(Post)
    for post in sorted(posts, key=lambda each: each.id):
        yield dossier_of(reader, post.id)
