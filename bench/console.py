"""What the console's pages cost in a large register: `python -m bench.console [PART-OF-AN-ADDRESS]`.

A register of 5,000 posts, 30,000 copies and 200,000 messages of the public, on each engine. Every address
that can be looked at is taken from the application's own routes and asked in this process, signed in, as the
committee, the administrator and the officer of one general branch; beside it, asked in the same way, a bare
Starlette route. The median is of a page's second and later times; its first time stands beside it. Files to
download are timed as well, and held to no bar.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from bench import large
from bench.bulk import pour
from bench.postgres import copy_in
from bench.timing import Bar, once_ms
from store.acts.authority import Actor, Authority, Deed, enact
from store.acts.officers import NewOfficer, add_officer
from store.policy import founding_plan
from store.postgres_register import PostgresRegister
from store.records import Officer, Role
from store.register import Register
from store.tinydb_register import TinyDbRegister
from tests.postgres import DURABLE, Server
from tests.signing import note_key
from verify.app import create_app
from verify.console import PARTS
from verify.console.guard import SESSION_COOKIE, ConsoleRoute, Officers
from verify.sessions import begin_session
from verify.site import WebSettings

TURNS, TURNS_IF_SLOW, SLOW_MS = 9, 2, 300.0
TIMES_BARE, MORE_MS = 5, 50.0
NO_HASH = "!"
ASKERS = {"committee": "", "administrator": "", "branch": large.BRANCH_NAME}
ROLES = {
    "committee": Role.COMMITTEE,
    "administrator": Role.ADMINISTRATOR,
    "branch": Role.BRANCH_OFFICER,
}
POST = large.post_of(large.BRANCHES + 9)
EXAMPLES = {"post_id": POST, "number": large.copy_of(9), "receipt": "F00000000001"}
"""What stands in an address that names something; whatever else it names is not there."""

VIEWS = {
    "/console/posts": ("?state=applied", "?state=awarded&page=3", "?text=窗口1234号", "?text=赵"),
    "/console/recalls": ("?show=open", "?show=overdue", "?page=9"),
    "/console/feedback": ("?show=open", "?show=bad"),
}
"""What is asked of a list besides all there is."""

HEAD = "| store | asked by | page | first | p50 | allowed |\n|---|---|---|---:|---:|---:|"


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One address as one officer sees it."""

    store: str
    asker: str
    address: str
    first_ms: float
    p50_ms: float
    is_page: bool

    def bar(self, bare_ms: float) -> Bar:
        """Compare with what is promised."""
        name = f"{self.store}, {self.asker}, {self.address}"
        return Bar(name=name, measured=self.p50_ms, allowed=TIMES_BARE * bare_ms + MORE_MS, unit="ms")

    def row(self, bare_ms: float) -> str:
        """Lay it out as a row of the table."""
        allowed = f"{self.bar(bare_ms).allowed:.0f} ms" if self.is_page else "a file"
        times = f"{self.first_ms:.0f} ms | {self.p50_ms:.1f} ms"
        return f"| {self.store} | {self.asker} | {self.address} | {times} | {allowed} |"


class Asker:
    """Asks an application in this process, the way a server would."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop, cookie: str = "") -> None:
        self._app = app
        self._loop = loop
        self._headers = [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())]

    def get(self, address: str) -> tuple[int, str]:
        """Ask for an address; return the status and the type of what is answered."""
        return self._loop.run_until_complete(self._ask(address))

    async def _ask(self, address: str) -> tuple[int, str]:
        path, _, query = address.partition("?")
        begun: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)

        await self._app(self._scope(path, query), receive, send)
        headers = dict(begun[0]["headers"])
        return begun[0]["status"], headers.get(b"content-type", b"").decode()

    def _scope(self, path: str, query: str) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": self._headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "state": {},
        }


def main(part: str = "") -> None:
    """Time every page on both engines, print the table and the bars missed, and fail if there is one."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        bare_ms = _bare_ms(loop)
        print(f"bare route: {bare_ms:.2f} ms", HEAD, sep="\n")
        timed = list(_measured(loop, part, bare_ms))
    missed = [bar for each in timed if each.is_page and not (bar := each.bar(bare_ms)).holds]
    print("", *missed, f"{len(timed)} addresses, {len(missed)} missed", sep="\n")
    if missed:
        raise SystemExit(1)


