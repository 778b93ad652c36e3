"""The officers' console: everything the office decides in a browser, signed in."""

from fastapi import APIRouter

from verify.console import doorway

router = APIRouter(prefix="/console", include_in_schema=False)
for part in (doorway.router,):
    router.include_router(part)
