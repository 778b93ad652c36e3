"""The webhooks in the API's description are the messages that are sent."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from store.acts.webhooks import NewWebhook, add_webhook
from store.records import WebhookEvent
from store.tinydb_register import TinyDbRegister
from store.webhooks.outbox import Outbox
from tests.office import Office
from tests.store.test_webhook_messages import lived_through
from tests.verify.api.scene import Scene
from verify.api.callbacks import WebhookMessage


@pytest.fixture
def described(scene: Scene) -> dict[str, Any]:
    document: dict[str, Any] = scene.get("/openapi.json").json()
    return document


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(TinyDbRegister(tmp_path / "register.db")) as register:
        yield Office(register)


def test_every_event_is_described_with_its_headers(described: dict[str, Any]) -> None:
    assert set(described["webhooks"]) == set(WebhookEvent)
    for each in described["webhooks"].values():
        assert {header["name"] for header in each["post"]["parameters"]} == {
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
        }
        schema = each["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/WebhookMessage"}
    assert {"WebhookMessage", "ChangeTold", "PlateTold"} <= set(described["components"]["schemas"])


def test_what_is_sent_is_what_is_described(office: Office) -> None:
    new = NewWebhook(address="https://hooks.example.cn/", events=tuple(WebhookEvent), sealed_secret="")
    add_webhook(office.register, office.by(), new)
    lived_through(office)
    with office.register.snapshot() as reader:
        messages = Outbox().due(reader, office.now + timedelta(days=1))
    bodies = [each.happening.body("https://gp.example.cn") for each in messages]
    assert {WebhookMessage.model_validate_json(each).type for each in bodies} == set(WebhookEvent)
    with pytest.raises(ValidationError):
        WebhookMessage.model_validate_json(bodies[0].replace(b'"post":', b'"name":'))
