"""Webhooks are the committee's to add and to end, and the log tells of them without address and secret."""

from collections.abc import Callable

import pytest

from store.acts.authority import NotAllowed, ReasonMissing
from store.acts.webhooks import (
    NewWebhook,
    NoEvents,
    NoSuchWebhook,
    WebhookHasEnded,
    add_webhook,
    end_webhook,
    webhook_of,
)
from store.records import LogEntry, Role, Webhook, WebhookEvent
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]
NEW = NewWebhook(
    address="https://hooks.example.cn/?token=geheim",
    events=(WebhookEvent.POST_REVOKED,),
    sealed_secret="c2VhbGVk",  # noqa: S106 - no secret, and sealed
)


def test_a_webhook_begins_where_the_register_stands(office: Office, added: Measure) -> None:
    office.approved()
    entries = office.register.count(LogEntry)
    assert added(lambda: add_webhook(office.register, office.by(), NEW)) == {"Webhook": 1, "LogEntry": 1}
    [webhook] = office.register.find(Webhook)
    assert (webhook.id, webhook.after_entry, webhook.after_sighting) == ("W1", entries, 0)
    assert webhook_of(office.register, "W1") == webhook


def test_the_log_names_neither_address_nor_secret(office: Office) -> None:
    add_webhook(office.register, office.by(), NEW)
    end_webhook(office.register, office.by(), "W1", reason="对方停用")
    told = [(each.act, each.object, each.reason) for each in office.register.find(LogEntry)]
    assert told == [("add webhook", "W1", ""), ("end webhook", "W1", "对方停用")]


def test_one_that_would_be_told_nothing_is_refused(office: Office, added: Measure) -> None:
    def add() -> None:
        with pytest.raises(NoEvents, match=r"post\.revoked"):
            add_webhook(
                office.register, office.by(), NewWebhook(address=NEW.address, events=(), sealed_secret="")
            )

    assert added(add) == {}


def test_what_is_not_there_or_ended_is_refused(office: Office) -> None:
    with pytest.raises(NoSuchWebhook, match="W1"):
        end_webhook(office.register, office.by(), "W1", reason="停用")
    add_webhook(office.register, office.by(), NEW)
    with pytest.raises(ReasonMissing):
        end_webhook(office.register, office.by(), "W1", reason=" ")
    end_webhook(office.register, office.by(), "W1", reason="停用")
    for ask in (
        lambda: end_webhook(office.register, office.by(), "W1", reason="停用"),
        lambda: webhook_of(office.register, "W1"),
    ):
        with pytest.raises(WebhookHasEnded):
            ask()
    assert add_webhook(office.register, office.by(), NEW).id == "W2"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COMMITTEE}))
def test_nobody_else_has_others_told(office: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        add_webhook(office.register, office.by(role), NEW)
