"""The pages for whoever scans: standing, voice, notice, log."""

from fastapi import APIRouter

from verify.public.health import router as health
from verify.public.ledger import router as ledger
from verify.public.notices import router as notices
from verify.public.pages import router as pages
from verify.public.plates import router as plates
from verify.public.sightings import router as sightings
from verify.public.voice import router as voice

router = APIRouter(include_in_schema=False)
for part in (pages, health, ledger, notices, voice, sightings, plates):
    router.include_router(part)
