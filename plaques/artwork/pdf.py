"""Reading a PDF of one page as filled shapes.

Knows pdfium's page objects. Whatever pdfium shows differently from the shapes read is refused, so that
nothing is lost on the way without a word.
"""

import ctypes
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

from plaques.artwork.vectors import (
    MOST_SEGMENTS,
    Artwork,
    ArtworkTooLarge,
    BrokenArtwork,
    EncryptedArtwork,
    FillRule,
    HoldsCopy,
    HoldsEffect,
    HoldsHidden,
    HoldsPicture,
    HoldsProgram,
    HoldsStroke,
    HoldsText,
    HoldsUnknown,
    SeveralPages,
    UnfitArtwork,
    checked,
)
from plaques.contours import Transform, combined, moved
from plaques.drawing.pdf import draw_pdf
from plaques.marks import Box, Color, Contour, Page, Path, Segment
from plaques.pdfium import ONE_AT_A_TIME
from plaques.typography.typesetting import MM_PER_PT

_MOST_UNPACKED_BYTES = 20_000_000
_OPAQUE = 255
_LONGEST_MARK = 64
_COMPARED_PX = 600
_SAME_SHADE = 96
_MOST_DIFFERENT_SHARE = 0.0005
_OF_A_KIND: dict[int, tuple[type[UnfitArtwork], str]] = {
    pdfium.FPDF_PAGEOBJ_TEXT: (HoldsText, "Tj"),
    pdfium.FPDF_PAGEOBJ_IMAGE: (HoldsPicture, "Image"),
    pdfium.FPDF_PAGEOBJ_SHADING: (HoldsEffect, "sh"),
    pdfium.FPDF_PAGEOBJ_FORM: (HoldsCopy, "Form XObject"),
}
_RULES: dict[int, FillRule] = {
    pdfium.FPDF_FILLMODE_WINDING: "nonzero",
    pdfium.FPDF_FILLMODE_ALTERNATE: "evenodd",
}
_OPERATORS = {
    pdfium.FPDF_SEGMENT_MOVETO: "M",
    pdfium.FPDF_SEGMENT_LINETO: "L",
    pdfium.FPDF_SEGMENT_BEZIERTO: "C",
}


def read_pdf(content: bytes, file: str) -> Artwork:
    """Read a PDF of one page; colours come out as pdfium shows them on screen.

    Raises:
        UnfitArtwork: the file holds anything but plain filled shapes on one page.

    """
    _check_packed(content, file)
    with ONE_AT_A_TIME, _opened(content, file) as document:
        _check_document(document, file)
        page = document[0]
        artwork = _Reader(page, file).artwork()
        checked(artwork, file)
        _check_same_picture(page, artwork, file)
    return artwork


def _check_packed(content: bytes, file: str) -> None:
    """Refuse, before any of it is unpacked in earnest, what grows without measure.

    Forms that call forms multiply with every level, and a stream of a megabyte may hold a thousand.
    """
    if re.search(rb"/Subtype\s*/Form\b", content):
        raise HoldsCopy(file=file, found="Form XObject")
    for start in re.finditer(rb"stream\r?\n", content):
        try:
            unpacked = zlib.decompressobj().decompress(content[start.end() :], _MOST_UNPACKED_BYTES)
        except zlib.error:
            continue
        if len(unpacked) == _MOST_UNPACKED_BYTES:
            limit = f"{_MOST_UNPACKED_BYTES:,} bytes"
            raise ArtworkTooLarge(file=file, found="stream", limit=limit)


@contextmanager
def _opened(content: bytes, file: str) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        refusal = EncryptedArtwork if "assword" in str(error) else BrokenArtwork
        raise refusal(file=file, found=str(error)) from error
    with document:
        yield document


def _check_document(document: pypdfium2.PdfDocument, file: str) -> None:
    if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
        raise EncryptedArtwork(file=file)
    if len(document) != 1:
        raise SeveralPages(file=file, found=len(document))
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document):
        raise HoldsProgram(file=file, found="JavaScript")
    page = document[0]
    if pdfium.FPDFPage_GetAnnotCount(page):
        raise HoldsProgram(file=file, found="Annot")
    if page.get_rotation():
        raise HoldsUnknown(file=file, found=f"/Rotate {page.get_rotation()}")


