"""What is appended is what is read: order, indexes, uniqueness, values."""

import re
from dataclasses import FrozenInstanceError, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from store.documents import digest
from store.records import (
    INDEXED,
    KINDS,
    MAY_BE_EMPTY,
    REFERENCES,
    BranchPlan,
    Commitment,
    Copy,
    Feedback,
    LogEntry,
    Organisation,
    Record,
    Veto,
)
from store.register import DanglingReference, DuplicateRecord, Register
from tests.store.contract.engines import OpenRegister
from tests.store.contract.referents import simplest, with_referents
from tests.store.contract.samples import GROUND, act_of, any_of, copy, log_entry, plan, veto


def write(register: Register, *records: Record) -> None:
    with register.transaction() as transaction:
        transaction.append(*records)


def test_an_empty_register_answers_every_question(empty_register: Register) -> None:
    register = empty_register
    for kind in KINDS:
        assert register.get(kind, "none") is None
        assert register.find(kind) == []
        assert register.count(kind) == 0
        assert list(register.newest(kind, 5)) == []


def test_a_record_is_read_back_as_it_was_written(register: Register) -> None:
    written = [copy(1), veto("2026-001"), log_entry(1)]
    write(register, *written)
    assert [register.get(type(each), each.id) for each in written] == written


def test_records_are_found_by_every_indexed_field(register: Register) -> None:
    write(register, *act_of(1), copy(1), plan(1))
    for kind in (BranchPlan, Copy, Veto, Commitment):
        record = register.find(kind)[0]
        for field in INDEXED[kind]:
            value = getattr(record, field)
            if value is not None:
                assert record in register.find(kind, **{field: value})


def test_all_the_fields_named_must_agree(register: Register) -> None:
    write(register, *(copy(number, post_id=f"2026-{number % 2:03d}") for number in range(6)))
    assert [each.id for each in register.find(Copy, post_id="2026-001", branch_id="branch")] == [
        "2026-001-1",
        "2026-001-3",
        "2026-001-5",
    ]
    assert register.find(Copy, post_id="2026-001", code=copy(2).code) == []


def test_finding_is_exact_in_value_and_type(register: Register) -> None:
    write(register, plan(1), copy(1, post_id="2026"))
    assert register.find(BranchPlan, year=2026) == [plan(1)]
    assert register.find(BranchPlan, year="2026") == []
    assert register.find(Copy, post_id=2026) == []
    assert register.find(Copy, post_id="2026 ") == []


@pytest.mark.parametrize("strange", ["", "\0", "2026-001\0", "\ud800", "' OR 1=1 --", '"', "%", "х" * 10_000])
def test_a_strange_value_finds_nothing_and_breaks_nothing(register: Register, strange: str) -> None:
    write(register, copy(1), plan(1))
    assert register.get(Copy, strange) is None
    assert register.find(Copy, code=strange) == []
    with register.snapshot() as reader:
        assert reader.find(BranchPlan, year=2**70) == []
        assert reader.get(Copy, strange) is None
        assert reader.get(Copy, copy(1).id) == copy(1)


def test_order_is_that_of_appending(register: Register) -> None:
    numbers = [5, 3, 9, 1]
    for number in numbers:
        write(register, plan(number))
    assert register.find(BranchPlan) == [plan(number) for number in numbers]
    assert register.find(BranchPlan, branch_id="branch") == [plan(number) for number in numbers]
    assert list(register.newest(BranchPlan, 2)) == [plan(1), plan(9)]
    assert list(register.newest(BranchPlan, 0)) == []
    assert list(register.iterate(BranchPlan)) == [plan(number) for number in numbers]


def test_the_newest_are_those_that_match(register: Register) -> None:
    plans = [replace(plan(number), year=2020 + number % 2) for number in range(1, 9)]
    write(register, *plans)
    odd = [each for each in reversed(plans) if each.year == 2021]
    assert list(register.newest(BranchPlan, 3, year=2021)) == odd[:3]
    assert list(register.newest(BranchPlan, 9, year=2021, branch_id="branch")) == odd
    assert list(register.newest(BranchPlan, 9, year=2021, branch_id="elsewhere")) == []
    assert list(register.newest(BranchPlan, 9, year=2**70)) == []
    with register.snapshot() as state:
        assert list(state.newest(BranchPlan, 1, branch_id="branch")) == [plans[-1]]


def test_more_records_than_a_page_are_iterated_in_one_state(register: Register) -> None:
    everything = [plan(number) for number in range(1, 1202)]
    write(register, *everything)
    with register.snapshot() as state:
        going_through = state.iterate(BranchPlan)
        first = next(going_through)
        write(register, plan(5000))
        assert [first, *going_through] == everything
    assert list(register.iterate(BranchPlan)) == [*everything, plan(5000)]
    assert list(register.iterate(Copy)) == []


def test_no_salt_comes_twice(register: Register) -> None:
    with register.transaction() as transaction:
        salts = {transaction.salt() for _ in range(50)}
    assert len(salts) == 50
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in salts)


def test_classes_are_counted_apart(register: Register) -> None:
    write(register, *act_of(1, lines=4), *act_of(2, lines=3))
    assert [register.count(kind) for kind in (Veto, Commitment, LogEntry, Copy)] == [2, 7, 2, 0]


