"""A checkpoint of the log as others keep it: size and root, on one line or in a signed note.

Knows the note's form (C2SP tlog-checkpoint and signed-note, Ed25519). Leaves out where the key is kept, and
who keeps a checkpoint: a log nobody else keeps one of proves nothing.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.refusals import Refusal

_ED25519 = b"\x01"
"""The signature type of Ed25519 (C2SP signed-note)."""

_LINE = re.compile(r"(\d{1,12}):([0-9a-f]{64})", re.ASCII)
_NOTE = re.compile(r"\S+\n(0|[1-9]\d{0,11})\n([A-Za-z0-9+/]{43}=)\n(?:.+\n)*\n(?:— \S+ \S+\n)+", re.ASCII)


class NotACheckpoint(Refusal):
    """The text is not a checkpoint of the log. Remedy: give it as it was printed."""

    clause_id = "F29"
    reason_zh = "“{text}”不是台账校验值：形如 12:3f9a…，冒号后为64位十六进制字符；或为签名校验值的原文件。"
    reason_en = (
        "{text!r} is not a checkpoint: the form is 12:3f9a…, with 64 hexadecimal digits, or a signed note."
    )
    remedy_zh = "请照当时打印的原样填写（gangpai ledger checkpoint），或给出当时保存的文件。"
    remedy_en = "Give it as it was printed (gangpai ledger checkpoint), or the file that was saved."


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The number of entries and the root of their Merkle tree, in hexadecimal."""

    size: int
    root: str

    def __str__(self) -> str:
        return f"{self.size}:{self.root}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a checkpoint as it is printed: size, colon, root; or a signed note, signatures unexamined.

        Raises:
            NotACheckpoint: the text is something else.

        """
        if match := _LINE.fullmatch(text.strip()):
            return cls(size=int(match[1]), root=match[2])
        if match := _NOTE.fullmatch(text.replace("\r\n", "\n")):
            return cls(size=int(match[1]), root=base64.b64decode(match[2]).hex())
        raise NotACheckpoint(text=text[:80])


@dataclass(frozen=True, kw_only=True)
class NoteKey:
    """What signs the log's checkpoints: the log's name, which is its origin too, and an Ed25519 key."""

    name: str
    private: Ed25519PrivateKey

    def sign(self, checkpoint: Checkpoint) -> str:
        """Return the checkpoint as a note: origin, size, root, blank line, signature line."""
        body = f"{self.name}\n{checkpoint.size}\n{_base64(bytes.fromhex(checkpoint.root))}\n"
        signature = self._key_id + self.private.sign(body.encode())
        return f"{body}\n— {self.name} {_base64(signature)}\n"

    @property
    def verifier_key(self) -> str:
        """Return the public half as others keep it: name, key id and key, joined by plus signs."""
        return f"{self.name}+{self._key_id.hex()}+{_base64(self._public)}"

    @property
    def _public(self) -> bytes:
        return _ED25519 + self.private.public_key().public_bytes_raw()

    @property
    def _key_id(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + self._public).digest()[:4]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