def _measured(loop: asyncio.AbstractEventLoop, part: str, bare_ms: float) -> Iterator[Timed]:
    for store, register in _registers():
        for asker, address, browser in _visits(register, loop, part):
            timed = _timed(store, asker, address, browser)
            if timed:
                print(timed.row(bare_ms), flush=True)
                yield timed


def _bare_ms(loop: asyncio.AbstractEventLoop) -> float:
    def answer(_: Request) -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>ok</title>")

    asker = Asker(Starlette(routes=[Route("/", answer)]), loop)
    return median(once_ms(lambda: asker.get("/")) for _ in range(300))


def _registers() -> Iterator[tuple[str, Register]]:
    with tempfile.TemporaryDirectory(prefix="gangpai-bench-", dir=Path.cwd()) as place:
        path = Path(place) / "register.db"
        with closing(TinyDbRegister(path)) as register:
            _found(register)
            pour(path, large.records())
            _decide(register)
            yield "TinyDB", register
    with closing(Server(DURABLE)) as server:
        dsn = server.fresh_dsn()
        with closing(PostgresRegister(dsn)) as grown, psycopg.connect(dsn) as owner:
            _found(grown)
            for kind, records in large.records():
                copy_in(owner, kind, records, 0)
            owner.commit()
            owner.autocommit = True
            owner.execute("ANALYZE")
            _decide(grown)
            yield "PostgreSQL", grown


def _by(role: Role) -> Authority:
    return Authority(actor=Actor(name="bench", role=role), now=large.NOW, policy=founding_plan())


def _found(register: Register) -> None:
    """Enter the branches, and an officer for each who asks."""
    with register.transaction() as transaction:
        deed = Deed(act="organise", object="all")
        enact(transaction, _by(Role.COMMITTEE), deed, list(large.organisations()))
    for name, branch in ASKERS.items():
        officer = NewOfficer(
            officer_id=name, display_name=name, role=ROLES[name], branch_name=branch, password_hash=NO_HASH
        )
        add_officer(register, _by(Role.ADMINISTRATOR), officer)


def _decide(register: Register) -> None:
    """Approve, with an entry in the log for each."""
    with register.transaction() as transaction:
        for approval in large.approvals():
            deed = Deed(act="approve", object=approval.post_id)
            enact(transaction, _by(Role.COMMITTEE), deed, [approval])


def _visits(
    register: Register, loop: asyncio.AbstractEventLoop, part: str
) -> Iterator[tuple[str, str, Asker]]:
    settings = WebSettings(
        base_url="http://127.0.0.1",
        policy=founding_plan(),
        secret=b"s" * 32,
        ledger_key=note_key(),
        code_roles=frozenset(),
    )
    app = create_app(settings, register, lambda: large.NOW)
    for asker in ASKERS:
        [officer] = (each for each in register.find(Officer) if each.id == asker)
        begin_session(register, officer, secret := f"secret of {asker}", large.NOW)
        browser = Asker(app, loop, f"{settings.cookie_name(SESSION_COOKIE)}={secret}")
        for address in addresses(officer.role):
            if part in address:
                yield asker, address, browser


def addresses(role: Role) -> Iterator[str]:
    """Return every address of the console that an officer of the role may look at."""
    for route in _routes():
        declared = route.declared
        if isinstance(declared, Officers) and role in declared.roles and "GET" in (route.methods or ()):
            address = _filled(route.path, EXAMPLES)
            yield from (address + view for view in ("", *VIEWS.get(route.path, ())))


def _routes() -> Sequence[ConsoleRoute]:
    return [each for part in PARTS for each in part.routes if isinstance(each, ConsoleRoute)]


def _filled(path: str, examples: Mapping[str, str]) -> str:
    for name, value in examples.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{", "no-").replace("}", "")


def _timed(store: str, asker: str, address: str, browser: Asker) -> Timed | None:
    """Return how long an address takes; None for one that this register has nothing under."""
    answers: list[tuple[int, str]] = []
    first_ms = once_ms(lambda: answers.append(browser.get(address)))
    [(status, media_type)] = answers
    if status not in {200, 422}:
        print(f"not timed: {store}, {asker}, {address} answers {status}")
        return None
    turns = TURNS if first_ms < SLOW_MS else TURNS_IF_SLOW
    return Timed(
        store=store,
        asker=asker,
        address=address,
        first_ms=first_ms,
        p50_ms=median(once_ms(lambda: browser.get(address)) for _ in range(turns)),
        is_page=media_type.startswith("text/html"),
    )


if __name__ == "__main__":
    main(*sys.argv[1:2])
