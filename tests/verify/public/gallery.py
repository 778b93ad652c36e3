"""Every public page in every state, asked for in one language: for those that judge pages as a whole.

A test holds the pages against the routes there are, so that none is left out.
"""

from dataclasses import dataclass, field
from pathlib import Path

import httpx

from store.acts.answering import settle
from store.acts.forgery import answer_forgery
from store.acts.notices import settle_objection
from store.contacts import OpeningKey
from store.records import Finding, PublicNotice
from store.standing import Verdict
from tests.office import Office
from tests.verify.public import boards
from tests.verify.public.plates import NOBODYS, bring_to, valid
from tests.verify.public.test_layout import Answers, other_pages, street
from verify.throttle import DEVICE_PER_HOUR

NUMBERED = {Verdict.VALID, Verdict.REVOKED, Verdict.UNKNOWN}
"""Verdicts whose pages are asked for by number as well."""

KEY = OpeningKey(raw=bytes(range(32)))
STILL = ("/forgery", "/roll", "/satisfaction")
"""What is there before anything has happened."""

WORDS = {"place": "北门外宣传栏", "looks": "字体不同"}


@dataclass(frozen=True)
class Visit:
    """Somebody who walks from page to page in one language and keeps what was answered, by name."""

    client: httpx.Client
    pages: Answers = field(default_factory=dict)

    def look(self, name: str, path: str) -> None:
        self.pages[name] = self.client.get(path)

    def send(self, name: str, path: str, **fields: str) -> str:
        """Send a form; keep the page that comes back, or look where it leads, and return that place."""
        answer = self.client.post(path, data=fields)
        where: str = answer.headers.get("location", "")
        self.pages[name] = self.client.get(where) if where else answer
        return where


def gallery(tag: str, folder: Path) -> Answers:
    """Return every page of a language by its name."""
    found: Answers = {}
    for walk in (verdicts, elsewhere, forgeries, messages, the_board):
        found |= walk(tag, folder)
    return found


def visit(client: httpx.Client, tag: str) -> Visit:
    client.headers["Accept-Language"] = tag
    return Visit(client)


def verdicts(tag: str, folder: Path) -> Answers:
    found: Answers = {}
    for verdict in Verdict:
        with street(folder / f"{tag}-{verdict}.db") as (office, register, client):
            by_code, by_number = bring_to(office, register, verdict).paths
            visiting = visit(client, tag)
            visiting.look(verdict.value, by_code)
            if verdict in NUMBERED:
                visiting.look(f"{verdict.value}-by-number", by_number)
            found |= visiting.pages
    return found


def elsewhere(tag: str, folder: Path) -> Answers:
    with street(folder / f"{tag}-others.db") as (office, _, client):
        visiting = visit(client, tag)
        for path in STILL:
            visiting.look(f"empty{path.replace('/', '-')}", path)
        return visiting.pages | other_pages(office, visiting.client)


def forgeries(tag: str, folder: Path) -> Answers:
    with street(folder / f"{tag}-forgeries.db") as (office, _, client):
        visiting = visit(client, tag)
        visiting.look("forgery-of-a-code", f"/forgery?scanned={NOBODYS.text}")
        visiting.send("forgery-refused", "/forgery", looks=WORDS["looks"])
        where = visiting.send("forgery-received", "/forgery", **WORDS)
        answer_forgery(office.register, office.by(), where.rsplit("/", 1)[1], answer="已收走核实")
        visiting.look("forgery-answered", where)
        return visiting.pages


def messages(tag: str, folder: Path) -> Answers:
    with street(folder / f"{tag}-messages.db", contact_key=KEY.sealing) as (office, _, client):
        visiting, copy = visit(client, tag), valid(office)
        path = f"/{copy.code}/feedback"
        where = visiting.send("receipt-of-two-taps", path, grade="1")
        visiting.send("addition-refused", f"{where}/addition", contact="1" * 500)
        visiting.send("addition-kept", f"{where}/addition", comment="窗口排队太久")
        settle(office.register, office.by(), where.rsplit("/", 1)[1], answer="已增开窗口")
        visiting.look("receipt-answered", where)
        visiting.send("rating-refused", f"{where}/rating", grade="9")
        visiting.send("receipt-rated", f"{where}/rating", grade="4")
        for name, refusing in (("code", path), ("number", f"/number/{copy.id}/feedback")):
            visiting.send(f"complaint-refused-by-{name}", refusing, topic="complaint", comment=" ")
        for _ in range(DEVICE_PER_HOUR):
            visiting.send("asked-to-wait", path, grade="2", comment="排队")
        return visiting.pages


def the_board(tag: str, folder: Path) -> Answers:
    with street(folder / f"{tag}-board.db") as (office, _, client):
        boards.fill(office)
        visiting = visit(client, tag)
        for path in ("/", "/notice", "/satisfaction", "/roll", "/ledger"):
            visiting.look(f"board{path.replace('/', '-')}", path)
        for post_id in (boards.TITLED, boards.CREATING, boards.FALLEN):
            visiting.look(f"satisfaction-{post_id}", f"/satisfaction/{post_id}")
            visiting.look(f"embed-{post_id}", f"/embed/{post_id}")
        for number, notice in enumerate(office.register.find(PublicNotice)):
            _notice(visiting, office, notice, f"notice-{number}")
        return visiting.pages


def _notice(visiting: Visit, office: Office, notice: PublicNotice, name: str) -> None:
    visiting.look(name, f"/notice/{notice.id}")
    shown = f"/notice/{notice.id}/{notice.object_ids[0]}"
    visiting.look(f"{name}-object", shown)
    visiting.send(f"{name}-objection-refused", f"{shown}/objections", comment="")
    where = visiting.send(f"{name}-objection-received", f"{shown}/objections", comment="该室长期无人值守")
    objection = where.rsplit("/", 1)[1]
    found = Finding.UNSUBSTANTIATED
    settle_objection(office.register, office.by(), objection, finding=found, answer="值班记录完整")
    visiting.look(f"{name}-objection-settled", where)
