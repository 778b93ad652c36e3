"""Signing in: a name and a password become a session, or a refusal that says how long to wait.

Lists its obligations (OWASP ASVS 5.0, 6.1.1, 6.3 and 7.2.4); each step bears the number it discharges.
    1. Waiting grows with the failures of an account and of a network; it is bounded and locks nobody out.
    2. An unknown name, a wrong password and a closed account are answered alike, in words and in time.
    3. Every failure is kept; account and network as keyed hashes, so the trace names nobody.
    4. A session begins under a secret made for it, and the one the browser came with ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.acts.officers import active_officer, note_sign_in
from store.records import Officer, SignInFailure
from store.refusals import Refusal
from store.register import Reader
from verify.network import keyed
from verify.passwords import PasswordGate
from verify.sessions import SECRET_BYTES, begin_session, end_session, session_id
from verify.site import Site

REMEMBERED = timedelta(hours=1)
WAIT_LONGEST = timedelta(minutes=15)
WAIT_FIRST = timedelta(seconds=2)
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
    """A name and a password; `network` is a keyed hash, `session_before` the secret the browser came with."""

    name: str
    password: str
    network: str
    session_before: str = ""


def sign_in(site: Site, gate: PasswordGate, attempt: Attempt) -> str:
    """Begin a session and return the secret the browser has to keep.

    Raises:
        TooManyFailures: the account or the network has to wait; the password was not looked at.
        WrongNameOrPassword: nobody was signed in.
        SignInsBusy: too many passwords are being compared.

    """
    now = site.clock()
    failure = _failure_of(site, attempt, now)
    check_patience(site.register, [_failure_of(site, attempt, now - REMEMBERED), failure])  # 1
    officer = active_officer(site.register, attempt.name.strip()) if attempt.name.strip() else None
    if not gate.matches(officer.password_hash if officer else None, attempt.password):  # 2
        note_sign_in(site.register, failure)  # 3
        raise WrongNameOrPassword
    return _begin(site, officer, attempt, now)


def _begin(site: Site, officer: Officer | None, attempt: Attempt, now: datetime) -> str:
    if officer is None:
        raise WrongNameOrPassword
    if attempt.session_before:
        end_session(site.register, session_id(attempt.session_before), now)  # 4
    secret = site.entropy(SECRET_BYTES).hex()
    begin_session(site.register, officer, secret, now)
    return secret


def _failure_of(site: Site, attempt: Attempt, now: datetime) -> SignInFailure:
    return SignInFailure(
        id=site.entropy(16).hex(),
        account=_hourly(site, "account", attempt.name.strip(), now),
        network=_hourly(site, "network", attempt.network, now),
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
