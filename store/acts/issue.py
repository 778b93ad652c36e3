"""Issuing printed copies: recorded before the paper exists (F7, F10, F12)."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from store.acts.authority import Authority, Deed, enact
from store.acts.conditions import check_approved
from store.dossier import Dossier, dossier_of
from store.lookup import only
from store.policy import Policy
from store.recalls import Summons, open_lines
from store.records import Copy, PostKind, Product, RecallCause, RecallLine, Role, Stage
from store.refusals import Refusal
from store.register import DuplicateRecord, Reader, Register
from store.rules import check_post

PRINTERS = (Role.COMMITTEE, Role.PRINT_CLERK, Role.BRANCH_OFFICER)
"""Who prints: the committee, the print clerk, and each branch for its own posts."""


class NotAwarded(Refusal):
    """A title plate is asked for a post without the title. Remedy: award it, or print the creation stage."""

    clause_id = "F12"
    reason_zh = "岗位{post_id}尚未命名，不能制作命名标牌。"
    reason_en = "Post {post_id} does not hold the title; its title plate cannot be made."
    remedy_zh = "请先命名授牌，或打印创建标牌（--stage creation）。"
    remedy_en = "Award it first, or print the creation stage (--stage creation)."


class TitleAlreadyHeld(Refusal):
    """A creation plate is asked for a post that holds the title. Remedy: print the title stage."""

    clause_id = "F12"
    reason_zh = "岗位{post_id}已命名，应制作命名标牌。"
    reason_en = "Post {post_id} holds the title; its title plate is due."
    remedy_zh = "请打印命名标牌（--stage title）。"
    remedy_en = "Print the title stage (--stage title)."


class FaceDiffers(Refusal):
    """The words to be printed are not those in force. Remedy: plan the print again."""

    clause_id = "F10"
    reason_zh = "岗位{post_id}的牌面文字与登记内容不一致。"
    reason_en = "The words for post {post_id} differ from those in force."
    remedy_zh = "登记内容可能刚被修改，请重新打印。"
    remedy_en = "The register may just have changed; print again."


class AlreadyReplaced(Refusal):
    """The copy to be replaced has a successor. Remedy: look at the successor."""

    clause_id = "F19"
    reason_zh = "标牌{copy_id}已由{successor}换发。"
    reason_en = "Plate {copy_id} was replaced by {successor} already."
    remedy_zh = "请核对后再办理。"
    remedy_en = "Compare and try again."


class NotItsPredecessor(Refusal):
    """The copy to be replaced is not of the same post, kind and holder. Remedy: compare the numbers."""

    clause_id = "F19"
    reason_zh = "标牌{copy_id}不能换下{old_id}：两者不是同一岗位、同一持有人的同一种牌。"
    reason_en = "Plate {copy_id} cannot replace {old_id}: they are not of one post, kind and holder."
    remedy_zh = "请核对编号。"
    remedy_en = "Compare the numbers."


class NumberTaken(Refusal):
    """Someone else issued copies of the post in between. Remedy: print again."""

    reason_zh = "编号{copy_id}刚被占用，本批未登记、未出图。"
    reason_en = "Number {copy_id} has just been taken; nothing of this batch was recorded."
    remedy_zh = "请重新打印。"
    remedy_en = "Print again."


class DoorPlateNeedsCollective(Refusal):
    """A door plate is asked for one person's post. Remedy: a desk plate or a badge."""

    clause_id = "F9"
    reason_zh = "岗位{post_id}是个人示范岗，不能制作门牌。"
    reason_en = "Post {post_id} is one person's; door plates are for collective posts."
    remedy_zh = "请制作桌牌（desk）或胸牌（badge）。"
    remedy_en = "Print a desk plate (desk) or a badge (badge)."


def issue_copies(register: Register, authority: Authority, copies: Sequence[Copy]) -> None:
    """Record copies that are about to be printed, all or none; replaced ones are recalled in the same act.

    With the first title plate of a post every creation plate of it still out is recalled too (F12, F16).

    Raises:
        NotAllowed: the actor may not print for the post's branch.
        PostIsRevoked, PostHasEnded, NotApproved, NotAwarded, TitleAlreadyHeld: the post may not have it.
        TooFewMembers, NotExactlyOneMember, FaceDiffers: the words are not printable (F2, F4, F10-F12).
        DoorPlateNeedsCollective: a door plate for an individual post (F9).
        NotItsPredecessor: a copy would replace one of another post, kind or holder.
        AlreadyReplaced: another print was faster, or two copies would replace one.
        NumberTaken: another print was faster.

    """
    with register.transaction() as transaction:
        for post_id, of_post in groupby(copies, key=attrgetter("post_id")):
            _check_copies(transaction, authority, post_id, list(of_post))
        _check_one_each(copies)
        lines = _swap_lines(transaction, authority, copies)
        deed = Deed(act="issue", object="、".join(copy.id for copy in copies))
        try:
            enact(transaction, authority, deed, [*copies, *lines])
        except DuplicateRecord as error:
            raise NumberTaken(copy_id=copies[0].id) from error


