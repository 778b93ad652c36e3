"""The officers' console: everything the office decides in a browser, signed in."""

from fastapi import APIRouter

from verify.console import (
    account,
    acts,
    backup,
    bulk,
    circulation,
    doorway,
    due,
    feedback,
    first_officer,
    forgeries,
    imports,
    log,
    message,
    notices,
    overview,
    policy,
    post_files,
    posts,
    printing,
    receipts,
    reports,
    search,
    settings,
    staff,
    taking_in,
    tokens,
    vetoes,
    vouching,
    webhooks,
    years,
)

PARTS = (
    doorway.router,
    vouching.router,
    first_officer.router,
    account.router,
    overview.router,
    due.router,
    feedback.router,
    forgeries.router,
    message.router,
    reports.router,
    posts.router,
    post_files.router,
    printing.router,
    search.router,
    acts.router,
    bulk.router,
    years.router,
    imports.router,
    notices.router,
    vetoes.router,
    circulation.router,
    taking_in.router,
    receipts.router,
    staff.router,
    log.router,
    settings.router,
    policy.router,
    tokens.router,
    webhooks.router,
    backup.router,
)
"""Every route of the console is in one of these."""

router = APIRouter(include_in_schema=False)
for part in PARTS:
    router.include_router(part)
