"""What is due before a post is approved: plans, applications, decisions, notices (F5-F7, F26, F35)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from store.calendar import chinese_day, office_day
from store.dossier import Dossier, PostState
from store.duties.books import Books, Subject, Words, the_branch, the_post
from store.duties.duty import Duty, DutyKind
from store.records import (
    Application,
    BranchPlan,
    NoticeSubject,
    Objection,
    ObjectionSettled,
    PublicNotice,
)
from store.terms import NOTICE_SUBJECT_ZH

_COUNTS = frozenset({PostState.APPLIED, PostState.APPROVED, PostState.AWARDED})


def plans_to_file(books: Books) -> Iterator[Duty]:
    """Yield the branches without a plan for this year; it comes before the applications (F35)."""
    due_on = date(books.today.year, *books.policy.window_opens)
    filed = {each.branch_id for each in books.reader.find(BranchPlan, year=due_on.year)}
    for branch in books.branches:
        if branch.id not in filed:
            words = Words(f"尚未报送{due_on.year}年实施方案", f"no plan for {due_on.year} yet")
            yield books.duty(DutyKind.PLAN, the_branch(branch, due_on.year), due_on, words)


def posts_to_apply_for(books: Books) -> Iterator[Duty]:
    """Yield the branches with fewer posts this year than the plan asks for (F5)."""
    due_on = date(books.today.year, *books.policy.window_closes)
    least = books.policy.posts_per_branch_min
    this_year = (each for each in books.posts if each.post.year == due_on.year and each.state in _COUNTS)
    counts = Counter(each.branch.id for each in this_year)
    for branch in books.branches:
        count = counts[branch.id]
        if count < least:
            words = Words(
                f"{due_on.year}年在册{count}个岗位（退回、停用、撤销的不计），至少{least}个",
                f"{count} of at least {least} posts standing or applied for",
            )
            yield books.duty(DutyKind.APPLY, the_branch(branch, due_on.year), due_on, words)


def applications_to_decide(books: Books) -> Iterator[Duty]:
    """Yield the applications that wait for the committee, due once their window and notice are over (F7)."""
    closing = _closing_days(books)
    for dossier in books.posts:
        if dossier.pending:
            due_on = max(_window_or_filing(books, dossier), closing.get(dossier.latest.id, date.min))
            words = Words(
                f"“{dossier.latest.content.name}”的申报待批准", "the application waits for a decision"
            )
            yield books.duty(DutyKind.APPROVAL, the_post(dossier), due_on, words)


def applications_to_revise(books: Books) -> Iterator[Duty]:
    """Yield the first applications that came back with the committee's opinion (F7)."""
    for dossier in books.posts:
        if dossier.state is PostState.SENT_BACK and dossier.sent_back:
            due_on = max(office_day(dossier.sent_back.returned_at), _window_or_filing(books, dossier))
            words = Words(
                f"“{dossier.latest.content.name}”被退回：{dossier.sent_back.opinion}",
                "the application was sent back",
            )
            yield books.duty(DutyKind.REVISION, the_post(dossier), due_on, words)


def _closing_days(books: Books) -> dict[str, date]:
    notices = books.reader.find(PublicNotice)
    return {shown: each.closes_on for each in notices for shown in each.object_ids}


def _window_or_filing(books: Books, dossier: Dossier) -> date:
    filed_on = office_day(dossier.latest.filed_at)
    return max(filed_on, date(filed_on.year, *books.policy.window_closes))


def notices_to_close(books: Books) -> Iterator[Duty]:
    """Yield the notices that run today or are still to open, by their last day (F26)."""
    asked_about = {each.id for each in books.branches}
    for notice in books.reader.find(PublicNotice):
        if books.today <= notice.closes_on and _branch_ids(books, notice) & asked_about:
            words = Words(
                f"{NOTICE_SUBJECT_ZH[notice.subject]}公示{len(notice.object_ids)}项，"
                f"{chinese_day(notice.opens_on)}至{chinese_day(notice.closes_on)}",
                f"the notice runs from {notice.opens_on} to {notice.closes_on}",
            )
            subject = Subject(key=notice.id, object=notice.id)
            yield books.duty(DutyKind.NOTICE, subject, notice.closes_on, words)


def objections_to_settle(books: Books) -> Iterator[Duty]:
    """Yield the objections without an answer, due when their notice closes; no branch is told of them."""
    if books.branch_id is not None:
        return
    for objection in books.reader.find(Objection):
        notice = books.reader.get(PublicNotice, objection.notice_id)
        if notice and not books.reader.find(ObjectionSettled, objection_id=objection.id):
            words = Words(
                f"对{objection.object_id}的异议尚未答复", f"an objection to {objection.object_id} is open"
            )
            subject = Subject(key=objection.id, object=objection.id)
            yield books.duty(DutyKind.OBJECTION, subject, notice.closes_on, words)


def _branch_ids(books: Books, notice: PublicNotice) -> set[str]:
    kind: type[BranchPlan | Application] = (
        BranchPlan if notice.subject is NoticeSubject.PLANS else Application
    )
    shown = (books.reader.get(kind, each) for each in notice.object_ids)
    return {each.branch_id for each in shown if each is not None}