def _check_copies(reader: Reader, authority: Authority, post_id: str, copies: Sequence[Copy]) -> None:
    for branch_id in {copy.branch_id for copy in copies}:
        authority.permit(*PRINTERS, branch_id=branch_id)
    dossier = dossier_of(reader, post_id)
    for stage in {copy.stage for copy in copies}:
        check_printable(dossier, stage, authority)
    for product in {copy.product for copy in copies}:
        check_product(dossier, product)
    for copy in copies:
        _check_face(dossier, copy, authority.policy)
        if copy.replaces:
            _check_replaced(reader, copy, copy.replaces)


def _check_replaced(reader: Reader, copy: Copy, old_id: str) -> None:
    old = reader.get(Copy, old_id)
    if old is None or _what_it_is(old) != _what_it_is(copy):
        raise NotItsPredecessor(copy_id=copy.id, old_id=old_id)
    if successor := only(reader.find(Copy, replaces=old_id)):
        raise AlreadyReplaced(copy_id=old_id, successor=successor.id)


def _what_it_is(copy: Copy) -> tuple[str, Product, str]:
    return copy.post_id, copy.product, copy.face.holder


def _check_one_each(copies: Sequence[Copy]) -> None:
    replacing = [(copy.replaces, copy.id) for copy in copies if copy.replaces]
    successors = dict(reversed(replacing))
    for old_id, copy_id in replacing:
        if successors[old_id] != copy_id:
            raise AlreadyReplaced(copy_id=old_id, successor=successors[old_id])


def check_printable(dossier: Dossier, stage: Stage, authority: Authority) -> None:
    """Let a post pass that may have plates of the stage.

    Raises:
        PostIsRevoked, PostHasEnded, NotApproved: nothing prints (F7, F22).
        NotAwarded, TitleAlreadyHeld: not at this stage (F11, F12).
        TooFewMembers, NotExactlyOneMember, TextMissing: the post falls short (F2, F4, F10).

    """
    check_approved(dossier)
    check_post(dossier.content, dossier.members, authority.policy)
    if stage is Stage.TITLE and dossier.award is None:
        raise NotAwarded(post_id=dossier.post.id)
    if stage is Stage.CREATION and dossier.award is not None:
        raise TitleAlreadyHeld(post_id=dossier.post.id)


def check_product(dossier: Dossier, product: Product) -> None:
    """Let a product pass that suits the post.

    Raises:
        DoorPlateNeedsCollective: a door plate for an individual post (F9).

    """
    if product is Product.DOOR and dossier.content.kind is not PostKind.COLLECTIVE:
        raise DoorPlateNeedsCollective(post_id=dossier.post.id)


def _check_face(dossier: Dossier, copy: Copy, policy: Policy) -> None:
    names = sorted(member.name for member in dossier.members)
    words = (copy.face.heading, copy.face.post_name, copy.face.duties, sorted(copy.face.names))
    in_force = (policy.headings[copy.stage], dossier.content.name, dossier.content.duties, names)
    source = (copy.application_id, copy.branch_id)
    held_by_a_member = not copy.face.holder or copy.face.holder in names
    if (words, source) != (in_force, (dossier.in_force.id, dossier.post.branch_id)) or not held_by_a_member:
        raise FaceDiffers(post_id=copy.post_id)


def _swap_lines(reader: Reader, authority: Authority, copies: Sequence[Copy]) -> list[RecallLine]:
    replaced = [old for copy in copies if copy.replaces and (old := reader.get(Copy, copy.replaces))]
    outdated = [old for post_id in _titled(copies) for old in _of_creation(reader, post_id)]
    summons = Summons(cause=RecallCause.REPLACEMENT, now=authority.now, days=authority.policy.recall_days)
    return open_lines(reader, dict.fromkeys([*replaced, *outdated]), summons)


def _titled(copies: Sequence[Copy]) -> set[str]:
    return {each.post_id for each in copies if each.stage is Stage.TITLE}


def _of_creation(reader: Reader, post_id: str) -> list[Copy]:
    return [each for each in reader.find(Copy, post_id=post_id) if each.stage is Stage.CREATION]
