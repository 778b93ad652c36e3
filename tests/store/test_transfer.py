"""An export holds everything decided, opens in stock TinyDB, and goes back in unchanged."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from store.ledger import verify
from store.records import KINDS, Copy, LogEntry, Post, Record, SessionEnd, SessionSeen, SignInFailure, Veto
from store.tinydb_register import TinyDbRegister
from store.transfer import (
    EXPORTED,
    NotAnExport,
    RegisterNotEmpty,
    export_documents,
    export_json,
    import_json,
)
from tests.store.contract.samples import NOON, act_of, any_of, copy, post
from tests.store.contract.test_records import write


@pytest.fixture
def full(tmp_path: Path) -> Iterator[TinyDbRegister]:
    with closing(TinyDbRegister(tmp_path / "full.db")) as register:
        write(register, *(post(number) for number in range(12, 0, -1)), copy(1), copy(2), *act_of(1))
        write(register, SignInFailure(id="1", account="a", network="n", failed_at=NOON))
        yield register


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TinyDbRegister]:
    with closing(TinyDbRegister(tmp_path / "empty.db")) as register:
        yield register


def test_what_goes_out_comes_in(full: TinyDbRegister, empty: TinyDbRegister) -> None:
    held = sum(full.count(kind) for kind in EXPORTED)
    assert import_json(empty, export_json(full)) == held
    for kind in EXPORTED:
        assert empty.find(kind) == full.find(kind)
    assert export_json(empty) == export_json(full)


def test_the_log_binds_the_same_records_afterwards(full: TinyDbRegister, empty: TinyDbRegister) -> None:
    import_json(empty, export_json(full))
    assert verify(empty) == verify(full)


def test_sign_ins_stay_behind(full: TinyDbRegister, empty: TinyDbRegister) -> None:
    assert set(KINDS) - set(EXPORTED) >= {SignInFailure, SessionSeen, SessionEnd}
    assert LogEntry in EXPORTED
    import_json(empty, export_json(full))
    assert empty.count(SignInFailure) == 0


def test_stock_tinydb_opens_an_export(full: TinyDbRegister, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(export_json(full))
    with TinyDB(path, access_mode="r") as stock:
        found = stock.table("Copy").search(where("code") == copy(2).code)
        assert [(each["id"], each.doc_id) for each in found] == [(copy(2).id, 2)]
        assert len(stock.table("Post")) == 12
        assert stock.table("Copy").get(doc_id=1) == export_documents(full)["Copy"]["1"]


def test_an_export_read_and_written_by_stock_tinydb_still_goes_in(
    full: TinyDbRegister, empty: TinyDbRegister, tmp_path: Path
) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(export_json(full))
    with TinyDB(path) as stock:
        stock.table("Post").insert({"id": "2027-001", "year": 2027, "branch_id": "branch"})
    import_json(empty, path.read_bytes())
    assert empty.find(Post) == [*full.find(Post), Post(id="2027-001", year=2027, branch_id="branch")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(*(any_of(kind) for kind in EXPORTED)), unique_by=lambda each: (type(each), each.id))
)
def test_any_records_go_out_and_in(tmp_path_factory: pytest.TempPathFactory, records: list[Record]) -> None:
    place = tmp_path_factory.mktemp("transfer")
    with closing(TinyDbRegister(place / "a.db")) as one, closing(TinyDbRegister(place / "b.db")) as other:
        write(one, *records)
        import_json(other, export_json(one))
        for kind in EXPORTED:
            assert other.find(kind) == [each for each in records if type(each) is kind]


def test_only_an_empty_register_takes_an_import(full: TinyDbRegister) -> None:
    before = export_json(full)
    with pytest.raises(RegisterNotEmpty, match="Post"):
        import_json(full, before)
    assert export_json(full) == before


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not tables"),
        (b'{"Post": []}', "not tables"),
        (b'{"Sticker": {}}', "Sticker"),
        (b'{"SignInFailure": {}}', "SignInFailure"),
        (b'{"Post": {"1": {"id": "x"}}}', "year"),
        (b'{"Post": {"1": 5}}', "Post"),
        (b'{"Post": {"one": {"id": "x", "year": 1, "branch_id": "b"}}}', "one"),
    ],
)
def test_anything_else_is_refused(empty: TinyDbRegister, data: bytes, problem: str) -> None:
    with pytest.raises(NotAnExport, match=problem):
        import_json(empty, data)
    assert all(empty.count(kind) == 0 for kind in KINDS)


def test_a_record_that_occurs_twice_is_refused_with_all_the_others(
    full: TinyDbRegister, empty: TinyDbRegister
) -> None:
    tables = export_documents(full)
    tables["Veto"]["2"] = tables["Veto"]["1"]
    with pytest.raises(NotAnExport, match="twice"):
        import_json(empty, json.dumps(tables).encode())
    assert empty.count(Post) == empty.count(Copy) == empty.count(Veto) == 0
