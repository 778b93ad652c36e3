"""A roster as comma-separated values: bytes to one sheet.

Knows encodings and delimiters, and tells them apart without guessing: a text that does not decode to the last
byte is refused. Knows the headings only to recognise the delimiter.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from store.refusals import Refusal
from store.roster.cells import MOST_COLUMNS, MOST_ROWS, Sheet, TableTooLarge, is_blank, text_cell
from store.roster.faults import Spot, refused_at
from store.roster.headers import field_of

_DELIMITERS = (",", ";", "\t")
_HEADER_WITHIN = 50
_UTF8_CHINESE = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class UnknownEncoding(Refusal):
    """The bytes are no text in any encoding a Chinese office uses. Remedy: save it again."""

    reason_zh = "认不出文件的文字编码，可能已经损坏。"
    reason_en = "the encoding of the file is not recognised; it may be damaged."
    remedy_zh = "请在 Excel 或 WPS 中另存为 .xlsx，或另存为“CSV UTF-8”后重新导入。"
    remedy_en = "Save it as .xlsx, or as CSV UTF-8, and import it again."


class BrokenQuotes(Refusal):
    """A quotation mark opens and does not close, or the reverse. Remedy: save as .xlsx."""

    reason_zh = "从这一行起引号不配对，分不清各列。"
    reason_en = "from this line on the quotation marks do not pair, and columns cannot be told apart."
    remedy_zh = "请核对这一行的英文引号，或另存为 .xlsx 后重新导入。"
    remedy_en = "Check the quotation marks of this line, or save the file as .xlsx and import it again."


def read_csv(data: bytes) -> Sheet:
    """Read bytes as one sheet; a record's row is the line on which it begins.

    Raises:
        UnknownEncoding: neither UTF-8, UTF-16 nor GB 18030, each to the last byte.
        RosterRefused: quotation marks do not pair, with the line.
        TableTooLarge: beyond 20,000 records or 100 columns.

    """
    text = decode(data)
    grid = {}
    for line, record in _records(text, _delimiter(text), strict=True):
        cells = {column: text_cell(value) for column, value in enumerate(record, start=1)}
        written = {column: cell for column, cell in cells.items() if not is_blank(cell)}
        if written:
            grid[line] = written
            _refuse_too_large(rows=len(grid), columns=max(written))
    return Sheet(name="", cells=grid, headings=grid)


def decode(data: bytes) -> str:
    """Decode strictly, trying what excludes the others first: marks, NUL bytes, UTF-8, GB 18030.

    Chinese in GB 18030 is practically never valid UTF-8, so the order is safe; UTF-8 with a damaged byte may
    be valid GB 18030, so that text is refused when most of it reads as UTF-8.

    Raises:
        UnknownEncoding: none fits, or the text holds NUL.

    """
    if data.startswith(codecs.BOM_UTF8):
        return _decoded(data, "utf-8-sig")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    if b"\0" in data:
        return _decoded(data, _utf16_order(data))
    try:
        return _decoded(data, "utf-8")
    except UnknownEncoding:
        _refuse_damaged_utf8(data)
        return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error
    if "\0" in text:
        raise UnknownEncoding
    return text


def _utf16_order(data: bytes) -> str:
    """Tell the byte order by the commas and line ends, which the wrong order turns into other characters."""
    return max(("utf-16-le", "utf-16-be"), key=lambda order: _marks(data.decode(order, "ignore")))


def _marks(text: str) -> int:
    return sum(map(text.count, (*_DELIMITERS, "\n")))


def _refuse_damaged_utf8(data: bytes) -> None:
    chinese = sum(map(len, _UTF8_CHINESE.findall(data)))
    if chinese * 2 > len(_NOT_ASCII.findall(data)):
        raise UnknownEncoding


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _headings_found(text, delimiter))


def _headings_found(text: str, delimiter: str) -> int:
    records = islice(_records(text, delimiter, strict=False), _HEADER_WITHIN)
    return max((len({field_of(cell) for cell in record} - {None}) for _, record in records), default=0)


def _records(text: str, delimiter: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused_at(Spot(row=line), BrokenQuotes()) from error


def _refuse_too_large(*, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise TableTooLarge
