"""What machines ask of a running service: does it live, can it answer, what has it counted.

Nothing told here names a place, a version or a reason that would help anybody but the operator.
"""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from store.records import LogEntry
from store.register import NewerRegister
from verify.site import READS, Site, SiteNow

READY_WITHIN_S = 2.0
ROOM_LEAST_BYTES = 200 * 1024 * 1024

router = APIRouter()


@router.api_route("/healthz", methods=READS)
async def healthz() -> JSONResponse:
    """Say that the worker runs."""
    return JSONResponse({"status": "alive"})


@router.api_route("/readyz", methods=READS)
async def readyz(site: SiteNow) -> JSONResponse:
    """Say whether scans can be answered: the register is readable soon, in a format this program knows."""
    register = await _register(site)
    ready = register == "readable"
    told = {"status": "ready" if ready else "not ready", "register": register} | await _disk(site)
    return JSONResponse(told, HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


async def _register(site: Site) -> str:
    try:
        await asyncio.wait_for(asyncio.to_thread(site.register.count, LogEntry), READY_WITHIN_S)
    except NewerRegister:
        return "of a newer format"
    except Exception:  # noqa: BLE001 -- whatever the reason, this worker cannot answer a scan
        return "away"
    return "readable"


async def _disk(site: Site) -> dict[str, str]:
    """Say whether there is room to write; without it scans are still answered, so that it decides nothing."""
    free_bytes = site.settings.monitoring.free_bytes
    if free_bytes is None:
        return {}
    try:
        enough = await asyncio.to_thread(free_bytes) >= ROOM_LEAST_BYTES
    except OSError:
        return {"disk": "unknown"}
    return {"disk": "roomy" if enough else "nearly full"}


@router.api_route("/metrics", methods=READS)
def metrics(request: Request, site: SiteNow) -> PlainTextResponse:
    """Return what was counted (Prometheus text format 0.0.4) to whom the operator lets read it."""
    if not site.settings.monitoring.lets(request):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return PlainTextResponse(site.metrics.exposition(), media_type="text/plain; version=0.0.4")
