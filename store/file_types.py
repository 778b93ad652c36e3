"""Which files the register takes as attachments, told by their bytes, and under which names.

Knows the beginnings of five formats and what of a name is safe to hand out again. Leaves out who attaches
what (acts/attachments.py). A name's own extension is not believed.
"""

import unicodedata
import zipfile
from io import BytesIO
from pathlib import PureWindowsPath

from store.refusals import Refusal

EXTENSIONS: dict[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
"""The media types taken, and the extension a name gets."""

_JPEG, _PNG, _PDF, _XLSX, _DOCX = EXTENSIONS
_BEGINNINGS = {b"\xff\xd8\xff": _JPEG, b"\x89PNG\r\n\x1a\n": _PNG, b"%PDF-": _PDF}
_ZIP = b"PK\x03\x04"
_MAIN_PARTS = {"xl/workbook.xml": _XLSX, "word/document.xml": _DOCX}
_MACROS = "vbaProject.bin"
_STEM_LONGEST = 60
_NAMELESS = "附件"
_UNSAFE = frozenset('<>:"/\\|?*')


class UnknownFileType(Refusal):
    """The bytes are of no format the register takes. Remedy: save it as one of them."""

    clause_id = "F29"
    reason_zh = "“{file_name}”不是可以收存的文件。"
    reason_en = "{file_name!r} is of no format that is taken."
    remedy_zh = "请另存为 JPG、PNG、PDF、XLSX 或 DOCX 后再上传（改后缀名无效）。"
    remedy_en = "Save it as JPG, PNG, PDF, XLSX or DOCX; another extension alone does not do."


class FileHoldsMacros(Refusal):
    """An office document holds programs. Remedy: save it without macros."""

    clause_id = "F29"
    reason_zh = "“{file_name}”含有宏。"
    reason_en = "{file_name!r} holds macros."
    remedy_zh = "请另存为不含宏的 XLSX 或 DOCX。"
    remedy_en = "Save it as XLSX or DOCX without macros."


def media_type_of(file_name: str, content: bytes) -> str:
    """Return the media type that the bytes show.

    Raises:
        UnknownFileType: none that is taken.
        FileHoldsMacros: an office document with programs in it.

    """
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    parts = _parts(content)
    if any(part.endswith(_MACROS) for part in parts):
        raise FileHoldsMacros(file_name=file_name)
    for part, media_type in _MAIN_PARTS.items():
        if part in parts:
            return media_type
    raise UnknownFileType(file_name=file_name)


def _parts(content: bytes) -> frozenset[str]:
    """Return the names of the parts of an office document, none where it is no such thing."""
    if not content.startswith(_ZIP):
        return frozenset()
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return frozenset(parts.namelist())
    except zipfile.BadZipFile:
        return frozenset()


def safe_name(file_name: str, media_type: str) -> str:
    """Return a name without folders, without what screens hide or shells read, with its type's extension."""
    # a Windows path is split at both kinds of slash
    stem = PureWindowsPath(unicodedata.normalize("NFC", file_name)).stem
    kept = "".join(each for each in stem if each.isprintable() and each not in _UNSAFE)
    return (kept.strip(" .")[:_STEM_LONGEST].rstrip(" .") or _NAMELESS) + EXTENSIONS[media_type]
