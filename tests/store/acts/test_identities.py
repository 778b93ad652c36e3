"""Whom an identity provider vouches for, as acts: bound by consent, pinned at first sight, unbound."""

from dataclasses import replace

import pytest

from store.acts.authority import Actor, Authority
from store.acts.identities import (
    Identity,
    IdentityTaken,
    NoIdentity,
    Vouched,
    bind_identity,
    identity_of,
    identity_typed,
    pin_identity,
    unbind_identity,
    vouched_binding,
)
from store.acts.officers import NoSuchOfficer, disable_officer
from store.ledger import verify
from store.records import IdentityBinding, IdentityClaim, LogEntry, Role
from tests.office import Office
from tests.store.permits import employ_everybody

ISSUER = "https://id.example.cn"
SUBJECT, EMAIL = identity_typed(ISSUER, "u-1"), identity_typed(ISSUER, "Wang@Example.cn")
WANG = Vouched(issuer=ISSUER, subject="u-1", email="wang@example.cn")


def bind(office: Office, identity: Identity, officer_id: str = "inspector") -> IdentityBinding:
    return bind_identity(office.register, office.by(Role.ADMINISTRATOR), officer_id, identity)


def opened_by(office: Office, vouched: Vouched) -> str | None:
    binding = vouched_binding(office.register, vouched)
    return binding.officer_id if binding else None


def provider(office: Office) -> Authority:
    return Authority(actor=Actor(name="inspector", role=Role.PUBLIC), now=office.now, policy=office.policy)


def test_what_was_typed_is_an_email_or_a_subject() -> None:
    assert (SUBJECT.claim, EMAIL.claim) == (IdentityClaim.SUBJECT, IdentityClaim.EMAIL)
    assert EMAIL.value == "wang@example.cn"


@pytest.mark.parametrize("identity", [SUBJECT, EMAIL])
def test_an_identity_opens_the_account_it_is_bound_to(office: Office, identity: Identity) -> None:
    employ_everybody(office)
    assert opened_by(office, WANG) is None
    bind(office, identity)
    assert opened_by(office, WANG) == "inspector"


def test_binding_is_in_the_log(office: Office) -> None:
    employ_everybody(office)
    bind(office, SUBJECT)
    unbind_identity(office.register, office.by(Role.ADMINISTRATOR), "inspector", reason="调离")
    acts = [each.act for each in office.register.find(LogEntry)]
    assert acts[-2:] == ["bind identity", "unbind identity"]
    verify(office.register)


@pytest.mark.parametrize(
    "stranger",
    [
        replace(WANG, issuer="https://other.example.cn"),
        replace(WANG, subject="U-1", email=""),
        replace(WANG, subject="wang@example.cn", email=""),
    ],
)
@pytest.mark.parametrize("identity", [SUBJECT, EMAIL])
def test_a_word_for_somebody_else_opens_nothing(
    office: Office, identity: Identity, stranger: Vouched
) -> None:
    employ_everybody(office)
    bind(office, identity)
    assert opened_by(office, stranger) is None


def test_an_email_given_to_somebody_else_later_opens_nothing(office: Office) -> None:
    employ_everybody(office)
    pin_identity(office.register, provider(office), bind(office, EMAIL), "u-1")
    assert opened_by(office, replace(WANG, email="")) == "inspector"
    assert opened_by(office, replace(WANG, subject="u-2")) is None


def test_what_was_unbound_meanwhile_is_not_pinned(office: Office) -> None:
    employ_everybody(office)
    binding = bind(office, EMAIL)
    unbind_identity(office.register, office.by(Role.ADMINISTRATOR), "inspector", reason="调离")
    with pytest.raises(NoIdentity):
        pin_identity(office.register, provider(office), binding, "u-1")


def test_an_identity_opens_one_account(office: Office) -> None:
    employ_everybody(office)
    bind(office, SUBJECT)
    with pytest.raises(IdentityTaken) as refused:
        bind(office, SUBJECT, "committee")
    assert refused.value.officer_id == "inspector"  # type: ignore[attr-defined] # a fact of the refusal
    bind(office, EMAIL)
    assert bind(office, SUBJECT, "committee").officer_id == "committee"


def test_a_closed_account_is_opened_by_nobody(office: Office) -> None:
    employ_everybody(office)
    bind(office, SUBJECT)
    disable_officer(office.register, office.by(Role.ADMINISTRATOR), "inspector", reason="调离")
    assert opened_by(office, WANG) is None
    with pytest.raises(NoSuchOfficer):
        bind(office, EMAIL)


def test_what_was_unbound_opens_nothing(office: Office) -> None:
    employ_everybody(office)
    bind(office, SUBJECT)
    by = office.by(Role.ADMINISTRATOR)
    unbind_identity(office.register, by, "inspector", reason="调离")
    assert (opened_by(office, WANG), identity_of(office.register, "inspector")) == (None, None)
    with pytest.raises(NoIdentity):
        unbind_identity(office.register, by, "inspector", reason="调离")
