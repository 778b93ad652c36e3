"""What lets a message pass beyond the soft limits: a proof of work, or for whoever runs no script, a wait.

A task is drawn from one random salt, which carries its own terms and which altcha signs (its first version:
a number up to NUMBERS_MOST whose hash with the salt is given). Solved or waited for, it makes one message:
the receipt code follows from the salt, so that the register itself refuses a task used twice, in every worker
and on both engines, for ever. Nobody is turned away: what was typed is kept, and a new task is to be had.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs

from altcha.v1 import Challenge, ChallengeOptions, Payload, create_challenge, verify_solution
from pydantic import BaseModel, ConfigDict, Field

from store.codes import RECEIPT_BYTES, receipt_code
from store.refusals import Refusal
from verify.network import keyed
from verify.site import Site

NUMBERS_MOST = 100_000
"""A phone tries these in some seconds, a script in a tenth of one; it is the sum that a flood has to pay."""

GOOD_FOR = timedelta(minutes=30)
WAIT = timedelta(seconds=30)
SOLUTION_LONGEST = 1000
_NONCE_BYTES = 12
_SIGNATURE_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who sends something, as far as anybody here may know it: keyed hashes, kept in memory only."""

    device: str
    network: str


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came with a message for the task given before: a solution, the ticket to wait with, or neither."""

    solution: str = ""
    ticket: str = ""


NOTHING_BROUGHT = Brought()


@dataclass(frozen=True, kw_only=True)
class Task:
    """What somebody is asked for; good for one message until `expires_at`, by waiting from `opens_at`."""

    challenge: Challenge
    ticket: str
    opens_at: datetime
    expires_at: datetime

    @property
    def challenge_json(self) -> str:
        """The challenge as altcha's clients read it."""
        return json.dumps(self.as_json()["challenge"])

    def as_json(self) -> dict[str, Any]:
        """Return the task as machines read it."""
        challenge = self.challenge
        return {
            "challenge": {
                "algorithm": challenge.algorithm,
                "challenge": challenge.challenge,
                "maxnumber": challenge.max_number,
                "salt": challenge.salt,
                "signature": challenge.signature,
            },
            "wait": self.ticket,
        }


class ProofNeeded(Refusal):
    """So much came from one device or network that this wants a proof. Remedy: let the page work, or wait."""

    clause_id = "F25"
    reason_zh = "短时间内从您所在网络提交的内容较多，这一条还没有登记。"
    reason_en = "Much was sent from your network in a short time; this has not been entered yet."
    remedy_zh = "请等本页验证完成，或等{seconds}秒，再点“提交”；您写的内容都在，照片需重新选择。"
    remedy_en = (
        "Let this page finish its check, or wait {seconds} s, then send it again; "
        "the words are kept, photos must be chosen again."
    )
    task: Task
    seconds: int


class ProofWrong(ProofNeeded):
    """A proof is not for the task given. Remedy: let the page work again, or wait."""

    reason_zh = "验证没有通过，这一条还没有登记。"
    reason_en = "The check failed; this has not been entered yet."


class ProofExpired(ProofNeeded):
    """A proof came too late. Remedy: let the page work again, or wait."""

    reason_zh = "验证已过期，这一条还没有登记。"
    reason_en = "The check has expired; this has not been entered yet."


class TooSoon(ProofNeeded):
    """Whoever waits has to wait a little more. Remedy: wait, then send it again."""

    reason_zh = "还需等{seconds}秒，这一条还没有登记。"
    reason_en = "There are {seconds} s left to wait; this has not been entered yet."


def admitted(site: Site, visitor: Visitor, about: str, brought: Brought) -> str:
    """Return the receipt code that a message from a visitor gets if it may pass.

    `about` is what it concerns: a device has so many an hour for each, a network so many for all.

    Raises:
        ProofNeeded, ProofWrong, ProofExpired, TooSoon: it may not yet; the refusal carries the task.

    """
    if brought.solution:
        return _receipt(site, _solved(site, brought.solution))
    if brought.ticket:
        return _receipt(site, _waited(site, visitor, brought.ticket))
    return _unasked(site, visitor, about)


