"""The general branches on record: all of them, and one by its name; and the committee above them.

Knows what every organisation is called now, and what it was called before. Leaves out how a branch is entered
or renamed (acts/organisations.py), and the names on plates, which stay as they were printed.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from store.lookup import only, standings_of_posts
from store.records import Organisation, OrganisationKind, OrganisationRenamed, Post
from store.refusals import Refusal
from store.register import Link, Reader, Related

_BRANCH = Link(kind=Organisation, by="id", to="branch_id")
_RENAMINGS = Link(kind=OrganisationRenamed, by="organisation_id", to="branch_id")

OF_A_POST = (_BRANCH, _RENAMINGS)
"""What `branch_of` is to be asked for along with a post."""


class NoSuchBranch(Refusal):
    """No general branch has this name. Remedy: compare the name, enter it, or import its roster."""

    reason_zh = "没有名为“{branch_name}”的党总支。"
    reason_en = "There is no general branch {branch_name!r}."
    remedy_zh = "请核对名称；尚未登记的，请先登记（gangpai organisation add）或导入其名册。"
    remedy_en = "Compare the name; enter it (gangpai organisation add) or import its roster first."


class NotAGeneralBranch(Refusal):
    """No general branch has this id. Remedy: name one of those there are."""

    reason_zh = "编号“{branch_id}”不是已登记的党总支。"
    reason_en = "{branch_id!r} is no general branch of the register."
    remedy_zh = "请核对党总支，或先登记（gangpai organisation add）。"
    remedy_en = "Compare it with the list, or enter the branch first (gangpai organisation add)."


class BranchRenamed(NoSuchBranch):
    """The general branch has another name by now. Remedy: write that."""

    reason_zh = "“{branch_name}”已更名为“{name}”。"
    reason_en = "{branch_name!r} is called {name!r} now."
    remedy_zh = "请改用现在的名称“{name}”。"
    remedy_en = "Write its present name, {name!r}."


def organisations(reader: Reader) -> list[Organisation]:
    """Return the committee and every general branch as they are called now, in the order of their entry."""
    newest = {each.organisation_id: each for each in reader.find(OrganisationRenamed)}
    return [_called(each, newest.get(each.id)) for each in reader.find(Organisation)]


def organisation(reader: Reader, organisation_id: str) -> Organisation | None:
    """Return the organisation with this id as it is called now, or None."""
    found = reader.get(Organisation, organisation_id)
    return found and _called(found, only(reader.find(OrganisationRenamed, organisation_id=organisation_id)))


def branch_of(found: Related[Post]) -> Organisation:
    """Return the general branch of a post that was read with `OF_A_POST`, as it is called now."""
    [branch] = found.linked(_BRANCH)
    return _called(branch, only(found.linked(_RENAMINGS)))


def _called(entered: Organisation, newest: OrganisationRenamed | None) -> Organisation:
    return replace(entered, name=newest.name) if newest else entered


def general_branches(reader: Reader) -> list[Organisation]:
    """Return every general branch as it is called now, in the order in which they were entered."""
    return [each for each in organisations(reader) if each.kind is OrganisationKind.GENERAL_BRANCH]


def general_branch(reader: Reader, branch_id: str) -> Organisation:
    """Return the general branch with this id as it is called now.

    Raises:
        NotAGeneralBranch: there is none.

    """
    branch = organisation(reader, branch_id)
    if branch is None or branch.kind is not OrganisationKind.GENERAL_BRANCH:
        raise NotAGeneralBranch(branch_id=branch_id)
    return branch


def branch_named(reader: Reader, name: str) -> Organisation:
    """Return the general branch that has this name now.

    Raises:
        NoSuchBranch: there is none.
        BranchRenamed: it had this name before.

    """
    found = organisation_named(reader, name)
    if found is None or found.kind is not OrganisationKind.GENERAL_BRANCH:
        raise NoSuchBranch(branch_name=name)
    return found


def organisation_named(reader: Reader, name: str) -> Organisation | None:
    """Return the organisation that has this name now, or None.

    Raises:
        BranchRenamed: it had this name before.

    """
    found = bearer_of(reader, name)
    if found and found.name != name:
        raise BranchRenamed(branch_name=name, name=found.name)
    return found


def bearer_of(reader: Reader, name: str) -> Organisation | None:
    """Return the one organisation that has this name or ever had it, as it is called now, or None."""
    bearers = [each.id for each in reader.find(Organisation, name=name)]
    bearers += [each.organisation_id for each in reader.find(OrganisationRenamed, name=name)]
    return organisation(reader, bearers[-1]) if bearers else None


def former_names(reader: Reader) -> dict[str, str]:
    """Return under every name that an organisation has no more what it is called now."""
    now = {each.id: each.name for each in organisations(reader)}
    borne = [(each.name, each.id) for each in reader.find(Organisation)]
    borne += [(each.name, each.organisation_id) for each in reader.find(OrganisationRenamed)]
    return {name: now[bearer] for name, bearer in borne if name != now[bearer]}


def names_before(reader: Reader, branch: Organisation) -> list[str]:
    """Return what a branch was called before, each name once, oldest first."""
    ended = dict.fromkeys(name for name, _ in renamings_of(reader, branch.id))
    return [name for name in ended if name != branch.name]


def renamings_of(reader: Reader, branch_id: str) -> list[tuple[str, OrganisationRenamed]]:
    """Return every renaming of a branch beside the name that it ended, oldest first."""
    entered = reader.get(Organisation, branch_id)
    renamings = reader.find(OrganisationRenamed, organisation_id=branch_id)
    names = [each.name for each in (entered, *renamings) if each]
    return list(zip(names, renamings, strict=False))


def names_on_plates(reader: Reader, branch_id: str, now: datetime) -> Counter[str]:
    """Count the plates of a branch that stand, by the name of the branch that is printed on them."""
    posts = [each.id for each in reader.find(Post, branch_id=branch_id)]
    copies = standings_of_posts(reader, posts, now)
    return Counter(copy.face.branch_name for copy, standing in copies if standing.stands)
