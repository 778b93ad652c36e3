"""The officers' console: everything the office decides in a browser, signed in."""

from fastapi import APIRouter

from verify.console import circulation, doorway, feedback, overview, posts, vetoes

PARTS = (doorway.router, overview.router, feedback.router, posts.router, vetoes.router, circulation.router)
"""Every route of the console is in one of these."""

router = APIRouter(include_in_schema=False)
for part in PARTS:
    router.include_router(part)
