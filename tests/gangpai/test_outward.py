"""How the web reaches other programs at once: by the same rules as the courier beside it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gangpai.couriers import outward_of
from gangpai.office import open_register
from gangpai.settings import load_settings
from store.records import Webhook, WebhookEvent
from store.webhooks.signing import WebhookSecret

SECRET = "s" * 32


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/x", "https://169.254.169.254/"]
)
def test_nothing_is_sent_to_an_address_inside(tmp_path: Path, address: str) -> None:
    settings = load_settings({"GANGPAI_SECRET": SECRET}, tmp_path)
    register = open_register(settings)
    now = datetime(2026, 6, 15, 4, tzinfo=UTC)
    sealed = WebhookSecret(raw=b"k" * 32).sealed(SECRET.encode(), address, chance=b"n" * 12)
    webhook = Webhook(
        id="W1",
        address=address,
        events=tuple(WebhookEvent),
        sealed_secret=sealed,
        after_entry=0,
        after_sighting=0,
        added_at=now,
    )
    outward = outward_of(settings, register, lambda: now)
    answer = outward.send(webhook, "W1-test", b"{}")
    register.close()
    assert (answer.is_taken, answer.problem) == (False, "ReceiverNotPublic")
    assert outward.schemes == ("https",)
