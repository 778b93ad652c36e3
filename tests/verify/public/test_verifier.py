"""The verifier as anybody runs it: a process of its own; the server is honest, or lies in one way."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store import ledger
from store.ledger.leaves import shown
from store.records import LogEntry
from tests.office import NOON
from tests.signing import note_key
from tests.store.ledger.in_memory import InMemory
from tests.verify.public.serving import LOOPBACK, free_port, served
from tests.verify.public.street import SETTINGS, Chance, Clock
from verify.app import create_app

VERIFIER = Path(__file__).parents[3] / "verify" / "static" / "verify.py"
SIZE, KEPT = 11, 7
NEW_SEED = b"n" * 32
Change = Callable[[str], str]


def log_of(size: int, actor: str = "committee", first_release: int = 0) -> InMemory:
    """Return a log of acts on posts; its first entries may be of the release that had no salts."""
    register = InMemory()
    for number in range(1, size + 1):
        entry = LogEntry(
            id=ledger.entry_id(number), number=number, at=NOON, actor=actor, act="approve",
            object=f"2026-{number:03d}", reason="场党字〔2026〕1号", digests=(),
        )  # fmt: skip
        if number <= first_release:
            register.append(entry)
        else:
            ledger.enter(register, entry, [])
    return register


def shortened(register: InMemory, size: int) -> InMemory:
    other = InMemory()
    other.append(*register.lists[LogEntry][:size])
    return other


class Lying:
    """Serves an application, with the text of the answers at some addresses changed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.lies: dict[str, Change] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = f"{scope.get('path')}?{scope.get('query_string', b'').decode()}"
        change = next((lie for start, lie in self.lies.items() if path.startswith(start)), None)
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self.app(scope, receive, hold if change else send)
        if change:
            body = change(b"".join(each.get("body", b"") for each in held).decode()).encode()
            headers = [each for each in held[0]["headers"] if each[0] != b"content-length"]
            await send({**held[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body})


class Site:
    """A server on the loopback whose register, key and answers can be exchanged while it runs."""

    def __init__(self, port: int) -> None:
        self.host = f"{LOOPBACK}:{port}"
        self.register = log_of(SIZE)
        self.settings = replace(SETTINGS, base_url=f"http://{self.host}", ledger_key=note_key(self.host))
        app = create_app(self.settings, self, Clock(), Chance())  # type: ignore[arg-type] # by __getattr__
        self.state = app.state
        self.answers = Lying(app)

    def __getattr__(self, name: str) -> object:
        return getattr(self.register, name)

    def note(self, size: int = SIZE) -> str:
        return note_key(self.host).sign(ledger.checkpoint(shortened(log_of(SIZE), size)))

    def sign_with(self, seed: bytes) -> None:
        key = note_key(self.host, seed)
        self.state.site = replace(self.state.site, settings=replace(self.settings, ledger_key=key))

    def made_honest(self) -> "Site":
        self.register = log_of(SIZE)
        self.answers.lies = {}
        self.sign_with(b"k" * 32)
        return self


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    port = free_port()
    site = Site(port)
    with served(site.answers, port):
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    return running.made_honest()


@pytest.fixture
def kept(site: Site, tmp_path: Path) -> Path:
    """Return the file of a checkpoint kept when the log was shorter."""
    file = tmp_path / "kept.txt"
    file.write_text(site.note(KEPT), encoding="utf-8")
    return file


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, encoding="utf-8")


def examined(site: Site, kept: Path) -> "subprocess.CompletedProcess[str]":
    """Ask for everything there is to ask."""
    key = note_key(site.host).verifier_key
    return run(f"http://{site.host}", "--checkpoint", kept, "--key", key, "--entry", 3, "--all")


def test_an_honest_server_passes_in_every_respect(site: Site, kept: Path) -> None:
    answer = examined(site, kept)
    assert (answer.returncode, answer.stdout) == (0, site.note()), answer.stderr
    assert len(answer.stderr.splitlines()) == 9
    assert "留存的7条未改动" in answer.stderr
    assert "object = 2026-003" in answer.stderr


