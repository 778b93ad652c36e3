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


def _seed(path: Path) -> bytes:
    return base64.urlsafe_b64decode(kept_secret(path) + b"=")
