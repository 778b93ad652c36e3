"""Pictures of plates as they were printed, drawn once for as long as they are kept.

What was printed never changes, so that unlike a plate's standing its picture may be kept. Leaves out who may
see one.
"""

from functools import lru_cache

from plaques.design.library import DesignLibrary
from plaques.print_run import preview_png
from store.records import Copy, Product
from store.refusals import Refusal

KEPT_MOST = 256


@lru_cache(maxsize=KEPT_MOST)
def picture(designs: DesignLibrary, copy: Copy, base_url: str, width_px: int) -> bytes:
    """Return a copy as a PNG of this width.

    Raises:
        Refusal: its design is gone, or it cannot be drawn any more.

    """
    design = designs.design(copy.product, copy.design, copy.size)
    return preview_png(copy, design, base_url=base_url, width_px=width_px)


@lru_cache
def height_px(designs: DesignLibrary, product: Product, design: str, size: str, width_px: int) -> int:
    """Return the height of a picture of this width; 0 where the design is gone."""
    try:
        layout = designs.design(product, design, size).layout
    except Refusal:
        return 0
    return round(width_px * layout.height_mm / layout.width_mm)
