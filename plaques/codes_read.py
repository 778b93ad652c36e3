"""Reading codes: from a bare matrix, from a picture, and from a picture of a worn plate.

Knows zxing-cpp, which did not encode them. Leaves out where on a page a code stands (read_back.py).
"""

from collections.abc import Iterator
from math import pi, sqrt

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from plaques.qr import QUIET_ZONE, Matrix

_PX = 2


def read_matrix(matrix: Matrix) -> str | None:
    """Return what a matrix says, drawn as small as it can be read; None where it says nothing."""
    side = matrix.side
    bare = Image.frombytes("1", (side, side), matrix.rows, "raw", "1;I")
    picture = Image.new("L", ((side + 2 * QUIET_ZONE) * _PX,) * 2, 255)
    picture.paste(bare.convert("L").resize((side * _PX,) * 2), (QUIET_ZONE * _PX,) * 2)
    return read_picture(picture)


def read_picture(picture: Image.Image) -> str | None:
    """Return what the code in a picture says; None where there is none."""
    found = zxingcpp.read_barcodes(picture)
    return str(found[0].text) if found else None


def stressed(picture: Image.Image, module_px: float) -> Iterator[tuple[str, Image.Image]]:
    """Yield the picture of a code blurred by 0.4 module, with a hole of 5 %, and turned by 45°."""
    yield "blur", picture.filter(ImageFilter.GaussianBlur(0.4 * module_px))
    holed, radius = picture.copy(), picture.width * sqrt(0.05 / pi)
    x, y = picture.width * 0.6, picture.height / 2
    ImageDraw.Draw(holed).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    yield "hole", holed
    yield "tilt", picture.rotate(45, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
