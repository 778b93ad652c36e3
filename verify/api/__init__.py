"""JSON for machines at /api/v1, described by /api/v1/openapi.json: an application within the site."""

from fastapi import APIRouter, FastAPI

from verify.api import board, committee, office, plates, posts, problems, reference, roll
from verify.api.annex import Annex
from verify.api.doors import ApiRoute
from verify.api.envelope import Envelope
from verify.site import Site

__all__ = ["Annex", "create_api", "routes"]

_ROUTERS: tuple[APIRouter, ...] = (
    plates.router, posts.router, board.router, roll.router, reference.router, office.router, committee.router,
)  # fmt: skip


def create_api(site: Site) -> FastAPI:
    """Return the application that answers below /api/v1."""
    api = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.site = site
    api.state.routes = routes()
    for router in _ROUTERS:
        api.include_router(router)
    problems.install(api)
    api.add_middleware(Envelope, routes=routes())
    return api


def routes() -> list[ApiRoute]:
    """Return the routes there are, in the order in which they are tried."""
    return [route for router in _ROUTERS for route in router.routes if isinstance(route, ApiRoute)]
