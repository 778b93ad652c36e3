"""What is due to those who were not satisfied: to be called back, and to be answered (F25)."""

from collections.abc import Iterator
from datetime import date

from store.calendar import chinese_day, office_day
from store.duties.books import Books, Subject, Words
from store.duties.duty import Duty, DutyKind
from store.feedback import Clock, clocks
from store.records import Organisation


def bad_ratings_to_answer(books: Books) -> Iterator[Duty]:
    """Yield the call-backs and settlements still to be made; the committee alone is told.

    A duty names the post and the day, and not the receipt, with which one could speak for the giver.
    """
    if books.branch_id is not None:
        return
    names = {each.id: each.name for each in books.reader.find(Organisation)}
    for clock in clocks(books.reader, books.policy, books.morning):
        if clock.call_back.done_at is None:
            yield _duty(books, DutyKind.CALL_BACK, clock, clock.call_back.due_on, names)
        if clock.is_open:
            yield _duty(books, DutyKind.SETTLEMENT, clock, clock.settlement.due_on, names)


def _duty(books: Books, kind: DutyKind, clock: Clock, due_on: date, names: dict[str, str]) -> Duty:
    received_on = office_day(clock.received_at)
    subject = Subject(
        key=clock.feedback_id,
        object=clock.post_id,
        branch_id=clock.branch_id,
        branch_name=names[clock.branch_id],
    )
    words = Words(f"{chinese_day(received_on)}收到的意见", f"a message of {received_on}")
    return books.duty(kind, subject, due_on, words)
