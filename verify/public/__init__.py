"""The pages for whoever scans: standing, voice, notice."""

from fastapi import APIRouter

from verify.public.pages import router as pages
from verify.public.plates import router as plates
from verify.public.voice import router as voice

router = APIRouter(include_in_schema=False)
for part in (pages, voice, plates):
    router.include_router(part)
