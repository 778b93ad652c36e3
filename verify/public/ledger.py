"""The public log: its checkpoint and key, its leaves, the proofs, and the program that checks them.

Nothing here can be written; of an entry nothing is told but its leaf and what leaves.py lets anybody read.
What was said of an entry or of a size stays true, so whoever asked may keep it; the checkpoint, and what
grows, may not be cached.
"""

from dataclasses import asdict
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from store import ledger
from store.ledger.leaves import opened, public_fields, shown
from store.records import LogEntry
from verify.site import READS, Site, SiteNow, SpokenNow

LEAVES_MOST = 256
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter(prefix="/ledger")


@router.api_route("", methods=READS)
def page(site: SiteNow, spoken: SpokenNow) -> HTMLResponse:
    """Explain the log, show its checkpoint, and how to keep and compare one (F29)."""
    key = site.settings.ledger_key.verifier_key
    return HTMLResponse(site.render("public/ledger.html", spoken, note=_note(site), key=key))


@router.api_route("/checkpoint", methods=READS)
def checkpoint(site: SiteNow) -> PlainTextResponse:
    """Return the newest checkpoint, signed (C2SP tlog-checkpoint)."""
    return PlainTextResponse(_note(site))


@router.api_route("/key", methods=READS)
async def key(site: SiteNow) -> PlainTextResponse:
    """Return the public key that checkpoints are compared with (C2SP signed-note)."""
    return PlainTextResponse(f"{site.settings.ledger_key.verifier_key}\n")


@router.api_route("/entries/{number}", methods=READS)
def entry(site: SiteNow, number: int) -> JSONResponse:
    """Return the leaf of an entry, and what opens those of its fields that anybody may read."""
    with site.register.snapshot() as reader:
        found = ledger.entry_at(reader, number)
    names = public_fields(found)
    fields = {name: asdict(field) for name, field in opened(found, names).items()} if names else {}
    return JSONResponse({"number": number, "leaf": shown(found), "opened": fields}, headers=FOR_EVER)


@router.api_route("/leaves", methods=READS)
def leaves(site: SiteNow, first: Annotated[int, Query(alias="from")] = 1) -> PlainTextResponse:
    """Return up to 256 leaves from the one named on, one a line."""
    with site.register.snapshot() as reader:
        size = reader.count(LogEntry)
        if first < 1:
            raise ledger.NoSuchEntry(number=first, size=size)
        beyond = min(first + LEAVES_MOST, size + 1)
        lines = [shown(ledger.entry_at(reader, number)) for number in range(first, beyond)]
    headers = FOR_EVER if len(lines) == LEAVES_MOST else None
    return PlainTextResponse("".join(f"{line}\n" for line in lines), headers=headers)


@router.api_route("/inclusion", methods=READS)
def inclusion(site: SiteNow, number: int, size: int) -> JSONResponse:
    """Return the hashes that lead from an entry's leaf to the root at a size (RFC 6962, 2.1.1)."""
    with site.register.snapshot() as reader:
        hashes = ledger.inclusion(reader, number, size)
    return _proof(hashes)


@router.api_route("/consistency", methods=READS)
def consistency(
    site: SiteNow, earlier: Annotated[int, Query(alias="from")], later: Annotated[int, Query(alias="to")]
) -> JSONResponse:
    """Return the hashes that lead from the root at one size to the root at a later one (RFC 6962, 2.1.2)."""
    with site.register.snapshot() as reader:
        hashes = ledger.consistency(reader, earlier, later)
    return _proof(hashes)


@router.api_route("/verify.py", methods=READS)
def verifier() -> PlainTextResponse:
    """Hand out the program that checks all this, to be read before it is run."""
    return PlainTextResponse(
        (files("verify") / "static" / "verify.py").read_text("utf-8"), media_type="text/x-python"
    )


def _note(site: Site) -> str:
    with site.register.snapshot() as reader:
        return site.settings.ledger_key.sign(ledger.checkpoint(reader))


def _proof(hashes: list[bytes]) -> JSONResponse:
    return JSONResponse({"hashes": [each.hex() for each in hashes]}, headers=FOR_EVER)
