"""Folding: one face printed twice on a page that is folded into a tent.

Knows which way up the second face must stand. Leaves out what is on the face (compose.py) and how many tents
lie on a sheet (impose.py).
"""

from plaques.composition.compose import BLEED_REACH_MM
from plaques.marks import BLACK, Block, Box, Group, Page

_TICK_MM, _TICK_STROKE_MM = 3.0, 0.1


def tent(face: Page) -> Page:
    """Return a page twice as high: the face upright below the fold, and on its head above it."""
    width_mm, height_mm = face.width_mm, face.height_mm
    cut = Box(-BLEED_REACH_MM, 0, width_mm + 2 * BLEED_REACH_MM, height_mm + BLEED_REACH_MM)
    return Page(
        width_mm=width_mm,
        height_mm=2 * height_mm,
        marks=(
            Group(marks=face.marks, x_mm=width_mm, y_mm=height_mm, turn=180, clip=cut),
            Group(marks=face.marks, y_mm=height_mm, clip=cut),
            *(_tick(x_mm, height_mm) for x_mm in (0, width_mm - _TICK_MM)),
        ),
    )


def _tick(x_mm: float, fold_mm: float) -> Block:
    return Block(box=Box(x_mm, fold_mm - _TICK_STROKE_MM / 2, _TICK_MM, _TICK_STROKE_MM), color=BLACK)
