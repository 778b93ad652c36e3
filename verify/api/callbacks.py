"""What webhooks are sent, described in the API's own document (OpenAPI 3.1, 4.8.1: webhooks).

Knows the form of a message and its headers. Leaves out what is sent to whom (store/webhooks/), which no route
of the API decides.
"""

from datetime import date, datetime
from typing import Any

from store.records import WebhookEvent
from store.standing import Verdict
from verify.api.told import PlateNumberText, PostNumber, Told

Part = dict[str, Any]

_WHEN: dict[WebhookEvent, str] = {
    WebhookEvent.POST_AWARDED: "A post was awarded the title. · 命名授牌。",
    WebhookEvent.POST_REVOKED: "A post was vetoed; its plates are void. · 一票否决。",
    WebhookEvent.POST_VETO_CORRECTED: "A veto was taken back. · 更正一票否决。",
    WebhookEvent.POST_ENDED: "A post ended without disgrace. · 岗位停用。",
    WebhookEvent.COPY_REPLACED: "A plate was replaced by its `successor`. · 换发。",
    WebhookEvent.COPY_LOST: "A plate was reported lost. · 挂失。",
    WebhookEvent.COPY_RETURNED: "A plate came back or was destroyed. · 交回、销毁。",
    WebhookEvent.COPY_LEFT: "The holder of a plate left the post. · 持有人调离。",
    WebhookEvent.COPY_STILL_DISPLAYED: "A revoked plate was still scanned; told the day after. · 仍在悬挂。",
}

_HEADERS = {
    "webhook-id": "The same in every attempt: what was had before is passed over.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970; refuse what is old.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 in base64 over id, timestamp and body, joined by dots.",
}


class PlateTold(Told):
    """A plate a change concerns, and where its page is."""

    number: PlateNumberText
    url: str


class ChangeTold(Told):
    """The post and the plates a change concerns; `standing` where all of them read the same."""

    post: PostNumber
    plates: list[PlateTold]
    standing: Verdict | None = None
    successor: PlateNumberText | None = None
    seen_on: date | None = None


class WebhookMessage(Told):
    """A message as Standard Webhooks has it."""

    type: WebhookEvent
    timestamp: datetime
    data: ChangeTold


def webhooks(ref: str) -> Part:
    """Return the webhooks as the document has them; `ref` leads to the schema of a model."""
    return {event.value: {"post": _operation(event, told, ref)} for event, told in _WHEN.items()}


def _operation(event: WebhookEvent, told: str, ref: str) -> Part:
    schema = {"$ref": ref.format(model=WebhookMessage.__name__)}
    return {
        "operationId": f"told_{event.name.lower()}",
        "summary": told,
        "tags": ["webhooks"],
        "security": [],
        "parameters": [_header(name, meaning) for name, meaning in _HEADERS.items()],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "2XX": {"description": "Taken. Anything else, or nothing in five seconds, is tried again."}
        },
    }


def _header(name: str, meaning: str) -> Part:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": meaning,
        "schema": {"type": "string"},
    }
