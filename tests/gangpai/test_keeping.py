"""Ledger, export, backup, restore, doctor: what keeps the record whole."""

import json
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from tinydb import TinyDB

from gangpai.doctor import examine
from gangpai.office import Office
from gangpai.practice import hang_plates
from gangpai.settings import Settings, load_settings
from gangpai.stores import TinyDbFile
from store.records import KINDS, Copy
from tests.gangpai.desk import BASE_URL, Command


def test_the_ledger_is_whole_and_its_checkpoint_moves_with_it(gangpai: Command, office: Office) -> None:
    empty = gangpai("ledger", "checkpoint", "--json").json
    hang_plates(office)
    verified = gangpai("ledger", "verify", "--json")
    assert (verified.code, verified.json["faults"]) == (0, [])
    assert verified.json == gangpai("ledger", "checkpoint", "--json").json | {"faults": []}
    assert verified.json["root"] != empty["root"]


def test_an_altered_record_is_found(gangpai: Command, office: Office) -> None:
    hang_plates(office)
    office.register.close()
    _alter(office.settings.store.folder / "register.db", "演练地点", "别的地点")
    answer = gangpai("ledger", "verify", "--json")
    assert answer.code == 1
    assert answer.json["refused"]["code"] == "LedgerDisagrees"


def _alter(path: Path, before: str, after: str) -> None:
    """Change words in every table behind the program's back, its guards taken away."""
    with sqlite3.connect(path) as database:
        guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (guard,) in guards:
            database.execute(f"DROP TRIGGER '{guard}'")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for _, column, kind, *_ in database.execute(f"PRAGMA table_info('{table}')").fetchall():
                if kind == "TEXT":
                    database.execute(
                        f'UPDATE \'{table}\' SET "{column}" = replace("{column}", ?, ?)',  # noqa: S608 -- names from the schema
                        (before, after),
                    )
    database.close()


def test_an_export_opens_in_stock_tinydb(gangpai: Command, office: Office, desk: Path) -> None:
    [copy] = hang_plates(office)
    assert gangpai("export", "register.json").code == 0
    with TinyDB(desk / "register.json") as exported:
        [found] = exported.table("Copy").all()
    assert found["code"] == copy.code
    assert stat.S_IMODE((desk / "register.json").stat().st_mode) == 0o600


def test_no_file_is_overwritten(gangpai: Command, desk: Path) -> None:
    (desk / "kept.json").write_text("kept")
    answer = gangpai("backup", "kept.json", "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, "FileExists")
    assert (desk / "kept.json").read_text() == "kept"
    assert gangpai("backup", "nowhere/b.json", "--json").json["refused"]["code"] == "FileUnusable"


def test_a_backup_comes_back_as_it_was(
    gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang_plates(office, 3)
    before = {kind: office.register.find(kind) for kind in KINDS}
    gangpai("backup", "b.json")
    monkeypatch.setenv("GANGPAI_STORE", "tinydb:./second/register.db")
    assert gangpai("restore", "b.json").code == 0
    assert gangpai("restore", "b.json", "--json").json["refused"]["code"] == "RegisterNotEmpty"
    gangpai("export", "second.json")
    first, second = (json.loads(Path(name).read_text()) for name in ("b.json", "second.json"))
    assert first == second
    assert before[Copy]


def test_a_backup_taken_while_others_write_is_one_state(
    gangpai: Command, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each plate is issued with its log entry; a backup that holds one without the other is torn."""
    writer = threading.Thread(target=hang_plates, args=[office, 30])
    writer.start()
    taken: list[str] = []
    while writer.is_alive():
        name = f"b{len(taken)}.json"
        assert gangpai("backup", name).code == 0
        taken.append(name)
    writer.join()
    for number, name in enumerate(taken):
        monkeypatch.setenv("GANGPAI_STORE", f"tinydb:./restored-{number}.db")
        assert gangpai("restore", name).code == 0, "the ledger agrees with what was backed up"
    assert taken


def test_a_tampered_backup_is_refused_and_leaves_the_register_empty(
    gangpai: Command, office: Office, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang_plates(office)
    gangpai("backup", "b.json")
    tables = json.loads((desk / "b.json").read_text())
    tables["Copy"]["1"]["place"] = "别的地点"
    (desk / "tampered.json").write_text(json.dumps(tables))
    monkeypatch.setenv("GANGPAI_STORE", "tinydb:./second.db")
    assert gangpai("restore", "tampered.json", "--json").json["refused"]["code"] == "LedgerDisagrees"
    assert gangpai("copies", "--json").json["copies"] == []
    assert gangpai("restore", "b.json").code == 0


def test_the_doctor_finds_nothing_wrong_in_order(gangpai: Command) -> None:
    answer = gangpai("doctor", "--json")
    assert answer.code == 0, answer.out
    assert all(each["ok"] for each in answer.json["doctor"])


def test_the_doctor_names_what_is_wrong_and_the_way_out(
    gangpai: Command, monkeypatch: pytest.MonkeyPatch, desk: Path
) -> None:
    monkeypatch.setenv("GANGPAI_BASE_URL", "http://127.0.0.1")
    monkeypatch.setenv("GANGPAI_POLICY", "nowhere.toml")
    (desk / "data").mkdir()
    (desk / "data" / "secret.key").write_text("x" * 40)
    (desk / "data" / "secret.key").chmod(0o644)
    answer = gangpai("doctor")
    assert answer.code == 1
    wrong = [line for line in answer.out.splitlines() if line.startswith("✗")]
    assert [line.split(" /")[0] for line in wrong] == ["✗ 政策文件", "✗ 登记簿与台账", "✗ 密钥", "✗ 核验网址"]
    assert "chmod 600" in answer.out


def test_the_doctor_notices_a_typeface_that_was_altered(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gangpai.doctor._is_as_published", lambda face: "kai" not in face["file"].lower())
    found = {each.en: each for each in examine(load_settings({"GANGPAI_BASE_URL": BASE_URL}, desk))}
    assert not found["typefaces"].ok
    assert "LXGWWenKai" in found["typefaces"].found


def test_the_doctor_notices_a_full_disk(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gangpai.doctor.FREE_BYTES_LEAST", 1 << 62)
    found = {
        each.en: each for each in examine(Settings(store=TinyDbFile(desk / "register.db"), base_url=BASE_URL))
    }
    assert not found["disk"].ok
