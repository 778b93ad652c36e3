"""The web application: rooms joined, doors guarded. Importing this module does nothing."""

import asyncio
import resource
import secrets
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context

from fastapi import FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from store.calendar import chinese_day, chinese_time, office_day
from store.catalogue import Catalogue
from store.docket import Docket
from store.duties.diary import Diary
from store.figures import Figures
from store.policy_in_force import InForce
from store.post_states import post_states
from store.recall_book import RecallBook
from store.register import Register
from store.reports import RatingsBook
from verify import api, console, errors, public
from verify.console.scan_panel import panel_for
from verify.darkroom import Darkroom
from verify.documents import Documents
from verify.door import COMPRESSED_FROM_BYTES, Door
from verify.headers import BodyLimit, SecurityHeaders, security_headers
from verify.languages import Language, RememberLanguage, languages
from verify.live import FAREWELL, PAGES_MOST, Hub, Seats
from verify.logs import AccessLog
from verify.measured import MeasuredRegister
from verify.metrics import Metrics
from verify.observing import Observed
from verify.plate import PlateQuestions
from verify.public.forms import bytes_most
from verify.scan_tally import ScanTally
from verify.shelf import Shelf
from verify.sightings import Tally
from verify.site import Site, WebSettings
from verify.skeleton import Skeletons
from verify.throttle import Throttles
from verify.together import Together


class _Application(FastAPI):
    """The application behind its door."""

    door: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the ASGI protocol."""
        await self.door.enter(scope, receive, send, super().__call__)


def create_app(
    settings: WebSettings,
    register: Register,
    clock: Callable[[], datetime],
    entropy: Callable[[int], bytes] = secrets.token_bytes,
    log: AccessLog | None = None,
) -> FastAPI:
    """Return the application over a register; `clock` tells the aware present, `entropy` random bytes."""
    metrics = Metrics(
        version=version("gangpai"), clock=clock, timer=time.perf_counter, shared=settings.monitoring.shared
    )
    style = (files("verify") / "static" / "public.css").read_text("utf-8")
    app = _Application(openapi_url=None, lifespan=_watching)
    app.state.beside = ()  # what whoever serves it wants to have running beside it
    app.state.site = _site(settings, MeasuredRegister(register, metrics), clock, entropy, metrics, style)
    app.mount("/static", StaticFiles(packages=[("verify", "static")]), name="static")
    for router in (console.router, public.router):
        app.include_router(router)
    _guard(app, security_headers(style, https_only=settings.secure_cookies), metrics, log)
    return app


def _site(  # noqa: PLR0913, PLR0917 -- what whoever makes the application hands in, and two things made of it
    settings: WebSettings,
    register: Register,
    clock: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    metrics: Metrics,
    style: str,
) -> Site:
    throttles = Throttles(settings.policy.votes_per_network_hour)
    return Site(
        register=register,
        settings=settings,
        in_force=InForce(
            register, settings.policy, lambda newer: throttles.hold_votes(newer.votes_per_network_hour)
        ),
        clock=clock,
        entropy=entropy,
        pages={language: _pages(style, language) for language in languages()},
        hub=_hub(register, clock, entropy, metrics),
        panel=panel_for,
        throttles=throttles,
        darkroom=Darkroom(),
        metrics=metrics,
        tally=Tally(register),
        scan_tally=ScanTally(register, clock),
        docket=Docket(register),
        ratings=RatingsBook(),
        reports=Shelf(register),
        together=Together(register, clock),
        skeletons=Skeletons(),
        figures=Figures(),
        diary=Diary(),
        recall_book=RecallBook(),
        catalogue=Catalogue(),
        post_states=post_states(),
        documents=Documents(partial(ProcessPoolExecutor, 1, mp_context=get_context("spawn"))),
    )


def _hub(
    register: Register, clock: Callable[[], datetime], entropy: Callable[[int], bytes], metrics: Metrics
) -> Hub:
    return Hub(
        register,
        PlateQuestions(register, clock),
        seats=Seats(most=_pages_most()),
        chance=lambda: int.from_bytes(entropy(2)) / 2**16,
        notes=metrics,
    )


def _guard(app: _Application, headers: dict[str, str], metrics: Metrics, log: AccessLog | None) -> None:
    """Put around the rooms what every request passes, the innermost first."""
    site: Site = app.state.site
    errors.install(app, headers)
    app.add_middleware(api.Annex, api=api.create_api(site))
    app.add_middleware(BodyLimit, bytes_most=bytes_most)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM_BYTES)
    app.add_middleware(RememberLanguage, secure=site.settings.secure_cookies)
    app.add_middleware(SecurityHeaders, headers=headers)
    observed = partial(
        Observed, metrics=metrics, log=log, timer=time.perf_counter, new_id=lambda: secrets.token_hex(16)
    )
    app.add_middleware(observed)
    app.door = Door(site, headers, observed)


def _pages_most() -> int:
    """Return how many pages may stay open: half of the files a process may open is left to scans."""
    files_most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return PAGES_MOST if files_most == resource.RLIM_INFINITY else min(PAGES_MOST, files_most // 2)


@asynccontextmanager
async def _watching(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    site: Site = app.state.site
    works = (site.tally.run, site.scan_tally.run, *app.state.beside)
    running = [asyncio.create_task(work()) for work in works]
    yield {FAREWELL: site.hub.end_all}
    site.documents.close()
    for each in running:
        each.cancel()
        with suppress(asyncio.CancelledError):
            await each


@cache
def _pages(style: str, language: Language) -> Environment:
    """Return the templates of a language, compiled at first need and once in a process."""
    pages = Environment(
        extensions=[InternationalizationExtension],
        loader=PackageLoader("verify"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined] # the extension's
    pages.policies["ext.i18n.trimmed"] = True
    pages.filters.update(chinese_time=chinese_time, chinese_day=chinese_day, office_day=office_day)
    pages.filters.update(day=language.day, moment=language.moment, told=language.told, number=language.number)
    pages.globals.update(language=language, here="")
    pages.globals["public_style"] = Markup(style)  # noqa: S704 - our own file, let in by its hash
    return pages
