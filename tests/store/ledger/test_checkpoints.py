"""A signed checkpoint is the note that others' programs read: in the form of C2SP, signed with Ed25519."""

import base64
import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from store.ledger import Checkpoint, NotACheckpoint
from tests.signing import note_key

ROOT = "ab" * 32
POINT = Checkpoint(size=12, root=ROOT)
NOTE = note_key().sign(POINT)


def test_a_note_has_origin_size_root_and_one_signature_line() -> None:
    body, signature = NOTE.split("\n\n")
    assert body.split("\n") == ["gp.example.cn/ledger", "12", base64.b64encode(bytes.fromhex(ROOT)).decode()]
    dash, name, encoded = signature.split(" ")
    assert (dash, name) == ("\u2014", "gp.example.cn/ledger")
    assert (len(base64.b64decode(encoded)), encoded[-1]) == (4 + 64, "\n")


def test_the_signature_is_over_everything_above_the_blank_line() -> None:
    name, key_id, encoded = note_key().verifier_key.split("+", 2)
    public = base64.b64decode(encoded)
    body, signature = NOTE.split("\n\n")
    made = base64.b64decode(signature.split(" ")[2])
    assert made[:4].hex() == key_id == hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8]
    key = Ed25519PublicKey.from_public_bytes(public[1:])
    key.verify(made[4:], f"{body}\n".encode())
    with pytest.raises(InvalidSignature):
        key.verify(made[4:], f"{body}\n".replace("12", "13").encode())


def test_a_key_id_is_computed_as_the_specification_s_own_example() -> None:
    published = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    name, key_id, encoded = published.split("+")
    assert hashlib.sha256(f"{name}\n".encode() + base64.b64decode(encoded)).hexdigest()[:8] == key_id


def test_the_same_log_is_signed_alike_every_time() -> None:
    assert note_key().sign(POINT) == NOTE
    assert note_key(seed=b"x" * 32).sign(POINT) != NOTE
    assert note_key("other.example").verifier_key.split("+")[1] != note_key().verifier_key.split("+")[1]


@pytest.mark.parametrize(
    "point", [POINT, Checkpoint(size=0, root=ROOT), Checkpoint(size=10**6, root="00" * 32)]
)
def test_a_checkpoint_is_read_back_from_either_form(point: Checkpoint) -> None:
    assert Checkpoint.parse(str(point)) == point
    note = note_key().sign(point)
    assert Checkpoint.parse(note) == point
    assert Checkpoint.parse(note.replace("\n", "\r\n")) == point, "as a mail program leaves it"
    assert Checkpoint.parse(note + note_key("witness.example").sign(point).split("\n\n")[1]) == point


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "12:zz",
        "-1:" + "0" * 64,
        "１:" + "0" * 64,
        f"x\n{NOTE}",
        NOTE.split("\n\n")[0],
        NOTE.replace("\n12\n", "\n012\n"),
        NOTE.replace("\n12\n", "\n-2\n"),
        NOTE.replace("=\n", "\n"),
        NOTE.replace("\n\n", "\n"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        Checkpoint.parse(text)


def test_the_private_half_is_in_no_text() -> None:
    key = note_key()
    private = key.private.private_bytes_raw()
    for text in (repr(key), str(key), NOTE, key.verifier_key):
        assert private.hex() not in text
        assert base64.b64encode(private).decode().rstrip("=") not in text
