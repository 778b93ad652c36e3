"""How a message is signed so that its receiver knows whose it is: Standard Webhooks, symmetric (v1).

Knows the secret that both sides share and how it is kept: sealed with a key that follows from the
deployment's own secret, bound to the address, and shown once. Leaves out what is said (happenings.py).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.refusals import Refusal

PREFIX = "whsec_"
SECRET_BYTES = 32
NONCE_BYTES = 12
_PURPOSE = b"gangpai webhook 1"


class SecretLost(Refusal):
    """A webhook's secret was sealed under another GANGPAI_SECRET. Remedy: end the webhook, add it anew."""

    reason_zh = "通知接收方{webhook_id}的密钥打不开：GANGPAI_SECRET（或 secret.key）已不是登记时的那一个。"
    reason_en = "The secret of webhook {webhook_id} cannot be opened: GANGPAI_SECRET is another one by now."
    remedy_zh = "请放回原来的密钥，或停用该接收方后重新登记，把新密钥交给对方。"
    remedy_en = "Put the old one back, or end the webhook, add it anew and hand the new secret over."


@dataclass(frozen=True, kw_only=True)
class WebhookSecret:
    """The bytes that sign for one webhook."""

    raw: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The secret as its receiver is given it."""
        return PREFIX + base64.b64encode(self.raw).decode()

    def signature(self, message_id: str, moment: datetime, body: bytes) -> str:
        """Return the header `webhook-signature` for a body sent at a moment (Standard Webhooks, v1)."""
        signed = f"{message_id}.{seconds(moment)}.".encode() + body
        mac = hmac.new(self.raw, signed, hashlib.sha256).digest()
        return f"v1,{base64.b64encode(mac).decode()}"

    def sealed(self, key: bytes, address: str, *, chance: bytes) -> str:
        """Seal the secret for the register; `key` is the deployment's, `chance` 12 fresh random bytes."""
        closed = _cipher(key).encrypt(chance, self.raw, address.encode())
        return base64.b64encode(chance + closed).decode()

    @classmethod
    def opened(cls, sealed: str, key: bytes, address: str, *, webhook_id: str) -> Self:
        """Open a secret that was sealed for an address.

        Raises:
            SecretLost: it was sealed with another key, or for another address.

        """
        try:
            content = base64.b64decode(sealed, validate=True)
            nonce, closed = content[:NONCE_BYTES], content[NONCE_BYTES:]
            return cls(raw=_cipher(key).decrypt(nonce, closed, address.encode()))
        except (ValueError, InvalidTag) as error:
            raise SecretLost(webhook_id=webhook_id) from error


def headers_of(secret: WebhookSecret, message_id: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that make a body a signed message."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "gangpai-webhook",
        "webhook-id": message_id,
        "webhook-timestamp": seconds(moment),
        "webhook-signature": secret.signature(message_id, moment, body),
    }


def seconds(moment: datetime) -> str:
    """Return a moment in whole seconds since 1970, as the header and the signature have it."""
    return str(int(moment.timestamp()))


def _cipher(key: bytes) -> ChaCha20Poly1305:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key)
    return ChaCha20Poly1305(derived)
