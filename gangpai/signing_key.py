"""The key that signs the log's checkpoints: a file beside the secret, made at first need, never printed.

Knows where it lies and which log it speaks for. Leaves out what is signed (store/ledger/checkpoints.py).
"""

import base64
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gangpai.settings import Settings, kept_secret
from store.ledger import NoteKey
from store.refusals import Refusal

KEY_FILE = "ledger.key"


class NoSigningKey(Refusal):
    """The signing key cannot be read or made. Remedy: look at its file, the rights and the disk."""

    clause_id = "F29"
    reason_zh = "台账签名密钥文件“{path}”不可用（{problem}）。"
    reason_en = "The file of the ledger's signing key {path!r} cannot be used ({problem})."
    remedy_zh = "请检查目录权限与磁盘，或从备份放回原来的密钥文件；删除后会另生成新密钥，须重新公布公钥。"
    remedy_en = "Check the folder and the disk, or put the key back; a new one must be made known anew."


class NoLogName(Refusal):
    """No base URL is set, so that a signature would be nobody's. Remedy: set it."""

    clause_id = "F29"
    reason_zh = "尚未设置核验网址（GANGPAI_BASE_URL），台账的签名和公钥没有名称。"
    reason_en = "GANGPAI_BASE_URL is not set, so that a signature or key would name no log."
    remedy_zh = "请先设置网址再签名；不签名的校验值（gangpai ledger checkpoint）不需要网址。"
    remedy_en = "Set it first; a checkpoint without a signature (gangpai ledger checkpoint) needs none."


def note_key_of(settings: Settings) -> NoteKey:
    """Return the key that signs for the log of this deployment, named after the host of its base URL.

    Raises:
        NoSigningKey: the file can be neither read nor made, or holds something else.

    """
    path = settings.secret_path.with_name(KEY_FILE)
    try:
        private = Ed25519PrivateKey.from_private_bytes(_seed(path))
    except (OSError, ValueError) as error:
        raise NoSigningKey(path=str(path), problem=getattr(error, "strerror", "") or str(error)) from error
    return NoteKey(name=f"{urlsplit(settings.base_url).netloc}/ledger", private=private)


def named_key_of(settings: Settings) -> NoteKey:
    """Return the key as `note_key_of` does, for what leaves the house and is kept for years.

    Raises:
        NoLogName: the deployment has no base URL.
        NoSigningKey: the file can be neither read nor made, or holds something else.

    """
    if not settings.base_url:
        raise NoLogName
    return note_key_of(settings)


def _seed(path: Path) -> bytes:
    return base64.urlsafe_b64decode(kept_secret(path) + b"=")
