"""The register away: every scan says so, none repeats an earlier answer, and all heals by itself."""

from collections.abc import Sequence
from datetime import datetime

import httpx
import pytest

from store.acts.veto import veto
from store.lookup import Scan
from store.register import DuplicateRecord, Register, RegisterUnavailable
from tests.office import Office
from tests.verify.public.plates import (
    CHARGE,
    JSON,
    POST,
    FailingRegister,
    Plate,
    plate_of,
    valid,
)
from tests.verify.public.reading import Page
from verify import together
from verify.plate import Address, scans_at

FAILURES = [
    RegisterUnavailable(),
    OSError(28, "No space left on device"),
    RuntimeError("anything"),
    DuplicateRecord(),
    LookupError("no such field"),
]
VOTE = {"grade": "5", "topic": "rating"}


@pytest.fixture
def plate(office: Office) -> Plate:
    return plate_of(valid(office))


def standing(client: httpx.Client, path: str) -> str:
    return str(client.get(path, headers=JSON).json()["standing"])


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
def test_whatever_fails_the_plate_cannot_be_verified(
    client: httpx.Client, plate: Plate, register: FailingRegister, failure: Exception
) -> None:
    for path in plate.paths:
        register.failure = None
        assert standing(client, path) == "valid"
        register.failure = failure
        answer = client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert Page(answer.text).within("h1") == "暂时无法核验"
        assert client.get(path, headers=JSON).status_code == 503
        assert standing(client, path) == "unverifiable"
    assert client.get(f"/{plate.code}/plate.png").status_code == 503
    register.failure = None
    assert [standing(client, path) for path in plate.paths] == ["valid", "valid"]


def test_the_failure_s_own_words_stay_inside(
    client: httpx.Client, plate: Plate, register: FailingRegister
) -> None:
    register.failure = OSError("/srv/secret/register.db is broken")
    paths = [*plate.paths, "/notice", "/readyz", "/receipt/R"]
    assert not [path for path in paths if "secret" in client.get(path).text]


@pytest.mark.parametrize("path", ["/notice", "/readyz", "/receipt/ABCDEFGHJKMN"])
def test_the_other_pages_say_503_as_well(client: httpx.Client, register: FailingRegister, path: str) -> None:
    before = client.get(path).status_code
    for register.failure in FAILURES:
        answer = client.get(path)
        assert answer.status_code == 503
        assert path == "/readyz" or "请稍后再试" in Page(answer.text).text
        assert path == "/readyz" or answer.headers["retry-after"] == "5"
    register.failure = None
    assert client.get(path).status_code == before != 503


def test_the_worker_lives_while_the_register_is_away(client: httpx.Client, register: FailingRegister) -> None:
    register.failure = RegisterUnavailable()
    assert [client.get(path).status_code for path in ("/healthz", "/", "/number")] == [200] * 3


def test_a_vote_that_cannot_be_kept_is_not_thanked_for(
    client: httpx.Client, plate: Plate, register: FailingRegister
) -> None:
    register.failure = RegisterUnavailable()
    answer = client.post(f"/{plate.code}/feedback", data=VOTE)
    assert answer.status_code == 503
    assert Page(answer.text).within("h1") == "暂时无法核验"


def veto_is_seen_at_once(client: httpx.Client, office: Office, plate: Plate) -> bool:
    """Whether scans before, right after a veto, and with the register away each tell their own moment."""
    before = [standing(client, path) for path in plate.paths]
    veto(office.register, office.by(), POST, CHARGE)
    return before == ["valid"] * 2 and [standing(client, path) for path in plate.paths] == ["revoked"] * 2


def test_the_first_scan_after_the_veto_says_so(client: httpx.Client, office: Office, plate: Plate) -> None:
    assert veto_is_seen_at_once(client, office, plate)


def test_a_look_up_that_remembers_is_caught(
    client: httpx.Client, office: Office, plate: Plate, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: dict[Address, Scan] = {}

    def remembering(register: Register, addresses: Sequence[Address], now: datetime) -> list[Scan]:
        fresh = scans_at(register, addresses, now)
        return [first.setdefault(*each) for each in zip(addresses, fresh, strict=True)]

    monkeypatch.setattr(together, "scans_at", remembering)
    assert not veto_is_seen_at_once(client, office, plate)
