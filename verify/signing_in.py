"""Signing in: a name, a password and a code become a session, or a refusal that says how long to wait.

Lists its obligations (OWASP ASVS 5.0, 6.1.1, 6.3 and 7.2.4); each step bears the number it discharges.
    1. Waiting grows with the failures of an account and of a network; it is bounded and locks nobody out.
    2. An unknown name, a wrong password and a closed account are answered alike, in words and in time.
    3. Every failure is kept; account and network as keyed hashes, so the trace names nobody.
    4. A session begins under a secret made for it, and the one the browser came with ends.
    5. Between password and code nothing is open yet: the browser holds a sealed word of where it stands, for
       ten minutes.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic_core import from_json, to_json

from store.acts.authority import Actor, Authority
from store.acts.credentials import password_hash_of, second_factor_of
from store.acts.officers import active_officer, note_sign_in
from store.records import Officer, SecondFactor, SignInFailure
from store.refusals import Refusal
from store.register import Reader
from verify.network import keyed
from verify.passwords import PasswordGate
from verify.second_factor import NONCE_BYTES, WrongCode, check_code, is_required
from verify.sessions import SECRET_BYTES, Proof, begin_session, end_session, session_id
from verify.site import Site

REMEMBERED = timedelta(hours=1)
WAIT_LONGEST = timedelta(minutes=15)
WAIT_FIRST = timedelta(seconds=2)
CODE_WITHIN = timedelta(minutes=10)
ACCOUNT_FREE = 3
NETWORK_FREE = 20
"""A whole office shares one address, so it may err more often than one person."""


class WrongNameOrPassword(Refusal):
    """The name and password do not open an account. Remedy: type them again, or ask the administrator."""

    reason_zh = "登录名或密码不对。"
    reason_en = "The name or the password is wrong."
    remedy_zh = "请重新输入；忘记密码请联系系统管理员。"
    remedy_en = "Type them again; if the password is forgotten, ask the administrator."


class TooManyFailures(Refusal):
    """Sign-ins failed too often a moment ago. Remedy: wait as long as the page says."""

    seconds: int

    reason_zh = "登录失败次数较多，请等待{wait_zh}后再试。"
    reason_en = "Signing in failed several times; wait {wait_en} before the next try."
    remedy_zh = "账号没有被锁定，等待后即可照常登录。"
    remedy_en = "The account is not locked."


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A name and a password; `network` is a keyed hash of where they come from."""

    name: str
    password: str
    network: str


@dataclass(frozen=True, kw_only=True)
class Halfway:
    """An officer whose password was right and who owes a code; `nonce` is for a device without a key yet."""

    officer_id: str
    nonce: str


def check_password(site: Site, gate: PasswordGate, attempt: Attempt) -> Officer:
    """Return the officer whose name and password these are.

    Raises:
        TooManyFailures: the account or the network has to wait; the password was not looked at.
        WrongNameOrPassword: they are nobody's.
        SignInsBusy: too many passwords are being compared.

    """
    name = attempt.name.strip()
    with patience(site, name, attempt.network):
        officer = active_officer(site.register, name) if name else None
        kept = password_hash_of(site.register, officer) if officer else None
        if not gate.matches(kept, attempt.password) or officer is None:  # 2
            raise WrongNameOrPassword
        return officer


@contextmanager
def patience(site: Site, account: str, network: str) -> Iterator[None]:
    """Let a try begin that need not wait, and keep it if it fails.

    Raises:
        TooManyFailures: it has to wait.

    """
    now = site.clock()
    failure = _failure_of(site, account, network, now)
    check_patience(site.register, [_failure_of(site, account, network, now - REMEMBERED), failure])  # 1
    try:
        yield
    except (WrongNameOrPassword, WrongCode):
        note_sign_in(site.register, failure)  # 3
        raise


def owes_code(site: Site, officer: Officer) -> bool:
    """Whether the right password is not enough for an officer."""
    return is_required(site, officer) or second_factor_of(site.register, officer.id) is not None


def seal_halfway(site: Site, officer: Officer) -> str:
    """Return the word a browser keeps of having given the right password."""
    return sealed_for_a_while(site, "halfway", officer.id, site.entropy(NONCE_BYTES).hex())


