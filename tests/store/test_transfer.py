"""An export holds everything decided, opens in stock TinyDB, and goes back in unchanged, by any engine."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from store.acts.authority import Deed, enact
from store.ledger import verify
from store.records import (
    KINDS,
    UNLOGGED,
    Copy,
    LogEntry,
    OfficerSession,
    Organisation,
    Record,
    SessionEnd,
    SessionSeen,
    SignInFailure,
    Veto,
)
from store.register import Register
from store.transfer import (
    EXPORTED,
    LedgerDisagrees,
    NotAnExport,
    RegisterNotEmpty,
    export_json,
    export_pieces,
    import_json,
    move,
)
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare
from tests.store.contract.referents import simplest, with_referents
from tests.store.contract.samples import any_of
from tests.store.contract.test_records import write

WAYS = [(one, other) for one in ENGINES for other in ENGINES]
DECIDED = tuple(kind for kind in EXPORTED if kind not in UNLOGGED)


@pytest.fixture(params=WAYS, ids="-".join)
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    engines: tuple[str, str] = request.param
    return engines


@pytest.fixture
def full(way: tuple[str, str], tmp_path: Path) -> Iterator[Register]:
    with closing(opened(way[0], tmp_path / "full")) as register:
        office = Office(register)
        post_id = office.awarded(office.approved())
        office.issued(post_id)
        office.issued(post_id)
        office.vetoed(post_id)
        write(register, simplest(SignInFailure, "1"))
        yield register


@pytest.fixture
def empty(way: tuple[str, str], tmp_path: Path) -> Iterator[Register]:
    with closing(opened(way[1], tmp_path / "empty")) as register:
        yield register


def opened(engine: str, place: Path) -> Register:
    place.mkdir()
    prepare(engine, place)
    return ENGINES[engine](place)


def assert_equal(one: Register, other: Register) -> None:
    for kind in EXPORTED:
        assert one.find(kind) == other.find(kind)
    assert export_json(one) == export_json(other)
    with one.snapshot() as here, other.snapshot() as there:
        assert verify(here) == verify(there)


def test_what_goes_out_comes_in(full: Register, empty: Register) -> None:
    held = sum(full.count(kind) for kind in EXPORTED)
    assert import_json(empty, export_json(full)) == held
    assert_equal(full, empty)


def test_a_register_moves_from_engine_to_engine_without_loss(full: Register, empty: Register) -> None:
    with full.snapshot() as reader:
        assert move(reader, empty) == sum(full.count(kind) for kind in EXPORTED)
    assert_equal(full, empty)


def test_it_comes_back_byte_for_byte(
    full: Register, empty: Register, way: tuple[str, str], tmp_path: Path
) -> None:
    move(full, empty)
    with closing(opened(way[0], tmp_path / "back")) as back:
        move(empty, back)
        assert export_json(back) == export_json(full)


def test_an_export_is_made_piece_by_piece(full: Register) -> None:
    pieces = list(export_pieces(full))
    assert len(pieces) > sum(full.count(kind) for kind in EXPORTED)
    assert max(map(len, pieces)) < 3000


def test_sign_ins_stay_behind(full: Register, empty: Register) -> None:
    assert set(KINDS) - set(EXPORTED) >= {SignInFailure, OfficerSession, SessionSeen, SessionEnd}
    assert LogEntry in EXPORTED
    move(full, empty)
    assert empty.count(SignInFailure) == 0


def test_stock_tinydb_opens_an_export(full: Register, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(export_json(full))
    first, second = full.find(Copy)
    with TinyDB(path, access_mode="r") as stock:
        found = stock.table("Copy").search(where("code") == second.code)
        assert [(each["id"], each.doc_id) for each in found] == [(second.id, 2)]
        assert stock.table("Copy").get(doc_id=1)["face"]["names"] == list(first.face.names)
        assert len(stock.table("LogEntry")) == full.count(LogEntry)


def test_an_export_read_and_written_by_stock_tinydb_still_goes_in(
    full: Register, empty: Register, tmp_path: Path
) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(export_json(full))
    with TinyDB(path) as stock:
        stock.table("Sticker").insert({"id": "1"})
        stock.drop_table("Sticker")
    import_json(empty, path.read_bytes())
    assert_equal(full, empty)


def test_any_records_go_out_and_in(way: tuple[str, str], tmp_path: Path) -> None:
    places = iter(range(1000))

    @settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.one_of(*map(any_of, DECIDED)), unique_by=lambda each: each.id, max_size=8))
    def check(drawn: list[Record]) -> None:
        place = tmp_path / str(next(places))
        place.mkdir()
        records = [each for each in with_referents(*drawn) if type(each) in DECIDED]
        with ExitStack() as stack:
            one, other = (
                stack.enter_context(closing(opened(engine, place / side)))
                for engine, side in zip(way, ("one", "other"), strict=True)
            )
            with one.transaction() as transaction:
                enact(transaction, Office(one).by(), Deed(act="test", object=""), records)
            import_json(other, export_json(one))
            assert_equal(one, other)

    check()


def test_only_an_empty_register_takes_an_import(full: Register) -> None:
    before = export_json(full)
    with pytest.raises(RegisterNotEmpty, match="Organisation"):
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
        (b'{"Post": {"1": {"id": "x", "year": 1, "branch_id": "b"}}}', "missing"),
    ],
)
def test_anything_else_is_refused(empty: Register, data: bytes, problem: str) -> None:
    with pytest.raises(NotAnExport, match=problem):
        import_json(empty, data)
    assert all(empty.count(kind) == 0 for kind in KINDS)


def test_a_record_that_occurs_twice_is_refused_with_all_the_others(full: Register, empty: Register) -> None:
    def twice(tables: dict[str, Any]) -> None:
        tables["Veto"]["2"] = tables["Veto"]["1"]

    with pytest.raises(NotAnExport, match="twice"):
        import_json(empty, altered(full, twice))
    assert empty.count(Organisation) == empty.count(Copy) == empty.count(Veto) == 0


def test_what_is_at_odds_with_its_log_is_refused_with_all_the_others(full: Register, empty: Register) -> None:
    def reworded(tables: dict[str, Any]) -> None:
        tables["Veto"]["1"]["facts"] = "无此事"

    with pytest.raises(LedgerDisagrees):
        import_json(empty, altered(full, reworded))
    assert all(empty.count(kind) == 0 for kind in KINDS)


def altered(full: Register, change: Any) -> bytes:
    tables = json.loads(export_json(full))
    change(tables)
    return json.dumps(tables).encode()
