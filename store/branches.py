"""The general branches on record: all of them, and one by its name.

Leaves out the committee above them, and how a branch is entered (acts/organisations.py).
"""

from store.records import Organisation, OrganisationKind
from store.refusals import Refusal
from store.register import Reader


class NoSuchBranch(Refusal):
    """No general branch has this name. Remedy: compare the name, enter it, or import its roster."""

    reason_zh = "没有名为“{branch_name}”的党总支。"
    reason_en = "There is no general branch {branch_name!r}."
    remedy_zh = "请核对名称；尚未登记的，请先登记（gangpai organisation add）或导入其名册。"
    remedy_en = "Compare the name; enter it (gangpai organisation add) or import its roster first."


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
