"""The log at the command line: going through it, checkpoints kept, what is proved to somebody outside."""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gangpai.commands.ledger import Field
from gangpai.office import Office
from gangpai.practice import hang_plates
from gangpai.settings import Settings
from gangpai.signing_key import NoSigningKey, note_key_of
from gangpai.stores import TinyDbFile
from store.ledger import entry_id, seal_of
from store.ledger.leaves import COMMITTED
from store.records import LogEntry
from tests.gangpai.desk import BASE_URL, Answer, Command

VERIFIER = Path(__file__).parents[2] / "verify" / "static" / "verify.py"


def verified(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, encoding="utf-8")


def refused(answer: Answer) -> str:
    assert answer.code == 1
    return str(answer.json["refused"]["code"])


def test_a_checkpoint_kept_on_a_line_or_in_a_file_is_compared(
    gangpai: Command, office: Office, desk: Path
) -> None:
    hang_plates(office)
    line = gangpai("ledger", "checkpoint").out.split()[0]
    (desk / "kept.txt").write_text(gangpai("ledger", "checkpoint", "--signed").out, encoding="utf-8")
    hang_plates(office)
    assert gangpai("ledger", "verify", "--checkpoint", line).code == 0
    assert gangpai("ledger", "verify", "--checkpoint", "kept.txt").code == 0
    another = re.sub(":.", lambda found: ":1" if found[0] == ":0" else ":0", line)
    assert refused(gangpai("ledger", "verify", "--json", "--checkpoint", another)) == "LedgerDisagrees"
    (desk / "kept.txt").write_text("no checkpoint", encoding="utf-8")
    for no_checkpoint in ("kept.txt", "nowhere.txt"):
        answer = gangpai("ledger", "verify", "--json", "--checkpoint", no_checkpoint)
        assert refused(answer) == "NotACheckpoint"


def test_a_signed_checkpoint_names_the_log_and_is_signed_by_its_key(gangpai: Command, office: Office) -> None:
    hang_plates(office)
    facts = gangpai("ledger", "checkpoint", "--signed", "--json").json
    key = gangpai("ledger", "key", "--json").json["key"]
    assert facts["note"] == gangpai("ledger", "checkpoint", "--signed").out
    assert facts["note"].splitlines()[:2] == ["gp.example.cn/ledger", str(facts["size"])]
    assert key.startswith("gp.example.cn/ledger+")
    assert key in gangpai("ledger", "key").out


def test_the_key_is_made_once_and_readable_by_its_owner_only(gangpai: Command, desk: Path) -> None:
    keys = {gangpai("ledger", "key", "--json").json["key"] for _ in range(3)}
    file = desk / "data" / "ledger.key"
    assert (len(keys), stat.S_IMODE(file.stat().st_mode)) == (1, 0o600)
    assert file.read_text(encoding="ascii").strip() not in keys.pop()
    file.unlink()
    assert gangpai("ledger", "key", "--json").json["key"] not in keys


def test_a_key_that_is_none_is_refused_and_not_shown(desk: Path) -> None:
    settings = Settings(store=TinyDbFile(desk / "data" / "register.db"), base_url=BASE_URL)
    secret = repr(note_key_of(settings))
    assert "private_bytes" not in secret
    (desk / "data" / "ledger.key").write_text("hunter2 hunter2", encoding="ascii")
    with pytest.raises(NoSigningKey) as refusal:
        note_key_of(settings)
    assert "hunter2" not in refusal.value.zh + refusal.value.en


