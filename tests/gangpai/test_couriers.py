"""Messages on their way: signed, sent once by many workers, and sent again when somebody was cut off."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gangpai import couriers
from gangpai.couriers import Courier, courier_of
from gangpai.local_server import free_port, server_environment, start_server, wait_until_ready
from gangpai.office import Office, open_office, open_store
from gangpai.outbound import reach_of
from gangpai.practice import hang_plates
from gangpai.settings import load_settings
from store.acts.veto import Charge, veto
from store.acts.webhooks import NewWebhook, add_webhook
from store.records import Copy, Delivery, DeliveryOutcome, VetoCause, Webhook, WebhookEvent
from store.register import Register, RegisterUnavailable
from store.webhooks.courses import CourseState, courses
from store.webhooks.outbox import Message
from store.webhooks.signing import WebhookSecret
from tests.gangpai.receivers import Receiver, receiving, reply
from tests.verify.public.plates import FailingRegister
from tests.verify.public.serving import until

ROOT = Path(__file__).parent.parent.parent
KEY = b"a secret of the deployment"
SECRET = WebhookSecret(raw=bytes(range(32)))
CHARGE = Charge(cause=VetoCause.GRAVE_ACCIDENT, facts="测试")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    settings = load_settings({"GANGPAI_DEMO": "1", "GANGPAI_SECRET": KEY.decode()}, tmp_path)
    with open_office(settings) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def copy(office: Office, receiver: Receiver) -> Copy:
    """Hang a plate, have the receiver told, and veto its post."""
    [copy] = hang_plates(office)
    add(office, receiver.url)
    veto(office.register, office.authority(), copy.post_id, CHARGE)
    return copy


def add(office: Office, url: str) -> Webhook:
    sealed = SECRET.sealed(KEY, url, chance=b"n" * 12)
    new = NewWebhook(address=url, events=tuple(WebhookEvent), sealed_secret=sealed)
    return add_webhook(office.register, office.authority(), new)


def later(office: Office, **how_long: float) -> Courier:
    """Return a courier by the machine's own clock, as another process has it, some time ahead."""
    return courier_of(office.settings, office.register, lambda: now() + timedelta(**how_long))


def now() -> datetime:
    return datetime.now(UTC)


def deliver(courier: Courier) -> list[bool]:
    return [each.is_delivered for each in asyncio.run(courier.deliver_due())]


def test_a_message_arrives_signed_and_is_on_record(office: Office, receiver: Receiver, copy: Copy) -> None:
    assert deliver(later(office)) == [True]
    [got] = receiver.got
    assert got.is_signed_with(SECRET.text)
    assert abs(int(got.headers["webhook-timestamp"]) - now().timestamp()) < 60
    told = json.loads(got.body)
    assert (told["type"], told["data"]["plates"][0]["number"]) == ("post.revoked", copy.id)
    assert [each.status for each in office.register.find(DeliveryOutcome)] == [204]
    assert deliver(later(office)) == []


def test_a_failed_one_has_the_same_id_when_it_comes_again(
    office: Office, receiver: Receiver, copy: Copy
) -> None:
    assert copy
    receiver.answer = lambda handler: reply(handler, 503)
    assert deliver(later(office)) == [False]
    receiver.answer = lambda handler: reply(handler, 200)
    assert deliver(later(office, seconds=30)) == []
    assert deliver(later(office, minutes=2)) == [True]
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    assert second.is_signed_with(SECRET.text)


def test_many_workers_send_each_message_once(office: Office, receiver: Receiver) -> None:
    copies = hang_plates(office, 12)
    add(office, receiver.url)
    for each in copies:
        veto(office.register, office.authority(), each.post_id, CHARGE)

    async def at_once(registers: list[Register]) -> None:
        crew = [courier_of(office.settings, register, office.now) for register in registers]
        await asyncio.gather(*(each.deliver_due() for each in crew))

    with (
        closing(open_store(office.settings.store)) as one,
        closing(open_store(office.settings.store)) as other,
    ):
        asyncio.run(at_once([office.register, one, other]))
    ids = [each.headers["webhook-id"] for each in receiver.got]
    assert (len(ids), len(set(ids))) == (12, 12)


