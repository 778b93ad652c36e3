"""The public log: what it tells anybody, what it keeps to itself, what may be cached, what is refused."""

import base64
import hashlib
import json

import httpx
import pytest

from store import ledger
from store.acts.authority import Deed, enact
from store.ledger.leaves import ABOUT_A_PLATE, leaf_of
from store.records import LogEntry, Role
from tests.office import Office
from tests.signing import note_key
from tests.store.ledger.rfc6962 import is_consistent, is_included, mth
from tests.verify.public.plates import FailingRegister, revoked, valid
from tests.verify.public.reading import Page

PERSONAL = ("曾晓明", "zhang.san", "李四举报张三", "cli:root")


def entered(office: Office, act: str, what: str, reason: str = "") -> int:
    """Enter an act that wrote nothing, and return its number."""
    with office.register.transaction() as transaction:
        enact(transaction, office.by(Role.COMMITTEE), Deed(act=act, object=what, reason=reason), [])
    return office.register.count(LogEntry)


@pytest.fixture
def leaves(office: Office) -> list[bytes]:
    for number in range(11):
        entered(office, "approve", f"2026-{number:03d}")
    return [leaf_of(each) for each in office.register.find(LogEntry)]


def hashes(answer: httpx.Response) -> list[bytes]:
    return [bytes.fromhex(each) for each in answer.json()["hashes"]]


def test_the_checkpoint_is_a_signed_note_over_the_whole_log(
    client: httpx.Client, leaves: list[bytes]
) -> None:
    answer = client.get("/ledger/checkpoint")
    origin, size, root, blank, signature, end = answer.text.split("\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (origin, size, blank, end) == ("gp.example.cn/ledger", "11", "", "")
    assert base64.b64decode(root) == mth(leaves)
    assert signature.startswith("— gp.example.cn/ledger ")
    assert client.get("/ledger/key").text == note_key().verifier_key + "\n"


def test_the_checkpoint_is_never_cached_and_a_proof_may_be(client: httpx.Client, leaves: list[bytes]) -> None:
    assert leaves
    grows = ("/ledger", "/ledger/checkpoint", "/ledger/key", "/ledger/leaves", "/ledger/leaves?from=12")
    for path in grows:
        assert client.get(path).headers["cache-control"] == "no-store"
    stays = ("entries/1", "inclusion?number=1&size=3", "consistency?from=2&to=11")
    for path in stays:
        assert client.get(f"/ledger/{path}").headers["cache-control"].endswith("immutable")


@pytest.mark.parametrize("size", range(1, 12))
def test_every_proof_holds(client: httpx.Client, leaves: list[bytes], size: int) -> None:
    root = mth(leaves[:size])
    for number in range(1, size + 1):
        answer = client.get(f"/ledger/inclusion?number={number}&size={size}")
        assert is_included(leaves[number - 1], number - 1, size, hashes(answer), root)
        answer = client.get(f"/ledger/consistency?from={number}&to={size}")
        assert is_consistent(number, size, hashes(answer), (mth(leaves[:number]), root))


def test_leaves_are_handed_out_a_page_at_a_time(client: httpx.Client, office: Office) -> None:
    for number in range(300):
        entered(office, "feedback", f"2026-001-{number}")
    leaves = [leaf_of(each) for each in office.register.find(LogEntry)]
    first, second = client.get("/ledger/leaves"), client.get("/ledger/leaves?from=257")
    assert [each.encode() for each in (first.text + second.text).splitlines()] == leaves
    assert len(first.text.splitlines()) == 256
    assert [each.headers["cache-control"][:6] for each in (first, second)] == ["public", "no-sto"]
    assert client.get("/ledger/leaves?from=301").text == ""


def test_names_reasons_and_objects_are_told_to_nobody(client: httpx.Client, office: Office) -> None:
    office.register.get(LogEntry, "none")
    numbers = [
        entered(office, "add officer", "zhang.san", "曾晓明"),
        entered(office, "investigate", "2026-001", "李四举报张三"),
        entered(office, "approve", "zhang.san", "李四举报张三"),
        entered(office, "an act not yet thought of", "2026-001"),
    ]
    told = [client.get("/ledger").text, client.get("/ledger/leaves").text]
    told += [client.get(f"/ledger/entries/{number}").text for number in numbers]
    actor = office.register.find(LogEntry)[0].actor
    assert not [word for word in (*PERSONAL, f'"{actor}"', "2026-001") for text in told if word in text]


def test_moment_and_object_of_an_act_on_a_plate_are_opened_and_nothing_else(
    client: httpx.Client, office: Office
) -> None:
    revoked(office)
    entries = office.register.find(LogEntry)
    for entry in entries:
        answer = client.get(f"/ledger/entries/{entry.number}").json()
        said = json.loads(answer["leaf"])
        assert answer["leaf"].encode() == leaf_of(entry)
        assert set(answer["opened"]) == ({"at", "object"} if entry.act in ABOUT_A_PLATE else set())
        for name, field in answer["opened"].items():
            opened = json.dumps(
                [field["salt"], name, field["value"]], separators=(",", ":"), ensure_ascii=False
            )
            assert hashlib.sha256(opened.encode()).hexdigest() == said["commitments"][name]
    assert {each.act for each in entries} >= {"apply", "approve", "issue", "award", "veto"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("entries/0", 404),
        ("entries/12", 404),
        ("entries/-1", 404),
        ("entries/99999999999999999999999", 404),
        ("entries/x", 422),
        ("leaves?from=0", 404),
        ("leaves?from=-5", 404),
        ("leaves?from=x", 422),
        ("inclusion", 422),
        ("inclusion?number=12&size=11", 404),
        ("inclusion?number=1&size=12", 404),
        ("inclusion?number=0&size=11", 404),
        ("inclusion?number=1&size=99999999999999999999", 404),
        ("consistency?from=0&to=11", 404),
        ("consistency?from=11&to=10", 404),
        ("consistency?from=1&to=12", 404),
        ("nothing", 404),
    ],
)
def test_what_is_not_there_is_refused_in_words(
    client: httpx.Client, leaves: list[bytes], path: str, status: int
) -> None:
    assert leaves
    answer = client.get(f"/ledger/{path}")
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    assert not answer.text.isascii()


