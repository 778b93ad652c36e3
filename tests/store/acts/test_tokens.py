"""Tokens: granted to an office for a time, known again by a hash alone, taken back at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from store.acts import tokens
from store.acts.authority import ReasonMissing
from store.acts.officers import BranchForAll
from store.acts.tokens import (
    OF_ALL,
    SCOPE_ROLES,
    SCOPE_ZH,
    NewToken,
    NoScope,
    NoSuchToken,
    ScopeBeyondOffice,
    TokenLifetime,
    grant_token,
    hash_of,
    revoke_token,
    spelled,
    token_shown,
)
from store.branches import NoSuchBranch
from store.documents import canonical_json
from store.ledger import verify
from store.records import ApiToken, LogEntry, Role, Scope
from store.refusals import Refusal
from tests.office import Office

TEXT = spelled(b"\x07" * 32)
NEW = NewToken(
    label="大屏看板",
    secret_hash=hash_of(TEXT),
    role=Role.COMMITTEE,
    branch_name="",
    scopes=(Scope.RECALLS_READ, Scope.POSTS_READ, Scope.RECALLS_READ),
    days=90,
)
OF_A_BRANCH = replace(NEW, role=Role.BRANCH_OFFICER, branch_name="畜牧站党总支")


def granted(office: Office, new: NewToken = NEW) -> ApiToken:
    return grant_token(office.register, office.by(Role.ADMINISTRATOR), new)


def taken_back(office: Office) -> None:
    revoke_token(office.register, office.by(Role.ADMINISTRATOR), "T1", reason="工具停用")


def test_a_token_is_gp_and_256_bits() -> None:
    assert TEXT.startswith("gp_")
    assert len(TEXT) == len("gp_") + 43
    assert spelled(b"\x08" * 32) != TEXT


def test_a_token_is_granted_with_each_scope_once_and_known_again(office: Office) -> None:
    token = granted(office)
    assert (token.id, token.scopes) == ("T1", (Scope.POSTS_READ, Scope.RECALLS_READ))
    assert token.expires_at == office.now + timedelta(days=90)
    assert token_shown(office.register, TEXT, office.now) == token
    assert granted(office).id == "T2"


def test_the_register_and_the_log_keep_no_token(office: Office) -> None:
    token = granted(office)
    kept = canonical_json(token) + b"".join(map(canonical_json, office.register.find(LogEntry)))
    assert TEXT.encode() not in kept
    assert verify(office.register).faults == ()


@pytest.mark.parametrize("text", ["", "gp_", TEXT[:-1], TEXT.upper(), hash_of(TEXT), f"{TEXT} "])
def test_another_text_opens_nothing(office: Office, text: str) -> None:
    granted(office)
    assert token_shown(office.register, text, office.now) is None


def test_a_token_expires(office: Office) -> None:
    token = granted(office)
    last = token.expires_at - timedelta(microseconds=1)
    assert token_shown(office.register, TEXT, last) == token
    assert token_shown(office.register, TEXT, token.expires_at) is None


def test_a_token_taken_back_opens_nothing_and_cannot_be_taken_back_again(office: Office) -> None:
    granted(office)
    taken_back(office)
    assert token_shown(office.register, TEXT, office.now) is None
    with pytest.raises(NoSuchToken):
        taken_back(office)


def test_a_revocation_nobody_reads_would_be_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "is_good", lambda *_: True)
    with pytest.raises(AssertionError):
        test_a_token_taken_back_opens_nothing_and_cannot_be_taken_back_again(office)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"label": " "}, ReasonMissing),
        ({"scopes": ()}, NoScope),
        ({"days": 0}, TokenLifetime),
        ({"days": 367}, TokenLifetime),
        ({"branch_name": "畜牧站党总支"}, BranchForAll),
        ({"role": Role.BRANCH_OFFICER}, NoSuchBranch),
        ({"role": Role.PUBLIC}, ScopeBeyondOffice),
        ({"role": Role.PRINT_CLERK}, ScopeBeyondOffice),
        ({"role": Role.ADMINISTRATOR, "scopes": (Scope.EXPORT_READ,)}, ScopeBeyondOffice),
    ],
)
def test_a_token_that_cannot_be_is_refused(
    office: Office,
    added: Callable[[Callable[[], object]], dict[str, int]],
    changes: dict[str, object],
    refusal: type[Refusal],
) -> None:
    office.applied()

    def attempt() -> None:
        with pytest.raises(refusal):
            granted(office, replace(NEW, **changes))  # type: ignore[arg-type]

    assert added(attempt) == {}


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_goes_with_its_offices_alone(office: Office, scope: Scope) -> None:
    office.applied()
    for role in SCOPE_ROLES[scope]:
        is_branch = role is Role.BRANCH_OFFICER
        wanted = OF_A_BRANCH if is_branch else replace(NEW, role=role)
        assert granted(office, replace(wanted, scopes=(scope,))).scopes == (scope,)
    for role in set(Role) - set(SCOPE_ROLES[scope]):
        wanted = OF_A_BRANCH if role is Role.BRANCH_OFFICER else replace(NEW, role=role)
        with pytest.raises(ScopeBeyondOffice):
            granted(office, replace(wanted, scopes=(scope,)))


def test_what_concerns_everybody_is_not_for_one_branch(office: Office) -> None:
    office.applied()
    inspector = replace(OF_A_BRANCH, role=Role.INSPECTOR, scopes=(Scope.LEDGER_READ,))
    with pytest.raises(ScopeBeyondOffice):
        granted(office, inspector)
    assert granted(office, replace(inspector, branch_name="")).branch_id is None
    assert {Scope.FEEDBACK_READ, Scope.LEDGER_READ, Scope.EXPORT_READ} == OF_ALL


def test_every_scope_has_its_offices_and_a_name() -> None:
    assert SCOPE_ROLES.keys() == SCOPE_ZH.keys() == set(Scope)
