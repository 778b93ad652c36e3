"""Reading back: what the finished file says, compared with what was to be printed.

Knows pdfium, which did not draw the file, and has every code read by a reader that did not encode it. Leaves
out what can be seen on the marks (preflight/plate.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import sub

import pypdfium2
from PIL import Image

from plaques.composition.captions import NAME
from plaques.marks import Box, Code, Group, Laid, Page, Text, leaves
from plaques.pdfium import ONE_AT_A_TIME
from plaques.preflight.codes import read_matrices, read_picture, stressed
from plaques.preflight.findings import Check
from plaques.preflight.plate import Plate, by_part, squeezed
from plaques.preflight.report import CopyReport, Report
from plaques.press.impose import Sheet
from plaques.qr import QUIET_ZONE
from plaques.typography.typesetting import MM_PER_PT
from store.refusals import Refusal

_MM_PER_INCH = 25.4
_LIGHT = 200
_LEAST_DPI = 300.0
_MODULE_PX = 6
_BOX_SLACK_PT = 0.01
_ALL_PAGES = 40
_SAMPLE_PAGES = 3
_MOST_WORN = 40
"""So many codes of a file, one of each page at the least, are read as they look when worn: 20 ms each."""


class QuietZoneBroken(Refusal):
    """The light border of a code is not light all round. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的二维码四周不足4个单元的空白。"
    reason_en = "The code of plate {number} lacks a light border of 4 modules (ISO/IEC 18004)."
    remedy_zh = "请修改设计文件，二维码四周不得有其他图文。"
    remedy_en = "Correct the design file: nothing may stand around the code."


class CodeUnreadable(Refusal):
    """No reader gets the code back from the page. Remedy: report it; nothing was printed."""

    reason_zh = "标牌 {number} 的二维码从成品页面上读不出来（{condition}）。"
    reason_en = "The code of plate {number} cannot be read back from the finished page ({condition})."
    remedy_zh = "没有生成文件，请联系管理员。"
    remedy_en = "No file was made; tell the administrator."


class CodeDiffers(Refusal):
    """The code on the page is not the copy's own. Remedy: report it; nothing was printed."""

    reason_zh = "标牌 {number} 的二维码内容为“{read}”，与登记的“{expected}”不符。"
    reason_en = "The code of plate {number} says {read!r} instead of {expected!r}."
    remedy_zh = "没有生成文件，请联系管理员。"
    remedy_en = "No file was made; tell the administrator."


class TextLost(Refusal):
    """A text is not extracted from the file as the record has it. Remedy: report it; nothing was printed."""

    reason_zh = "标牌 {number} 的“{text}”从成品文件中提取不出来。"
    reason_en = "{text!r} of plate {number} cannot be extracted from the finished file."
    remedy_zh = "没有生成文件，请联系管理员。"
    remedy_en = "No file was made; tell the administrator."


class BoxesDiffer(Refusal):
    """A page of the finished file is not cut where it was laid. Remedy: report it; nothing was printed."""

    reason_zh = "成品文件的 {box} 与拼版不符。"
    reason_en = "The {box} of the finished file is not where the copy was laid."
    remedy_zh = "没有生成文件，请联系管理员。"
    remedy_en = "No file was made; tell the administrator."


