"""A backup of the whole register, handed to the administrator and kept nowhere else.

The file holds names and accounts. It is told to the log first and confirmed with a code; then one consistent
state goes to the browser piece by piece, while others go on working.
"""

import asyncio
from collections.abc import AsyncIterator, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse

from store.acts.backups import take_backup
from store.calendar import office_time
from store.records import LogEntry, Role
from store.refusals import Refusal
from store.register import Register
from store.transfer import export_pieces
from verify.console.guard import ConsoleRoute, Desk, Officers, status_of

router = APIRouter(prefix="/console/settings/backup", route_class=ConsoleRoute)
AdministratorAtDesk = Annotated[Desk, Depends(Officers(Role.ADMINISTRATOR))]
PIECE_BYTES = 64 * 1024
NEWEST_LOOKED_AT = 500


@router.get("")
def ask(desk: AdministratorAtDesk) -> Response:
    """Say what a backup holds, and when one was taken here last."""
    return _page(desk)


def _page(desk: Desk, refusal: Refusal | None = None) -> Response:
    newest = desk.site.register.newest(LogEntry, NEWEST_LOOKED_AT)
    last = next((each for each in newest if each.act == "back up"), None)
    return desk.page("backup.html", status=status_of(refusal) if refusal else 200, last=last, refusal=refusal)


@router.post("")
def take(desk: AdministratorAtDesk) -> Response:
    """Hand the backup over, the entry that tells of it included."""
    try:
        desk.check_code()
        number = take_backup(desk.site.register, desk.authority)
    except Refusal as refusal:
        return _page(desk, refusal)
    day = office_time(desk.site.clock()).strftime("%Y%m%d-%H%M")
    named = f'attachment; filename="gangpai-backup-{day}-{number}.json"'
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return StreamingResponse(_sent(desk.site.register), media_type="application/json", headers=headers)


async def _sent(register: Register) -> AsyncIterator[bytes]:
    """Send the export from one thread, since a snapshot belongs to the thread that took it."""
    loop, pieces = asyncio.get_running_loop(), _pieces(register)
    with ThreadPoolExecutor(1) as thread:
        try:
            while piece := await loop.run_in_executor(thread, next, pieces, b""):
                yield piece
        finally:
            thread.submit(pieces.close)


def _pieces(register: Register) -> Generator[bytes, None, None]:
    """Yield the export in pieces of some size: each one is a task of its own to the server."""
    with register.snapshot() as reader:
        held = bytearray()
        for piece in export_pieces(reader):
            held += piece
            if len(held) >= PIECE_BYTES:
                yield bytes(held)
                held.clear()
        yield bytes(held)