def _unasked(site: Site, visitor: Visitor, about: str) -> str:
    now, throttles = site.clock(), site.throttles
    by_device = throttles.devices.takes(keyed(site, about, visitor.device), now)
    if by_device and throttles.messages.takes(visitor.network, now):
        return receipt_code(site.entropy(RECEIPT_BYTES))
    raise _refusal(ProofNeeded, site)


def _refusal(reason: type[ProofNeeded], site: Site, salt: str = "") -> ProofNeeded:
    task = _task(site, salt or _salt(site))
    left = (task.opens_at - site.clock()).total_seconds()
    return reason(task=task, seconds=max(1, round(left)))


def _salt(site: Site) -> str:
    """Return a fresh salt with its terms, in the form in which altcha writes parameters."""
    opens_at = site.clock() + WAIT
    expires_at = site.clock() + GOOD_FOR
    nonce = site.entropy(_NONCE_BYTES).hex()
    return f"{nonce}?opens={opens_at.timestamp():.0f}&expires={expires_at.timestamp():.0f}&"


def _task(site: Site, salt: str) -> Task:
    return Task(
        challenge=create_challenge(
            ChallengeOptions(
                hmac_key=_key(site), salt=salt, number=_number(site, salt), max_number=NUMBERS_MOST
            )
        ),
        ticket=f"{salt}{_signature(site, salt)}",
        opens_at=_moment(salt, "opens"),
        expires_at=_moment(salt, "expires"),
    )


def _key(site: Site) -> str:
    return keyed(site, "proof")


def _number(site: Site, salt: str) -> int:
    """Return the number to be found: the same for the same salt, so that a task can be shown once more."""
    return int(keyed(site, "number", salt), 16) % (NUMBERS_MOST + 1)


def _signature(site: Site, salt: str) -> str:
    return keyed(site, "wait", salt)


def _receipt(site: Site, salt: str) -> str:
    return receipt_code(bytes.fromhex(keyed(site, "receipt", salt))[:RECEIPT_BYTES])


def _moment(salt: str, name: str) -> datetime:
    [stamp] = parse_qs(salt.partition("?")[2])[name]
    return datetime.fromtimestamp(int(stamp), UTC)


class _Solution(BaseModel):
    """A solution as altcha's clients send it: JSON in base64."""

    model_config = ConfigDict(strict=True, extra="ignore")

    algorithm: Literal["SHA-256"]
    challenge: str = Field(max_length=64)
    number: int = Field(ge=0, le=NUMBERS_MOST)
    salt: str = Field(max_length=200)
    signature: str = Field(max_length=64)


def _solved(site: Site, solution: str) -> str:
    """Return the salt of the task that a solution solves."""
    found = _read(solution)
    if found is None:
        raise _refusal(ProofWrong, site)
    payload = Payload(found.algorithm, found.challenge, found.number, found.salt, found.signature)
    is_right, _ = verify_solution(payload, _key(site), check_expires=False)  # by our clock, below
    if not is_right:
        raise _refusal(ProofWrong, site)
    _check_usable(site, found.salt)
    return found.salt


def _read(solution: str) -> _Solution | None:
    try:
        return _Solution.model_validate_json(base64.b64decode(solution[:SOLUTION_LONGEST], validate=True))
    except ValueError:
        return None


def _waited(site: Site, visitor: Visitor, ticket: str) -> str:
    """Return the salt of a task that was waited for; a network has so many of them an hour."""
    salt, signature = ticket[:-_SIGNATURE_LENGTH], ticket[-_SIGNATURE_LENGTH:]
    if not hmac.compare_digest(signature.encode(), _signature(site, salt).encode()):
        raise _refusal(ProofWrong, site)
    if site.clock() < _moment(salt, "opens"):
        raise _refusal(TooSoon, site, salt)
    _check_usable(site, salt)
    if not site.throttles.waits.takes(visitor.network, site.clock()):
        raise _refusal(ProofNeeded, site)
    return salt


def _check_usable(site: Site, salt: str) -> None:
    """Let a task pass that is fresh; what was refused for another reason may be tried again."""
    if site.clock() > _moment(salt, "expires"):
        raise _refusal(ProofExpired, site)
    if not site.throttles.tries.takes(salt, site.clock()):
        raise _refusal(ProofNeeded, site)
