"""Preflight: everything that must hold before paper, checked on the marks and again on the finished file.

Knows what a plate owes the founding plan (F10), the printer and the scanner, and refuses by copy and text.
Reads the file back with other software than wrote it: pdfium for the page and its text, zxing for the codes.
Leaves out missing glyphs and texts too long, which already compose.py refuses.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, groupby
from threading import Lock
from urllib.parse import urlsplit

import pypdfium2
import zxingcpp
from PIL import Image

from plaques.compose import NAME
from plaques.impose import Sheet
from plaques.marks import Box, Code, Page, Text
from plaques.qr import QUIET_ZONE
from plaques.typesetting import MM_PER_PT
from store.records import Face
from store.refusals import Refusal

CHECKS = ("texts", "count", "glyphs", "clearance", "overlap", "module", "quiet zone", "code", "extraction")
"""What a report vouches for, for every copy."""

_PDFIUM = Lock()
"""pdfium serves one thread at a time."""

_MM_PER_INCH = 25.4
_LIGHT = 200
_SPECIAL_USE = frozenset(
    {
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "test",
        "example",
        "invalid",
        "arpa",
    }
)
"""Names that lead nowhere in public: RFC 2606, 6761, 6762 and common usage inside offices."""


class UnfitBaseUrl(Refusal):
    """The address would be printed for years and is not fit for it. Remedy: set a public https address."""

    reason_zh = "网址“{base_url}”不能印上标牌：{problem_zh}。"
    reason_en = "The base URL {base_url!r} cannot be printed: {problem_en}."
    remedy_zh = "请将 GANGPAI_BASE_URL 设为公众可访问的 https 网址；此前只能出样张。"
    remedy_en = "Set GANGPAI_BASE_URL to a public https address; until then only proofs are printed."


class NoBaseUrl(UnfitBaseUrl):
    """No address is set, so that a code would lead nowhere. Remedy: set one."""

    reason_zh = "尚未设置核验网址，二维码无处可指。"
    reason_en = "No base URL is set: a code would lead nowhere."


class IncompletePlate(Refusal):
    """A text that a plate must bear is not on it in full. Remedy: complete the post's record."""

    clause_id = "F10"
    reason_zh = "标牌 {number} 缺少或改动了应印的文字：“{text}”。"
    reason_en = "Plate {number} lacks, or alters, a text it must bear: {text!r}."
    remedy_zh = "请补全岗位名称、工作职责和党员姓名后重印。"
    remedy_en = "Complete post name, duties and members' names, then print again."


class TooNearTrim(Refusal):
    """Something stands too near the edge and could be cut. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的“{text}”距裁切边不足{clear_mm:g}毫米。"
    reason_en = "On plate {number}, {text!r} stands within {clear_mm:g} mm of the trim."
    remedy_zh = "请修改设计文件。"
    remedy_en = "Correct the design file."


class TextsCollide(Refusal):
    """Two things touch each other. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的“{first}”与“{second}”重叠。"
    reason_en = "On plate {number}, {first!r} and {second!r} touch."
    remedy_zh = "请修改设计文件。"
    remedy_en = "Correct the design file."


class QuietZoneBroken(Refusal):
    """The light border of a code is not light all round. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的二维码四周不足4个单元的空白。"
    reason_en = "The code of plate {number} lacks a light border of 4 modules (ISO/IEC 18004)."
    remedy_zh = "请修改设计文件，二维码四周不得有其他图文。"
    remedy_en = "Correct the design file: nothing may stand around the code."


class CodeUnreadable(Refusal):
    """No reader gets the code back from the page. Remedy: report it; nothing was printed."""

    reason_zh = "标牌 {number} 的二维码从成品页面上读不出来。"
    reason_en = "The code of plate {number} cannot be read back from the finished page."
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


@dataclass(frozen=True, kw_only=True)
class Plate:
    """A composed copy and what it has to say."""

    number: str
    face: Face
    url: str
    page: Page


@dataclass(frozen=True, kw_only=True)
class CopyReport:
    """What preflight found on one copy; `fell_back` lists texts set in another face, for a human eye."""

    number: str
    sheet_number: int
    post_name: str
    holder: str
    code_read: str
    fell_back: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was checked of a file, copy by copy; an error would have been a refusal."""

    copies: tuple[CopyReport, ...]
    pages: int
    raster_dpi: float
    checks: tuple[str, ...] = CHECKS


