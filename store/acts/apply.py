"""Applying for posts from a roster: what is new, what changed, what stayed (F5, F6).

An application filed before the window of its year is a draft; it counts as filed when the window opens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from store.acts.authority import Authority, Deed, enact
from store.acts.conditions import check_open
from store.acts.organisations import Tree
from store.acts.plans import waived_plan
from store.branches import organisations
from store.calendar import office_day
from store.differences import Difference, differences_between
from store.dossier import PostState, dossier_of
from store.records import Application, Organisation, Post, PostEnd, Record, Role
from store.refusals import Refusal
from store.register import Reader, Register
from store.roster import RosterRow
from store.rules import check_post


class RegisterChangedSince(Refusal):
    """The register no longer stands as it was compared with. Remedy: look at the differences anew."""

    clause_id = "F19"
    reason_zh = "登记簿在您核对之后有变化，名册没有导入。"
    reason_en = "The register has changed since you looked at the differences; nothing was imported."
    remedy_zh = "请重新核对差异后再导入。"
    remedy_en = "Look at the differences anew, then import."


@dataclass(frozen=True, kw_only=True)
class RosterLine:
    """What a roster row means for the register; `again` says that the committee sent the post back (F7)."""

    row: RosterRow
    post_id: str | None
    differences: tuple[Difference, ...] = ()
    again: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the post is applied for the first time."""
        return self.post_id is None


@dataclass(frozen=True, kw_only=True)
class RosterPlan:
    """What importing a roster would do, row by row."""

    lines: tuple[RosterLine, ...]

    @property
    def new(self) -> tuple[RosterLine, ...]:
        """Posts applied for the first time."""
        return tuple(line for line in self.lines if line.is_new)

    @property
    def changed(self) -> tuple[RosterLine, ...]:
        """Posts whose content differs from their latest application."""
        return tuple(line for line in self.lines if line.differences)

    @property
    def again(self) -> tuple[RosterLine, ...]:
        """Posts the committee sent back and the branch applies for once more, in the same words."""
        return tuple(line for line in self.lines if line.again and not line.differences)

    @property
    def unchanged(self) -> tuple[RosterLine, ...]:
        """Posts the register has in just these words."""
        return tuple(line for line in self.lines if not (line.is_new or line.differences or line.again))


def plan_roster(reader: Reader, rows: Sequence[RosterRow]) -> RosterPlan:
    """Compare a roster with the register; nothing is changed.

    Raises:
        PostIsRevoked: a row changes a post that was vetoed.

    """
    posts = _meant(reader, rows)
    return RosterPlan(lines=tuple(_line(reader, row, posts.get(_key(row))) for row in rows))


_Key = tuple[str, str]
"""A branch and the name of a post, by which a roster names one."""


def _key(row: RosterRow) -> _Key:
    return row.branch_name, row.content.name


def _meant(reader: Reader, rows: Sequence[RosterRow]) -> dict[_Key, str]:
    """Return the posts that the rows mean, each once: by its present name, or else by one it had before."""
    branches = {each.id: each.name for each in organisations(reader)}
    over = {each.post_id for each in reader.find(PostEnd)}
    filed = [each for each in reader.find(Application) if each.post_id not in over]
    latest = {each.post_id: each for each in filed}
    present, earlier = (
        {(branches[each.branch_id], each.content.name): each.post_id for each in applications}
        for applications in (latest.values(), filed)
    )
    meant = {key: present[key] for key in map(_key, rows) if key in present}
    for key in map(_key, rows):
        if key not in meant and earlier.get(key) not in {None, *meant.values()}:
            meant[key] = earlier[key]
    return meant


def _line(reader: Reader, row: RosterRow, post_id: str | None) -> RosterLine:
    if post_id is None:
        return RosterLine(row=row, post_id=None)
    dossier = dossier_of(reader, post_id)
    differences = tuple(differences_between(dossier.content_of(dossier.current), row.content))
    if differences:
        check_open(dossier)
    again = dossier.state is PostState.SENT_BACK
    return RosterLine(row=row, post_id=post_id, differences=differences, again=again)


def apply_roster(
    register: Register,
    authority: Authority,
    rows: Sequence[RosterRow],
    *,
    looked_at: RosterPlan | None = None,
) -> RosterPlan:
    """File an application for every new or changed row, all in one act; unchanged rows write nothing.

    Raises:
        NotAllowed: a branch officer brings rows of another branch.
        RegisterChangedSince: the plan `looked_at`, where it is named, is not what would be done now.
        PostIsRevoked: a row changes a post that was vetoed.
        NoPlan: the policy requires the branch's plan first (F35).
        BranchRenamed: a row names a branch as it was called before.
        Refusal: a row falls short of the founding plan (rules.check_post).

    """
    with register.transaction() as transaction:
        permit_rows(transaction, authority, rows)
        plan = plan_roster(transaction, rows)
        if looked_at not in (None, plan):
            raise RegisterChangedSince
        filing = _Filing(transaction, authority)
        records = [record for line in (*plan.new, *plan.changed, *plan.again) for record in filing.file(line)]
        if records:
            deed = Deed(act="apply", object="、".join(filing.post_ids))
            enact(transaction, authority, deed, [*filing.tree.new, *records])
    return plan


def permit_rows(reader: Reader, authority: Authority, rows: Sequence[RosterRow]) -> None:
    """Let the rows pass that are the actor's to bring, before anything is told of the posts they name.

    Raises:
        NotAllowed: a branch officer brings rows of another branch.

    """
    branches = {each.name: each.id for each in organisations(reader)}
    for row in rows:
        authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=branches.get(row.branch_name))


class _Filing:
    """Hands out the next numbers while one roster is filed; nothing is written here."""

    def __init__(self, reader: Reader, authority: Authority) -> None:
        self._authority = authority
        self._day = office_day(authority.now)
        self._reader = reader
        self._next_post = len(reader.find(Post, year=self._day.year)) + 1
        self.tree = Tree(reader, authority.policy.committee_name)
        self.post_ids: list[str] = []

    def file(self, line: RosterLine) -> list[Record]:
        branch = self.tree.branch(line.row.branch_name)
        check_post(line.row.content, line.row.content.members, self._authority.policy)
        post = self._new_post(branch) if line.post_id is None else None
        post_id = post.id if post else str(line.post_id)
        self.post_ids.append(post_id)
        application = self._application(line, post_id, branch)
        return [post, application] if post else [application]

    def _new_post(self, branch: Organisation) -> Post:
        waived_plan(self._reader, branch, self._day.year, self._authority.policy)
        number = f"{self._day.year}-{self._next_post:03d}"
        self._next_post += 1
        return Post(id=number, year=self._day.year, branch_id=branch.id)

    def _application(self, line: RosterLine, post_id: str, branch: Organisation) -> Application:
        earlier = self._reader.find(Application, post_id=post_id)
        return Application(
            id=f"{post_id}-A{len(earlier) + 1}",
            post_id=post_id,
            branch_id=branch.id,
            year=self._day.year,
            content=line.row.content,
            filed_at=self._authority.now,
            timing=self._authority.policy.timing_of(self._day),
        )
