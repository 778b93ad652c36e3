"""Every act of the register that an officer does has its form in the console; what has none says why."""

import ast
from functools import cache
from pathlib import Path

import pytest

import verify
from store.records import Role
from tests.store.permits import PERMITS

ROOM = Path(verify.__file__).parent
CONSOLE = sorted((ROOM / "console").glob("*.py"))
BESIDE = (ROOM / "joining.py", ROOM / "second_factor.py", ROOM / "signing_in.py")
"""What the console's pages call for keys and codes."""

ELSEWHERE = {
    "answering.read_contact": "the key that opens a contact lies off the server, where the command opens it",
    "officers.add_officer": "accounts are opened by invitation, so that nobody else knows the password",
    "issue.issue_copies": "plates are issued by the print job that draws them, which the console orders",
}


@cache
def acts_called() -> set[str]:
    """Return every act that a page of the console imports in order to call it."""
    found = set[str]()
    for path in (*CONSOLE, *BESIDE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("store.acts."):
                module = (node.module or "").removeprefix("store.acts.")
                found.update(f"{module}.{each.name}" for each in node.names)
    return found


OFFICERS_ACTS = sorted(name for name, permit in PERMITS.items() if permit.roles - {Role.PUBLIC})


@pytest.mark.parametrize("name", OFFICERS_ACTS)
def test_every_act_of_an_officer_has_its_form(name: str) -> None:
    assert (name in acts_called()) is (name not in ELSEWHERE), ELSEWHERE.get(name, "no page does this act")


def test_nothing_is_excused_that_is_no_act() -> None:
    assert set(OFFICERS_ACTS) >= set(ELSEWHERE)
