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
    message,
    notices,
    overview,
    posts,
    printing,
    search,
    staff,
    vetoes,
    years,
)

PARTS = (
    doorway.router,
    first_officer.router,
    account.router,
    overview.router,
    due.router,
    feedback.router,
    forgeries.router,
    message.router,
    posts.router,
    printing.router,
    search.router,
    acts.router,
    bulk.router,
    years.router,
    imports.router,
    notices.router,
    vetoes.router,
    circulation.router,
    staff.router,
)
"""Every route of the console is in one of these."""

router = APIRouter(include_in_schema=False)
for part in PARTS:
    router.include_router(part)
