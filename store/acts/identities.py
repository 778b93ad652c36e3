"""Whom an identity provider vouches for: which officer it is, and on whose consent.

Knows that a provider opens no account by itself: the administrator binds one there is, and the log tells of
it. Bound by an e-mail, it is pinned to the provider's own subject at the first sign-in, so that whoever is
given the same address later is not taken for the officer. Leaves out how a provider vouches
(verify/identity.py).
Source: OpenID Connect Core 1.0, 5.7 (claim stability and uniqueness).
"""

from dataclasses import dataclass

from store.acts.authority import Authority, Deed, enact, stated
from store.acts.officers import NoSuchOfficer, active_officer
from store.lookup import only
from store.records import IdentityBinding, IdentityBindingEnd, IdentityClaim, Role
from store.refusals import Refusal
from store.register import Reader, Register, Transaction


class IdentityTaken(Refusal):
    """Another account is opened by this identity. Remedy: bind another, or unbind that one first."""

    reason_zh = "“{value}”已绑定账号“{officer_id}”。"
    reason_en = "{value!r} opens the account {officer_id!r} already."
    remedy_zh = "请核对；确需更换，先解除那个账号的绑定。"
    remedy_en = "Look it over; unbind that account first if this one is meant."


class NoIdentity(Refusal):
    """No identity is bound to the account. Remedy: there is nothing to unbind."""

    reason_zh = "“{officer_id}”没有绑定统一身份。"
    reason_en = "No identity is bound to {officer_id!r}."
    remedy_zh = "无须解除。"
    remedy_en = "There is nothing to unbind."


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """Whom a provider vouches for; `email` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a provider knows somebody by; an e-mail is the same in any case, a subject is not."""

    issuer: str
    claim: IdentityClaim
    value: str


def identity_typed(issuer: str, text: str) -> Identity:
    """Return the identity somebody typed: an e-mail if it reads as one, else a subject."""
    if "@" in text:
        return Identity(issuer=issuer, claim=IdentityClaim.EMAIL, value=text.casefold())
    return Identity(issuer=issuer, claim=IdentityClaim.SUBJECT, value=text)


def bind_identity(
    register: Register, authority: Authority, officer_id: str, identity: Identity
) -> IdentityBinding:
    """Let an identity open an account there is, in place of any bound to it before.

    Raises:
        NotAllowed: the actor does not administer the system.
        ReasonMissing, NoSuchOfficer, IdentityTaken: it cannot be bound so.

    """
    authority.permit(Role.ADMINISTRATOR)
    stated(identity.value, what_zh="身份标识或邮箱", what_en="identity")
    with register.transaction() as transaction:
        if active_officer(transaction, officer_id) is None:
            raise NoSuchOfficer(officer_id=officer_id)
        _check_free(transaction, identity, officer_id)
        return _bind(transaction, authority, officer_id, identity)


def pin_identity(
    register: Register, authority: Authority, binding: IdentityBinding, subject: str
) -> IdentityBinding:
    """Bind by the provider's own subject what was bound by an e-mail; the provider's word is what allows it.

    Raises:
        NotAllowed: somebody signed in acts.
        NoIdentity: the account was bound otherwise in the meantime.

    """
    authority.permit(Role.PUBLIC)
    pinned = Identity(issuer=binding.issuer, claim=IdentityClaim.SUBJECT, value=subject)
    with register.transaction() as transaction:
        if not _holds(transaction, binding):
            raise NoIdentity(officer_id=binding.officer_id)
        return _bind(transaction, authority, binding.officer_id, pinned)


def unbind_identity(register: Register, authority: Authority, officer_id: str, *, reason: str) -> None:
    """Let no identity open the account any longer.

    Raises:
        NotAllowed: the actor does not administer the system.
        ReasonMissing, NoIdentity: there is nothing to unbind.

    """
    authority.permit(Role.ADMINISTRATOR)
    reason = stated(reason, what_zh="解除原因", what_en="reason")
    with register.transaction() as transaction:
        binding = identity_of(transaction, officer_id)
        if binding is None:
            raise NoIdentity(officer_id=officer_id)
        ended = IdentityBindingEnd(
            id=f"{binding.id}-X", binding_id=binding.id, reason=reason, ended_at=authority.now
        )
        enact(transaction, authority, Deed(act="unbind identity", object=officer_id, reason=reason), [ended])


def identity_of(reader: Reader, officer_id: str) -> IdentityBinding | None:
    """Return the identity that opens an account, or None."""
    newest = only(reader.find(IdentityBinding, officer_id=officer_id))
    return None if newest is None or reader.find(IdentityBindingEnd, binding_id=newest.id) else newest


def vouched_binding(reader: Reader, vouched: Vouched) -> IdentityBinding | None:
    """Return the binding by which an identity opens an account: its subject's, else its e-mail's."""
    subject = Identity(issuer=vouched.issuer, claim=IdentityClaim.SUBJECT, value=vouched.subject)
    held = _holder(reader, subject)
    if held or not vouched.email:
        return held
    return _holder(reader, identity_typed(vouched.issuer, vouched.email))


def _check_free(reader: Reader, identity: Identity, officer_id: str) -> None:
    holder = _holder(reader, identity)
    if holder and holder.officer_id != officer_id:
        raise IdentityTaken(value=identity.value, officer_id=holder.officer_id)


def _holder(reader: Reader, identity: Identity) -> IdentityBinding | None:
    found = reader.find(IdentityBinding, value=identity.value)
    ours = (each for each in found if (each.issuer, each.claim) == (identity.issuer, identity.claim))
    return next((each for each in ours if _holds(reader, each)), None)


def _holds(reader: Reader, binding: IdentityBinding) -> bool:
    """Whether a binding is its officer's newest, and the account is open."""
    newest = identity_of(reader, binding.officer_id) == binding
    return newest and active_officer(reader, binding.officer_id) is not None


def _bind(
    transaction: Transaction, authority: Authority, officer_id: str, identity: Identity
) -> IdentityBinding:
    number = len(transaction.find(IdentityBinding, officer_id=officer_id)) + 1
    binding = IdentityBinding(
        id=f"{officer_id}-I{number}",
        officer_id=officer_id,
        issuer=identity.issuer,
        claim=identity.claim,
        value=identity.value,
        bound_at=authority.now,
    )
    enact(transaction, authority, Deed(act="bind identity", object=officer_id), [binding])
    return binding
