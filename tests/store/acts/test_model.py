"""Any sequence of acts, refusals, races and reopenings beside a plain model of the programme."""

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from store import lookup, recalls
from store.acts import authority, circulation, correction, issue
from store.acts import veto as veto_act
from store.records import Return, Role
from store.refusals import Refusal
from store.register import Register
from tests.store.acts import deeds
from tests.store.acts.deeds import Deeds, Step, Wish, branch_ids, seen, wish_of
from tests.store.acts.model import Reasons, World
from tests.store.contract.engines import ENGINES, prepare

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

SEEDS = st.integers(0, 2**32 - 1)
BEGINS = datetime(2026, 6, 9, 4, tzinfo=UTC)
COMMITTEE, OTHER_BRANCH, INSPECTOR = 1, 13, 15
HANDLES = 2
EXAMPLES = {"tinydb": 20, "postgresql": 8}
"""How many lives are tried on each engine: a question over a socket takes longer."""

Mutant = Callable[[pytest.MonkeyPatch], None]
Outcome = str | None
"""The code of the refusal an act met, or None where it was done."""


def wish(kind: str, post: int = 0, pick: int = 1, *, yes: bool = True) -> Wish:
    return Wish(kind, post, COMMITTEE, pick, yes)


PLAQUE, BADGE = wish("issue", pick=15, yes=False), wish("issue", pick=16, yes=False)
LIVES = (
    wish("apply", pick=0),
    wish("approve"),
    PLAQUE,
    BADGE,
    wish("survey", pick=0),
    wish("inspect"),
    wish("award"),
    PLAQUE,
    BADGE,
)
"""How far a post may have come before anything happens: the first of these steps."""


class Programme(RuleBasedStateMachine):
    """A register on two handles beside the model it should equal."""

    def __init__(self, engine: str) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="programme-"))
        prepare(engine, self.place)
        self.open = ENGINES[engine]
        self.handles = [self.open(self.place) for _ in range(HANDLES)]
        self.deeds, self.world, self.now, self.taken = Deeds(), World(), BEGINS, 0

    @initialize(lives=st.lists(st.integers(1, len(LIVES)), min_size=2, max_size=3))
    def begin(self, lives: list[int]) -> None:
        """Bring a few posts as far as their lives go; half of them wait for the window first."""
        self.wait(lives[0] % 2 * 3)
        for post, steps in enumerate(lives):
            for each in LIVES[:steps]:
                self.take(replace(each, post=post))
                self.deeds.branch_ids = branch_ids(self.handles[0])

    @rule(seed=SEEDS, number=st.integers(1, 15))
    def act(self, seed: int, number: int) -> None:
        for _ in range(number):
            self.take(self.wish(seed))

    @rule(seed=SEEDS)
    def race(self, seed: int) -> None:
        """Let two people do two things at once."""
        self.run_at_once(self.wish(seed), self.wish(seed))

    @rule(seed=SEEDS)
    def race_twins(self, seed: int) -> None:
        """Let two people do the same thing at once."""
        wanted = self.wish(seed)
        self.run_at_once(wanted, wanted)

    def wish(self, seed: int) -> Wish:
        """Draw what is wanted now: the same seed later on is another wish."""
        self.taken += 1
        return wish_of(seed + self.taken * 7919)

    @rule(days=st.sampled_from((1, 3, 8, 12, 30)))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(handle=st.integers(0, HANDLES - 1))
    def reopen(self, handle: int) -> None:
        self.handles[handle].close()
        self.handles[handle] = self.open(self.place)
        self.compare("reopened", self.handles[handle])

    def take(self, wanted: Wish) -> None:
        """Do one deed: it is refused for a reason the model knows, or done as the model does it."""
        step = self.step(wanted)
        if step is None:
            return
        writer = wanted.pick % HANDLES
        outcome = attempt(step, self.handles[writer])
        reasons = foresee(step, self.world)
        assert fits(outcome, reasons), (step.told, outcome, reasons)
        self.compare(step.told, self.handles[1 - writer])

    def run_at_once(self, *wanted: Wish) -> None:
        """Do two deeds at once: all is as if one had gone before the other."""
        steps = [step for each in wanted if (step := self.step(each))]
        if len(steps) < HANDLES:
            return
        outcomes = attempt_at_once(steps, self.handles)
        found = seen(self.handles[0], self.now)
        worlds = [self.after(steps, outcomes, order) for order in ((0, 1), (1, 0))]
        agreeing = [world for world in worlds if world and world.seen() == found]
        assert agreeing, [(step.told, outcome) for step, outcome in zip(steps, outcomes, strict=True)]
        self.world = agreeing[0]

    def step(self, wanted: Wish) -> Step | None:
        self.now += timedelta(minutes=1)
        return self.deeds.step(wanted, self.world, self.now)

    def after(self, steps: list[Step], outcomes: list[Outcome], order: tuple[int, int]) -> World | None:
        """Return the world after the steps in this order, or None where that would have ended otherwise."""
        world = deepcopy(self.world)
        foreseen = {each: foresee(steps[each], world) for each in order}
        return world if all(fits(outcomes[each], foreseen[each]) for each in order) else None

    def compare(self, told: str, handle: Register) -> None:
        expected, found = self.world.seen(), seen(handle, self.now)
        assert found == expected, (told, differing(expected, found))

    def teardown(self) -> None:
        for handle in self.handles:
            handle.close()
        shutil.rmtree(self.place)


def foresee(step: Step, world: World) -> Reasons:
    reasons = step.foresee(world)
    world.log += not reasons
    return reasons