def test_an_empty_log_has_a_checkpoint_and_nothing_else(client: httpx.Client) -> None:
    assert client.get("/ledger/checkpoint").text.split("\n")[1] == "0"
    assert client.get("/ledger/leaves").text == ""
    assert client.get("/ledger/entries/1").status_code == 404
    assert client.get("/ledger").status_code == 200


def test_the_page_says_what_the_log_is_and_what_it_does_not_prove(
    client: httpx.Client, office: Office
) -> None:
    valid(office)
    page = Page(client.get("/ledger").text)
    for line in client.get("/ledger/checkpoint").text.split():
        assert line in page.text
    assert "没有外人留存校验值的台账，什么也证明不了" in page.text
    assert "A log nobody else keeps a checkpoint of proves nothing" in client.get("/ledger?lang=en").text
    assert note_key().verifier_key in page.text
    assert "/ledger/verify.py" in page.attributes("href")
    assert "/ledger" in Page(client.get("/").text).attributes("href")


def test_the_log_shadows_no_plate(client: httpx.Client, office: Office) -> None:
    code = valid(office).code
    assert client.get(f"/{code}").status_code == 200
    assert client.get("/ledger/plate.png").status_code == 404
    assert client.post("/ledger/checkpoint").status_code == 405


def test_an_entry_of_the_first_release_is_told_by_its_hash_alone(
    client: httpx.Client, office: Office
) -> None:
    old = LogEntry(
        id=ledger.entry_id(1), number=1, at=office.now, actor="曾晓明", act="approve", object="2026-001",
        reason="李四举报张三", digests=(), seal="",
    )  # fmt: skip
    with office.register.transaction() as transaction:
        transaction.append(old)
    entered(office, "approve", "2026-002")
    answer = client.get("/ledger/entries/1").json()
    hashed = hashlib.sha256(b"\x00" + leaf_of(old)).hexdigest()
    assert (json.loads(answer["leaf"]), answer["opened"]) == ({"hash": hashed}, {})
    assert json.loads(client.get("/ledger/leaves").text.split("\n")[0]) == {"hash": hashed}
    root = mth([leaf_of(each) for each in office.register.find(LogEntry)])
    assert client.get("/ledger/checkpoint").text.split("\n")[2] == base64.b64encode(root).decode()


def test_a_log_that_cannot_be_read_says_so(
    client: httpx.Client, office: Office, register: FailingRegister
) -> None:
    valid(office)
    register.failure = RuntimeError("away")
    for path in ("", "/checkpoint", "/entries/1", "/leaves", "/inclusion?number=1&size=1"):
        answer = client.get(f"/ledger{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")


def test_the_verifier_is_handed_out_as_it_is(client: httpx.Client) -> None:
    answer = client.get("/ledger/verify.py")
    assert answer.headers["content-type"].startswith("text/x-python")
    assert answer.text == client.get("/static/verify.py").text
