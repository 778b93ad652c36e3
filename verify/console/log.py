"""The log of acts in the console: by object, act, officer and day, and what proves an entry to outsiders."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, Response

from store import ledger
from store.calendar import office_day
from store.feedback import ACTS_OF_THE_PUBLIC
from store.ledger.leaves import shown
from store.ledger.proofs import proof_of
from store.records import LogEntry
from store.refusals import Refusal
from store.register import Reader
from store.terms import ACT_ZH
from verify.console.fields import day_of, number_of
from verify.console.guard import ConsoleRoute, Desk, Officers, status_of
from verify.console.places import INSPECTS

SHOWN = 100
LOOKED_THROUGH = 2_000
"""How many entries are looked at for one page; the next page goes on where it ended."""

AT_A_TIME = 500
OPENS = ("at", "actor", "object", "reason")
"""The fields of an entry that may be shown to outsiders along with its proof."""

router = APIRouter(prefix="/console/log", route_class=ConsoleRoute)
Inspector = Annotated[Desk, Depends(Officers(*INSPECTS))]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries are looked for; what is empty is not asked."""

    object: str = ""
    act: str = ""
    actor: str = ""
    day: date | None = None

    def holds(self, entry: LogEntry) -> bool:
        """Whether an entry is one of those."""
        return (
            self.object in entry.object
            and self.act in {"", entry.act}
            and self.actor in {"", entry.actor}
            and self.day in {None, office_day(entry.at)}
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of entries, newest first, and the number to go on from; None where nothing is left."""

    entries: list[LogEntry]
    onward: int | None


@router.get("")
def log(desk: Inspector) -> Response:
    """Show the newest acts that are looked for; the moment somebody spoke is the committee's alone."""
    desk.authority.permit(*INSPECTS)
    try:
        wanted, before = _wanted(desk), _before(desk)
    except Refusal as refusal:
        return _page(desk, Found(entries=[], onward=None), 0, refusal)
    with desk.site.register.snapshot() as reader:
        total = reader.count(LogEntry)
        found = entries_found(reader, wanted, before or total)
    return _page(desk, found, total)


def _page(desk: Desk, found: Found, total: int, refusal: Refusal | None = None) -> Response:
    asked = {name: desk.asked(name) for name in ("object", "act", "actor", "day")}
    return desk.page(
        "log.html",
        status=status_of(refusal) if refusal else 200,
        found=found,
        total=total,
        asked=asked,
        address=f"/console/log?{urlencode({name: value for name, value in asked.items() if value})}",
        acts=sorted(ACT_ZH.items(), key=lambda each: each[1]),
        by_day=_told_by_day(desk),
        refusal=refusal,
    )


def _wanted(desk: Desk) -> Wanted:
    day = desk.asked("day")
    return Wanted(
        object=desk.asked("object"),
        act=desk.asked("act"),
        actor=desk.asked("actor"),
        day=day_of(day) if day else None,
    )


def _before(desk: Desk) -> int:
    asked = desk.asked("from")
    return number_of(asked, what_zh="序号", what_en="number") if asked else 0


def _told_by_day(desk: Desk) -> frozenset[str]:
    return frozenset() if desk.reads_complaints else ACTS_OF_THE_PUBLIC


def entries_found(reader: Reader, wanted: Wanted, newest: int) -> Found:
    """Return the entries looked for from a number downwards, of those a page looks through."""
    first, last = _numbers_of(reader, wanted.day, newest)
    lowest = max(first, last - LOOKED_THROUGH + 1)
    found: list[LogEntry] = []
    for entry in _downwards(reader, last, lowest):
        if wanted.holds(entry):
            found.append(entry)
        if len(found) == SHOWN:
            lowest = entry.number
            break
    return Found(entries=found, onward=lowest - 1 if lowest > first else None)


def _numbers_of(reader: Reader, day: date | None, newest: int) -> tuple[int, int]:
    """Return the first and the last number that entries of a day can have, since time goes on with them."""
    newest = min(newest, reader.count(LogEntry))
    if day is None:
        return 1, newest
    numbers = range(1, newest + 1)

    def day_at(number: int) -> date:
        return office_day(ledger.entry_at(reader, number).at)

    first = bisect_left(numbers, day, key=day_at)
    beyond = bisect_left(numbers, day + timedelta(days=1), key=day_at)
    return first + 1, beyond


def _downwards(reader: Reader, newest: int, oldest: int) -> Iterator[LogEntry]:
    """Yield entries from a number down to another, some hundred at a question."""
    for upper in range(newest, oldest - 1, -AT_A_TIME):
        ids = [ledger.entry_id(each) for each in range(upper, max(oldest, upper - AT_A_TIME + 1) - 1, -1)]
        found = reader.related(LogEntry, "id", ids, ())
        yield from (related.record for each in ids for related in found.get(each, ()))


@router.get("/checkpoint.txt")
def checkpoint(desk: Inspector) -> Response:
    """Hand the signed checkpoint out as a file, for somebody outside to keep."""
    with desk.site.register.snapshot() as reader:
        point = ledger.checkpoint(reader)
    note = desk.site.settings.ledger_key.sign(point)
    return PlainTextResponse(note, headers=_as_file(f"gangpai-checkpoint-{point.size}.txt"))


@router.get("/{entry_number}")
def entry(desk: Inspector, entry_number: int) -> Response:
    """Show one act as the log keeps it, with its leaf."""
    desk.authority.permit(*INSPECTS)
    with desk.site.register.snapshot() as reader:
        found, point = ledger.entry_at(reader, entry_number), ledger.checkpoint(reader)
    facts: Mapping[str, Any] = {
        "leaf": _indented(shown(found)),
        "point": point,
        "opens": _may_open(desk, found),
    }
    return desk.page("log_entry.html", entry=found, by_day=_told_by_day(desk), **facts)


@router.get("/{entry_number}/proof.json")
def proof(desk: Inspector, entry_number: int) -> Response:
    """Prove to somebody outside that the entry is in the log, with those of its fields that are asked for."""
    desk.authority.permit(*INSPECTS)
    asked = set(desk.request.query_params.getlist("open"))
    with desk.site.register.snapshot() as reader:
        may = _may_open(desk, ledger.entry_at(reader, entry_number))
        told = proof_of(
            reader, desk.site.settings.ledger_key, entry_number, [name for name in may if name in asked]
        )
    content = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    return Response(
        content, media_type="application/json", headers=_as_file(f"gangpai-proof-{entry_number}.json")
    )


def _may_open(desk: Desk, entry: LogEntry) -> list[str]:
    """Return the fields that the officer may hand on; the moment somebody spoke only who knows it."""
    return [name for name in OPENS if name != "at" or entry.act not in _told_by_day(desk)]


def _indented(leaf: str) -> str:
    return json.dumps(json.loads(leaf), ensure_ascii=False, indent=2)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
