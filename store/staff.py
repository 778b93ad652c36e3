"""Whose accounts there are: every officer with the role and branch they have now.

Knows that the newest change of an account holds. Leaves out how one is opened, changed or closed
(acts/officers.py) and signing in.
"""

from dataclasses import replace

from store.lookup import only
from store.records import Officer, OfficerChange
from store.register import Reader


def officers_now(reader: Reader) -> list[Officer]:
    """Return every officer as they are now, closed accounts too, in the order of their entry."""
    newest = {each.officer_id: each for each in reader.find(OfficerChange)}
    return [_as_now(each, newest.get(each.id)) for each in reader.find(Officer)]


def officer_now(reader: Reader, officer_id: str) -> Officer | None:
    """Return the officer with this sign-in name as they are now, even with a closed account; or None."""
    entered = reader.get(Officer, officer_id)
    return entered and _as_now(entered, newest_change(reader, officer_id))


def newest_change(reader: Reader, officer_id: str) -> OfficerChange | None:
    """Return what gave an officer their present role and branch, or None if they have had no others."""
    return only(reader.find(OfficerChange, officer_id=officer_id))


def _as_now(entered: Officer, newest: OfficerChange | None) -> Officer:
    return replace(entered, role=newest.role, branch_id=newest.branch_id) if newest else entered