def test_who_keeps_nothing_yet_is_told_the_key_and_given_the_checkpoint(site: Site, tmp_path: Path) -> None:
    answer = run(f"http://{site.host}/")
    assert note_key(site.host).verifier_key in answer.stderr
    (tmp_path / "kept.txt").write_text(answer.stdout, encoding="utf-8")
    site.register = log_of(SIZE + 30)
    assert examined(site, tmp_path / "kept.txt").returncode == 0


@pytest.mark.parametrize("size", [1, 2, 4, 8, 10, 11])
def test_a_checkpoint_kept_at_any_size_is_consistent(site: Site, tmp_path: Path, size: int) -> None:
    (tmp_path / "kept.txt").write_text(site.note(size), encoding="utf-8")
    assert examined(site, tmp_path / "kept.txt").returncode == 0


def test_entries_of_the_first_release_are_checked_by_their_hashes(site: Site, tmp_path: Path) -> None:
    site.register = log_of(SIZE, first_release=4)
    note = note_key(site.host).sign(ledger.checkpoint(shortened(site.register, KEPT)))
    (tmp_path / "kept.txt").write_text(note, encoding="utf-8")
    answer = examined(site, tmp_path / "kept.txt")
    assert answer.returncode == 0, answer.stderr
    assert '{"hash": "' in answer.stderr


def replaced(before: str, after: str) -> Change:
    """Change the first place only, and insist that there is one."""

    def change(text: str) -> str:
        assert re.search(before, text), text
        return re.sub(before, after, text, count=1)

    return change


def another_digit(text: str) -> str:
    """Change the first hexadecimal digit of the first hash."""
    return re.sub(
        r'(?<=")[0-9a-f](?=[0-9a-f]{63}")', lambda digit: "1" if digit[0] == "0" else "0", text, count=1
    )


def of_lines(change: Callable[[list[str]], list[str]]) -> Change:
    return lambda text: "\n".join([*change(text.splitlines()), ""])


ENTRY, LEAVES, NOTE = "/ledger/entries/3", "/ledger/leaves", "/ledger/checkpoint"
INCLUSION, CONSISTENCY = "/ledger/inclusion", "/ledger/consistency"
LIES: dict[str, tuple[str, Change]] = {
    "a larger size": (NOTE, replaced("\n11\n", "\n12\n")),
    "another root": (NOTE, replaced(r"\n[A-Za-z0-9+/]{6}", r"\nAAAAAA")),
    "another origin": (NOTE, replaced("ledger", "other")),
    "a line slipped in": (NOTE, replaced("\n\n", "\nmore\n\n")),
    "no signature": (NOTE, replaced("— .*\n", "")),
    "another's signature": (NOTE, replaced("(— .* )....", r"\g<1>AAAA")),
    "a leaf of another day": (ENTRY, replaced("2026-06", "2026-07")),
    "another object": (ENTRY, replaced('"2026-003"', '"2026-004"')),
    "another salt": (ENTRY, replaced(r'"salt":"\w\w', '"salt":"zz')),
    "another entry": (ENTRY, replaced('number\\\\":3', 'number\\\\":4')),
    "a spoiled path": (INCLUSION, another_digit),
    "a path too short": (INCLUSION, replaced(r',"\w{64}"]', "]")),
    "a path too long": (INCLUSION, replaced("]", f',"{"0" * 64}"]')),
    "a spoiled proof": (CONSISTENCY, another_digit),
    "a proof too short": (CONSISTENCY, replaced(r',"\w{64}"]', "]")),
    "a proof too long": (CONSISTENCY, replaced("]", f',"{"0" * 64}"]')),
    "no proof": (CONSISTENCY, lambda _: '{"hashes":[]}'),
    "an altered leaf": (LEAVES, another_digit),
    "a leaf removed": (LEAVES, of_lines(lambda lines: lines[:4] + lines[5:])),
    "the last leaf removed": (LEAVES, of_lines(lambda lines: lines[:-1])),
    "leaves swapped": (LEAVES, of_lines(lambda lines: [lines[1], lines[0], *lines[2:]])),
    "a leaf twice": (LEAVES, of_lines(lambda lines: [lines[0], *lines])),
    "no leaves": (LEAVES, lambda _: ""),
    "no JSON": (INCLUSION, lambda _: "<html>"),
    "JSON of another shape": (ENTRY, lambda _: "[]"),
}


