"""The organisation tree: the committee and the general branches below it."""

from store.acts.authority import Authority, Deed, enact, stated
from store.records import Organisation, OrganisationKind, Role
from store.refusals import Refusal
from store.register import Reader, Register


class OrganisationExists(Refusal):
    """The name is taken. Remedy: use the organisation there is."""

    reason_zh = "“{name}”已经登记。"
    reason_en = "{name!r} is in the register already."
    remedy_zh = "无需重复登记。"
    remedy_en = "Nothing has to be done."


class NotABranch(Refusal):
    """The committee stands where a general branch has to. Remedy: name the branch that applies."""

    clause_id = "F5"
    reason_zh = "“{name}”是党委，不是党总支，不能申报岗位。"
    reason_en = "{name!r} is the committee, not a general branch; it does not apply for posts."
    remedy_zh = "请填写申报的党总支名称。"
    remedy_en = "Name the general branch that applies."


class Tree:
    """The organisations known while one act is prepared; new ones are collected, not written."""

    def __init__(self, reader: Reader, committee_name: str) -> None:
        self._by_name = {each.name: each for each in reader.find(Organisation)}
        self._committee_name = committee_name
        self.new: list[Organisation] = []

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def branch(self, name: str) -> Organisation:
        """Return the general branch of this name, made below the committee if it is new.

        Raises:
            NotABranch: the name is the committee's.

        """
        if name == self.committee().name:
            raise NotABranch(name=name)
        return self._by_name.get(name) or self._add(
            name, OrganisationKind.GENERAL_BRANCH, self.committee().id
        )

    def committee(self) -> Organisation:
        """Return the committee, made if it is new."""
        known = (each for each in self._by_name.values() if each.kind is OrganisationKind.COMMITTEE)
        return next(known, None) or self._add(self._committee_name, OrganisationKind.COMMITTEE, None)

    def _add(self, name: str, kind: OrganisationKind, parent_id: str | None) -> Organisation:
        added = Organisation(id=f"O{len(self._by_name):02d}", name=name, kind=kind, parent_id=parent_id)
        self._by_name[name] = added
        self.new.append(added)
        return added


def add_branch(register: Register, authority: Authority, name: str) -> Organisation:
    """Enter a general branch below the committee.

    Raises:
        NotAllowed: the actor is neither the committee nor the administrator.
        ReasonMissing, OrganisationExists: the name is missing or taken.

    """
    authority.permit(Role.COMMITTEE, Role.ADMINISTRATOR)
    name = stated(name, what_zh="党总支名称", what_en="name of the general branch")
    with register.transaction() as transaction:
        tree = Tree(transaction, authority.policy.committee_name)
        if name in tree:
            raise OrganisationExists(name=name)
        branch = tree.branch(name)
        enact(transaction, authority, Deed(act="add organisation", object=name), tree.new)
    return branch
