"""核对岗牌台账 · Check the public log of a gangpai site from outside, with Python 3.11 and `cryptography`.

校验值与公钥请自行留存，不要存在该网站上：没有外人留存校验值的台账什么也证明不了。
Keep checkpoint and key where the site cannot reach them: a log of which nobody else does proves nothing.

  python verify.py https://HOST > kept.txt                  校验值与签名 · the checkpoint and its signature
  python verify.py https://HOST --checkpoint kept.txt --key KEY         从前的未改动 · nothing was rewritten
                                              换过公钥的，加 --old-key OLD · after the key was changed
  python verify.py https://HOST --entry 7                               第7条在台账中 · entry 7 is in the log
  python verify.py https://HOST --all                                   逐条重算 · every leaf is hashed again
  python verify.py --proof proof.json --key KEY                         开具的证明 · a proof handed out
  python verify.py --leaves leaves.txt --checkpoint kept.txt --key KEY  离线逐条重算 · the same, off line
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ANSWER_BYTES_MOST = 1 << 20
Head = tuple[int, bytes]  # the size of the log and the root of its tree


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("site", nargs="?", default="")
    options.add_argument("--key", default="")
    options.add_argument("--old-key", default="")
    options.add_argument("--entry", type=int)
    options.add_argument("--all", action="store_true")
    for file in ("--checkpoint", "--proof", "--leaves"):
        options.add_argument(file, type=Path)
    given = options.parse_args()
    try:
        if given.site:
            check_site(given, given.site.rstrip("/"))
        else:
            check_files(given)
    except (AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        sys.exit(f"✗ 不符，或无法核对。It disagrees, or cannot be checked.\n{error}")


def check_site(given: argparse.Namespace, site: str) -> None:
    key = given.key or fetch(f"{site}/ledger/key")
    agree(given.key or key.startswith(site.partition("//")[2] + "/ledger+"), f"公钥 · key {key.strip()}")
    note = fetch(f"{site}/ledger/checkpoint")
    heads = [signed_head(note, key)]
    size, root = heads[0]
    if given.checkpoint:
        earlier, old = signed_head(given.checkpoint.read_text("utf-8"), given.old_key or key)
        heads.append((earlier, old))
        path = hashes(f"{site}/ledger/consistency?from={earlier}&to={size}") if earlier else []
        holds = not earlier or grown(earlier, size, old, path) == (old, root)
        agree(holds and not path, f"留存的{earlier}条未改动 · the {earlier} entries kept are unaltered")
    if given.entry:
        proof = json.loads(fetch(f"{site}/ledger/entries/{given.entry}"))
        path = hashes(f"{site}/ledger/inclusion?number={given.entry}&size={size}")
        check_proof(proof, given.entry, path, heads[0])
    if given.all:
        check_leaves(fetched_leaves(site, size), heads)
    print(note, end="")


def check_files(given: argparse.Namespace) -> None:
    if given.leaves:
        head = signed_head(given.checkpoint.read_text("utf-8"), given.key)
        check_leaves(given.leaves.read_text("utf-8").split("\n")[: head[0]], [head])
    else:
        proof = json.loads(given.proof.read_text("utf-8"))
        path = [bytes.fromhex(each) for each in proof["hashes"]]
        check_proof(proof, proof["number"], path, signed_head(proof["checkpoint"], given.key))


def agree(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)
    print(f"✓ {what}", file=sys.stderr)


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read(ANSWER_BYTES_MOST), "utf-8")


def hashes(address: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in json.loads(fetch(address))["hashes"]]


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def signed_head(note: str, key: str) -> Head:
    """Read a checkpoint that this key signed (C2SP signed-note and tlog-checkpoint)."""
    name, key_id, encoded = key.strip().split("+", 2)
    public, (text, _, lines) = base64.b64decode(encoded), note.rpartition("\n\n")
    is_key = public[:1] == b"\x01" and sha256(f"{name}\n".encode(), public)[:4].hex() == key_id
    made = [base64.b64decode(each.split()[2]) for each in lines.splitlines() if each.startswith(f"— {name} ")]
    signature = next((each[4:] for each in made if each[:4].hex() == key_id), b"")
    origin, size, root = text.split("\n")[:3]
    try:
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature, f"{text}\n".encode())
    except InvalidSignature:
        origin = ""
    agree(is_key and origin == name, f"签名，共{size}条 · the signature, over {size} entries")
    return int(size), base64.b64decode(root, validate=True)


def audited(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """Return the root to which a leaf's hash and its path lead (RFC 6962, 2.1.1); takes what it uses."""
    if size == 1:
        return leaf
    middle, other = 1 << (size - 1).bit_length() - 1, path.pop()
    if index < middle:
        return sha256(b"\x01", audited(index, middle, leaf, path), other)
    return sha256(b"\x01", other, audited(index - middle, size - middle, leaf, path))


def grown(earlier: int, later: int, known: bytes | None, path: list[bytes]) -> tuple[bytes, bytes]:
    """Return the earlier and the later root to which a path leads (RFC 6962, 2.1.2); takes what it uses."""
    if earlier == later:
        root = known or path.pop()
        return root, root
    middle, other = 1 << (later - 1).bit_length() - 1, path.pop()
    if earlier <= middle:
        old, new = grown(earlier, middle, known, path)
        return old, sha256(b"\x01", new, other)
    old, new = grown(earlier - middle, later - middle, None, path)
    return sha256(b"\x01", other, old), sha256(b"\x01", other, new)


def leaf_hash(line: str, number: int) -> bytes:
    """Hash a leaf; one of the first release is not shown, and its hash stands for it."""
    leaf = json.loads(line)
    if list(leaf) == ["hash"]:
        return bytes.fromhex(leaf["hash"])
    is_in_place = leaf.get("number", leaf.get("LogEntry", {}).get("number")) == number
    return sha256(b"\x00", line.encode()) if is_in_place else b""


def check_proof(proof: dict[str, Any], number: int, path: list[bytes], head: Head) -> None:
    leaf = proof["leaf"]
    hashed = leaf_hash(leaf, number)
    holds = 0 < number <= head[0] and audited(number - 1, head[0], hashed, path) == head[1] and not path
    agree(holds, f"第{number}条在台账中 · entry {number} is in the log: {leaf}")
    for name, field in proof["opened"].items():
        said = json.dumps([field["salt"], name, field["value"]], separators=(",", ":"), ensure_ascii=False)
        is_so = sha256(said.encode()).hex() == json.loads(leaf)["commitments"][name]
        agree(is_so, f"{name} = {field['value']}")


def check_leaves(lines: Iterable[str], heads: list[Head]) -> None:
    """Build the tree anew (RFC 6962, 2.1), from the full subtrees at its right edge."""
    edge, found = list[Head](), {0: sha256()}
    for number, line in enumerate(lines, start=1):
        edge.append((1, leaf_hash(line, number)))
        while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
            (width, right), (_, left) = edge.pop(), edge.pop()
            edge.append((2 * width, sha256(b"\x01", left, right)))
        if number in dict(heads):
            found[number] = edge[-1][1]
            for _, left in reversed(edge[:-1]):
                found[number] = sha256(b"\x01", left, found[number])
    for size, root in heads:
        agree(found.get(size) == root, f"{size}条逐条重算 · each of {size} leaves")


def fetched_leaves(site: str, size: int) -> Iterator[str]:
    number = 0
    while number < size and (page := fetch(f"{site}/ledger/leaves?from={number + 1}").split("\n")[:-1]):
        yield from page[: size - number]
        number += len(page)


if __name__ == "__main__":
    main()