@pytest.mark.parametrize(("path", "lie"), LIES.values(), ids=LIES)
def test_a_server_that_lies_is_found_out(site: Site, kept: Path, path: str, lie: Change) -> None:
    site.answers.lies = {path: lie}
    answer = examined(site, kept)
    assert answer.returncode == 1
    assert "It disagrees" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_past_rewritten_with_everything_recomputed_is_found_out(site: Site, kept: Path) -> None:
    site.register = log_of(SIZE + 5, actor="somebody else")
    assert run(f"http://{site.host}", "--entry", 3, "--all").returncode == 0, "in itself it is a sound log"
    answer = examined(site, kept)
    assert (answer.returncode, "留存的7条未改动" in answer.stderr) == (1, True)


def test_an_older_checkpoint_shown_again_is_found_out(site: Site, kept: Path) -> None:
    site.answers.lies = {NOTE: lambda _: site.note(KEPT - 1)}
    assert examined(site, kept).returncode == 1


@pytest.mark.parametrize("size", [1, KEPT - 1, KEPT])
def test_a_log_that_forks_or_shrinks_is_found_out(site: Site, kept: Path, size: int) -> None:
    site.register = log_of(size, actor="somebody else")
    assert examined(site, kept).returncode == 1


def test_another_key_is_found_out_by_whoever_kept_the_key(site: Site, kept: Path) -> None:
    site.sign_with(NEW_SEED)
    assert examined(site, kept).returncode == 1
    assert run(f"http://{site.host}").returncode == 0, "who kept none trusts the one that is served"


def test_a_checkpoint_signed_before_the_key_was_changed_is_checked_with_the_old_key(
    site: Site, kept: Path
) -> None:
    site.sign_with(NEW_SEED)
    old, new = note_key(site.host).verifier_key, note_key(site.host, NEW_SEED).verifier_key
    address = f"http://{site.host}"
    assert run(address, "--checkpoint", kept, "--old-key", old, "--key", new).returncode == 0
    assert run(address, "--checkpoint", kept, "--key", new).returncode == 1
    assert run(address, "--checkpoint", kept, "--old-key", new, "--key", old).returncode == 1
    site.register = log_of(SIZE, actor="somebody else")
    assert run(address, "--checkpoint", kept, "--old-key", old, "--key", new).returncode == 1


def test_the_key_of_another_site_is_not_taken(site: Site) -> None:
    key = note_key("elsewhere.example").verifier_key
    site.answers.lies = {"/ledger/key": lambda _: f"{key}\n"}
    assert run(f"http://{site.host}").returncode == 1


def exported(site: Site, path: Path, leaves: list[LogEntry]) -> list[str]:
    """Return the options of an offline check of exported leaves, against the checkpoint of eleven."""
    (path / "leaves.txt").write_text("".join(f"{shown(each)}\n" for each in leaves), encoding="utf-8")
    (path / "note.txt").write_text(site.note(), encoding="utf-8")
    key = note_key(site.host).verifier_key
    return ["--leaves", str(path / "leaves.txt"), "--checkpoint", str(path / "note.txt"), "--key", key]


def test_exported_leaves_are_checked_off_line(site: Site, tmp_path: Path) -> None:
    entries = log_of(SIZE + 4).lists[LogEntry]
    assert run(*exported(site, tmp_path, entries)).returncode == 0
    for wrong in (entries[:-5], entries[1:], [*entries[1:], entries[0]], log_of(SIZE, "x").lists[LogEntry]):
        assert run(*exported(site, tmp_path, wrong)).returncode == 1


def test_nothing_to_ask_is_not_agreement() -> None:
    assert run().returncode == 1
    assert run("http://127.0.0.1:9").returncode == 1


def test_the_verifier_is_short_and_knows_nothing_of_ours() -> None:
    source = VERIFIER.read_text(encoding="utf-8")
    names = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {name for node in names for name in imported(node)}
    assert {module.partition(".")[0] for module in modules} - sys.stdlib_module_names == {"cryptography"}
    assert len([line for line in source.splitlines() if line.strip()]) <= 150


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