def test_a_proof_opens_what_the_officer_chose_and_nothing_else(
    gangpai: Command, office: Office, desk: Path
) -> None:
    hang_plates(office)
    entry = office.register.find(LogEntry)[1]
    key = gangpai("ledger", "key", "--json").json["key"]
    assert gangpai("ledger", "prove", 2, "--open", "actor", "--open", "object", "--out", "p.json").code == 0
    proof = (desk / "p.json").read_text(encoding="utf-8")
    assert set(json.loads(proof)["opened"]) == {"actor", "object"}
    assert entry.salt not in proof
    checked = verified("--proof", desk / "p.json", "--key", key)
    assert checked.returncode == 0, checked.stderr
    assert f"actor = {entry.actor}" in checked.stderr
    assert gangpai("ledger", "prove", 2).json["opened"] == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"value": "cli:', '"value": "xli:'),
        (r'"salt": "\w', '"salt": "g'),
        ('"number": 2,', '"number": 1,'),
        (r"\\n(\d+)\\n", r"\\n9\1\\n"),
        (r'hashes": \[\s+"..', 'hashes": ["00'),
        (r'act\\":\\"', r'act\\":\\"x'),
    ],
)
def test_a_proof_that_was_altered_does_not_hold(
    gangpai: Command, office: Office, desk: Path, before: str, after: str
) -> None:
    hang_plates(office)
    key = gangpai("ledger", "key", "--json").json["key"]
    gangpai("ledger", "prove", 2, "--open", "actor", "--out", "p.json")
    proof = (desk / "p.json").read_text(encoding="utf-8")
    altered = re.sub(before, after, proof, count=1)
    assert altered != proof
    (desk / "p.json").write_text(altered, encoding="utf-8")
    assert verified("--proof", desk / "p.json", "--key", key).returncode == 1


def test_the_leaves_of_the_log_are_written_without_a_name_and_checked(
    gangpai: Command, office: Office, desk: Path
) -> None:
    hang_plates(office, 3)
    (desk / "kept.txt").write_text(gangpai("ledger", "checkpoint", "--signed").out, encoding="utf-8")
    key = gangpai("ledger", "key", "--json").json["key"]
    assert gangpai("ledger", "leaves", "leaves.txt", "--json").json["size"] == office.register.count(LogEntry)
    text = (desk / "leaves.txt").read_text(encoding="utf-8")
    assert not [each for each in office.register.find(LogEntry) if each.actor in text]
    offline = ("--leaves", desk / "leaves.txt", "--checkpoint", desk / "kept.txt", "--key", key)
    assert verified(*offline).returncode == 0
    (desk / "leaves.txt").write_text(text.replace('"act":"approve"', '"act":"award"', 1), encoding="utf-8")
    assert verified(*offline).returncode == 1


def first_release(office: Office) -> None:
    entry = LogEntry(
        id=entry_id(1), number=1, at=office.authority().now, actor="王五", act="approve", object="2026-001",
        reason="1号", digests=(),
    )  # fmt: skip
    with office.register.transaction() as transaction:
        transaction.append(LogEntry(**(vars(entry) | {"seal": seal_of(entry, None)})))


def test_an_entry_of_the_first_release_is_proved_whole_or_by_its_hash(
    gangpai: Command, office: Office, desk: Path
) -> None:
    first_release(office)
    hang_plates(office)
    key = gangpai("ledger", "key", "--json").json["key"]
    assert refused(gangpai("ledger", "prove", 1, "--open", "actor", "--json")) == "OpensAsAWhole"
    for opened, shown in ((), False), (COMMITTED, True):
        options = [word for name in opened for word in ("--open", name)]
        name = f"p{len(opened)}.json"
        assert gangpai("ledger", "prove", 1, *options, "--out", name).code == 0
        assert ("王五" in (desk / name).read_text(encoding="utf-8")) == shown
        assert verified("--proof", desk / name, "--key", key).returncode == 0
    assert gangpai("ledger", "verify").code == 0


def test_every_field_that_is_committed_to_can_be_opened() -> None:
    assert tuple(Field) == COMMITTED


def test_what_is_not_in_the_log_is_not_proved(gangpai: Command, office: Office) -> None:
    hang_plates(office)
    for number in (0, 1000):
        assert refused(gangpai("ledger", "prove", number, "--json")) == "NoSuchEntry"
    assert gangpai("ledger", "prove", 1, "--open", "password").code == 2


@pytest.mark.parametrize("arguments", [("checkpoint", "--signed"), ("key",), ("prove", 1)])
def test_nothing_is_signed_for_a_log_without_a_name(
    gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...]
) -> None:
    hang_plates(office)
    monkeypatch.delenv("GANGPAI_BASE_URL")
    assert refused(gangpai("ledger", *arguments, "--json")) == "NoLogName"
    assert gangpai("ledger", "checkpoint").code == 0