def test_one_append_may_mix_classes_in_any_order(register: Register) -> None:
    write(register, plan(1), copy(1), plan(2), copy(2))
    assert register.find(BranchPlan) == [plan(1), plan(2)]
    assert register.find(Copy) == [copy(1), copy(2)]


def test_an_unindexed_field_is_refused_instead_of_searched(register: Register) -> None:
    for field in ("place", "issued_at", "nothing", "id"):
        with pytest.raises(LookupError, match=field):
            register.find(Copy, **{field: "x"})
        with pytest.raises(LookupError, match=field):
            list(register.newest(Copy, 1, **{field: "x"}))
    with pytest.raises(LookupError, match="place"):
        register.find(Copy, code=copy(1).code, place="一楼大厅")


def test_a_class_the_register_does_not_keep_is_refused(register: Register) -> None:
    with pytest.raises(LookupError, match="Record"):
        register.find(Record)
    with pytest.raises(LookupError, match="Record"):
        write(register, Record(id="1"))


@pytest.mark.parametrize("taken", [plan(1), copy(1), copy(2, code=1)], ids=["id", "id and code", "code"])
def test_a_taken_id_or_code_is_refused_and_nothing_is_kept(register: Register, taken: Record) -> None:
    write(register, plan(1), copy(1))
    with pytest.raises(DuplicateRecord):
        write(register, plan(2), taken)
    assert register.find(BranchPlan) == [plan(1)]
    assert register.find(Copy) == [copy(1)]
    write(register, plan(2))
    assert register.count(BranchPlan) == 2


@pytest.mark.parametrize("kind", REFERENCES)
def test_a_reference_to_nothing_is_refused_in_every_field(register: Register, kind: type[Record]) -> None:
    *named, record = with_referents(simplest(kind, "x"))
    write(register, *(each for each in named if register.get(type(each), each.id) is None))
    for field in REFERENCES[kind]:
        for unknown in ("nowhere", "", "x") if (kind, field) not in MAY_BE_EMPTY else ("nowhere",):
            with pytest.raises(DanglingReference):
                write(register, replace(record, **{field: unknown}))
    assert register.count(kind) == sum(type(each) is kind for each in named) + _ground(kind)
    write(register, record)
    assert register.get(kind, "x") == record


def test_a_record_that_names_nothing_is_refused_with_all_beside_it(register: Register) -> None:
    with pytest.raises(DanglingReference):
        write(register, plan(1), replace(plan(2), branch_id="nowhere"))
    assert register.count(BranchPlan) == 0
    write(register, plan(1))


def test_a_record_may_name_one_appended_just_before_it(empty_register: Register) -> None:
    branch = simplest(Organisation, "branch")
    with pytest.raises(DanglingReference):
        write(empty_register, plan(1), branch)
    write(empty_register, branch, plan(1))
    assert empty_register.find(BranchPlan) == [plan(1)]


def test_feedback_on_paper_names_no_copy(register: Register) -> None:
    message = replace(simplest(Feedback, "f"), post_id="2026-001", branch_id="branch")
    write(register, message)
    assert register.find(Feedback, copy_id="") == [message]


def test_every_record_that_can_exist_is_kept_as_it_was(empty_register: Register) -> None:
    fresh = count()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(*(any_of(kind) for kind in KINDS)))
    def check(drawn: Record) -> None:
        record = replace(drawn, id=f"{drawn.id} {next(fresh)}")
        needed = with_referents(record)
        try:
            write(
                empty_register, *(each for each in needed if empty_register.get(type(each), each.id) is None)
            )
        except DuplicateRecord:
            reject()  # a code comes twice
        read = empty_register.get(type(record), record.id)
        assert read == record
        assert read is not None
        assert digest(read) == digest(record)

    check()


def _ground(kind: type[Record]) -> int:
    return sum(type(each) is kind for each in GROUND)


def test_two_records_of_one_append_cannot_share_an_id(register: Register) -> None:
    with pytest.raises(DuplicateRecord):
        write(register, plan(1), plan(1))
    assert register.count(BranchPlan) == 0


def test_ids_are_unique_in_their_class_only(register: Register) -> None:
    namesake = replace(plan(1), id=veto("2026-001").id)
    write(register, veto("2026-001"), log_entry(1), namesake)
    assert register.get(Veto, namesake.id) == veto("2026-001")
    assert register.get(BranchPlan, namesake.id) == namesake


def test_what_is_handed_out_is_a_value(register: Register) -> None:
    write(register, copy(1))
    first, second = register.find(Copy) + register.find(Copy)
    assert first == second
    assert first is not second
    with pytest.raises(FrozenInstanceError):
        first.place = "elsewhere"  # type: ignore[misc]
    vars(first)["place"] = "elsewhere"
    assert register.find(Copy) == [copy(1)]


def test_everything_is_there_after_reopening(open_register: OpenRegister) -> None:
    register = open_register()
    write(register, *act_of(1))
    register.close()
    again = open_register()
    assert [record for kind in (Veto, Commitment, LogEntry) for record in again.find(kind)] == act_of(1)


def test_a_closed_register_opens_itself_when_asked_again(register: Register) -> None:
    write(register, plan(1))
    register.close()
    assert register.find(BranchPlan) == [plan(1)]
