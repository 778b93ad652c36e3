"""Passwords: what may be one, how it is kept, and that comparing them cannot take the machine over."""

import threading
from collections.abc import Callable

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from verify.passwords import (
    STRONG,
    PasswordGate,
    PasswordTooCommon,
    PasswordTooShort,
    SignInsBusy,
    check_password,
    hash_password,
    verify_password,
)

CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
PASSWORD = "只有我知道的一句话就够了"  # noqa: S105 -- nobody's


@pytest.mark.parametrize(
    "text", [PASSWORD, "correct horse battery", "            ", "🌾" * 12, "Aa1!Aa1!Aa1!"]
)
def test_twelve_characters_of_any_kind_will_do(text: str) -> None:
    check_password(text)


@pytest.mark.parametrize("text", ["", "elevenchars", "十一个字符的密码不够的"])
def test_a_short_one_is_refused(text: str) -> None:
    with pytest.raises(PasswordTooShort) as refusal:
        hash_password(text, CHEAP)
    assert f"{len(text)}个字符" in refusal.value.zh
    assert text not in refusal.value.en or not text


@pytest.mark.parametrize(
    "text", ["password1234", "PassWord1234", "ｐａｓｓｗｏｒｄ１２３４", "woaini1314520"]
)
def test_a_common_one_is_refused_in_any_spelling(text: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(text)


def test_what_is_kept_is_argon2id_and_never_the_same_twice() -> None:
    kept = hash_password(PASSWORD, STRONG)
    assert kept.startswith("$argon2id$v=19$m=65536,")
    assert hash_password(PASSWORD, CHEAP) != hash_password(PASSWORD, CHEAP)


def test_only_the_password_matches_however_it_is_typed() -> None:
    kept = hash_password("Ｗｉｄｅ letters typed", CHEAP)
    assert verify_password(kept, "Wide letters typed", CHEAP)
    assert not verify_password(kept, "wide letters typed", CHEAP)


class Turnstile:
    """Stands in for the hasher: counts who is inside and lets nobody out until told."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Semaphore(0)
        self.texts: list[str] = []

    def hash(self, _text: str) -> str:
        return "nobody's"

    def verify(self, text: str, _kept: str) -> bool:
        self.texts.append(text)
        self.entered.release()
        assert self.open.wait(10)
        return True


def test_a_name_nobody_has_costs_a_comparison_and_never_matches() -> None:
    turnstile = Turnstile()
    turnstile.open.set()
    assert PasswordGate(turnstile).matches("kept", "text")  # type: ignore[arg-type]
    assert not PasswordGate(turnstile).matches(None, "text")  # type: ignore[arg-type]
    assert turnstile.texts == ["text", "text"]


def test_two_are_compared_at_once_and_the_queue_has_an_end() -> None:
    turnstile = Turnstile()
    gate = PasswordGate(turnstile, at_once=2, waiting_most=1)  # type: ignore[arg-type]
    answers: list[str] = []
    threads = [threading.Thread(target=_try, args=(gate, answers)) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert turnstile.entered.acquire(timeout=10)
    assert turnstile.entered.acquire(timeout=10)
    _wait_for(lambda: "busy" in answers)
    assert len(turnstile.texts) == 2
    turnstile.open.set()
    for thread in threads:
        thread.join(10)
    assert sorted(answers) == ["busy", "right", "right", "right"]


def _try(gate: PasswordGate, answers: list[str]) -> None:
    try:
        gate.matches("kept", "text")
        answers.append("right")
    except SignInsBusy:
        answers.append("busy")


def _wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come about within ten seconds")
