"""The general branches on record: all of them, and one by its name.

Leaves out the committee above them, and how a branch is entered (acts/organisations.py).
"""

from store.records import Organisation, OrganisationKind
from store.refusals import Refusal
from store.register import Reader


class NoSuchBranch(Refusal):
    """No general branch has this name. Remedy: import its roster, or compare the name."""

    reason_zh = "没有名为“{branch_name}”的党总支。"
    reason_en = "There is no general branch {branch_name!r}."
    remedy_zh = "请先导入该总支的名册，或核对名称。"
    remedy_en = "Import its roster first, or compare the name."


def general_branches(reader: Reader) -> list[Organisation]:
    """Return every general branch, in the order in which they were entered."""
    return [each for each in reader.find(Organisation) if each.kind is OrganisationKind.GENERAL_BRANCH]


def branch_named(reader: Reader, name: str) -> Organisation:
    """Return the general branch of this name.

    Raises:
        NoSuchBranch: there is none.

    """
    for each in reader.find(Organisation, name=name):
        if each.kind is OrganisationKind.GENERAL_BRANCH:
            return each
    raise NoSuchBranch(branch_name=name)
