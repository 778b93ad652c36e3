"""What is due in a post at work: assessments, rectifications, adjustments (F4, F17, F18, F19)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from store.assessments import due_of_post
from store.calendar import chinese_day, office_day
from store.dossier import Dossier, PostState
from store.duties.books import Books, Words, the_post
from store.duties.duty import Duty, DutyKind
from store.lookup import only
from store.records import Approval, Inspection
from store.rectifications import RectificationState, problems
from store.refusals import Refusal
from store.rules import check_post


def assessments_to_make(books: Books) -> Iterator[Duty]:
    """Yield each member of a titled post who is still to be assessed, by period (F17)."""
    for dossier in books.running:
        if dossier.state is PostState.AWARDED:
            for each in due_of_post(books.reader, dossier, books.policy, books.today):
                words = Words(
                    f"“{dossier.content.name}”{each.member_name}，{each.period.id}"
                    f"（{chinese_day(each.period.first_day)}至{chinese_day(each.period.last_day)}）",
                    f"a member is to be assessed for {each.period.id}",
                )
                subject = the_post(dossier, f"{each.period.id}:{each.member_name}")
                yield books.duty(DutyKind.ASSESSMENT, subject, each.due_on, words)


def rectifications_to_close(books: Books) -> Iterator[Duty]:
    """Yield the problems that are still to be put right (F18)."""
    for dossier in books.running:
        for problem in problems(books.reader, post_id=dossier.post.id):
            if problem.state is RectificationState.OPEN:
                order = problem.order
                words = Words(
                    f"“{dossier.content.name}”{order.member_name}：{order.problem}", "a rectification is open"
                )
                yield books.duty(DutyKind.RECTIFICATION, the_post(dossier, order.id), order.due_on, words)


@dataclass(frozen=True)
class _Ground:
    """Why a post has to be adjusted, and since when; `about` names the record, or what is short."""

    about: str
    since: date
    words: Words


def posts_to_adjust(books: Books) -> Iterator[Duty]:
    """Yield the posts that fall short of what a post must be, until they are changed or stopped (F4, F19)."""
    for dossier in books.running:
        for search in (_too_few_members, _failed_rectifications, _poor_inspection):
            for ground in search(books, dossier):
                subject = the_post(dossier, ground.about)
                yield books.duty(DutyKind.ADJUSTMENT, subject, ground.since, ground.words)


def _too_few_members(books: Books, dossier: Dossier) -> Iterator[_Ground]:
    try:
        check_post(dossier.content, dossier.members, books.policy)
    except Refusal as short:
        words = Words(short.reason_zh.format(**short.facts), short.reason_en.format(**short.facts).strip())
        yield _Ground("members", _last_change(dossier), words)


def _last_change(dossier: Dossier) -> date:
    moments = [each.left_at for each in dossier.departures]
    return office_day(max([dossier.in_force.filed_at, *moments]))


def _failed_rectifications(books: Books, dossier: Dossier) -> Iterator[_Ground]:
    for problem in problems(books.reader, post_id=dossier.post.id):
        if problem.closed and problem.state is RectificationState.NEEDS_ADJUSTMENT:
            words = Words(
                f"“{dossier.content.name}”整改不到位：{problem.order.problem}", "a rectification failed"
            )
            yield _Ground(problem.closed.id, office_day(problem.closed.closed_at), words)


def _poor_inspection(books: Books, dossier: Dossier) -> Iterator[_Ground]:
    latest = only(books.reader.find(Inspection, post_id=dossier.post.id))
    least = books.policy.keep_points_min
    if latest and latest.points < least and not _changed_since(books, latest):
        words = Words(
            f"“{dossier.content.name}”检查评比{latest.points}分，低于{least}分",
            f"inspected with {latest.points} points, fewer than {least}",
        )
        yield _Ground(latest.id, latest.inspected_on, words)


def _changed_since(books: Books, inspection: Inspection) -> bool:
    approvals = books.reader.find(Approval, post_id=inspection.post_id)
    return any(each.approved_at > inspection.entered_at for each in approvals)