class PagesMissing(Refusal):
    """The finished file has not the pages that were drawn. Remedy: report it; nothing was printed."""

    reason_zh = "成品文件有{pages}页，应为{expected}页。"
    reason_en = "The finished file has {pages} pages instead of {expected}."
    remedy_zh = "没有生成文件，请联系管理员。"
    remedy_en = "No file was made; tell the administrator."


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A page of the finished file: the sheet drawn on it, and the plates in its places."""

    sheet: Sheet
    plates: tuple[Plate, ...]


class Witness:
    """Watches the sheets of a file go by to be drawn, then compares the finished file with what it saw.

    It reads the matrix of every code as it goes by, and keeps of a long file an even sample of the sheets.
    On a design drawn as outlines there is no text to extract.
    """

    def __init__(self, *, pages: int) -> None:
        """Expect this number of pages, or fewer."""
        self._sample = frozenset(_sample(pages))
        self._most_worn = max(1, _MOST_WORN // pages)
        self._kept: dict[int, Leaf] = {}
        self._copies: list[CopyReport] = []
        self._pages = 0

    def watched(self, leaves: Iterable[Leaf]) -> Iterator[Page]:
        """Yield the pages to be drawn, having read their codes' matrices.

        Raises:
            CodeDiffers: a matrix is not of the copy's own code.

        """
        for at, leaf in enumerate(leaves):
            if at in self._sample:
                self._kept[at] = leaf
            if leaf.sheet.is_front:
                _check_matrices(leaf.plates)
                self._copies += (_copy_report(plate, at + 1) for plate in leaf.plates)
            self._pages = at + 1
            yield leaf.sheet.page

    def report(self, pdf: bytes, *, raster_dpi: float) -> Report:
        """Read the finished file: boxes, quiet zones, codes and texts of the sample, at `raster_dpi` or 300.

        Raises:
            PagesMissing: the file has another number of pages.
            BoxesDiffer: a page's trim or bleed is not where it was laid.
            QuietZoneBroken: something dark stands in a code's light border.
            CodeUnreadable: a code cannot be read, as it is or worn as plates get.
            CodeDiffers: a code is not the copy's own.
            TextLost: a text is not extracted as the record has it.

        """
        dpi, worn = max(_LEAST_DPI, raster_dpi), set[str]()
        with ONE_AT_A_TIME, pypdfium2.PdfDocument(pdf) as document:
            if len(document) != self._pages:
                raise PagesMissing(pages=len(document), expected=self._pages)
            for at, leaf in self._kept.items():
                worn |= _read_page(document[at], leaf, dpi, self._most_worn)
        return Report(
            copies=tuple(self._copies),
            pages=self._pages,
            raster_dpi=dpi,
            rasterised=frozenset(plate.number for leaf in self._kept.values() for plate in leaf.plates),
            worn=frozenset(worn),
            checks=tuple(_checks(self._kept[0])),
        )


def _checks(leaf: Leaf) -> Iterator[Check]:
    yield from (Check.CODE, Check.QUIET_ZONE, Check.STRESS)
    if leaf.sheet.page.texts:
        yield Check.EXTRACTION


def _sample(pages: int) -> Sequence[int]:
    """Return which pages are read back: all of a few, else the first, the last and some between."""
    if pages <= _ALL_PAGES:
        return range(pages)
    return [step * (pages - 1) // (_SAMPLE_PAGES - 1) for step in range(_SAMPLE_PAGES)]


def _read_page(page: pypdfium2.PdfPage, leaf: Leaf, dpi: float, most_worn: int) -> set[str]:
    """Read a page back, so many of its codes also as they look when worn; return whose those are."""
    _check_boxes(page, leaf.sheet.page)
    laid = _laid_on(leaf)
    _check_texts(page, leaf, laid)
    raster = _rasterised(page, leaf.sheet.page, dpi)
    codes = [
        (each, plate)
        for marks, plate in zip(laid, leaf.plates, strict=True)
        for each in marks
        if isinstance(each.mark, Code)
    ]
    for each, plate in codes:
        _check_quiet(raster, each, plate)
        _check_reading("clean", raster.cut(each.box), plate)
    for each, plate in codes[:most_worn]:
        _check_worn(raster, each, plate)
    return {plate.number for _, plate in codes[:most_worn]}


def _laid_on(leaf: Leaf) -> list[tuple[Laid, ...]]:
    """Return the marks of each plate where they lie on the sheet."""
    return [tuple(leaves((mark,))) for mark in leaf.sheet.page.marks if isinstance(mark, Group)]


def _check_boxes(page: pypdfium2.PdfPage, drawn: Page) -> None:
    for name, box, found in (
        ("TrimBox", drawn.trim or drawn.box, page.get_trimbox()),
        ("BleedBox", drawn.bleed or drawn.box, page.get_bleedbox()),
    ):
        left, bottom, right, top = _points(box, drawn.height_mm)
        differences = map(sub, found, (left, bottom, right, top))
        if any(abs(each) > _BOX_SLACK_PT for each in differences):
            raise BoxesDiffer(box=name)


def _check_texts(page: pypdfium2.PdfPage, leaf: Leaf, laid: Sequence[Sequence[Laid]]) -> None:
    words = page.get_textpage()
    whole = words.get_text_range()
    for place, marks, plate in zip(leaf.sheet.places, laid, leaf.plates, strict=True):
        # pdfium gives the text of a form without the place the form is drawn at.
        own = words.get_text_bounded(*_points(place, leaf.sheet.page.height_mm))
        for is_shared, text in ((True, whole), (False, own)):
            texts = [each.mark for each in marks if each.is_shared is is_shared]
            _check_extraction(text, [mark for mark in texts if isinstance(mark, Text)], plate)


def _points(place: Box, height_mm: float) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top in points from the sheet's lower left corner."""
    edges = (place.x_mm, height_mm - place.bottom_mm, place.right_mm, height_mm - place.y_mm)
    left, bottom, right, top = (edge / MM_PER_PT for edge in edges)
    return left, bottom, right, top


