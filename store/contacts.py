"""Contacts that the public leaves with a message: sealed as they arrive, opened by the committee alone.

Knows how a contact is sealed to a public key and opened with the private one: X25519 (RFC 7748), HKDF with
SHA-256 (RFC 5869), ChaCha20-Poly1305 (RFC 8439). Sealing needs nothing secret, so whoever takes messages
cannot read contacts. Leaves out who may open one, and that opening is logged (acts/answering.py).
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.refusals import Refusal

CONTACT_LONGEST = 60
KEY_BYTES = 32
_PADDED_BYTES = 4 * CONTACT_LONGEST
"""Every contact is padded to what the longest one can take in UTF-8, so that no length tells anything."""
_NONCE_BYTES = 12
_PURPOSE = b"gangpai contact 1"


class ContactTooLong(Refusal):
    """A contact is longer than is kept. Remedy: give one way to be reached."""

    clause_id = "F25"
    reason_zh = "联系方式有{length}个字，超过{longest}个字。"
    reason_en = "The contact has {length} characters; {longest} are taken."
    remedy_zh = "请只留一种联系方式，如手机号。"
    remedy_en = "Leave one way to reach you, such as a telephone number."


class ContactsNotTaken(Refusal):
    """A contact was left where there is no key to seal it to. Remedy: leave it out."""

    clause_id = "F25"
    reason_zh = "本系统尚未启用联系方式封存，不收联系方式。"
    reason_en = "Contacts cannot be sealed here yet, so none is taken."
    remedy_zh = "请不填联系方式；办结后凭回执编号查看答复。"
    remedy_en = "Leave it out; the receipt page will show the answer."


class NotAContactKey(Refusal):
    """A text or file is no key for contacts. Remedy: give it as `gangpai feedback key` made it."""

    reason_zh = "联系方式密钥不可用：应为32字节，以base64书写。"
    reason_en = "The key for contacts cannot be used: 32 bytes in base64 are expected."
    remedy_zh = "请照 gangpai feedback key 给出的原样填写。"
    remedy_en = "Give it as `gangpai feedback key` made it."


class CannotBeOpened(Refusal):
    """A sealed contact was altered, belongs elsewhere or to another key. Remedy: take the right key."""

    reason_zh = "联系方式打不开：密钥不是封存时的那一把，或内容已被改动。"
    reason_en = "The contact cannot be opened: the key is another one, or the contact was altered."
    remedy_zh = "请换用封存时的密钥；仍打不开的，请保留现状备查。"
    remedy_en = "Take the key it was sealed to; if that fails too, keep everything as it is."


@dataclass(frozen=True, kw_only=True)
class SealingKey:
    """The public key: seals, and cannot open."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise NotAContactKey

    def __str__(self) -> str:
        return base64.b64encode(self.raw).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key as it is printed.

        Raises:
            NotAContactKey: the text is none.

        """
        return cls(raw=_bytes_of(text))

    def seal(self, contact: str, *, subject_id: str, chance: bytes) -> str:
        """Seal a contact to this key and to the message it belongs to; `chance` is 32 fresh random bytes.

        Raises:
            ContactTooLong: there is more than is kept.

        """
        if len(contact) > CONTACT_LONGEST:
            raise ContactTooLong(length=len(contact), longest=CONTACT_LONGEST)
        once = X25519PrivateKey.from_private_bytes(chance)
        sent = once.public_key().public_bytes_raw()
        cipher, nonce = _cipher(once.exchange(X25519PublicKey.from_public_bytes(self.raw)), sent + self.raw)
        padded = contact.encode().ljust(_PADDED_BYTES, b"\0")
        return base64.b64encode(sent + cipher.encrypt(nonce, padded, subject_id.encode())).decode()


@dataclass(frozen=True, kw_only=True)
class OpeningKey:
    """The private key, which the committee keeps apart from the register."""

    raw: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise NotAContactKey

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key from the text of its file.

        Raises:
            NotAContactKey: the text is none.

        """
        return cls(raw=_bytes_of(text))

    @property
    def text(self) -> str:
        """The key as its file keeps it."""
        return base64.b64encode(self.raw).decode()

    @property
    def sealing(self) -> SealingKey:
        """The public key that belongs to this one."""
        return SealingKey(raw=self._private.public_key().public_bytes_raw())

    def unseal(self, sealed: str, *, subject_id: str) -> str:
        """Return the contact that was sealed to this key's public one for a message.

        Raises:
            CannotBeOpened: it was altered, belongs to another message or to another key.

        """
        try:
            content = base64.b64decode(sealed, validate=True)
            sent, closed = content[:KEY_BYTES], content[KEY_BYTES:]
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(sent))
            cipher, nonce = _cipher(shared, sent + self.sealing.raw)
            return cipher.decrypt(nonce, closed, subject_id.encode()).rstrip(b"\0").decode()
        except (ValueError, InvalidTag) as error:
            raise CannotBeOpened from error

    @property
    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.raw)


def seal_if_left(
    contact: str, key: SealingKey | None, *, subject_id: str, entropy: Callable[[int], bytes]
) -> str:
    """Seal the contact left with a message; nothing where none was left. `entropy(n)` gives n random bytes.

    Raises:
        ContactsNotTaken, ContactTooLong: there is no key to seal it to, or too much to keep.

    """
    left = contact.strip()
    if not left:
        return ""
    if key is None:
        raise ContactsNotTaken
    return key.seal(left, subject_id=subject_id, chance=entropy(KEY_BYTES))


def _cipher(shared: bytes, keys: bytes) -> tuple[ChaCha20Poly1305, bytes]:
    """Return cipher and nonce for one contact; both public keys go into them (RFC 7748, section 6.1)."""
    derived = HKDF(
        algorithm=SHA256(), length=KEY_BYTES + _NONCE_BYTES, salt=None, info=_PURPOSE + keys
    ).derive(shared)
    return ChaCha20Poly1305(derived[:KEY_BYTES]), derived[KEY_BYTES:]


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise NotAContactKey from error
