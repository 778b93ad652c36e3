"""The key of every log in the tests."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.ledger import NoteKey


def note_key(host: str = "gp.example.cn", seed: bytes = b"k" * 32) -> NoteKey:
    return NoteKey(name=f"{host}/ledger", private=Ed25519PrivateKey.from_private_bytes(seed))
