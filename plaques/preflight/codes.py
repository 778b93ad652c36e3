"""Reading codes: from a bare matrix, from a picture, and from pictures of what befalls a plate.

Knows zxing-cpp, which did not encode them. Leaves out where on a page a code stands (read_back.py) and what
it ought to say.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import pi, sqrt
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from plaques.qr import QUIET_ZONE, Matrix

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_LIGHT = 255
_EVEN: Mapping[str, Any] = {
    "formats": _QR,
    "binarizer": zxingcpp.Binarizer.FixedThreshold,
    "is_pure": True,
    "try_rotate": False,
    "try_invert": False,
    "try_downscale": False,
}
"""How a picture is read that holds an upright code and nothing else, in black and white."""
_BLUR_MODULES = 0.4
_HOLE = 0.05
_VIEWED_FROM = 10
"""Widths of the code from which it is read; none on a plaque is made for more."""


def read_matrices(matrices: Iterable[Matrix]) -> Iterator[str | None]:
    """Yield what matrices say, each drawn with one pixel to a module; None for one that says nothing."""
    for matrix in matrices:
        yield _text(zxingcpp.read_barcode(_picture(matrix), **_EVEN))


def _picture(matrix: Matrix) -> memoryview:
    """Return a matrix as a grey picture, its quiet zone around it."""
    side = matrix.side + 2 * QUIET_ZONE
    beside = bytes([_LIGHT]) * (2 * QUIET_ZONE)
    shown = beside.join(matrix.lines(light=_LIGHT, dark=0))
    around = bytes([_LIGHT]) * (QUIET_ZONE * side + QUIET_ZONE)
    return memoryview(around + shown + around).cast("B", (side, side))


def read_picture(picture: Image.Image) -> str | None:
    """Return what the dark code in a light picture says, up to how it is turned; None if nothing is read.

    A picture that is not read as it is gets a second look at twice its size, where modules of two or three
    pixels that are blurred into each other come apart.
    """
    return _look(picture) or _look(picture.resize((picture.width * 2, picture.height * 2)))


def _look(picture: Image.Image) -> str | None:
    return _text(zxingcpp.read_barcode(picture, formats=_QR, try_invert=False))


def _text(found: zxingcpp.Barcode | None) -> str | None:
    """Return the text of a code; what is looked for as pure may be found and still be none."""
    return str(found.text) if found and found.valid else None


def stressed(picture: Image.Image, module_px: float) -> Iterator[tuple[str, Image.Image]]:
    """Yield a code's picture as it suffers, each with the name of what befell it.

    `picture` is grey and holds the code with its quiet zone and nothing else; `module_px` is the side of a
    module. Blur: by 0.4 module, the sigma of a Gauss curve. Hole: round, 5 % of the code's area, in the
    middle, where up to version 6 only data stands. Turn: by 45° in its plane. Tilt: seen from 45° aside, from
    ten times its width.
    """
    yield "blur", picture.filter(ImageFilter.GaussianBlur(_BLUR_MODULES * module_px))
    yield "hole", _with_hole(picture, picture.width - 2 * QUIET_ZONE * module_px)
    yield "turn", picture.rotate(45, Image.Resampling.BICUBIC, expand=True, fillcolor=_LIGHT)
    yield "tilt", _seen_aslant(picture)


def _with_hole(picture: Image.Image, code_px: float) -> Image.Image:
    holed, radius = picture.copy(), code_px * sqrt(_HOLE / pi)
    middle_pixel = (picture.width - 1) / 2, (picture.height - 1) / 2
    ImageDraw.Draw(holed).circle(middle_pixel, radius - 1 / 2, fill=_LIGHT)
    return holed


def _seen_aslant(picture: Image.Image) -> Image.Image:
    """Return the picture, at twice its size, turned by 45° about its upright middle line.

    A point (X, Y) of the view, from the middle, shows (X √2, Y) / (1 - X / distance) of the picture.
    """
    large = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
    middle, half_height = large.width / 2, large.height / 2
    nearness = 1 / (_VIEWED_FROM * large.width)
    at_edge = 1 + middle * nearness
    across = (sqrt(2) - middle * nearness, 0, middle * (at_edge - sqrt(2)))
    down = (-half_height * nearness, 1, half_height * (at_edge - 1))
    numbers = [number / at_edge for number in (*across, *down, -nearness, 0)]
    return large.transform(
        large.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor=_LIGHT
    )