def halfway_of(site: Site, sealed: str) -> Halfway | None:
    """Return where a browser stands by the word it kept; None if the word is not ours, or too old."""
    known = unsealed(site, "halfway", sealed)
    return Halfway(officer_id=known[0], nonce=known[1]) if known else None


def sealed_for_a_while(site: Site, purpose: str, *words: str) -> str:
    """Return words as a browser keeps them for ten minutes: it can read, but not change them."""
    until = site.clock() + CODE_WITHIN
    text = urlsafe_b64encode(to_json([*words, until.timestamp()])).decode()
    return f"{text}.{keyed(site, purpose, text)}"  # 5


def unsealed(site: Site, purpose: str, sealed: str) -> tuple[str, ...] | None:
    """Return the words a browser kept; None if they are not ours, for another purpose, or too old."""
    text, _, seal = sealed.partition(".")
    if not hmac.compare_digest(seal.encode(), keyed(site, purpose, text).encode()):
        return None
    *words, until = from_json(urlsafe_b64decode(text))
    return tuple(words) if site.clock() < datetime.fromtimestamp(until, UTC) else None


def accept_code(site: Site, officer: Officer, typed: str, network: str) -> SecondFactor | None:
    """Accept a code of the officer's device or sheet, and keep a wrong one like a wrong password.

    Raises:
        TooManyFailures, WrongCode, CodeAlreadyUsed: it is not accepted.

    """
    with patience(site, officer.id, network):
        return check_code(site, officer, typed)


def begin(site: Site, officer: Officer, proof: Proof, session_before: str) -> str:
    """Begin a session and return the secret the browser has to keep."""
    now = site.clock()
    if session_before:
        end_session(site.register, session_id(session_before), now)  # 4
    secret = site.entropy(SECRET_BYTES).hex()
    begin_session(site.register, officer, secret, now, proof)
    return secret


def authority_of(site: Site, officer: Officer) -> Authority:
    """Return the authority of an officer at this moment."""
    actor = Actor(name=officer.id, role=officer.role, branch_id=officer.branch_id)
    return Authority(actor=actor, now=site.clock(), policy=site.policy)


def _failure_of(site: Site, account: str, network: str, now: datetime) -> SignInFailure:
    return SignInFailure(
        id=site.entropy(16).hex(),
        account=_hourly(site, "account", account, now),
        network=_hourly(site, "network", network, now),
        failed_at=now,
    )


def _hourly(site: Site, kind: str, who: str, at: datetime) -> str:
    """Return the name somebody has for an hour, so that looking back never reads more than two hours."""
    return keyed(site, kind, who, f"{at:%Y-%m-%dT%H}")


def check_patience(reader: Reader, hours: Sequence[SignInFailure]) -> None:
    """Let an attempt pass whose account and network need not wait.

    `hours` is how its failure would be kept in the hour before and in this one.

    Raises:
        TooManyFailures: one of them has to.

    """
    now = hours[-1].failed_at
    account = [each for hour in hours for each in reader.find(SignInFailure, account=hour.account)]
    network = [each for hour in hours for each in reader.find(SignInFailure, network=hour.network)]
    wait = max(
        waiting_time((each.failed_at for each in account), now, free=ACCOUNT_FREE),
        waiting_time((each.failed_at for each in network), now, free=NETWORK_FREE),
    )
    if wait > timedelta(0):
        seconds = -(-wait // timedelta(seconds=1))
        wait_zh, wait_en = _in_words(seconds)
        raise TooManyFailures(seconds=seconds, wait_zh=wait_zh, wait_en=wait_en)


def waiting_time(failed_at: Iterable[datetime], now: datetime, *, free: int) -> timedelta:
    """Return how long to wait before the next try: nothing for the first few failures of the last hour.

    From then on two seconds after the latest failure, doubled by each further one, fifteen minutes at most.
    """
    recent = [each for each in failed_at if now - each < REMEMBERED]
    if len(recent) < free:
        return timedelta(0)
    asked = min(WAIT_FIRST * (1 << min(len(recent) - free, 10)), WAIT_LONGEST)
    return max(max(recent) + asked - now, timedelta(0))


def _in_words(seconds: int) -> tuple[str, str]:
    if seconds < 60:  # noqa: PLR2004 -- seconds of a minute
        return f"{seconds}秒", f"{seconds} s"
    minutes = -(-seconds // 60)
    return f"{minutes}分钟", f"{minutes} min"
