"""Webhooks at the command line: a secret shown once, how they fare, and what the manual tells receivers."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gangpai.couriers import courier_of
from gangpai.office import Office
from gangpai.practice import hang_plates
from store.acts.veto import Charge, veto
from store.records import Copy, LogEntry, VetoCause, Webhook, WebhookEvent
from tests.gangpai.desk import Command
from tests.gangpai.receivers import LOOPBACK, Got, Receiver, receiving, reply

ROOT = Path(__file__).parent.parent.parent
SNIPPET = re.compile(r"```python\n(import base64.*?)```", re.DOTALL)


@pytest.fixture(autouse=True)
def _a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages go to this machine."""
    monkeypatch.setenv("GANGPAI_DEMO", "1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def added(gangpai: Command, receiver: Receiver, *options: str) -> Any:
    answer = gangpai("webhook", "add", receiver.url, *options, "--json")
    assert answer.code == 0
    return answer.json


def vetoed(office: Office) -> Copy:
    [copy] = hang_plates(office)
    charge = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")
    veto(office.register, office.authority(), copy.post_id, charge)
    return copy


def test_the_secret_is_shown_once_and_sealed_at_rest(
    gangpai: Command, receiver: Receiver, desk: Path, office: Office
) -> None:
    secret = added(gangpai, receiver)["secret"]
    assert secret.startswith("whsec_")
    shown = [gangpai("webhook", *words, "--json").out for words in (["list"], ["deliveries"], ["deliver"])]
    kept = b"".join(each.read_bytes() for each in desk.rglob("*") if each.is_file())
    assert secret not in "".join(shown)
    assert secret.removeprefix("whsec_").encode() not in kept
    assert [each.reason for each in office.register.find(LogEntry)] == [""]


def test_what_comes_is_signed_with_the_secret_shown(
    gangpai: Command, receiver: Receiver, office: Office
) -> None:
    secret = added(gangpai, receiver, "--events", "post.revoked,copy.returned")["secret"]
    vetoed(office)
    assert gangpai("webhook", "deliver", "--json").json == {"sent": 1, "taken": 1}
    assert gangpai("webhook", "deliver", "--json").json == {"sent": 0, "taken": 0}
    assert [each.is_signed_with(secret) for each in receiver.got] == [True]
    [message] = gangpai("webhook", "deliveries", "W1", "--json").json["deliveries"]
    assert (message["event"], message["state"], message["attempts"], message["answer"]) == (
        "post.revoked",
        "delivered",
        1,
        204,
    )
    assert gangpai("webhook", "deliveries", "--failed", "--json").json["deliveries"] == []


def test_the_list_says_how_a_receiver_fares(gangpai: Command, receiver: Receiver, office: Office) -> None:
    added(gangpai, receiver)
    assert gangpai("webhook", "list", "--json").json["webhooks"][0]["state_zh"] == "在用"
    receiver.answer = lambda handler: reply(handler, 500)
    vetoed(office)
    gangpai("webhook", "deliver")
    [row] = gangpai("webhook", "list", "--json").json["webhooks"]
    assert (row["webhook"], row["url"], row["open"]) == ("W1", receiver.url, True)
    assert row["state_zh"].endswith("起收不到")
    assert (row["waiting"], row["delivered"], row["failed"]) == (1, 0, 0)
    [message] = gangpai("webhook", "deliveries", "--failed", "--json").json["deliveries"]
    assert (message["state"], message["answer"]) == ("waiting", 500)
    assert message["next_at"]
    assert gangpai("webhook", "end", "W1", "--reason", "停用").code == 0
    assert gangpai("webhook", "list", "--json").json["webhooks"][0]["state_zh"] == "已停用"


def test_a_test_message_says_whether_it_was_taken(gangpai: Command, receiver: Receiver) -> None:
    secret = added(gangpai, receiver)["secret"]
    assert gangpai("webhook", "test", "W1", "--json").json["status"] == 204
    [got] = receiver.got
    assert got.is_signed_with(secret)
    assert b'"type":"test"' in got.body
    receiver.answer = lambda handler: reply(handler, 401)
    refused = gangpai("webhook", "test", "W1", "--json")
    assert (refused.code, refused.json["refused"]["code"], refused.json["refused"]["answer"]) == (
        1,
        "NotTaken",
        401,
    )
    assert gangpai("webhook", "deliveries", "--json").json["deliveries"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "https://hooks.example.cn/", "--events", "post.vanished"], "NoSuchEvent"),
        (["add", "ftp://hooks.example.cn/"], "NotAReceiver"),
        (["end", "W9", "--reason", "停用"], "NoSuchWebhook"),
        (["test", "W9"], "NoSuchWebhook"),
    ],
)
def test_what_cannot_be_is_refused(gangpai: Command, office: Office, words: list[str], code: str) -> None:
    answer = gangpai("webhook", *words, "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, code)
    assert office.register.count(Webhook) == 0


def test_outside_a_demonstration_only_https_is_taken(
    gangpai: Command, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANGPAI_DEMO", "")
    assert gangpai("webhook", "add", receiver.url, "--json").json["refused"]["code"] == "NotAReceiver"
    assert gangpai("webhook", "add", f"https://{LOOPBACK}/", "--json").code == 0
    assert gangpai("webhook", "test", "W1", "--json").json["refused"]["answer"] == "ReceiverNotPublic"


def test_every_event_is_explained_to_the_operator() -> None:
    page = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    assert {each.value for each in WebhookEvent} <= set(re.findall(r"`([a-z]+\.[a-z_]+)`", page))


class TestTheReceiverInTheManual:
    @pytest.fixture
    def check(self) -> Any:
        """Run the lines of the operator's page that check a message, and return the function they define."""
        page = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
        [lines] = SNIPPET.findall(page)
        names: dict[str, Any] = {}
        exec(compile(lines, "docs/operator.md", "exec"), names)  # noqa: S102 - our own page
        return names["is_genuine"]

    @pytest.fixture
    def got(self, office: Office, gangpai: Command, receiver: Receiver) -> tuple[Got, str]:
        secret = added(gangpai, receiver)["secret"]
        vetoed(office)
        settings = replace(office.settings, demo=True)
        courier = courier_of(settings, office.register, lambda: datetime.now(UTC))
        asyncio.run(courier.deliver_due())
        return receiver.got[0], secret

    def test_it_takes_what_is_genuine(self, check: Any, got: tuple[Got, str]) -> None:
        message, secret = got
        assert check(message.headers, message.body, secret)

    def test_and_nothing_else(self, check: Any, got: tuple[Got, str]) -> None:
        message, secret = got
        assert not check(message.headers, message.body + b" ", secret)
        assert not check(message.headers | {"webhook-timestamp": "1"}, message.body, secret)
        assert not check(message.headers | {"webhook-id": "W2"}, message.body, secret)
        assert not check(message.headers | {"webhook-signature": "v1,"}, message.body, secret)
        assert not check(message.headers, message.body, "whsec_" + "A" * 44)
