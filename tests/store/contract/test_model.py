"""Any sequence of acts, failures and reopenings, against a plain dictionary."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from store.records import BranchPlan, Copy, Record, Veto
from store.register import DuplicateRecord, Register
from tests.store.contract.engines import ENGINES, fill, prepare
from tests.store.contract.samples import copy, plan, veto
from tests.store.contract.test_transactions import Mishap, abandon

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

MODELLED = (BranchPlan, Copy, Veto)
NUMBERS = st.integers(0, 12)
RECORDS = st.one_of(
    NUMBERS.map(plan),
    st.builds(lambda number, code: copy(number, code=code), NUMBERS, NUMBERS),
    NUMBERS.map(lambda number: veto(f"2026-{number:03d}")),
)


class RegisterMachine(RuleBasedStateMachine):
    """A register on two handles beside the lists it should equal."""

    def __init__(self, engine: str) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="register-"))
        prepare(engine, self.place)
        fill(engine, self.place)
        self.open = ENGINES[engine]
        self.handles = [self.open(self.place), self.open(self.place)]
        self.model: dict[type[Record], list[Record]] = {kind: [] for kind in MODELLED}

    @rule(records=st.lists(RECORDS, max_size=4), writer=st.integers(0, 1))
    def append(self, records: list[Record], writer: int) -> None:
        register = self.handles[writer]
        before = register.version()
        try:
            with register.transaction() as transaction:
                transaction.append(*records)
        except DuplicateRecord:
            assert self.clashes(records)
            return
        assert not self.clashes(records)
        assert register.version() != before or not records
        for record in records:
            self.model[type(record)].append(record)

    @rule(records=st.lists(RECORDS, max_size=4, unique_by=repr), writer=st.integers(0, 1))
    def abandon(self, records: list[Record], writer: int) -> None:
        with suppress(Mishap, DuplicateRecord):
            abandon(self.handles[writer], *records)

    @rule(handle=st.integers(0, 1))
    def reopen(self, handle: int) -> None:
        self.handles[handle].close()
        self.handles[handle] = self.open(self.place)

    @rule(handle=st.integers(0, 1), number=NUMBERS)
    def look_up(self, handle: int, number: int) -> None:
        reader = self.handles[handle]
        wanted = copy(number)
        copies = [each for each in self.model[Copy] if isinstance(each, Copy)]
        assert reader.find(Copy, code=wanted.code) == [each for each in copies if each.code == wanted.code]
        assert reader.get(Copy, wanted.id) == next((each for each in copies if each.id == wanted.id), None)

    @invariant()
    def every_handle_equals_the_model(self) -> None:
        for register in self.handles:
            for kind, expected in self.model.items():
                assert_equals(register, kind, expected)

    def clashes(self, records: list[Record]) -> bool:
        everything = [*(each for kind in MODELLED for each in self.model[kind]), *records]
        ids = [(type(each), each.id) for each in everything]
        codes = [each.code for each in everything if isinstance(each, Copy)]
        return len(set(ids)) < len(ids) or len(set(codes)) < len(codes)

    def teardown(self) -> None:
        for register in self.handles:
            register.close()
        shutil.rmtree(self.place)


def assert_equals(register: Register, kind: type[Record], expected: list[Record]) -> None:
    assert register.find(kind) == expected
    assert register.count(kind) == len(expected)
    assert list(register.newest(kind, 3)) == expected[::-1][:3]


def test_the_register_equals_a_dictionary(engine: str) -> None:
    run_state_machine_as_test(
        lambda: RegisterMachine(engine),  # type: ignore[arg-type] # any factory will do
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
