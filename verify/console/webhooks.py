"""Other programs that are told of changes: added, tried, ended, and whether they took what they were told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.webhooks import NewWebhook, add_webhook, end_webhook, webhook_of
from store.records import Role, Webhook, WebhookEnd, WebhookEvent
from store.refusals import Refusal
from store.register import Reader
from store.webhooks.addresses import receiver_of
from store.webhooks.courses import Answer, Course, CourseState, Health, courses, health_of
from store.webhooks.happenings import trial_body
from store.webhooks.signing import NONCE_BYTES, SECRET_BYTES, WebhookSecret
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.settings import GOVERNS

DELIVERIES_SHOWN = 50
router = APIRouter(prefix="/console/settings/webhooks", route_class=ConsoleRoute)
Governor = Annotated[Desk, Depends(Officers(*GOVERNS))]
Committee = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]
DONE = {"ended": ("已停用，不再通知。", "The webhook was ended; it is told no more.")}


@dataclass(frozen=True, kw_only=True)
class WebhookLine:
    """A receiver as the list shows it: how it fares, and its newest messages."""

    webhook: Webhook
    health: Health
    end: WebhookEnd | None
    courses: Sequence[Course]


@router.get("")
def webhooks(desk: Governor) -> Response:
    """List the receivers with their newest messages; the committee may add one."""
    return _page(desk)


@router.post("")
def add(desk: Committee) -> Response:
    """Have another program told of changes from now on; its secret is shown once."""
    address = desk.said("url")
    secret = WebhookSecret(raw=desk.site.entropy(SECRET_BYTES))
    try:
        receiver_of(address, schemes=desk.site.settings.outward.schemes)
        webhook = add_webhook(desk.site.register, desk.authority, _typed(desk, secret, address))
    except Refusal as refusal:
        return _page(desk, refusal)
    return _page(desk, added=webhook, secret=secret.text)


def _typed(desk: Desk, secret: WebhookSecret, address: str) -> NewWebhook:
    named = desk.form.getlist("event")
    chance = desk.site.entropy(NONCE_BYTES)
    return NewWebhook(
        address=address,
        events=tuple(event for event in WebhookEvent if event in named),
        sealed_secret=secret.sealed(desk.site.settings.secret, address, chance=chance),
    )


@router.post("/{webhook_id}/test")
def test(desk: Committee, webhook_id: str) -> Response:
    """Send a test message at once and tell what came back; it is on no record."""
    try:
        webhook = webhook_of(desk.site.register, webhook_id)
    except Refusal as refusal:
        return _page(desk, refusal)
    message_id = f"{webhook.id}-test-{desk.site.entropy(8).hex()}"
    answer = desk.site.settings.outward.send(webhook, message_id, trial_body(desk.site.clock()))
    return _page(desk, tried=webhook, answer=answer)


@router.post("/{webhook_id}/end")
def end(desk: Committee, webhook_id: str) -> Response:
    """Have another program told no more."""
    try:
        end_webhook(desk.site.register, desk.authority, webhook_id, reason=desk.said("reason"))
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/settings/webhooks?done=ended")


def _page(  # noqa: PLR0913 -- what was just done is told on the page it was done from
    desk: Desk,
    refusal: Refusal | None = None,
    *,
    added: Webhook | None = None,
    secret: str = "",
    tried: Webhook | None = None,
    answer: Answer | None = None,
) -> Response:
    with desk.site.register.snapshot() as reader:
        lines = list(_lines(reader, desk))
    return desk.page(
        "webhooks.html",
        status=status_of(refusal) if refusal else 200,
        lines=lines,
        events=tuple(WebhookEvent),
        state=CourseState,
        most=DELIVERIES_SHOWN,
        added=added,
        secret=secret,
        tried=tried,
        answer=answer,
        refusal=refusal,
        done=DONE.get(desk.asked("done")),
    )


def _lines(reader: Reader, desk: Desk) -> Iterator[WebhookLine]:
    """Yield the receivers, the newest first, each with its newest messages on top."""
    now = desk.site.clock()
    ended = {each.webhook_id: each for each in reader.find(WebhookEnd)}
    for webhook in reversed(reader.find(Webhook)):
        yield WebhookLine(
            webhook=webhook,
            health=health_of(reader, webhook, now),
            end=ended.get(webhook.id),
            courses=courses(reader, webhook.id)[: -DELIVERIES_SHOWN - 1 : -1],
        )
