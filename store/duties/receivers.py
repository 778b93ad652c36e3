"""Programs that are told of changes and have taken nothing for a day or more (F26)."""

from collections.abc import Iterator
from datetime import timedelta

from store.calendar import chinese_day, office_day
from store.duties.books import Books, Subject, Words
from store.duties.duty import Duty, DutyKind
from store.webhooks.courses import health_of
from store.webhooks.outbox import active_webhooks

PATIENCE = timedelta(days=1)


def receivers_to_mend(books: Books) -> Iterator[Duty]:
    """Yield the receivers that fail since the day before or longer; the committee alone is told."""
    if books.branch_id is not None:
        return
    for webhook in active_webhooks(books.reader):
        failing_since = health_of(books.reader, webhook, books.morning).failing_since
        if failing_since and books.morning - failing_since >= PATIENCE:
            since = office_day(failing_since)
            words = Words(
                f"通知接收方自{chinese_day(since)}起没有收下任何通知，请检查对方程序，或停用",
                f"the receiver has taken nothing since {since}",
            )
            subject = Subject(key=webhook.id, object=webhook.id)
            yield books.duty(DutyKind.RECEIVER, subject, since + PATIENCE, words)
