"""Shared checks: what holds for all copies on one ground, looked at once for each ground of a file.

Knows contrast, the emblem as it was drawn, and what is left standing beyond the trim. Leaves out what each
copy says (preflight/plate.py) and the finished file (read_back.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from plaques.artwork.emblem import CLEAR_SHARE, EmblemCrowded, check_drawn_emblem
from plaques.artwork.vectors import Artwork
from plaques.design.model import Back, Design, Layout
from plaques.marks import Block, Box, Laid, Page, Path, Polygon, Stamp
from plaques.preflight.contrast import ContrastFinding, contrast_findings
from plaques.preflight.findings import Check, Finding, Severity
from plaques.preflight.plate import Plate
from store.refusals import Refusal

_AT_TRIM_MM = 0.05


class CodeTooFaint(Refusal):
    """A code stands out too little from its ground to be read for years. Remedy: correct the colours."""

    reason_zh = "二维码反差不足：{ink} 印在 {ground} 上，反差 {contrast:.2f}，低于 {least:g}。"
    reason_en = "The code is too faint: {ink} on {ground}, contrast {contrast:.2f}, less than {least:g}."
    remedy_zh = "请修改设计的颜色：二维码用近黑色，底色用白色或浅金色。"
    remedy_en = "Correct the design's colours: a code near-black, on white or light gold."


@dataclass(frozen=True, kw_only=True)
class SharedChecks:
    """Which checks were made, and what they ask somebody to decide."""

    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]


@dataclass
class Grounds:
    """The first plate on each ground, kept while plates go by."""

    firsts: list[Plate] = field(default_factory=list)

    def seen(self, plates: Iterable[Plate]) -> Iterator[Plate]:
        """Yield the plates, and keep the first on each ground."""
        known = set()
        for plate in plates:
            ground = plate.front.marks[0]
            if ground not in known:
                known.add(ground)
                self.firsts.append(plate)
            yield plate


def check_shared(firsts: Sequence[Plate], design: Design, *, bleed_mm: float) -> SharedChecks:
    """Check plates of which each is the first on its ground, on all their sides.

    Raises:
        CodeTooFaint: a code's contrast is below grade B of ISO/IEC 15415, or light on dark.
        EmblemMisused: what is drawn as the emblem is not the drawing supplied, or something touches it.

    """
    parts = tuple(part for _, part in design.layout.sides)
    sides = [side for plate in firsts for side in zip(plate.sides, parts, strict=False)]
    for page, part in sides:
        _check_emblems(page, part, design)
    found = (
        finding
        for page, _ in sides
        for finding in (*_contrast(page), *(_short_of_bleed(page) if bleed_mm else ()))
    )
    checks = tuple(_checks([part for _, part in sides], bleed_mm))
    return SharedChecks(checks=checks, findings=tuple(dict.fromkeys(found)))


def _checks(parts: Iterable[Layout | Back], bleed_mm: float) -> Iterator[Check]:
    yield Check.CONTRAST
    if any(each.role == "emblem" for part in parts for each in part.artworks):
        yield Check.EMBLEM
    if bleed_mm:
        yield Check.BLEED


# Contrast --------------------------------------------------------------------------------------------------


def _contrast(page: Page) -> Iterator[Finding]:
    for found in contrast_findings(page):
        if found.severity is Severity.ERROR:
            raise _too_faint(found)
        yield _warning(Check.CONTRAST, found.text, found.zh, found.en)


def _too_faint(found: ContrastFinding) -> CodeTooFaint:
    return CodeTooFaint(
        ink=found.ink.rgb, ground=found.ground.rgb, contrast=found.contrast, least=found.least
    )


def _warning(check: Check, text: str, zh: str, en: str) -> Finding:
    return Finding(severity=Severity.WARNING, number="", part="", text=text, check=check, zh=zh, en=en)


# Emblem ----------------------------------------------------------------------------------------------------


def _check_emblems(page: Page, part: Layout | Back, design: Design) -> None:
    for place in part.artworks:
        if place.role == "emblem":
            artwork = design.artwork[place.file]
            _check_emblem(page, artwork.standing(place.box), artwork)


def _check_emblem(page: Page, stands: Box, artwork: Artwork) -> None:
    """Make sure that on the grounds it stands on there is the supplied drawing, nothing after or beside it.

    The word across a proof is passed over: a proof is no plate.
    """
    clear_mm = CLEAR_SHARE * stands.height_mm
    near = stands.grown(clear_mm)
    there = (laid for laid in page.laid if laid.box.touches(near) and not isinstance(laid.mark, Stamp))
    marks = [laid.mark for laid in dropwhile(lambda laid: _is_ground(laid, near), there)]
    drawn = [mark for mark in marks if isinstance(mark, Path)]
    if len(drawn) < len(marks):
        raise EmblemCrowded(clear_mm=clear_mm)
    for fault in check_drawn_emblem(drawn, artwork):
        raise fault


def _is_ground(laid: Laid, near: Box) -> bool:
    return isinstance(laid.mark, Block | Polygon | Path) and laid.box.holds(near)


# Bleed -----------------------------------------------------------------------------------------------------


def _short_of_bleed(page: Page) -> Iterator[Finding]:
    """Yield a warning where shapes end at the trim and none goes on beyond it: a cut leaves a light line."""
    shapes = [laid.box for laid in page.laid if isinstance(laid.mark, Block | Path | Polygon)]
    reaches = zip(*map(_beyond, shapes, [page.box] * len(shapes)), strict=True)
    for (edge_zh, edge_en), beyond_mm in zip(_EDGES, reaches, strict=False):
        if any(abs(each) <= _AT_TRIM_MM for each in beyond_mm) and max(beyond_mm) <= _AT_TRIM_MM:
            yield _warning(
                Check.BLEED,
                "",
                f"{edge_zh}边的图形止于裁切线，没有出血，裁切后可能露白。",
                f"At the {edge_en} edge the ground ends at the trim without bleed: a cut may leave it light.",
            )


_EDGES = (("左", "left"), ("上", "upper"), ("右", "right"), ("下", "lower"))


def _beyond(box: Box, trim: Box) -> tuple[float, float, float, float]:
    """Return how far a box reaches beyond each edge of the trim, in the order of `_EDGES`."""
    return (
        trim.x_mm - box.x_mm,
        trim.y_mm - box.y_mm,
        box.right_mm - trim.right_mm,
        box.bottom_mm - trim.bottom_mm,
    )
