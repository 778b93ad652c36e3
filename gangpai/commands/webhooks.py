"""Other programs that are told of changed standings: added, listed, tried, delivered to, ended."""

import asyncio
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from gangpai.couriers import courier_of
from gangpai.office import open_office
from gangpai.outbound import reach_of
from gangpai.settings import secret_of
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.webhooks import NewWebhook, end_webhook, webhook_of
from store.acts.webhooks import add_webhook as add
from store.calendar import chinese_time
from store.records import Webhook, WebhookEnd, WebhookEvent
from store.refusals import Refusal
from store.register import Reader
from store.webhooks.addresses import receiver_of
from store.webhooks.courses import COURSE_STATE_ZH, Course, CourseState, Health, courses, health_of
from store.webhooks.happenings import trial_body
from store.webhooks.signing import NONCE_BYTES, SECRET_BYTES, WebhookSecret

Number = Annotated[str, typer.Argument(metavar="WEBHOOK", help="编号，如 W1 / its number, such as W1")]
_EVENTS = "、".join(WebhookEvent)


class NoSuchEvent(Refusal):
    """No change has this name. Remedy: choose one of those listed."""

    reason_zh = "没有“{word}”这种变动。"
    reason_en = "There is no event {word!r}."
    remedy_zh = "可选：{known}。"
    remedy_en = "Choose from: {known}."


class NotTaken(Refusal):
    """The receiver did not take the test message. Remedy: look at the receiver, then try again."""

    reason_zh = "通知接收方{webhook_id}没有收下试发的通知（{answer}）。"
    reason_en = "The receiver of {webhook_id} did not take the test message ({answer})."
    remedy_zh = "请检查对方程序是否在运行、密钥和时钟是否正确，再试一次。"
    remedy_en = "See that it runs and has the right secret and clock, then try again."


