"""Scans of plates that a veto called back: which count, what is kept, what ends it; on both engines."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from store import sightings
from store.acts.circulation import report_lost, return_copy
from store.acts.correction import correct_veto
from store.codes import PlateCode
from store.duties import duties
from store.ledger import verify
from store.lookup import only, scan_code
from store.recalls import Recall, RecallState, recalls
from store.records import Copy, Fate, LogEntry, RecallLine, Sighting
from store.register import Register
from store.sightings import Seen, enter_sightings, is_first, seen_in
from store.standing import Verdict
from store.tinydb_register import TinyDbRegister
from store.transfer import export_json, import_json
from tests.office import Office
from tests.store.contract.engines import ENGINES, prepare
from tests.verify.public.plates import WAYS, revoked

FIRST, SECOND = date(2026, 6, 15), date(2026, 6, 16)
Measure = Callable[[Callable[[], object]], dict[str, int]]


@pytest.fixture(params=ENGINES)
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    prepare(request.param, tmp_path)
    with closing(ENGINES[request.param](tmp_path)) as opened:
        yield opened


def told_by(office: Office, copy: Copy) -> Seen | None:
    return seen_in(office.register, scan_code(office.register, PlateCode(copy.code), office.now))


def on_display(office: Office) -> tuple[Copy, Seen]:
    copy = revoked(office)
    seen = told_by(office, copy)
    assert seen
    return copy, seen


def newest_line(office: Office, copy: Copy) -> Recall:
    *_, newest = recalls(office.register, copy_id=copy.id)
    return newest


def test_f23_scans_raise_the_line_and_are_counted_by_day(office: Office, added: Measure) -> None:
    copy, seen = on_display(office)
    tomorrow = Seen(line_id=seen.line_id, on=SECOND)
    assert seen.on == FIRST
    assert newest_line(office, copy).state is RecallState.OUT
    assert is_first(office.register, seen)
    assert added(lambda: enter_sightings(office.register, {seen: 1})) == {"Sighting": 1}
    assert added(lambda: enter_sightings(office.register, {seen: 4, tomorrow: 2})) == {"Sighting": 2}
    assert (is_first(office.register, seen), is_first(office.register, tomorrow)) == (False, False)
    recall = newest_line(office, copy)
    assert (recall.state, recall.scans, recall.seen_on) == (
        RecallState.STILL_DISPLAYED,
        {FIRST: 5, SECOND: 2},
        SECOND,
    )
    assert recall.state_zh == "仍在悬挂（最近2026年6月16日）"


@pytest.mark.parametrize("verdict", sorted(set(WAYS) - {Verdict.REVOKED}))
def test_f23_a_plate_that_no_veto_called_back_is_not_counted(office: Office, verdict: Verdict) -> None:
    assert told_by(office, WAYS[verdict](office)) is None


@pytest.mark.parametrize("fate", [*Fate, None])
def test_f23_a_plate_that_is_back_destroyed_or_lost_is_not_counted(office: Office, fate: Fate | None) -> None:
    copy, seen = on_display(office)
    if fate:
        return_copy(office.register, office.by(), copy.id, fate=fate)
    else:
        report_lost(office.register, office.by(), copy.id, reason="搬迁时遗失")
    assert told_by(office, copy) is None
    enter_sightings(office.register, {seen: 3})
    assert office.register.count(Sighting) == 0


def test_f23_a_return_ends_it_and_what_was_counted_stays(office: Office) -> None:
    copy, seen = on_display(office)
    enter_sightings(office.register, {seen: 3})
    return_copy(office.register, office.by(), copy.id)
    recall = newest_line(office, copy)
    assert (recall.state, recall.state_zh, recall.scans) == (RecallState.RETURNED, "已交回", {FIRST: 3})


def test_f20_f23_a_veto_taken_back_ends_it_and_the_next_one_begins_anew(office: Office) -> None:
    copy, seen = on_display(office)
    enter_sightings(office.register, {seen: 3})
    correct_veto(office.register, office.by(), copy.post_id, document="9号", reason="误判")
    assert told_by(office, copy) is None
    assert newest_line(office, copy).state is RecallState.CANCELLED
    office.vetoed(copy.post_id)
    again = told_by(office, copy)
    assert again
    assert again.line_id != seen.line_id
    enter_sightings(office.register, {seen: 1, again: 2})
    assert newest_line(office, copy).scans == {FIRST: 2}


def test_a_line_that_is_not_there_takes_nothing(office: Office) -> None:
    enter_sightings(office.register, {Seen(line_id="2026-001-01-92-R", on=FIRST): 1})
    assert office.register.count(Sighting) == 0


def test_workers_that_count_at_once_add_up(office: Office) -> None:
    copy, seen = on_display(office)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda scans: enter_sightings(office.register, {seen: scans}), range(1, 9)))
    assert newest_line(office, copy).scans == {FIRST: 36}


def test_a_sighting_says_how_many_and_which_day_and_the_log_says_nothing(office: Office) -> None:
    _, seen = on_display(office)
    entries = office.register.count(LogEntry)
    enter_sightings(office.register, {seen: 7})
    assert {each.name for each in fields(Sighting)} == {"id", "line_id", "seen_on", "scans"}
    assert office.register.find(Sighting) == [
        Sighting(id=f"{seen.line_id}-S1", line_id=seen.line_id, seen_on=FIRST, scans=7)
    ]
    assert office.register.count(LogEntry) == entries
    with office.register.snapshot() as reader:
        assert verify(reader).faults == ()


def test_a_count_begins_at_one() -> None:
    with pytest.raises(ValueError, match="begins at one"):
        Sighting(id="S1", line_id="R", seen_on=FIRST, scans=0)


def test_f23_what_is_due_says_where_it_was_seen_last(office: Office) -> None:
    copy, seen = on_display(office)
    enter_sightings(office.register, {seen: 1})
    with office.register.snapshot() as reader:
        found = duties(reader, office.policy, (office.now + timedelta(days=9)).date())
    [duty] = [each for each in found if each.object == copy.id]
    assert "仍在悬挂（最近2026年6月15日）" in duty.zh


def test_counts_move_with_the_register(office: Office, tmp_path: Path) -> None:
    _, seen = on_display(office)
    enter_sightings(office.register, {seen: 7})
    with office.register.snapshot() as reader:
        export = export_json(reader)
    with closing(TinyDbRegister(tmp_path / "moved.db")) as moved:
        import_json(moved, export)
        assert moved.find(Sighting) == office.register.find(Sighting)


def test_counting_whatever_was_called_back_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sightings, "open_line_of", lambda reader, copy: only(reader.find(RecallLine, copy_id=copy.id))
    )
    with pytest.raises(AssertionError):
        test_f23_a_plate_that_is_back_destroyed_or_lost_is_not_counted(office, Fate.RETURNED)


def test_entering_what_came_back_meanwhile_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "is_open", lambda *_: True)
    with pytest.raises(AssertionError):
        test_f23_a_plate_that_is_back_destroyed_or_lost_is_not_counted(office, Fate.RETURNED)
