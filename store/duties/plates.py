"""What is due about plates: to be printed, swapped, replaced, brought back (F8, F10-F12, F19, F23)."""

from collections.abc import Iterator
from datetime import date

from store.calendar import office_day
from store.dossier import Dossier
from store.duties.books import Books, Subject, Words, the_post
from store.duties.duty import Duty, DutyKind
from store.lookup import only
from store.recalls import RECALL_CAUSE_ZH, Recall, open_recalls
from store.records import Copy, Damage, Product, Stage
from store.refusals import Refusal
from store.rules import check_post
from store.terms import STAGE_ZH, plate_kind_zh

_WORN = frozenset({Product.BADGE, Product.DESK})


def plates_to_print(books: Books) -> Iterator[Duty]:
    """Yield the posts that lack a plaque of their stage, or a member's badge or desk plate (F8, F11, F12)."""
    for dossier in books.running:
        missing = [] if _falls_short(books, dossier) else _missing(books, dossier)
        if missing:
            kind = DutyKind.PRINT_TITLE if dossier.stage is Stage.TITLE else DutyKind.PRINT_CREATION
            words = Words(
                f"“{dossier.content.name}”缺{STAGE_ZH[dossier.stage]}{'、'.join(missing)}",
                f"plates of the {dossier.stage} stage are missing",
            )
            yield books.duty(kind, the_post(dossier), _stage_began(dossier), words)


def _falls_short(books: Books, dossier: Dossier) -> bool:
    """Whether nothing may be printed before the post is adjusted."""
    try:
        check_post(dossier.content, dossier.members, books.policy)
    except Refusal:
        return True
    return False


def _missing(books: Books, dossier: Dossier) -> list[str]:
    there = [each for each in books.standing_copies(dossier.post.id) if each.stage is dossier.stage]
    equipped = {each.face.holder for each in there if each.product in _WORN}
    without = [member.name for member in dossier.members if member.name not in equipped]
    plaque = [] if any(each.product is Product.PLAQUE for each in there) else ["标牌"]
    return [*plaque, *([f"胸牌或桌牌{len(without)}件（{'、'.join(without)}）"] if without else [])]


def _stage_began(dossier: Dossier) -> date:
    if dossier.award:
        return dossier.award.awarded_on
    return _in_force_since(dossier)


def _in_force_since(dossier: Dossier) -> date:
    if dossier.approval is None:
        raise LookupError(f"post {dossier.post.id} is not approved")
    return office_day(dossier.approval.approved_at)


def plates_to_replace(books: Books) -> Iterator[Duty]:
    """Yield the posts with plates out whose words are no longer those in force (F19)."""
    for dossier in books.running:
        stale = [
            each
            for each in books.standing_copies(dossier.post.id)
            if each.stage is dossier.stage and _is_stale(each, dossier)
        ]
        if stale and not _falls_short(books, dossier):
            words = Words(
                f"“{dossier.content.name}”的{'、'.join(each.id for each in stale)}所印内容与现行登记不一致",
                f"{len(stale)} plates show other words than the register",
            )
            yield books.duty(DutyKind.REPRINT_CHANGED, the_post(dossier), _changed_on(dossier), words)


def _is_stale(copy: Copy, dossier: Dossier) -> bool:
    names = sorted(member.name for member in dossier.members)
    words = (copy.face.post_name, copy.face.duties, sorted(copy.face.names))
    return words != (dossier.content.name, dossier.content.duties, names)


def _changed_on(dossier: Dossier) -> date:
    left = [office_day(each.left_at) for each in dossier.departures]
    return max(_in_force_since(dossier), *left) if left else _in_force_since(dossier)


def damaged_plates(books: Books) -> Iterator[Duty]:
    """Yield the damaged plates that stand without a successor (F10)."""
    for dossier in books.running:
        for copy in books.standing_copies(dossier.post.id):
            damage = only(books.reader.find(Damage, copy_id=copy.id))
            if damage:
                words = Words(f"{_kind_zh(copy)}损坏：{damage.reason}", "the plate is damaged")
                day = office_day(damage.reported_at)
                yield books.duty(DutyKind.REPRINT_DAMAGED, _the_copy(copy, dossier.branch.name), day, words)


def plates_to_bring_back(books: Books) -> Iterator[Duty]:
    """Yield every open recall line (F23)."""
    names = {each.id: each.name for each in books.branches}
    for recall in (each for scope in books.scopes for each in open_recalls(books.reader, **scope)):
        subject = _the_copy(recall.copy, names[recall.line.branch_id])
        yield books.duty(DutyKind.RECALL, subject, recall.line.due_on, _whereabouts(recall))


def _whereabouts(recall: Recall) -> Words:
    where = " ".join(filter(None, (_kind_zh(recall.copy), recall.place, recall.copy.face.holder)))
    return Words(
        f"{RECALL_CAUSE_ZH[recall.line.cause]}：{where}，{recall.state_zh}",
        f"called back by {recall.line.cause}, {recall.state.replace('_', ' ')}",
    )


def _kind_zh(copy: Copy) -> str:
    return plate_kind_zh(copy.product, copy.stage)


def _the_copy(copy: Copy, branch_name: str) -> Subject:
    return Subject(key=copy.id, object=copy.id, branch_id=copy.branch_id, branch_name=branch_name)