def test_workers_that_do_not_say_what_they_begin_are_caught(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsaid(_: Register, message: Message, now: datetime) -> Delivery:
        first = message.happening
        return Delivery(
            id=f"{message.id}-{message.attempt}", webhook_id=message.webhook.id, event=first.event,
            source_id=first.source_id, part=first.part, attempt=message.attempt, begun_at=now,
        )  # fmt: skip

    monkeypatch.setattr(couriers, "begin", unsaid)
    monkeypatch.setattr(couriers, "finish", lambda *_: None)
    with pytest.raises(AssertionError):
        test_many_workers_send_each_message_once(office, receiver)


def _wait(hold: threading.Event) -> None:
    hold.wait(20)


def test_f26_one_killed_between_sending_and_recording_is_made_good_by_the_next(
    office: Office, receiver: Receiver, copy: Copy
) -> None:
    hold = threading.Event()
    receiver.answer = lambda _: _wait(hold)
    environment = server_environment(office.settings, 1) | {"GANGPAI_SECRET": KEY.decode()}
    command = [sys.executable, "-m", "gangpai", "webhook", "deliver"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        until(lambda: receiver.got, within_s=20)
        process.send_signal(signal.SIGKILL)
    hold.set()
    receiver.answer = lambda handler: reply(handler, 200)
    assert office.register.count(DeliveryOutcome) == 0
    assert deliver(later(office, seconds=30)) == []
    assert deliver(later(office, minutes=3)) == [True]
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 1
    [course] = courses(office.register, "W1")
    assert (course.state(now()), course.delivery.attempt) == (CourseState.DELIVERED, 2)
    assert copy


def test_the_service_delivers_by_itself_and_of_its_workers_one(office: Office, receiver: Receiver) -> None:
    [copy] = hang_plates(office)
    add(office, receiver.url)
    port = free_port()
    os.environ["GANGPAI_SECRET"] = KEY.decode()
    process = start_server(office.settings, port, workers=2)
    try:
        wait_until_ready(process, port)
        veto(office.register, office.authority(), copy.post_id, CHARGE)
        until(lambda: office.register.count(DeliveryOutcome), within_s=20)
    finally:
        del os.environ["GANGPAI_SECRET"]
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    assert [each.is_signed_with(SECRET.text) for each in receiver.got] == [True]


def test_a_secret_sealed_under_another_key_sends_nothing_and_says_so(
    office: Office, receiver: Receiver, copy: Copy
) -> None:
    assert copy
    courier = Courier(
        office.register, key=b"another", base_url="", reach=reach_of(demo=True), clock=office.now
    )
    assert deliver(courier) == [False]
    assert receiver.got == []
    assert [each.problem for each in office.register.find(DeliveryOutcome)] == ["SecretLost"]


def running(courier: Courier, while_it_runs: Callable[[], object]) -> None:
    async def run() -> None:
        work = asyncio.create_task(courier.run())
        await asyncio.to_thread(while_it_runs)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(run())


def test_a_register_that_is_away_stops_no_courier(
    office: Office,
    receiver: Receiver,
    copy: Copy,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert copy
    monkeypatch.setattr(couriers, "POLL_S", 0.01)
    register = FailingRegister(office.register)
    register.failure = RegisterUnavailable()

    def away_and_back() -> None:
        until(lambda: "could not be seen to" in caplog.text)
        register.failure = None
        until(lambda: office.register.count(DeliveryOutcome))

    running(courier_of(office.settings, register, office.now), away_and_back)
    assert len(receiver.got) == 1
    assert SECRET.text not in caplog.text


def test_nothing_is_looked_for_while_the_register_stays_as_it_is(
    office: Office, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copy
    monkeypatch.setattr(couriers, "POLL_S", 0.001)
    courier, looks = later(office), list[None]()
    due = courier._due  # noqa: SLF001 - its calls are counted

    def counted() -> list[Message]:
        looks.append(None)
        return due()

    monkeypatch.setattr(courier, "_due", counted)
    running(courier, lambda: until(lambda: office.register.count(DeliveryOutcome)))
    settled = len(looks)
    running(courier, lambda: threading.Event().wait(0.1))
    assert len(looks) <= settled + 1
