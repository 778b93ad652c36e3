"""Codes that a device shows: which key it is given, which code is good now, and what serves when it is lost.

Knows RFC 6238 as pyotp computes it. The key comes of the deployment's secret and a nonce, so that a stolen
register shows no codes. Leaves out the records (store/acts/credentials.py) and the pages (console/).
Lists its obligations (OWASP ASVS 5.0, 6.5 and 6.6); each step bears the number it discharges.
    1. A code is good for the half minute it is shown in, and for the one before and after: clocks differ.
    2. A code is accepted once, and none older than one accepted.
    3. A code from the sheet is accepted once; of the sheet only hashes are kept.
    4. Wrong codes slow down further tries like wrong passwords do (signing_in.py).
"""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime

import pyotp

from store.acts.credentials import CodeAlreadyUsed, second_factor_of, use_code, used_codes
from store.records import Officer, OfficerSession, SecondFactor
from store.refusals import Refusal
from verify.network import keyed
from verify.site import Site

STEP_S = 30
DRIFT = 1
NONCE_BYTES = 16
RECOVERY_CODES = 10
RECOVERY_BYTES = 7
_RECOVERY_CHARACTERS = 10
_KEY_BYTES = 20


class WrongCode(Refusal):
    """The code is not the one the device shows. Remedy: type the newest one."""

    reason_zh = "验证码不对。"
    reason_en = "The code is not right."
    remedy_zh = "请输入手机上此刻显示的六位数字，并检查手机时间是否准确；手机不在身边请用备用码。"
    remedy_en = "Type the six digits shown now, and check the device's clock; without it use a recovery code."


class NoDevice(Refusal):
    """The act is confirmed by a code, and nothing shows the officer one. Remedy: take up a device."""

    reason_zh = "此事须用手机验证码确认，您还没有启用验证码。"
    reason_en = "This is confirmed by a code, and you have no device that shows one."
    remedy_zh = "请先在“我的账号”里启用手机验证码，再办理。"
    remedy_en = "Take up a device under “Account” first."


def is_required(site: Site, officer: Officer) -> bool:
    """Whether an officer has to sign in with a code; in a demonstration nobody has to."""
    return officer.role in site.settings.code_roles and not site.settings.demo


def is_proven(site: Site, session: OfficerSession) -> bool:
    """Whether a session was opened with a device, or with a second factor that the settings take for one."""
    provider = site.settings.identity_provider
    taken = provider.second_factors if provider else frozenset()
    return session.factor_id is not None or session.assured_by in taken


def key_of(site: Site, officer_id: str, nonce: str) -> str:
    """Return the key that a device is given, in Base32 (RFC 4648)."""
    digest = bytes.fromhex(keyed(site, "second factor", officer_id, nonce))
    return b32encode(digest[:_KEY_BYTES]).decode()


def provisioning_uri(site: Site, officer_id: str, nonce: str) -> str:
    """Return the address that hands the key to a device, for a matrix code."""
    totp = pyotp.TOTP(key_of(site, officer_id, nonce))
    return str(totp.provisioning_uri(name=officer_id, issuer_name=site.settings.host or "gangpai"))


def step_of(key: str, code: str, now: datetime) -> int | None:
    """Return the half minute since 1970 whose code this is, if it is near enough."""
    current = int(now.timestamp()) // STEP_S
    shown = pyotp.HOTP(key)
    near = range(current - DRIFT, current + DRIFT + 1)  # 1
    return next((step for step in near if hmac.compare_digest(shown.at(step).encode(), code.encode())), None)


def check_code(site: Site, officer: Officer, typed: str) -> SecondFactor | None:
    """Accept a code of the officer's device or recovery sheet; nothing where there is no device.

    Raises:
        WrongCode: it is neither.
        CodeAlreadyUsed: it was accepted before.

    """
    factor, now = second_factor_of(site.register, officer.id), site.clock()
    if factor is None:
        return None
    use_code(site.register, factor, _code_id(site, factor, typed, now), now)  # 2, 3
    return factor


def _code_id(site: Site, factor: SecondFactor, typed: str, now: datetime) -> str:
    code = "".join(typed.split()).replace("-", "").upper()
    step = step_of(key_of(site, factor.officer_id, factor.nonce), code, now)
    if step is not None:
        _check_newer(site, factor, step)
        return f"{step:012}"
    hashed = recovery_hash(site, code)
    if hashed not in factor.recovery_hashes:
        raise WrongCode
    return hashed


def _check_newer(site: Site, factor: SecondFactor, step: int) -> None:
    steps = [int(each) for each in used_codes(site.register, factor) if each.isdigit() and len(each) == 12]  # noqa: PLR2004 -- as spelled above
    if steps and step <= max(steps):
        raise CodeAlreadyUsed  # 2


def recovery_sheet(site: Site) -> tuple[str, ...]:
    """Return fresh codes for the day the device is lost, such as 7K2QM-6XTBW: 50 random bits each."""
    return tuple(_recovery_code(site.entropy(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))


def _recovery_code(chance: bytes) -> str:
    letters = b32encode(chance).decode()[:_RECOVERY_CHARACTERS]
    return f"{letters[:5]}-{letters[5:]}"


def recovery_hash(site: Site, code: str) -> str:
    """Return what is kept of a recovery code."""
    plain = code.replace("-", "").upper()
    return hashlib.sha256(keyed(site, "recovery", plain).encode()).hexdigest()