def attempt(step: Step, register: Register) -> Outcome:
    """Try a deed and say why it was refused; a refusal leaves every class of record as it was."""
    try:
        step.act(register)
    except Refusal as refusal:
        return refusal.code
    return None


def attempt_at_once(steps: list[Step], handles: list[Register]) -> list[Outcome]:
    together = Barrier(len(steps))

    def go(step: Step, handle: Register) -> Outcome:
        together.wait()
        return attempt(step, handle)

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(go, steps, handles))


def fits(outcome: Outcome, reasons: Reasons) -> bool:
    return outcome in reasons if reasons else outcome is None


def differing(expected: dict[str, Any], found: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (expected[key], found[key]) for key in expected if expected[key] != found[key]}


def run(engine: str, examples: int, **more: Any) -> None:
    # a failure names its steps and seeds; making it smaller would take minutes
    run_state_machine_as_test(
        lambda: Programme(engine),  # type: ignore[arg-type] # any factory will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
            **more,
        ),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_every_life_of_a_post_goes_as_the_model_says(engine: str) -> None:
    run(engine, EXAMPLES[engine])


@pytest.mark.soak
@pytest.mark.parametrize("engine", ENGINES)
def test_many_lives_go_as_the_model_says(engine: str) -> None:
    run(engine, 500)


def remembers_standings(patch: pytest.MonkeyPatch) -> None:
    known: dict[str, Any] = {}
    look = lookup.standing_in

    def remembered(reader: Any, copy: Any, now: Any) -> Any:
        return known.setdefault(copy.code, look(reader, copy, now))

    patch.setattr(lookup, "standing_in", remembered)


def vetoes_all_plates_but_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(veto_act, "open_lines", lambda *given: recalls.open_lines(*given)[1:])


def corrects_without_looking_what_came_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recalls, "outstanding", lambda _, copies: list(copies))


def restores_what_came_back(patch: pytest.MonkeyPatch) -> None:
    found = lookup.only

    def without_returns(records: Any) -> Any:
        newest = found(records)
        return None if isinstance(newest, Return) and newest.note == "" else newest

    patch.setattr(lookup, "only", without_returns)


def forgets_who_left_while_vetoed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(correction, "_STILL_DUE", {})


def calls_back_what_is_called_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recalls, "lines_in_force", lambda *_: [])


def lets_inspectors_write(patch: pytest.MonkeyPatch) -> None:
    permit = authority.Authority.permit

    def lenient(self: Any, *roles: Role, branch_id: str | None = None) -> None:
        permit(self, *roles, Role.INSPECTOR, branch_id=branch_id)

    patch.setattr(authority.Authority, "permit", lenient)


def lets_every_branch_in(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(authority.Authority, "covers", lambda *_: True)


def logs_a_veto_twice(patch: pytest.MonkeyPatch) -> None:
    def twice(transaction: Any, by: Any, deed: Any, records: Any) -> None:
        authority.enact(transaction, by, deed, records)
        authority.enact(transaction, by, deed, [])

    patch.setattr(veto_act, "enact", twice)


def notes_a_return_before_it_is_refused(patch: pytest.MonkeyPatch) -> None:
    """Let a return be two transactions: that it was asked for is on the log, whatever comes of it."""

    def twice(register: Any, by: Any, copy_id: str, **more: Any) -> Any:
        with register.transaction() as transaction:
            authority.enact(transaction, by, authority.Deed(act="return", object=copy_id), [])
        return circulation.return_copy(register, by, copy_id, **more)

    patch.setattr(deeds, "return_copy", twice)


def leaves_the_old_plate_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(issue, "_of_creation", lambda *_: [])


PLATED = LIVES[:4]
VETO, CORRECT = wish("veto", pick=0), wish("correct")
HOLDER_LEAVES, PLAQUE_COMES_BACK = wish("leave", pick=0, yes=False), wish("bring_back", pick=0)
CATCHES = (
    (remembers_standings, (*PLATED, VETO)),
    (vetoes_all_plates_but_one, (*PLATED, VETO)),
    (corrects_without_looking_what_came_back, (*PLATED, PLAQUE_COMES_BACK, VETO, CORRECT)),
    (restores_what_came_back, (*PLATED, VETO, PLAQUE_COMES_BACK, CORRECT)),
    (forgets_who_left_while_vetoed, (*PLATED, VETO, HOLDER_LEAVES, CORRECT)),
    (calls_back_what_is_called_back, (*PLATED, HOLDER_LEAVES, VETO)),
    (leaves_the_old_plate_out, LIVES),
    (logs_a_veto_twice, (*PLATED, VETO)),
    (notes_a_return_before_it_is_refused, (*PLATED, PLAQUE_COMES_BACK, PLAQUE_COMES_BACK)),
    (lets_every_branch_in, (*PLATED, replace(VETO, kind="place", who=OTHER_BRANCH))),
    (lets_inspectors_write, (*PLATED, replace(VETO, who=INSPECTOR))),
)
"""Each mutant with a story in which it shows."""


@pytest.mark.parametrize(("mutant", "story"), CATCHES)
def test_the_model_catches(mutant: Mutant, story: tuple[Wish, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    tell(story)
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        tell(story)


@pytest.mark.parametrize("mutant", [remembers_standings, lets_inspectors_write])
def test_the_search_finds(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        run("tinydb", 40, database=None, derandomize=True)


def tell(story: tuple[Wish, ...]) -> None:
    programme = Programme("tinydb")
    try:
        for each in story:
            programme.take(each)
            programme.deeds.branch_ids = branch_ids(programme.handles[0])
    finally:
        programme.teardown()
