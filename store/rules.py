"""What a post must be before anything is decided in its favour: the clauses on members and on texts."""

from store.policy import Policy
from store.records import Member, PostContent, PostKind
from store.refusals import Refusal


class NotExactlyOneMember(Refusal):
    """An individual post does not have exactly one member. Remedy: name one, or make it collective."""

    clause_id = "F2"
    reason_zh = "个人示范岗“{post_name}”填了{count}名党员，应当恰为1名。"
    reason_en = "Individual post {post_name!r} names {count} members; exactly one is required. "
    remedy_zh = "请只保留一名党员，或改报集体示范岗。"
    remedy_en = "Name one member, or apply for a collective post."


class TooFewMembers(Refusal):
    """A collective post has fewer members than the plan asks for. Remedy: add members or merge posts."""

    clause_id = "F4"
    reason_zh = "集体示范岗“{post_name}”只有{count}名党员，少于{least}名（非党员人员不计）。"
    reason_en = (
        "Collective post {post_name!r} has {count} members, fewer than {least} (other staff do not count)."
    )
    remedy_zh = "请补足党员人数后再办理。"
    remedy_en = "Bring the number of members up first."


class RepeatedMember(Refusal):
    """A post names somebody twice, who counts once. Remedy: name each member once."""

    clause_id = "F4"
    reason_zh = "岗位“{post_name}”重复填写了“{member_name}”，一人只计一名。"
    reason_en = "Post {post_name!r} names {member_name!r} more than once; a member counts once."
    remedy_zh = "请删去重复的；确为同名的两人，请在姓名上加以区分。"
    remedy_en = "Name each member once; tell two of one name apart by how they are written."


class TextMissing(Refusal):
    """One of the four texts every plate must show is empty. Remedy: fill it in."""

    clause_id = "F10"
    reason_zh = "岗位“{post_name}”没有填写{field_zh}。"
    reason_en = "Post {post_name!r} lacks its {field_en}."
    remedy_zh = "请补全后重新导入。"
    remedy_en = "Fill it in and import again."


def check_post(content: PostContent, members: tuple[Member, ...], policy: Policy) -> None:
    """Hold a post's content and its present members against the founding plan.

    Raises:
        TextMissing: post name or duties are empty (F10).
        NotExactlyOneMember: an individual post without exactly one member (F2).
        TooFewMembers, RepeatedMember: a collective post below the policy's number (F4).

    """
    _check_texts(content)
    _check_each_once(content, members)
    if content.kind is PostKind.INDIVIDUAL and len(members) != 1:
        raise NotExactlyOneMember(post_name=content.name, count=len(members))
    if content.kind is PostKind.COLLECTIVE and len(members) < policy.members_min:
        raise TooFewMembers(post_name=content.name, count=len(members), least=policy.members_min)


def shortfall(content: PostContent, members: tuple[Member, ...], policy: Policy) -> Refusal | None:
    """Return why the post may hang no new plates as it is, or None; a departure is entered all the same."""
    try:
        check_post(content, members, policy)
    except Refusal as short:
        return short
    return None


def _check_texts(content: PostContent) -> None:
    if not content.name.strip():
        raise TextMissing(post_name="", field_zh="岗位名称", field_en="name")
    if not content.duties.strip():
        raise TextMissing(post_name=content.name, field_zh="工作职责", field_en="duties")


def _check_each_once(content: PostContent, members: tuple[Member, ...]) -> None:
    names = [each.name for each in members]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise RepeatedMember(post_name=content.name, member_name=repeated)
