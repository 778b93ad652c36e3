"""The designs in the console: what there is, how each looks, and what keeps one from being used.

Shows and hands out; a design is changed in its file, in the folder that the operator named.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from plaques.design.faults import BadDesign, Fault
from plaques.design.library import DesignLibrary
from plaques.design.schema import design_schema
from plaques.fitness import faults_in_use
from plaques.print_run import preview_png
from plaques.probe import PROBE_URL, Letterhead, sample_copies
from store.records import Product, Stage
from store.terms import PRODUCT_ZH, STAGE_ZH
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.settings import GOVERNS

WIDTH_PX = 640
PICTURES_KEPT = 64

router = APIRouter(prefix="/console/settings/designs", route_class=ConsoleRoute)
GOVERNOR = Officers(*GOVERNS)
Governor = Annotated[Desk, Depends(GOVERNOR)]


@dataclass(frozen=True, kw_only=True)
class DesignLine:
    """A design as the list shows it; without sizes it cannot be used, for the faults named."""

    product: Product
    name: str
    title_zh: str = ""
    title_en: str = ""
    sizes: tuple[str, ...] = ()
    file: str = ""
    faults: Sequence[Fault] = ()


@router.get("")
def designs(desk: Governor) -> Response:
    """List the designs, the organisation's own among them, with the faults of those that are none."""
    library = desk.site.settings.designs
    lines = {product: list(_lines(library, product)) for product in library.sources}
    return desk.page("designs.html", lines=lines, unusable=library.unusable, products=PRODUCT_ZH)


@router.get("/schema.json", dependencies=[Depends(GOVERNOR)])
def schema() -> Response:
    """Return the JSON Schema by which editors help with a design file."""
    content = json.dumps(design_schema(), ensure_ascii=False, indent=1)
    return Response(content, media_type="application/schema+json", headers=_as_file("design.schema.json"))


@router.get("/{product}/{name}.toml")
def file(desk: Governor, product: Product, name: str) -> Response:
    """Return a design's file as it is."""
    source = desk.site.settings.designs.source(product, name)
    return Response(
        source.text,
        media_type="application/toml",
        headers=_as_file(f"{product}-{source.file.split('/')[-1]}"),
    )


@router.get("/{product}/{name}")
def design(desk: Governor, product: Product, name: str) -> Response:
    """Show a design in every size, before and after the award; asked to, examine it as the command does."""
    library = desk.site.settings.designs
    library.source(product, name)
    is_checked = desk.asked("check") == "1"
    found = list(faults_in_use(library, product, name, _letterhead(desk))) if is_checked else []
    return desk.page(
        "design.html",
        line=_line(library, product, name),
        products=PRODUCT_ZH,
        stages=STAGE_ZH,
        is_checked=is_checked,
        found=found,
    )


@router.get("/{product}/{name}/{size}/{stage}.png")
def picture(desk: Governor, product: Product, name: str, size: str, stage: Stage) -> Response:
    """Return a sample plate of a design in one size, marked 样张."""
    letterhead = _letterhead(desk)
    asked = _Asked(product, name, size, stage, letterhead.headings[stage], letterhead.issuer)
    drawn = _drawn(desk.site.settings.designs, asked)
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@dataclass(frozen=True)
class _Asked:
    product: Product
    name: str
    size: str
    stage: Stage
    heading: str
    issuer: str


@lru_cache(maxsize=PICTURES_KEPT)
def _drawn(library: DesignLibrary, asked: _Asked) -> bytes:
    chosen = library.design(asked.product, asked.name, asked.size)
    letterhead = Letterhead(headings={asked.stage: asked.heading}, issuer=asked.issuer)
    copies = sample_copies(chosen, letterhead, asked.stage)
    return preview_png(copies[0], chosen, base_url=PROBE_URL, width_px=WIDTH_PX)


def _letterhead(desk: Desk) -> Letterhead:
    return Letterhead(headings=desk.policy.headings, issuer=desk.policy.committee_name)


def _lines(library: DesignLibrary, product: Product) -> Iterator[DesignLine]:
    for name in library.names(product):
        yield _line(library, product, name)


def _line(library: DesignLibrary, product: Product, name: str) -> DesignLine:
    own = {each: file for file, each in library.own.items()}.get((product, name), "")
    try:
        known = library.file(product, name)
    except BadDesign as refusal:
        return DesignLine(product=product, name=name, file=own, faults=refusal.faults)
    return DesignLine(
        product=product,
        name=name,
        title_zh=known.title_zh,
        title_en=known.title_en,
        sizes=library.sizes(product, name),
        file=own,
    )


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
