"""Role by act by own and other branch, over every act there is."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest

from store import acts
from store.acts.authority import Authority, NotAllowed
from store.records import Role
from store.refusals import Refusal
from store.tinydb_register import TinyDbRegister
from tests.office import Office
from tests.store.permits import BRANCH, PERMITS, Permit

Offices = Callable[[], AbstractContextManager[Office]]
EVERYWHERE = (None, BRANCH, "O99")
"""Whose part of the organisation is all of it, the branch acted on, or another."""


def acts_there_are() -> Iterator[str]:
    """Yield each public function of store.acts that takes a register and an authority first."""
    for module in pkgutil.iter_modules(acts.__path__):
        found = inspect.getmembers(import_module(f"store.acts.{module.name}"), inspect.isfunction)
        for name, function in found:
            own = function.__module__ == f"store.acts.{module.name}"
            if own and not name.startswith("_") and is_act(function):
                yield f"{module.name}.{name}"


def is_act(function: Callable[..., object]) -> bool:
    return list(inspect.signature(function).parameters)[:2] == ["register", "authority"]


def expected(permit: Permit, role: Role, branch_id: str | None) -> bool:
    if role not in permit.roles:
        return False
    if branch_id is None:
        return role is not Role.BRANCH_OFFICER
    return permit.of_a_branch and branch_id == BRANCH


def is_let(act: Callable[[Authority], object], by: Authority) -> bool:
    try:
        act(by)
    except NotAllowed:
        return False
    except Refusal:  # it got past the door
        return True
    return True


@pytest.fixture
def offices(tmp_path: Path) -> Offices:
    numbers = count()

    @contextmanager
    def opened() -> Iterator[Office]:
        with closing(TinyDbRegister(tmp_path / f"{next(numbers)}.db")) as register:
            yield Office(register)

    return opened


def test_every_act_is_in_the_table() -> None:
    assert set(acts_there_are()) == set(PERMITS)


@pytest.mark.parametrize("name", PERMITS)
def test_each_role_may_exactly_its_acts_in_its_own_part(name: str, offices: Offices) -> None:
    permit = PERMITS[name]
    actors = [(role, branch_id) for role in Role for branch_id in EVERYWHERE]
    may = [actor for actor in actors if expected(permit, *actor)]
    with offices() as office:
        act = permit.begin(office)
        before = office.written()
        let = [actor for actor in actors if actor not in may and is_let(act, office.by(*actor))]
        assert (let, office.written()) == ([], before)
    for actor in may:
        with offices() as office:
            permit.begin(office)(office.by(*actor))


def test_an_act_that_asks_nobody_is_noticed(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Authority, "permit", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        test_each_role_may_exactly_its_acts_in_its_own_part("veto.veto", offices)


def test_an_act_that_overlooks_the_branch_is_noticed(
    offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Authority, "covers", lambda *_: True)
    with pytest.raises(AssertionError):
        test_each_role_may_exactly_its_acts_in_its_own_part("circulation.return_copy", offices)
