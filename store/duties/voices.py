"""What is due to those who were not satisfied: to be called back, and to be answered (F25)."""

from collections.abc import Iterator
from datetime import date

from store.branches import organisations
from store.calendar import chinese_day, office_day
from store.duties.books import Books, Subject, Words
from store.duties.duty import Duty, DutyKind
from store.feedback import Clock, additions_to, answers_to, as_it_stands, clock_of, clocks, must_be_answered
from store.records import Feedback


def bad_ratings_to_answer(books: Books) -> Iterator[Duty]:
    """Yield the call-backs and settlements still to be made; the committee alone is told.

    A duty names the post and the day, and not the receipt, with which one could speak for the giver.
    """
    if books.branch_id is not None:
        return
    names = {each.id: each.name for each in organisations(books.reader)}
    for clock in _clocks(books):
        if clock.call_back.done_at is None:
            yield _duty(books, DutyKind.CALL_BACK, clock, clock.call_back.due_on, names)
        if clock.is_open:
            yield _duty(books, DutyKind.SETTLEMENT, clock, clock.settlement.due_on, names)


def _clocks(books: Books) -> Iterator[Clock]:
    if books.given is None:
        yield from clocks(books.reader, books.policy, books.morning)
    else:
        yield from (clock for each in books.given for clock in _clocks_about(books, each.post.id))


def _clocks_about(books: Books, post_id: str) -> Iterator[Clock]:
    additions = additions_to(books.reader, post_id=post_id)
    for each in books.reader.find(Feedback, post_id=post_id):
        said = as_it_stands(each, additions)
        if must_be_answered(said):
            yield clock_of(said, answers_to(books.reader, said.id), books.policy, books.morning)


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
