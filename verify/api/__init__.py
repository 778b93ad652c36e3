"""JSON for machines, described by /api/v1/openapi.json."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from verify.plate import STATUS, address_of_code, look_up, plate_json
from verify.site import SiteNow

router = APIRouter(prefix="/api/v1")


@router.get(
    "/plates/{code}",
    summary="How a plate stands, by the code in its matrix",
    response_description="The standing, the time it was read, and of the plate what may be shown",
    responses={
        404: {"description": "No plate carries this code"},
        503: {"description": "Cannot be verified now"},
    },
)
async def plate(code: str, site: SiteNow) -> JSONResponse:
    """Return the standing of a plate; the same answer as `GET /{code}` asked for JSON."""
    scan = look_up(site, address_of_code(code))
    answer: dict[str, Any] = plate_json(scan)
    return JSONResponse(answer, STATUS.get(scan.standing.verdict, 200))