def _check_extraction(extracted: str, texts: Sequence[Text], plate: Plate) -> None:
    for text in texts:
        if text.part == NAME and not re.search(rf"(?<!\S){re.escape(text.text)}(?!\S)", extracted):
            raise TextLost(number=plate.number, text=text.text)
    found = squeezed(extracted)
    for part, words in by_part(texts).items():
        if part != NAME and words not in found:
            raise TextLost(number=plate.number, text=words)


@dataclass(frozen=True)
class _Raster:
    """The part of a page that holds its codes, as grey pixels."""

    picture: Image.Image
    corner: Box
    dpi: float

    def cut(self, box: Box) -> Image.Image:
        """Return the pixels of a box on the page."""
        edges = (
            box.x_mm - self.corner.x_mm,
            box.y_mm - self.corner.y_mm,
            box.right_mm - self.corner.x_mm,
            box.bottom_mm - self.corner.y_mm,
        )
        left, top, right, bottom = (round(edge * self.dpi / _MM_PER_INCH) for edge in edges)
        return self.picture.crop((left, top, right, bottom))


def _rasterised(page: pypdfium2.PdfPage, drawn: Page, dpi: float) -> _Raster:
    corner = _around([laid.box for laid in drawn.laid if isinstance(laid.mark, Code)])
    edges = (
        corner.x_mm,
        drawn.height_mm - corner.bottom_mm,
        drawn.width_mm - corner.right_mm,
        corner.y_mm,
    )
    crop = tuple(max(0.0, edge) / MM_PER_PT for edge in edges)
    bitmap = page.render(scale=dpi / 72, crop=crop, grayscale=True)
    return _Raster(bitmap.to_pil().convert("L"), corner, dpi)


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min((box.x_mm for box in boxes), default=0), min((box.y_mm for box in boxes), default=0)
    right = max((box.right_mm for box in boxes), default=1)
    bottom = max((box.bottom_mm for box in boxes), default=1)
    return Box(left, top, right - left, bottom - top)


def _check_reading(condition: str, picture: Image.Image, plate: Plate) -> None:
    read = read_picture(picture)
    if read is None:
        raise CodeUnreadable(number=plate.number, condition=condition)
    if read != plate.url:
        raise CodeDiffers(number=plate.number, read=read, expected=plate.url)


def _check_worn(raster: _Raster, code: Laid, plate: Plate) -> None:
    """Read a code as it suffers; a large one from farther away, where a module is still some pixels wide."""
    module_px = _module_mm(code) * raster.dpi / _MM_PER_INCH
    farther = max(1, int(module_px / _MODULE_PX))
    picture = raster.cut(code.box).reduce(farther)
    for condition, worn in stressed(picture, module_px / farther):
        _check_reading(condition, worn, plate)


def _check_quiet(raster: _Raster, code: Laid, plate: Plate) -> None:
    """Make sure that the border of a code is light, but for its very edges, where pixels are mixed."""
    strips = (raster.cut(strip).tobytes() for strip in _quiet_strips(code.box, _module_mm(code)))
    if any(min(strip) < _LIGHT for strip in strips):
        raise QuietZoneBroken(number=plate.number)


def _module_mm(code: Laid) -> float:
    return code.mark.module_mm if isinstance(code.mark, Code) else 0.0


def _quiet_strips(box: Box, module_mm: float) -> tuple[Box, ...]:
    zone = box.inset(module_mm / 4)
    depth = (QUIET_ZONE - 1 / 2) * module_mm
    return (
        Box(zone.x_mm, zone.y_mm, zone.width_mm, depth),
        Box(zone.x_mm, zone.bottom_mm - depth, zone.width_mm, depth),
        Box(zone.x_mm, zone.y_mm, depth, zone.height_mm),
        Box(zone.right_mm - depth, zone.y_mm, depth, zone.height_mm),
    )


def _check_matrices(plates: Sequence[Plate]) -> None:
    codes = [(plate, code) for plate in plates for page in plate.sides for code in page.codes]
    for (plate, _), read in zip(codes, read_matrices(code.matrix for _, code in codes), strict=True):
        if read != plate.url:
            raise CodeDiffers(number=plate.number, read=read or "", expected=plate.url)


def _copy_report(plate: Plate, sheet_number: int) -> CopyReport:
    return CopyReport(
        number=plate.number,
        sheet_number=sheet_number,
        post_name=plate.face.post_name,
        holder=plate.face.holder,
        code_read=plate.url,
        fell_back=tuple(dict.fromkeys([text.text for page in plate.sides for text in page.fell_back])),
    )
