"""After a copy was issued: where it is, what happens to it, and what the departure of its holder does.

A copy is placed, damaged, lost, or comes back (F8, F9, F19, F23).
"""

from collections.abc import Sequence
from datetime import date

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.conditions import PostHasEnded, check_member
from store.acts.days import passed
from store.dossier import Dossier, dossier_of
from store.lookup import only
from store.recalls import Summons, open_lines
from store.records import (
    Copy,
    Damage,
    Departure,
    Fate,
    Loss,
    Placement,
    RecallCause,
    RecallLine,
    Return,
    Role,
)
from store.refusals import Refusal
from store.register import Reader, Register


class NoSuchCopy(Refusal):
    """No copy has this number or code. Remedy: read the plate again."""

    reason_zh = "没有编号或编码为“{copy_id}”的标牌。"
    reason_en = "There is no plate {copy_id!r}."
    remedy_zh = "请对照牌面核对编号；若牌面确有此号，可能是伪造，请报党委。"
    remedy_en = "Compare the number with the plate; if it stands there, report a forgery to the committee."


class AlreadyReturned(Refusal):
    """The copy is in already. Remedy: none is needed."""

    clause_id = "F23"
    reason_zh = "标牌{copy_id}已于{when}登记交回。"
    reason_en = "Plate {copy_id} was entered as back at {when}."
    remedy_zh = "无需重复登记。"
    remedy_en = "Nothing has to be done."


class AlreadyLost(Refusal):
    """The copy is reported lost already. Remedy: enter its return when it is found."""

    clause_id = "F23"
    reason_zh = "标牌{copy_id}已于{when}挂失。"
    reason_en = "Plate {copy_id} was reported lost at {when}."
    remedy_zh = "找到后请登记交回。"
    remedy_en = "Enter its return when it is found."


class AlreadyDamaged(Refusal):
    """The damage is entered already. Remedy: print the copy anew."""

    clause_id = "F19"
    reason_zh = "标牌{copy_id}已于{when}登记损坏。"
    reason_en = "Plate {copy_id} was entered as damaged at {when}."
    remedy_zh = "请打印新牌换发，旧牌随后交回。"
    remedy_en = "Print it anew; the old one comes back then."


def return_copy(
    register: Register, authority: Authority, copy_id: str, *, fate: Fate = Fate.RETURNED, note: str = ""
) -> Return:
    """Enter that a copy came back, or was destroyed; this closes its recall line.

    Raises:
        NotAllowed, NoSuchCopy: the actor may not, or there is no such copy.
        AlreadyReturned: it is in already; nothing changes.

    """
    with register.transaction() as transaction:
        copy = _copy(transaction, authority, copy_id)
        _check_not_returned(transaction, copy)
        returned = Return(
            id=f"{copy_id}-B",
            copy_id=copy_id,
            post_id=copy.post_id,
            fate=fate,
            note=note.strip(),
            returned_at=authority.now,
            taken_by=authority.actor.name,
        )
        enact(transaction, authority, Deed(act="return", object=copy_id, reason=note.strip()), [returned])
    return returned


def report_lost(register: Register, authority: Authority, copy_id: str, *, reason: str) -> Loss:
    """Enter that a copy is lost; it reads 已挂失 from now on.

    Raises:
        NotAllowed, NoSuchCopy, ReasonMissing: the report cannot be taken.
        AlreadyReturned, AlreadyLost: the copy is not out; nothing changes.

    """
    reason = stated(reason, what_zh="遗失情况", what_en="account of the loss")
    with register.transaction() as transaction:
        copy = _copy(transaction, authority, copy_id)
        _check_out(transaction, copy)
        loss = Loss(
            id=f"{copy_id}-L", copy_id=copy_id, post_id=copy.post_id, reason=reason, reported_at=authority.now
        )
        enact(transaction, authority, Deed(act="lost", object=copy_id, reason=reason), [loss])
    return loss


