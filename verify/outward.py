"""How the web reaches other programs: a port that whoever serves the application fills in.

Knows what is asked of it. Leaves out connections and addresses (gangpai/couriers.py): nothing in this room
opens a connection by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from store.records import Webhook
from store.webhooks.courses import Answer

Send = Callable[[Webhook, str, bytes], Answer]
"""Signs a body for a webhook, sends it under a message id, and returns what came back."""


def _nobody_sends(_webhook: Webhook, _message_id: str, _body: bytes) -> Answer:
    return Answer(problem="no_courier")


@dataclass(frozen=True, kw_only=True)
class Outward:
    """By which schemes other programs may be reached, and what sends to them."""

    schemes: tuple[str, ...] = ("https",)
    send: Send = _nobody_sends
