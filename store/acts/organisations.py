"""The organisation tree: the committee and the general branches below it, which can be renamed.

A name that a branch ever had stays its own: no other may take it, so that an old roster cannot be misread.
"""

from store.acts.authority import Authority, Deed, enact, stated
from store.branches import BranchRenamed, bearer_of, former_names, general_branch, organisations
from store.records import Organisation, OrganisationKind, OrganisationRenamed, Role
from store.refusals import Refusal
from store.register import Reader, Register
from store.roster.characters import settle
from store.roster.headers import Field
from store.roster.texts import LONGEST, TextTooLong, one_line

NAME_LONGEST = LONGEST[Field.BRANCH]


class OrganisationExists(Refusal):
    """The name is taken. Remedy: use the organisation there is, or choose another name."""

    reason_zh = "“{name}”已经登记。"
    reason_en = "{name!r} is in the register already."
    remedy_zh = "如是同一组织，无需重复登记；否则请换一个名称。"
    remedy_en = "If it is the same, nothing has to be done; otherwise choose another name."


class NameOnceBorne(Refusal):
    """Another branch had the name before. Remedy: choose another, or use that branch's present name."""

    reason_zh = "“{name}”是“{present}”用过的名称，不能再作别的党总支的名称。"
    reason_en = "{name!r} was the name of {present!r} before; no other branch can have it."
    remedy_zh = "请换一个名称；如指同一党总支，请用其现在的名称。"
    remedy_en = "Choose another; if that branch is meant, use its present name."


class SameName(Refusal):
    """The branch has this name already. Remedy: write the new one."""

    reason_zh = "“{name}”就是现在的名称，没有可更改的。"
    reason_en = "{name!r} is its name already; there is nothing to change."
    remedy_zh = "请填写新名称。"
    remedy_en = "Write the new name."


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
        self._by_name = {each.name: each for each in organisations(reader)}
        self._former = former_names(reader)
        self._committee_name = committee_name
        self.new: list[Organisation] = []

    def branch(self, name: str) -> Organisation:
        """Return the general branch of this name, made below the committee if it is new.

        Raises:
            NotABranch: the name is the committee's.
            BranchRenamed: a branch had the name, and has another now.

        """
        if name in self._former:
            raise BranchRenamed(branch_name=name, name=self._former[name])
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
        ReasonMissing, TextTooLong, DamagedText, UnusableCharacter: no plate could bear the name.
        OrganisationExists, NameOnceBorne, NotABranch: the name is taken.

    """
    authority.permit(Role.COMMITTEE, Role.ADMINISTRATOR)
    name = _printable(name)
    with register.transaction() as transaction:
        _check_free(transaction, name)
        tree = Tree(transaction, authority.policy.committee_name)
        branch = tree.branch(name)
        enact(transaction, authority, Deed(act="add organisation", object=name), tree.new)
    return branch


def rename_branch(
    register: Register, authority: Authority, branch_id: str, name: str, *, reason: str
) -> OrganisationRenamed:
    """Give a general branch another name from now on; plates keep the one that is printed on them.

    Raises:
        NotAllowed: the actor is neither the committee nor the administrator.
        ReasonMissing: name or reason is missing.
        TextTooLong, DamagedText, UnusableCharacter: no plate could bear the name.
        NotAGeneralBranch, SameName: there is no such branch, or nothing changes.
        OrganisationExists, NameOnceBorne: the name is, or was, another's.

    """
    authority.permit(Role.COMMITTEE, Role.ADMINISTRATOR)
    name, reason = _printable(name), stated(reason, what_zh="更名原因", what_en="reason of the new name")
    with register.transaction() as transaction:
        branch = general_branch(transaction, branch_id)
        if name == branch.name:
            raise SameName(name=name)
        _check_free(transaction, name, but_for=branch)
        earlier = transaction.find(OrganisationRenamed, organisation_id=branch.id)
        renamed = OrganisationRenamed(
            id=f"{branch.id}-N{len(earlier) + 1}",
            organisation_id=branch.id,
            name=name,
            reason=reason,
            renamed_at=authority.now,
        )
        deed = Deed(act="rename organisation", object=f"{branch.name} → {name}", reason=reason)
        enact(transaction, authority, deed, [renamed])
    return renamed


def _printable(name: str) -> str:
    """Return a name as a roster would be read, so that both spell it alike."""
    written = one_line(Field.BRANCH, settle(name).text)
    name = stated(written, what_zh="党总支名称", what_en="name of the general branch")
    if len(name) > NAME_LONGEST:
        raise TextTooLong(heading="党总支名称", length=len(name), most=NAME_LONGEST)
    return name


def _check_free(reader: Reader, name: str, *, but_for: Organisation | None = None) -> None:
    bearer = bearer_of(reader, name)
    if bearer is None or bearer == but_for:
        return
    if bearer.name == name:
        raise OrganisationExists(name=name)
    raise NameOnceBorne(name=name, present=bearer.name)
