"""Delivering what is due to webhooks: beside the web service in each of its workers, or once by command.

Workers share the register and nothing else: each attempt is entered before it is made, and whoever enters it
makes it. Leaves out what is due (store/webhooks/outbox.py) and how one message is sent (outbound.py).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from gangpai.outbound import Reach, post, reach_of
from gangpai.settings import Settings, secret_of
from store.records import Delivery, Webhook
from store.register import Register
from store.webhooks.courses import Answer, Course
from store.webhooks.outbox import Message, Outbox, begin, finish
from store.webhooks.signing import SecretLost, WebhookSecret, headers_of
from verify.outward import Outward

_log = logging.getLogger(__name__)

AT_A_TIME = 4
POLL_S = 2.0
LOOKS_EVERY = timedelta(seconds=30)

_Begun = tuple[Message, Delivery]


def courier_of(settings: Settings, register: Register, clock: Callable[[], datetime]) -> "Courier":
    """Return the courier of a deployment.

    Raises:
        NoSecret: the secret that seals the webhooks' own can be neither read nor made.

    """
    return Courier(
        register,
        key=secret_of(settings),
        base_url=settings.base_url,
        reach=reach_of(demo=settings.demo),
        clock=clock,
    )


def outward_of(settings: Settings, register: Register, clock: Callable[[], datetime]) -> Outward:
    """Return how the web reaches other programs at once; called from a thread without a loop of its own."""
    courier = courier_of(settings, register, clock)

    def send(webhook: Webhook, message_id: str, body: bytes) -> Answer:
        return asyncio.run(courier.send(webhook, message_id, body))

    return Outward(schemes=reach_of(demo=settings.demo).schemes, send=send)


class Courier:
    """Signs and sends what is due; `key` opens the webhooks' secrets, `base_url` is where pages are."""

    def __init__(
        self, register: Register, *, key: bytes, base_url: str, reach: Reach, clock: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._key = key
        self._base_url = base_url
        self._reach = reach
        self._clock = clock
        self._outbox = Outbox()
        self._seen: tuple[int, datetime] | None = None

    async def run(self) -> None:
        """Deliver what is due, again and again, until cancelled; what fails is tried at the next look."""
        while True:
            try:
                if await asyncio.to_thread(self._has_to_look):
                    await self.deliver_due()
            except Exception as error:  # noqa: BLE001 - whatever fails here, the pages are served
                self._seen = None
                _log.warning("webhooks could not be seen to", exc_info=error)
            await asyncio.sleep(POLL_S)

    def _has_to_look(self) -> bool:
        """Whether the register has changed since the last look, or that is some time ago."""
        now, version = self._clock(), self._register.version()
        if self._seen and self._seen[0] == version and abs(now - self._seen[1]) < LOOKS_EVERY:
            return False
        self._seen = version, now
        return True

    async def deliver_due(self) -> list[Course]:
        """Make every attempt that is due now, a few at a time, and return how each went.

        Raises:
            RegisterUnavailable: what is due cannot be read, or an attempt not be entered.

        """
        courses = await self._deliver(await asyncio.to_thread(self._due))
        while self._outbox.is_behind:
            courses += await self._deliver(await asyncio.to_thread(self._due))
        return courses

    def _due(self) -> list[Message]:
        with self._register.snapshot() as reader:
            return self._outbox.due(reader, self._clock())

    async def _deliver(self, messages: Sequence[Message]) -> list[Course]:
        courses: list[Course] = []
        for first in range(0, len(messages), AT_A_TIME):
            begun = await asyncio.to_thread(self._begun, messages[first : first + AT_A_TIME])
            courses += await asyncio.gather(*map(self._attempt, begun))
        return courses

    def _begun(self, messages: Sequence[Message]) -> list[_Begun]:
        """Enter the attempts this worker makes, in order; those another one makes are left out."""
        begun = ((each, begin(self._register, each, self._clock())) for each in messages)
        return [(message, delivery) for message, delivery in begun if delivery]

    async def _attempt(self, begun: _Begun) -> Course:
        message, delivery = begun
        answer = await self.send(message.webhook, message.id, message.happening.body(self._base_url))
        return await asyncio.to_thread(finish, self._register, delivery, answer, self._clock())

    async def send(self, webhook: Webhook, message_id: str, body: bytes) -> Answer:
        """Sign a body for a webhook and send it."""
        try:
            secret = WebhookSecret.opened(
                webhook.sealed_secret, self._key, webhook.address, webhook_id=webhook.id
            )
        except SecretLost as lost:
            return Answer(problem=lost.code)
        headers = headers_of(secret, message_id, self._clock(), body)
        return await post(webhook.address, headers, body, self._reach)