def check_base_url(base_url: str) -> None:
    """Make sure an address may be printed on plates that hang for years: https, a public host, nothing else.

    Raises:
        UnfitBaseUrl: what is wrong with it.

    """
    if not base_url:
        raise NoBaseUrl
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not base_url.startswith("https://"):
        raise UnfitBaseUrl(base_url=base_url, problem_zh="须以 https:// 开头", problem_en="not https")
    if parts.username or parts.query or parts.fragment:
        raise UnfitBaseUrl(
            base_url=base_url, problem_zh="只应有主机名和路径", problem_en="only host and path are allowed"
        )
    if parts.netloc != parts.netloc.lower() or not _is_public(parts.hostname or ""):
        raise UnfitBaseUrl(
            base_url=base_url, problem_zh="主机名不是公众可访问的", problem_en="its host is not a public one"
        )


def _is_public(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_global
    return "." in host.rstrip(".") and host.rstrip(".").rsplit(".", 1)[-1] not in _SPECIAL_USE


def check_plate(plate: Plate, *, clear_mm: float) -> None:
    """Check one copy's marks: all it must say is there, nothing touches, nothing is near the trim.

    Raises:
        IncompletePlate: a text of F10 is missing or altered, or the count is not the number of names.
        TooNearTrim: a text or the code is within `clear_mm` of the edge.
        TextsCollide: two texts, or a text and the code, touch.

    """
    _check_texts(plate)
    safe = plate.page.box.inset(clear_mm)
    boxes = [*((text.text, text.box) for text in plate.page.texts), *_code_boxes(plate.page)]
    for text, box in boxes:
        if not safe.holds(box):
            raise TooNearTrim(number=plate.number, text=text, clear_mm=clear_mm)
    for (first, box), (second, other) in combinations(boxes, 2):
        if box.touches(other):
            raise TextsCollide(number=plate.number, first=first, second=second)


def _code_boxes(page: Page) -> Iterator[tuple[str, Box]]:
    return ((code.url, code.box) for code in page.codes)


def _check_texts(plate: Plate) -> None:
    face, printed = plate.face, _by_part(plate.page.texts)
    for text, part in ((face.post_name, "post_name"), (face.heading, "heading"), (plate.number, "number")):
        if not text or _squeezed(text) not in printed.get(part, ""):
            raise IncompletePlate(number=plate.number, text=text)
    if not _keeps(face.duties, printed.get("duties", ""), shortened=bool(face.holder)):
        raise IncompletePlate(number=plate.number, text=face.duties)
    if f"{face.member_count}名" not in printed.get("count", ""):
        raise IncompletePlate(number=plate.number, text=f"{face.member_count} 名")
    _check_names(plate)


def _check_names(plate: Plate) -> None:
    """Compare names as printed: on a plaque all of them in order, on a badge the holder's."""
    face = plate.face
    due = (face.holder,) if face.holder else face.names
    printed = tuple(text.text for text in plate.page.texts if text.part == NAME)
    if not due or printed != due or not set(due) <= set(face.names):
        missing = [name for name in due if name not in printed]
        raise IncompletePlate(number=plate.number, text="、".join(missing or due))


def _keeps(duties: str, printed: str, *, shortened: bool) -> bool:
    whole = _squeezed(duties)
    kept = printed.removesuffix("……")
    return bool(whole) and (printed == whole or (shortened and bool(kept) and whole.startswith(kept)))


def _by_part(texts: Iterable[Text]) -> dict[str, str]:
    """Join the lines of each part, blanks left out."""
    return {
        part: _squeezed("".join(text.text for text in lines))
        for part, lines in groupby(texts, key=lambda text: text.part)
    }


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# The finished file -----------------------------------------------------------------------------------------


def read_back(pdf: bytes, sheets: Sequence[Sheet], plates: Sequence[Plate], *, raster_dpi: float) -> Report:
    """Read every copy back from the finished file, at its own place: quiet zone, code and text.

    Raises:
        QuietZoneBroken: something dark stands in a code's light border.
        CodeUnreadable: a code cannot be read, or a copy is on no page.
        CodeDiffers: a code is not the copy's own.
        TextLost: a text is not extracted as the record has it.

    """
    waiting = iter(plates)
    with _PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        copies = tuple(
            copy_report
            for number, (leaf, sheet) in enumerate(zip(document, sheets, strict=True), start=1)
            for copy_report in _read_sheet(number, leaf, sheet, waiting, raster_dpi)
        )
    for plate in waiting:
        raise CodeUnreadable(number=plate.number)
    return Report(copies=copies, pages=len(sheets), raster_dpi=raster_dpi)


def _read_sheet(
    number: int, leaf: pypdfium2.PdfPage, sheet: Sheet, waiting: Iterator[Plate], raster_dpi: float
) -> Iterator[CopyReport]:
    picture = leaf.render(scale=raster_dpi / 72).to_pil().convert("L")
    words = leaf.get_textpage()
    for place, plate in zip(sheet.places, waiting, strict=False):
        text = words.get_text_bounded(*_points(place, sheet.page.height_mm))
        _check_extraction(text, plate)
        code_read = [
            _read_code(picture, code.shifted(place.x_mm, place.y_mm), plate, raster_dpi)
            for code in plate.page.codes
        ]
        yield _copy_report(plate, code_read[0], number)


def _points(place: Box, height_mm: float) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top in points from the sheet's lower left corner."""
    edges = (place.x_mm, height_mm - place.bottom_mm, place.right_mm, height_mm - place.y_mm)
    left, bottom, right, top = (edge / MM_PER_PT for edge in edges)
    return left, bottom, right, top


def _check_extraction(extracted: str, plate: Plate) -> None:
    for text in plate.page.texts:
        if text.part == NAME and not re.search(rf"(?<!\S){re.escape(text.text)}(?!\S)", extracted):
            raise TextLost(number=plate.number, text=text.text)
    squeezed = _squeezed(extracted)
    for part, words in _by_part(plate.page.texts).items():
        if part != NAME and words not in squeezed:
            raise TextLost(number=plate.number, text=words)


def _read_code(picture: Image.Image, code: Code, plate: Plate, raster_dpi: float) -> str:
    """Return what the code at this place of the raster says, after making sure it is the copy's own."""
    if not _is_quiet(picture, code, raster_dpi):
        raise QuietZoneBroken(number=plate.number)
    found = zxingcpp.read_barcodes(picture.crop(_pixels(code.box, raster_dpi)))
    if not found:
        raise CodeUnreadable(number=plate.number)
    if found[0].text != plate.url:
        raise CodeDiffers(number=plate.number, read=found[0].text, expected=plate.url)
    return str(found[0].text)


def _is_quiet(picture: Image.Image, code: Code, raster_dpi: float) -> bool:
    """Whether the border of the code is light, but for its very edges, where pixels are mixed."""
    strips = (picture.crop(_pixels(strip, raster_dpi)).tobytes() for strip in _quiet_strips(code))
    return all(min(strip) >= _LIGHT for strip in strips)


def _quiet_strips(code: Code) -> tuple[Box, ...]:
    zone = code.box.inset(code.module_mm / 4)
    depth = (QUIET_ZONE - 1 / 2) * code.module_mm
    return (
        Box(zone.x_mm, zone.y_mm, zone.width_mm, depth),
        Box(zone.x_mm, zone.bottom_mm - depth, zone.width_mm, depth),
        Box(zone.x_mm, zone.y_mm, depth, zone.height_mm),
        Box(zone.right_mm - depth, zone.y_mm, depth, zone.height_mm),
    )


def _pixels(box: Box, raster_dpi: float) -> tuple[int, int, int, int]:
    edges = (box.x_mm, box.y_mm, box.right_mm, box.bottom_mm)
    left, top, right, bottom = (round(edge * raster_dpi / _MM_PER_INCH) for edge in edges)
    return left, top, right, bottom


def _copy_report(plate: Plate, code_read: str, sheet_number: int) -> CopyReport:
    return CopyReport(
        number=plate.number,
        sheet_number=sheet_number,
        post_name=plate.face.post_name,
        holder=plate.face.holder,
        code_read=code_read,
        fell_back=tuple(text.text for text in plate.page.texts if text.fell_back),
    )