def add_webhook(
    *,
    address: Annotated[str, typer.Argument(metavar="URL", help="接收通知的 https 网址 / where it is told")],
    events: Annotated[
        str, typer.Option("--events", metavar="EVENT,…", help=f"哪些变动，默认全部 / default all: {_EVENTS}")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Have another program told of changes from now on; the secret it checks them with is shown once."""
    with open_office() as office:
        reach = reach_of(demo=office.settings.demo)
        receiver_of(address, schemes=reach.schemes)
        secret = WebhookSecret(raw=secrets.token_bytes(SECRET_BYTES))
        sealed = secret.sealed(secret_of(office.settings), address, chance=secrets.token_bytes(NONCE_BYTES))
        new = NewWebhook(address=address, events=_events(events), sealed_secret=sealed)
        webhook = add(office.register, office.authority(), new)
    show(_added(webhook, secret), as_json=as_json)


def _events(words: str) -> tuple[WebhookEvent, ...]:
    named = [word.strip() for word in words.split(",") if word.strip()] or list(WebhookEvent)
    for word in named:
        if word not in set(WebhookEvent):
            raise NoSuchEvent(word=word, known=_EVENTS)
    return tuple(each for each in WebhookEvent if each in named)


def _added(webhook: Webhook, secret: WebhookSecret) -> Outcome:
    return Outcome(
        zh=f"已登记通知接收方{webhook.id}。签名密钥（只显示这一次，请交给对方）：{secret.text}",
        en=f"Webhook {webhook.id} is added. Its secret, shown only now: {secret.text}",
        facts={
            "webhook": webhook.id,
            "url": webhook.address,
            "events": [each.value for each in webhook.events],
            "secret": secret.text,
        },
    )


_COLUMNS = (
    Column(key="webhook", zh="编号", en="webhook"),
    Column(key="url", zh="网址", en="URL"),
    Column(key="events_shown", zh="变动", en="events"),
    Column(key="state_zh", zh="状态", en="state"),
    Column(key="delivered", zh="已送达", en="delivered"),
    Column(key="waiting", zh="等待重试", en="waiting"),
    Column(key="failed", zh="未送达", en="failed"),
    Column(key="delivered_at", zh="最近送达", en="last delivered"),
)


def list_webhooks(*, as_json: AsJson = False) -> None:
    """List the programs that are told, how they fare, and since when one takes nothing."""
    with open_office() as office, office.register.snapshot() as reader:
        ended = {each.webhook_id for each in reader.find(WebhookEnd)}
        rows = [
            _row(each, health_of(reader, each, office.now()), is_ended=each.id in ended)
            for each in reader.find(Webhook)
        ]
    show(
        Listing(
            name="webhooks",
            columns=_COLUMNS,
            rows=rows,
            none_zh="尚无通知接收方。",
            none_en="No webhooks yet.",
        ),
        as_json=as_json,
    )


def _row(webhook: Webhook, health: Health, *, is_ended: bool) -> dict[str, Any]:
    return {
        "webhook": webhook.id,
        "url": webhook.address,
        "events": [each.value for each in webhook.events],
        "events_shown": "、".join(webhook.events),
        "open": not is_ended,
        "state_zh": _state_zh(health, is_ended=is_ended),
        "failing_since": _time(health.failing_since),
        "delivered_at": _time(health.delivered_at),
        "added_at": chinese_time(webhook.added_at),
        **{state.value: health.counts.get(state, 0) for state in CourseState},
    }


def _state_zh(health: Health, *, is_ended: bool) -> str:
    if is_ended:
        return "已停用"
    return f"{chinese_time(health.failing_since)}起收不到" if health.failing_since else "在用"


def _time(moment: datetime | None) -> str | None:
    return chinese_time(moment) if moment else None


def end(
    *,
    webhook: Number,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="停用理由 / why")],
    as_json: AsJson = False,
) -> None:
    """Have another program told no more."""
    with open_office() as office:
        end_webhook(office.register, office.authority(), webhook, reason=reason)
    show(
        Outcome(
            zh=f"通知接收方{webhook}已停用。",
            en=f"Webhook {webhook} is ended.",
            facts={"webhook": webhook, "open": False},
        ),
        as_json=as_json,
    )


_DELIVERY_COLUMNS = (
    Column(key="message", zh="通知", en="message"),
    Column(key="event", zh="变动", en="event"),
    Column(key="state_zh", zh="状态", en="state"),
    Column(key="attempts", zh="次数", en="attempts"),
    Column(key="begun_at", zh="最近一次", en="last attempt"),
    Column(key="answer", zh="结果", en="answer"),
    Column(key="next_at", zh="下一次", en="next"),
)


def deliveries(
    *,
    webhook: Annotated[
        str, typer.Argument(metavar="WEBHOOK", help="编号，默认全部 / its number, default all")
    ] = "",
    failed: Annotated[bool, typer.Option("--failed", help="只列未送达的 / only those not delivered")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was delivered, what is tried again, and what was given up."""
    with open_office() as office, office.register.snapshot() as reader:
        found = [each for each in _courses(reader, webhook) if not (failed and each.is_delivered)]
        rows = [_delivery_row(each, office.now()) for each in found]
    show(
        Listing(
            name="deliveries",
            columns=_DELIVERY_COLUMNS,
            rows=rows,
            none_zh="没有通知。",
            none_en="No messages.",
        ),
        as_json=as_json,
    )


def _courses(reader: Reader, webhook_id: str) -> Iterator[Course]:
    for each in reader.find(Webhook):
        if webhook_id in {"", each.id}:
            yield from courses(reader, each.id)


def _delivery_row(course: Course, now: datetime) -> dict[str, Any]:
    state = course.state(now)
    return {
        "message": course.message_id,
        "event": course.delivery.event.value,
        "state": state.value,
        "state_zh": COURSE_STATE_ZH[state],
        "attempts": course.delivery.attempt,
        "begun_at": chinese_time(course.delivery.begun_at),
        "answer": course.outcome.status or course.outcome.problem if course.outcome else None,
        "next_at": chinese_time(course.next_at) if state is CourseState.WAITING else None,
    }


def deliver(*, as_json: AsJson = False) -> None:
    """Deliver once what is due now; the web service does so by itself."""
    with open_office() as office:
        made = asyncio.run(courier_of(office.settings, office.register, office.now).deliver_due())
    taken = sum(each.is_delivered for each in made)
    show(
        Outcome(
            zh=f"送出{len(made)}条通知，对方收下{taken}条。",
            en=f"{len(made)} messages were sent, {taken} were taken.",
            facts={"sent": len(made), "taken": taken},
        ),
        as_json=as_json,
    )


def try_webhook(*, webhook: Number, as_json: AsJson = False) -> None:
    """Send a test message at once; it is on no record."""
    with open_office() as office:
        receiver, now = webhook_of(office.register, webhook), office.now()
        message_id = f"{receiver.id}-test-{secrets.token_hex(8)}"
        courier = courier_of(office.settings, office.register, office.now)
        answer = asyncio.run(courier.send(receiver, message_id, trial_body(now)))
    if not answer.is_taken:
        raise NotTaken(webhook_id=receiver.id, answer=answer.status or answer.problem)
    show(
        Outcome(
            zh=f"通知接收方{receiver.id}收下了试发的通知（{answer.status}）。",
            en=f"The receiver of {receiver.id} took the test message ({answer.status}).",
            facts={"webhook": receiver.id, "message": message_id, "status": answer.status},
        ),
        as_json=as_json,
    )
