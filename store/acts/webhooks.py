"""Adding and ending the webhooks through which other programs learn of changed standings."""

from dataclasses import dataclass

from store.acts.authority import Authority, Deed, enact, stated
from store.records import LogEntry, Role, Sighting, Webhook, WebhookEnd, WebhookEvent
from store.refusals import Refusal
from store.register import Reader, Register


class NoEvents(Refusal):
    """A webhook that is told nothing. Remedy: name at least one event."""

    reason_zh = "没有说明要通知哪些变动。"
    reason_en = "The webhook would be told nothing."
    remedy_zh = "请至少写一项：{known}。"
    remedy_en = "Name at least one of: {known}."


class NoSuchWebhook(Refusal):
    """No webhook has this number. Remedy: list them."""

    reason_zh = "没有编号为“{webhook_id}”的通知接收方。"
    reason_en = "There is no webhook {webhook_id!r}."
    remedy_zh = "请用 gangpai webhook list 查看。"
    remedy_en = "See gangpai webhook list."


class WebhookHasEnded(Refusal):
    """The webhook was ended before. Remedy: none is needed."""

    reason_zh = "通知接收方{webhook_id}已于{when}停用。"
    reason_en = "The webhook {webhook_id} was ended at {when}."
    remedy_zh = "无需重复办理；要再通知请重新登记。"
    remedy_en = "Nothing has to be done; add it anew to have it told again."


@dataclass(frozen=True, kw_only=True)
class NewWebhook:
    """A receiver to be told: its address, which who asks has checked, and its sealed secret."""

    address: str
    events: tuple[WebhookEvent, ...]
    sealed_secret: str


def add_webhook(register: Register, authority: Authority, new: NewWebhook) -> Webhook:
    """Have another program told of what changes from now on.

    The log names neither address nor secret, since an address may hold one.

    Raises:
        NotAllowed: the actor is not the committee.
        NoEvents: there would be nothing to tell.

    """
    authority.permit(Role.COMMITTEE)
    if not new.events:
        raise NoEvents(known="、".join(WebhookEvent))
    with register.transaction() as transaction:
        webhook = Webhook(
            id=f"W{transaction.count(Webhook) + 1}",
            address=new.address,
            events=new.events,
            sealed_secret=new.sealed_secret,
            after_entry=transaction.count(LogEntry),
            after_sighting=transaction.count(Sighting),
            added_at=authority.now,
        )
        enact(transaction, authority, Deed(act="add webhook", object=webhook.id), [webhook])
    return webhook


def end_webhook(register: Register, authority: Authority, webhook_id: str, *, reason: str) -> WebhookEnd:
    """Have another program told no more; what is waiting for it is not sent.

    Raises:
        NotAllowed, ReasonMissing: the actor is not the committee, or gives no reason.
        NoSuchWebhook, WebhookHasEnded: there is nothing to end.

    """
    authority.permit(Role.COMMITTEE)
    reason = stated(reason, what_zh="停用理由", what_en="reason why it is ended")
    with register.transaction() as transaction:
        webhook = webhook_of(transaction, webhook_id)
        ended = WebhookEnd(id=f"{webhook.id}-E", webhook_id=webhook.id, reason=reason, ended_at=authority.now)
        enact(transaction, authority, Deed(act="end webhook", object=webhook.id, reason=reason), [ended])
    return ended


def webhook_of(reader: Reader, webhook_id: str) -> Webhook:
    """Return a webhook that has not been ended.

    Raises:
        NoSuchWebhook, WebhookHasEnded: there is none.

    """
    webhook = reader.get(Webhook, webhook_id)
    if webhook is None:
        raise NoSuchWebhook(webhook_id=webhook_id[:20])
    if ended := next(iter(reader.find(WebhookEnd, webhook_id=webhook.id)), None):
        raise WebhookHasEnded(webhook_id=webhook.id, when=ended.ended_at)
    return webhook
