"""Reading the codes out of what an officer has at hand: a code, an address, a picture, a PDF.

Knows how to find every code of a page or photograph. Leaves out what a code says of a plate.
Decoding is done by zxing-cpp, which shares nothing with the encoder.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from gangpai.office import read_plate
from store.codes import NotAPlateCode, NotAPlateNumber
from store.refusals import Refusal

PDF_DPI = (150, 300)
BYTES_MOST = 64 * 1024 * 1024
PIXELS_MOST = 80_000_000
PAGES_MOST = 500
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
_POINTS_PER_INCH = 72
_PHOTO_SIDES_PX = (4000, 2000, 1200, 700)
_PDF_MAGIC = b"%PDF-"
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


class NothingToRead(Refusal):
    """The file is neither a picture nor a PDF that can be read. Remedy: give one, or the plate number."""

    reason_zh = "“{path}”不是可读的图片或 PDF（{problem_zh}）。"
    reason_en = "{path!r} is no picture or PDF that can be read ({problem_en})."
    remedy_zh = "请提供 PNG、JPEG 或 PDF 文件，或直接输入牌面编号。"
    remedy_en = "Give a PNG, JPEG or PDF, or type the plate number."


class NoCodeFound(Refusal):
    """No code was found in the file. Remedy: take the picture again."""

    reason_zh = "在“{path}”中没有读到二维码。"
    reason_en = "No code was found in {path!r}."
    remedy_zh = "请靠近、对正、避开反光重新拍摄，或直接输入牌面编号。"
    remedy_en = "Take it again, close, straight and without glare, or type the plate number."


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One code seen: its text and where it was (第3页, or empty)."""

    text: str
    where: str = ""


def sightings(argument: str) -> list[Sighting]:
    """Return what the argument holds: the codes of a file, or the code, address or number itself.

    Raises:
        NothingToRead, NoCodeFound: it is a file, but without a readable code.
        NotAPlateCode, NotAPlateNumber: it is neither a file nor anything a plate carries.

    """
    path = Path(argument)
    if not _holds(path.is_file):
        return [Sighting(text=_checked(argument))]
    found = list(_in_file(path))
    if not found:
        raise NoCodeFound(path=argument)
    return found


def _holds(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (OSError, ValueError):
        # An address may be longer than a file's name can be.
        return False


def _checked(text: str) -> str:
    if "://" in text:
        return text
    try:
        read_plate(text)
    except (NotAPlateCode, NotAPlateNumber):
        _check_no_file_is_meant(text)
        raise
    return text


def _check_no_file_is_meant(text: str) -> None:
    if text and _holds(Path(text).is_dir):
        raise NothingToRead(path=text, problem_zh="这是目录", problem_en="it is a folder")
    if Path(text).suffix.lower() in _SUFFIXES:
        raise NothingToRead(path=text, problem_zh="没有这个文件", problem_en="there is no such file")


def _in_file(path: Path) -> Iterator[Sighting]:
    if path.stat().st_size > BYTES_MOST:
        raise NothingToRead(path=str(path), problem_zh="文件超过64 MB", problem_en="it is larger than 64 MB")
    data = path.read_bytes()
    if data.lstrip()[:5] == _PDF_MAGIC:
        return _in_pdf(data, path)
    return (Sighting(text=text) for text in _in_photo(_opened(data, path)))


def _in_pdf(data: bytes, path: Path) -> Iterator[Sighting]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise NothingToRead(path=str(path), problem_zh="PDF 已损坏或加密", problem_en=str(error)) from error
    if len(document) > PAGES_MOST:
        raise NothingToRead(path=str(path), problem_zh=f"超过{PAGES_MOST}页", problem_en="too many pages")
    for number, page in enumerate(document, start=1):
        for text in _on_page(page):
            yield Sighting(text=text, where=f"第{number}页")


def _on_page(page: pypdfium2.PdfPage) -> list[str]:
    """Return every code of a page: those read at the finer resolution are added to those of the coarser."""
    found: dict[str, None] = {}
    for dpi in PDF_DPI:
        if page.get_width() * page.get_height() * (dpi / _POINTS_PER_INCH) ** 2 <= PIXELS_MOST:
            image = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True).to_pil()
            found.update(dict.fromkeys(_codes(image)))
    return list(found)


def _opened(data: bytes, path: Path) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        _check_pixels(image, path)
        upright = ImageOps.exif_transpose(image)
        return upright.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NothingToRead(
            path=str(path), problem_zh="格式不认识或已损坏", problem_en="unknown format, or damaged"
        ) from error


def _check_pixels(image: Image.Image, path: Path) -> None:
    if image.width * image.height > PIXELS_MOST:
        raise NothingToRead(path=str(path), problem_zh="像素过多", problem_en="too many pixels")


def _in_photo(image: Image.Image) -> list[str]:
    """Read a photograph at falling sizes until something is found: noise and glare vanish as it shrinks."""
    for side_px in _PHOTO_SIDES_PX:
        shrunk = image.copy()
        shrunk.thumbnail((side_px, side_px))
        if found := _codes(shrunk) or _codes(ImageOps.autocontrast(shrunk, cutoff=2)):
            return found
    return []


def _codes(image: Image.Image) -> list[str]:
    for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
        read = zxingcpp.read_barcodes(image, formats=_QR, binarizer=binarizer)
        if read:
            return list(dict.fromkeys(each.text for each in read))
    return []


def host_of(text: str) -> str:
    """Return the host an address leads to, or nothing if the text is no address."""
    if "/" not in text:
        return ""
    return urlsplit(text if "://" in text else f"//{text}").netloc.lower()