def report_damage(register: Register, authority: Authority, copy_id: str, *, reason: str) -> Damage:
    """Enter that a copy is damaged; it stands until it is printed anew, which replaces it.

    Raises:
        NotAllowed, NoSuchCopy, ReasonMissing: the report cannot be taken.
        AlreadyReturned, AlreadyLost, AlreadyDamaged: the copy is not out, or reported; nothing changes.

    """
    reason = stated(reason, what_zh="损坏情况", what_en="account of the damage")
    with register.transaction() as transaction:
        copy = _copy(transaction, authority, copy_id)
        _check_out(transaction, copy)
        if earlier := only(transaction.find(Damage, copy_id=copy_id)):
            raise AlreadyDamaged(copy_id=copy_id, when=earlier.reported_at)
        damage = Damage(
            id=f"{copy_id}-D", copy_id=copy_id, post_id=copy.post_id, reason=reason, reported_at=authority.now
        )
        enact(transaction, authority, Deed(act="damaged", object=copy_id, reason=reason), [damage])
    return damage


def place_copy(
    register: Register, authority: Authority, copy_id: str, *, place: str, placed_on: date
) -> Placement:
    """Enter where a copy hangs, stands or is worn from a day on (F8, F9); the latest entry holds.

    Raises:
        NotAllowed, NoSuchCopy, ReasonMissing, DayAhead: it cannot be entered so.
        AlreadyReturned, AlreadyLost: the copy is not out; nothing changes.

    """
    place = stated(place, what_zh="悬挂或放置地点", what_en="place of the plate")
    placed_on = passed(placed_on, authority, what_zh="悬挂日期", what_en="day since when it hangs")
    with register.transaction() as transaction:
        copy = _copy(transaction, authority, copy_id)
        _check_out(transaction, copy)
        placement = Placement(
            id=f"{copy_id}-P{len(transaction.find(Placement, copy_id=copy_id)) + 1}",
            copy_id=copy_id,
            post_id=copy.post_id,
            place=place,
            placed_on=placed_on,
            entered_at=authority.now,
        )
        enact(transaction, authority, Deed(act="place", object=copy_id, reason=place), [placement])
    return placement


def leave_post(register: Register, authority: Authority, post_id: str, *, member_name: str) -> Departure:
    """Enter that a member left the post; the member's own copies are recalled in the same act.

    Raises:
        NotAllowed, NoSuchPost, PostHasEnded: the actor may not, or there is no such post any more.
        NotInPost: the person is not, or no longer, a member of the post.

    """
    with register.transaction() as transaction:
        dossier = dossier_of(transaction, post_id)
        authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=dossier.post.branch_id)
        if dossier.end:
            raise PostHasEnded(post_id=post_id, post_name=dossier.content.name)
        check_member(dossier, member_name)
        departures, lines = departures_of(transaction, authority, dossier, [member_name])
        deed = Deed(act="leave", object=post_id, reason=member_name)
        enact(transaction, authority, deed, [*departures, *lines])
    return departures[0]


def departures_of(
    reader: Reader, authority: Authority, dossier: Dossier, names: Sequence[str]
) -> tuple[list[Departure], list[RecallLine]]:
    """Make the departures of these members and call back what they hold; nothing is written here."""
    post_id = dossier.post.id
    departures = [
        Departure(
            id=f"{post_id}-D{number}",
            post_id=post_id,
            application_id=dossier.latest.id,
            member_name=name,
            left_at=authority.now,
        )
        for number, name in enumerate(names, start=len(dossier.departures) + 1)
    ]
    held = [each for each in reader.find(Copy, post_id=post_id) if each.face.holder in names]
    summons = Summons(cause=RecallCause.DEPARTURE, now=authority.now, days=authority.policy.recall_days)
    return departures, open_lines(reader, held, summons)


def _copy(reader: Reader, authority: Authority, copy_id: str) -> Copy:
    copy = reader.get(Copy, copy_id)
    if copy is None:
        raise NoSuchCopy(copy_id=copy_id)
    authority.permit(Role.COMMITTEE, Role.BRANCH_OFFICER, branch_id=copy.branch_id)
    return copy


def _check_not_returned(reader: Reader, copy: Copy) -> None:
    if earlier := only(reader.find(Return, copy_id=copy.id)):
        raise AlreadyReturned(copy_id=copy.id, when=earlier.returned_at)


def _check_out(reader: Reader, copy: Copy) -> None:
    _check_not_returned(reader, copy)
    if earlier := only(reader.find(Loss, copy_id=copy.id)):
        raise AlreadyLost(copy_id=copy.id, when=earlier.reported_at)