class _Reader:
    """Reads the objects of one page."""

    def __init__(self, page: pypdfium2.PdfPage, file: str) -> None:
        left, bottom, right, top = page.get_bbox()
        self.page, self.file, self.segments = page, file, 0
        self.sheet = Box(0, 0, (right - left) * MM_PER_PT, (top - bottom) * MM_PER_PT)
        self.to_mm: Transform = (MM_PER_PT, 0, 0, -MM_PER_PT, -left * MM_PER_PT, top * MM_PER_PT)

    def artwork(self) -> Artwork:
        """Return all filled shapes in drawing order."""
        count = pdfium.FPDFPage_CountObjects(self.page)
        shapes = (pdfium.FPDFPage_GetObject(self.page, at) for at in range(count))
        paths = tuple(path for shape in shapes if (path := self._path(shape)))
        return Artwork(width_mm=self.sheet.width_mm, height_mm=self.sheet.height_mm, paths=paths)

    def _path(self, shape: pdfium.FPDF_PAGEOBJECT) -> Path | None:
        self._check_plain(shape)
        rule = self._rule(shape)
        if rule is None:
            return None
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(shape, matrix)
        own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        contours = moved(_contours(self._segments(shape)), combined(self.to_mm, own))
        return Path(contours=contours, color=self._color(shape), rule=rule)

    def _check_plain(self, shape: pdfium.FPDF_PAGEOBJECT) -> None:
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind in _OF_A_KIND:
            refusal, found = _OF_A_KIND[kind]
            raise refusal(file=self.file, found=found)
        if pdfium.FPDFPageObj_HasTransparency(shape):
            raise HoldsEffect(file=self.file, found="ExtGState")
        if "OC" in _marks(shape):
            raise HoldsHidden(file=self.file, found="/OC")

    def _rule(self, shape: pdfium.FPDF_PAGEOBJECT) -> FillRule | None:
        """Return how a shape is filled, or None if it is not drawn at all."""
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(shape, mode, stroked)
        if stroked.value:
            raise HoldsStroke(file=self.file, found="S")
        return _RULES.get(mode.value)

    def _color(self, shape: pdfium.FPDF_PAGEOBJECT) -> Color:
        parts = [ctypes.c_uint() for _ in "rgba"]
        if not pdfium.FPDFPageObj_GetFillColor(shape, *parts) or parts.pop().value != _OPAQUE:
            raise HoldsEffect(file=self.file, found="scn")
        return Color("#" + "".join(f"{part.value:02X}" for part in parts))

    def _segments(self, shape: pdfium.FPDF_PAGEOBJECT) -> Iterator[tuple[str, float, float]]:
        """Yield a shape's points, each with the operator it belongs to; a curve has three."""
        count = pdfium.FPDFPath_CountSegments(shape)
        self.segments += count
        if self.segments > MOST_SEGMENTS:
            raise ArtworkTooLarge(file=self.file, found=f"{self.segments:,} segments", limit=MOST_SEGMENTS)
        for at in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(shape, at)
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            yield _OPERATORS[pdfium.FPDFPathSegment_GetType(segment)], x.value, y.value


def _contours(points: Iterator[tuple[str, float, float]]) -> tuple[Contour, ...]:
    contours: list[list[Segment]] = []
    for operator, x, y in points:
        if operator == "M":
            contours.append([("M", x, y)])
        elif operator == "L":
            contours[-1].append(("L", x, y))
        else:
            (_, x2, y2), (_, x3, y3) = next(points), next(points)
            contours[-1].append(("C", x, y, x2, y2, x3, y3))
    return tuple(map(tuple, contours))


def _marks(shape: pdfium.FPDF_PAGEOBJECT) -> Iterator[str]:
    """Yield the names of the marked content a shape belongs to (ISO 32000-2, 14.6)."""
    for at in range(pdfium.FPDFPageObj_CountMarks(shape)):
        name, length = (ctypes.c_ushort * _LONGEST_MARK)(), ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(shape, at)
        pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
        yield bytes(name)[: length.value].decode("utf-16-le").rstrip("\0")


def _check_same_picture(page: pypdfium2.PdfPage, artwork: Artwork, file: str) -> None:
    """Refuse a page that looks different from its shapes: pdfium names no patterns, clips or hidden forms."""
    sheet = Page(width_mm=artwork.width_mm, height_mm=artwork.height_mm, marks=artwork.paths)
    with pypdfium2.PdfDocument(draw_pdf([sheet], title=file)) as drawn:
        difference = ImageChops.difference(_picture(page), _picture(drawn[0])).convert("L")
    pixels = difference.width * difference.height
    if sum(difference.histogram()[_SAME_SHADE:]) > _MOST_DIFFERENT_SHARE * pixels:
        raise HoldsEffect(file=file, found="Pattern, clip")


def _picture(page: pypdfium2.PdfPage) -> Image.Image:
    picture: Image.Image = page.render(scale=_COMPARED_PX / max(page.get_size())).to_pil()
    return picture.convert("RGB").resize((_COMPARED_PX, _COMPARED_PX))
