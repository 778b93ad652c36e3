"""Passwords: what may be one, how it is kept, and how many are compared at once.

Knows Argon2id and its cost. Leaves out whose password it is and how often somebody may try (signing_in.py).
A comparison takes a tenth of a second of a core and 64 MiB on purpose; the gate therefore lets only a few
through at a time, so that nobody can keep a veto waiting by signing in a thousand times.
Source: OWASP ASVS 5.0, 6.2 (password security) and 11.4.2 (password hashing).
"""

import threading
import unicodedata
from functools import cached_property

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from store.refusals import Refusal

LENGTH_LEAST = 12
AT_ONCE = 2
WAITING_MOST = 8

COMMON = frozenset(
    {
        "000000000000", "111111111111", "112233445566", "121212121212", "123123123123", "123321123321",
        "123456123456", "1234567890-=", "123456789012", "1234567890ab", "123456789123", "123456789abc",
        "1234567891011", "1234qwerasdf", "1q2w3e4r5t6y", "1qaz2wsx3edc", "666666666666", "888888888888",
        "5201314520131", "987654321000", "a123456789012", "aaaaaaaaaaaa", "abc123456789", "abcd12345678",
        "abcdefghijkl", "admin1234567", "admin12345678", "administrator", "administrator1", "asdfghjkl123",
        "changeme1234", "dangyuan1234", "gangpai12345", "gongchandang", "helloworld123", "iloveyou1234",
        "iloveyou5201314", "letmein12345", "mima12345678", "p@ssw0rd1234", "password1234", "password12345",
        "password123456", "passwordpassword", "q1w2e3r4t5y6", "qazwsxedcrfv", "qq1234567890", "qwer12345678",
        "qwerty123456", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas", "qwertyuiop[]", "shifangang123",
        "welcome12345", "woaini123456", "woaini1314520", "woaini5201314", "wozhidao1234", "zaq12wsxcde3",
        "zhongguo1234", "zhonghuarenmin", "zxcvbnm12345", "zxcvbnmasdfg",
    }
)  # fmt: skip
"""Passwords of twelve characters and more that head every list of guesses, in lower case."""

STRONG = PasswordHash((Argon2Hasher(),))
"""Argon2id at the cost its library recommends today; a hash names its own cost, so old ones stay readable."""


class PasswordTooShort(Refusal):
    """The password is short enough to be guessed. Remedy: choose a longer one, such as a sentence."""

    reason_zh = "密码只有{length}个字符，少于{least}个。"
    reason_en = "The password has {length} characters; {least} are needed."
    remedy_zh = "请用更长的密码，例如一句只有您知道的话；不要求大小写或符号。"
    remedy_en = "Use a longer one, such as a sentence only you know; no particular characters are asked for."


class PasswordTooCommon(Refusal):
    """The password is among those tried first. Remedy: choose another."""

    reason_zh = "这个密码太常见，最先被人猜到。"
    reason_en = "This password is among the first to be guessed."
    remedy_zh = "请换一个。"
    remedy_en = "Choose another."


class SignInsBusy(Refusal):
    """More sign-ins wait for their turn than are let in. Remedy: try again in a few seconds."""

    reason_zh = "此刻登录的人太多。"
    reason_en = "Too many people are signing in at this moment."
    remedy_zh = "请几秒钟后再试；已登录的人员不受影响。"
    remedy_en = "Try again in a few seconds; whoever is signed in is not affected."


def check_password(text: str) -> None:
    """Let a password pass that is long and not commonplace; which characters it has is nobody's business.

    Raises:
        PasswordTooShort: it has fewer than 12 characters.
        PasswordTooCommon: it is on the list of common ones.

    """
    normal = _normal(text)
    if len(normal) < LENGTH_LEAST:
        raise PasswordTooShort(length=len(normal), least=LENGTH_LEAST)
    if normal.casefold() in COMMON:
        raise PasswordTooCommon


def hash_password(text: str, hasher: PasswordHash = STRONG) -> str:
    """Return what is kept of a password: its salted hash, which names its own cost.

    Raises:
        PasswordTooShort, PasswordTooCommon: it may not be a password (check_password).

    """
    check_password(text)
    return hasher.hash(_normal(text))


def verify_password(password_hash: str, text: str, hasher: PasswordHash = STRONG) -> bool:
    """Whether the text is the password that was hashed."""
    return hasher.verify(_normal(text), password_hash)


def _normal(text: str) -> str:
    """Return one spelling for all that look the same, whichever keyboard typed it (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", text)


class PasswordGate:
    """Compares passwords a few at a time; shared by the threads of one worker."""

    def __init__(
        self, hasher: PasswordHash = STRONG, at_once: int = AT_ONCE, waiting_most: int = WAITING_MOST
    ) -> None:
        self._hasher = hasher
        self._turns = threading.Semaphore(at_once)
        self._places = threading.Semaphore(at_once + waiting_most)

    def matches(self, password_hash: str | None, text: str) -> bool:
        """Whether the text is the password; None, for a name nobody has, takes as long and is never true.

        Raises:
            SignInsBusy: as many wait already as may wait.

        """
        if not self._places.acquire(blocking=False):
            raise SignInsBusy
        try:
            with self._turns:
                right = verify_password(password_hash or self._nobodys, text, self._hasher)
        finally:
            self._places.release()
        return right and password_hash is not None

    @cached_property
    def _nobodys(self) -> str:
        return hash_password("nobody has this name", self._hasher)
