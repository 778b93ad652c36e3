"""The officers' console: everything the office decides in a browser, signed in."""

from fastapi import APIRouter

from verify.console import (
    account,
    acts,
    bulk,
    circulation,
    doorway,
    due,
    feedback,
    first_officer,
    forgeries,
    imports,
    overview,
    posts,
    search,
    staff,
    vetoes,
)

PARTS = (
    doorway.router,
    first_officer.router,
    account.router,
    overview.router,
    due.router,
    feedback.router,
    forgeries.router,
    posts.router,
    search.router,
    acts.router,
    bulk.router,
    imports.router,
    vetoes.router,
    circulation.router,
    staff.router,
)
"""Every route of the console is in one of these."""

router = APIRouter(include_in_schema=False)
for part in PARTS:
    router.include_router(part)
