"""The pages for whoever scans: standing, voice, notice board, log."""

from fastapi import APIRouter

from verify.public.embed import router as embed
from verify.public.feed import router as feed
from verify.public.forgery import router as forgery
from verify.public.health import router as health
from verify.public.ledger import router as ledger
from verify.public.notices import router as notices
from verify.public.pages import router as pages
from verify.public.plates import router as plates
from verify.public.roll import router as roll
from verify.public.satisfaction import router as satisfaction
from verify.public.sightings import router as sightings
from verify.public.voice import router as voice

router = APIRouter(include_in_schema=False)
_BOARD = (ledger, notices, satisfaction, roll, feed, embed)
for part in (pages, health, *_BOARD, forgery, voice, sightings, plates):
    router.include_router(part)
