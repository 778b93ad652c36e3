"""Coming in: a link becomes an account with a password, a key becomes a device that shows codes.

Knows how the two are taken up. Leaves out who may hand out a link (store/acts/credentials.py), what a code is
(second_factor.py) and the pages (console/).
"""

import hashlib
from dataclasses import dataclass

from plaques.qr import encode
from store.acts.authority import Actor, Authority
from store.acts.credentials import add_second_factor, open_invitation, take_invitation, use_code
from store.acts.officers import NewOfficer, add_first_officer
from store.records import Invitation, Officer, Role, SecondFactor
from store.refusals import Refusal
from verify.network import keyed
from verify.passwords import hash_password
from verify.second_factor import (
    WrongCode,
    key_of,
    provisioning_uri,
    recovery_hash,
    recovery_sheet,
    step_of,
)
from verify.sessions import end_other_sessions
from verify.signing_in import authority_of, patience
from verify.site import Site

LINK_BYTES = 32
FIRST_OFFICER = ("first officer",)
"""The words whose keyed hash is the key for setting up the first account."""

_GROUP = 4


class PasswordsDiffer(Refusal):
    """The password was typed in two ways. Remedy: type it twice alike."""

    reason_zh = "两次输入的密码不一样。"
    reason_en = "The password was typed in two ways."
    remedy_zh = "请重新输入两遍。"
    remedy_en = "Type it twice again."


@dataclass(frozen=True, kw_only=True)
class KeyShown:
    """A key as a page shows it: in letters, and as a matrix code whose dark modules are an SVG path."""

    letters: str
    path: str
    side: int


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """A device whose codes are accepted from now on, and its recovery codes, which are not kept."""

    factor: SecondFactor
    codes: tuple[str, ...]


def twice_the_same(password: str, again: str) -> str:
    """Return a password that was typed twice alike.

    Raises:
        PasswordsDiffer: it was not.

    """
    if password != again:
        raise PasswordsDiffer
    return password


def setup_key(site: Site) -> str:
    """Return what the address for setting up the first account carries: only the machine itself shows it."""
    return keyed(site, *FIRST_OFFICER)


def set_up(site: Site, officer_id: str, display_name: str, password: str) -> Officer:
    """Open the first account, which administers the others.

    Raises:
        NotTheFirst: there is one already.
        ReasonMissing, PasswordTooShort, PasswordTooCommon: name or password cannot be one.

    """
    actor = Actor(name="setup", role=Role.ADMINISTRATOR)
    authority = Authority(actor=actor, now=site.clock(), policy=site.policy)
    new = NewOfficer(
        officer_id=officer_id,
        display_name=display_name,
        role=Role.ADMINISTRATOR,
        branch_name="",
        password_hash=hash_password(password),
    )
    return add_first_officer(site.register, authority, new)


def link_hash(secret: str) -> str:
    """Return the hash under which the register knows the link with this secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_behind(site: Site, secret: str) -> Invitation:
    """Return the invitation that a link leads to.

    Raises:
        InvitationVoid: it leads nowhere any more.

    """
    return open_invitation(site.register, link_hash(secret), site.clock())


def join(site: Site, secret: str, password: str) -> Officer:
    """Open the account behind a link, or give an old one its new password and sign its browsers out.

    Raises:
        InvitationVoid: the link leads nowhere any more.
        PasswordTooShort, PasswordTooCommon: the password may not be one.

    """
    actor = Actor(name=invitation_behind(site, secret).officer_id, role=Role.PUBLIC)
    authority = Authority(actor=actor, now=site.clock(), policy=site.policy)
    officer = take_invitation(site.register, authority, link_hash(secret), hash_password(password))
    end_other_sessions(site.register, officer.id, "", site.clock())
    return officer


def key_shown(site: Site, officer_id: str, nonce: str) -> KeyShown:
    """Return the key that goes with a nonce, for a page that hands it to a device."""
    key = key_of(site, officer_id, nonce)
    rows = encode(provisioning_uri(site, officer_id, nonce), "M").modules
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    letters = " ".join(key[start : start + _GROUP] for start in range(0, len(key), _GROUP))
    return KeyShown(letters=letters, path="".join(dark), side=len(rows))


def enrol(site: Site, officer: Officer, nonce: str, typed: str, network: str) -> Enrolled:
    """Accept a device that was given the key of a nonce, by the code it shows.

    Raises:
        TooManyFailures, WrongCode, HasSecondFactor: it is not accepted.

    """
    code = "".join(typed.split())
    with patience(site, officer.id, network):
        step = step_of(key_of(site, officer.id, nonce), code, site.clock())
        if step is None:
            raise WrongCode
    codes, authority = recovery_sheet(site), authority_of(site, officer)
    hashes = tuple(recovery_hash(site, each) for each in codes)
    factor = add_second_factor(site.register, authority, nonce, hashes)
    use_code(site.register, factor, f"{step:012}", site.clock())
    return Enrolled(factor=factor, codes=codes)
