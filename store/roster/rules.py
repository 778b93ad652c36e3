"""The rules every post of a roster must meet before it becomes an application.

Knows the clauses on people (F2, F4), the printed count (F10) and repetition. Leaves out quota and window,
which belong to the act of applying.
"""

from collections.abc import Iterable, Iterator, Mapping

from store.branches import BranchRenamed
from store.records import PostKind
from store.refusals import Refusal
from store.roster.characters import Note
from store.roster.columns import Entry
from store.roster.faults import Findings, Spot
from store.roster.headers import Field
from store.roster.people import Person
from store.roster.posts import PostDraft
from store.roster.texts import refuse


class NotOnePerson(Refusal):
    """An individual post names several people. Remedy: keep one, or make it a collective post."""

    clause_id = "F2"
    reason_zh = "个人示范岗写了{count}个人，只能是党员本人一人。"
    reason_en = "an individual post names {count} people; it is one member's own."
    remedy_zh = "请只保留一名党员，或把岗位类型改为“集体”。"
    remedy_en = "Keep one member, or make it a collective post."


class NotAMembersPost(Refusal):
    """An individual post is held by somebody who is no member. Remedy: name a member."""

    clause_id = "F2"
    reason_zh = "个人示范岗的“{name}”不是党员。"
    reason_en = "{name!r}, who holds an individual post, is no member."
    remedy_zh = "请改为党员，或更正党员身份。"
    remedy_en = "Name a member, or correct the status."


class TooFewMembers(Refusal):
    """A collective post has too few members. Remedy: add members."""

    clause_id = "F4"
    reason_zh = "集体示范岗只有{count}名党员，少于{least}名（其他人员不计）。"
    reason_en = "a collective post has {count} members, fewer than {least}; other staff do not count."
    remedy_zh = "请补足{least}名党员，或改报个人示范岗。"
    remedy_en = "Bring the members to {least}, or apply for an individual post."


class CountDiffers(Refusal):
    """The count is not the number of names. Remedy: correct the one or the other."""

    clause_id = "F10"
    reason_zh = "填写的党员人数是{count}，列出的党员姓名有{names}个。"
    reason_en = "the count says {count}, the members listed are {names}."
    remedy_zh = "请核对姓名是否漏写或多写，使两者一致。"
    remedy_en = "See whether a name is missing or too many, and make both agree."


class RepeatedPerson(Refusal):
    """A name stands twice in one post. Remedy: keep it once."""

    clause_id = "F10"
    reason_zh = "“{name}”在同一岗位重复出现。"
    reason_en = "{name!r} stands twice in one post."
    remedy_zh = "请删去重复的姓名；确为两人同名的，请先与中心党委商定写法。"
    remedy_en = "Delete the repetition; if these are two people, agree with the committee how to write them."


class RepeatedPost(Refusal):
    """A general branch names a post twice. Remedy: keep one, or name them apart."""

    clause_id = "F5"
    reason_zh = "“{branch}”的岗位“{name}”与{where_zh}重复。"
    reason_en = "the post {name!r} of {branch!r} is already in {where_en}."
    remedy_zh = "请删去一行，或改用不同的岗位名称。"
    remedy_en = "Delete one, or give it another name."


def check_posts(posts: Iterable[PostDraft], members_min: int, findings: Findings) -> None:
    """Check every post by itself and against the ones before it; faults and notices go to `findings`.

    `members_min` is the least number of members of a collective post (F4). A part that could not be read
    was reported already and is not judged again.
    """
    seen_posts: dict[tuple[str, str], Spot] = {}
    seen_people: dict[tuple[str, str], Spot] = {}
    for post in posts:
        for entry, refusal in _refusals(post, members_min):
            refuse(entry, refusal, findings)
        _refuse_repeated_post(post, seen_posts, findings)
        _note_shared_people(post, seen_people, findings)


def refuse_former_names(posts: Iterable[PostDraft], renamed: Mapping[str, str], findings: Findings) -> None:
    """Refuse every post whose branch is written as it was called before; it would found a second branch."""
    for post in posts:
        if present := renamed.get(post.branch or ""):
            refusal = BranchRenamed(branch_name=post.branch, name=present)
            refuse(post.row[Field.BRANCH], refusal, findings)


def _refusals(post: PostDraft, members_min: int) -> Iterator[tuple[Entry, Refusal]]:
    people = post.people
    if not people:
        return
    yield from _repeated_people(people)
    if post.kind is PostKind.INDIVIDUAL:
        yield from _individual_refusals(people)
    if any(person.is_member is None for person in people):
        return
    members = sum(person.is_member is True for person in people)
    if post.kind is PostKind.COLLECTIVE and members < members_min:
        yield people[0].entry, TooFewMembers(count=members, least=members_min)
    if post.count is not None and post.count != members:
        yield post.row[Field.COUNT], CountDiffers(count=post.count, names=members)


def _repeated_people(people: tuple[Person, ...]) -> Iterator[tuple[Entry, Refusal]]:
    seen: set[str] = set()
    for person in people:
        if person.name in seen:
            yield person.entry, RepeatedPerson(name=person.name)
        elif person.name:
            seen.add(person.name)


def _individual_refusals(people: tuple[Person, ...]) -> Iterator[tuple[Entry, Refusal]]:
    if len(people) > 1:
        yield people[0].entry, NotOnePerson(count=len(people))
    elif people[0].is_member is False:
        yield people[0].entry, NotAMembersPost(name=people[0].name or "")


def _refuse_repeated_post(post: PostDraft, seen: dict[tuple[str, str], Spot], findings: Findings) -> None:
    if post.branch is None or post.name is None:
        return
    first = seen.setdefault((post.branch, post.name), post.row.spot)
    if first is not post.row.spot:
        refusal = RepeatedPost(
            branch=post.branch, name=post.name, where_zh=first.where_zh, where_en=first.where_en
        )
        refuse(post.row[Field.NAME], refusal, findings)


def _note_shared_people(post: PostDraft, seen: dict[tuple[str, str], Spot], findings: Findings) -> None:
    """Note who stands in two posts of a branch: allowed (F2), but it may be a slip or a namesake."""
    for person in post.people or ():
        if person.name is None or post.branch is None:
            continue
        first = seen.setdefault((post.branch, person.name), post.row.spot)
        if first is not post.row.spot:
            findings.remark(person.entry.spot, [_shared(person.name, first)])


def _shared(name: str, first: Spot) -> Note:
    return Note(
        f"“{name}”在{first.where_zh}的岗位里也有，请核对是否同一人",
        f"{name!r} also stands in the post of {first.where_en}: see whether it is the same person",
    )
