"""An organisation's drawings in a design: read, and held to the rules of emblem and seal.

Knows what stands near a drawing on its side. Leaves out the rules themselves (emblem.py) and how a drawing is
read (artwork/files.py).
"""

from collections.abc import Iterator, Mapping

from plaques.artwork.emblem import check_emblem, check_seal
from plaques.artwork.files import read_artwork
from plaques.artwork.vectors import Artwork
from plaques.design.faults import Fault, nearest
from plaques.design.model import ArtworkPlace, Back, Layout
from plaques.marks import Box, Color
from store.refusals import Refusal

_MAY_LIE_UNDER_A_SEAL = frozenset({"issuer", "date"})

Palette = Mapping[str, Color | None]


def read_drawings(layout: Layout, files: Mapping[str, bytes]) -> Mapping[str, Artwork]:
    """Return the drawings a size asks for, by file name; those that are not among the files are left out.

    Raises:
        UnfitArtwork: a file is no drawing that can be printed as it is.

    """
    wanted = {place.file for _, side in layout.sides for place in side.artworks}
    return {file: read_artwork(files[file], file) for file in sorted(wanted & files.keys())}


def artwork_faults(
    layout: Layout, drawings: Mapping[str, Artwork], palette: Palette, key: str
) -> Iterator[Fault]:
    """Yield what is wrong with the drawings of a size: missing files, and what the rules forbid."""
    for below, side in layout.sides:
        for at, place in enumerate(side.artworks):
            where = f"{key}.{below}artworks[{at}]"
            if place.file not in drawings:
                zh, en = nearest(place.file, sorted(drawings))
                yield Fault(key=f"{where}.file", zh=zh, en=en)
            else:
                for refusal in _forbidden(place, drawings[place.file], side, palette):
                    yield Fault(key=f"{where}.box", zh=refusal.zh.rstrip("。"), en=refusal.en.rstrip("."))


def _forbidden(
    place: ArtworkPlace, artwork: Artwork, side: Layout | Back, palette: Palette
) -> tuple[Refusal, ...]:
    color = palette[place.color] if place.color else artwork.paths[0].color
    codes = [side.code.box] if side.code else []
    if color is None or place.role == "background":
        return ()
    if place.role == "emblem":
        return check_emblem(place.box, artwork, color, list(_near(place, side)), codes)
    return check_seal(place.box, artwork, color, list(_texts_kept_clear(side)), codes)


def _near(emblem: ArtworkPlace, side: Layout | Back) -> Iterator[Box]:
    """Yield the boxes of everything on a side but the grounds the emblem stands on."""
    yield from (shape.box for shape in side.shapes if not shape.box.holds(emblem.box))
    yield from (caption.box for caption in side.captions)
    yield from (each.box for each in side.artworks if each is not emblem and each.role != "background")
    if isinstance(side, Layout):
        yield side.column.box


def _texts_kept_clear(side: Layout | Back) -> Iterator[Box]:
    yield from (each.box for each in side.captions if each.part not in _MAY_LIE_UNDER_A_SEAL)
    if isinstance(side, Layout):
        yield side.column.box
