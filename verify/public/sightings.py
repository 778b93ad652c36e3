"""Being told by an open scan page that it is looked at, and counting it where a plate was called back.

A scan itself changes nothing, since whoever follows links would count as well: the page's script sends this
once. No cookie, no body; the network is known for an hour, as a keyed hash in memory, so that a page
loaded again and again counts once.
"""

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from store.sightings import Seen, seen_in
from store.standing import Verdict
from verify.network import check_same_site, keyed, network_key
from verify.plate import look_up
from verify.public.plates import AddressAsked
from verify.site import Site, SiteNow

router = APIRouter()


@router.post("/number/{number}/sighting", status_code=204, dependencies=[Depends(check_same_site)])
@router.post("/{code}/sighting", status_code=204, dependencies=[Depends(check_same_site)])
def sighting(request: Request, site: SiteNow, address: AddressAsked) -> Response:
    """Count a look at a plate that should have come back; whatever the plate, the answer is the same."""
    scan = look_up(site, address)
    if scan.standing.verdict is Verdict.UNVERIFIABLE:
        raise HTTPException(503)
    seen = seen_in(site.register, scan)
    if seen and _is_new(request, site, seen):
        site.tally.count(seen)
    return Response(status_code=204)


def _is_new(request: Request, site: Site, seen: Seen) -> bool:
    key = keyed(site, "sighting", seen.line_id, network_key(request, site))
    return site.throttles.sightings.takes(key, site.clock())
