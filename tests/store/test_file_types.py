"""Which bytes are taken for which format, and what is left of a hostile name."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from store.file_types import (
    EXTENSIONS,
    FileHoldsMacros,
    UnknownFileType,
    media_type_of,
    safe_name,
)


def picture(kind: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (2, 2), "red").save(buffer, kind)
    return buffer.getvalue()


def workbook() -> bytes:
    buffer = BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def zipped(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as parts:
        for name in names:
            parts.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (picture("JPEG"), ".jpg"),
        (picture("PNG"), ".png"),
        (picture("PDF"), ".pdf"),
        (workbook(), ".xlsx"),
        (zipped("[Content_Types].xml", "word/document.xml"), ".docx"),
    ],
)
def test_f29_a_format_is_told_by_its_bytes(content: bytes, extension: str) -> None:
    assert EXTENSIONS[media_type_of("谎称.txt", content)] == extension


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"GIF89a",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"PK\x03\x04 cut short",
        b" %PDF-1.7",
        zipped("a.html"),
        picture("GIF"),
    ],
)
def test_f29_other_bytes_are_refused_under_any_name(content: bytes) -> None:
    for name in ("照片.jpg", "报告.pdf", "台账.xlsx"):
        with pytest.raises(UnknownFileType, match=name):
            media_type_of(name, content)


def test_f29_an_office_document_with_programs_is_refused() -> None:
    for main in ("xl/workbook.xml", "word/document.xml"):
        with pytest.raises(FileHoldsMacros):
            media_type_of("台账.xlsx", zipped(main, f"{main.split('/')[0]}/vbaProject.bin"))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("现场 照片1.JPG", "现场 照片1.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\x\\报告.pdf.exe", "报告.pdf.png"),
        ("..", "附件.png"),
        ("", "附件.png"),
        (".htaccess", "htaccess.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
        ("\u202egnp.exe", "gnp.png"),
        ('"><script>.png', "script.png"),
        ("长" * 90 + ".png", "长" * 60 + ".png"),
    ],
)
def test_f29_a_name_is_cleaned_and_gets_its_formats_extension(given_name: str, kept: str) -> None:
    assert safe_name(given_name, "image/png") == kept


@given(st.text(max_size=200))
def test_no_name_leaves_its_folder_or_hides_a_character(name: str) -> None:
    kept = safe_name(name, "image/png")
    assert kept.endswith(".png")
    assert kept.isprintable()
    assert not set('<>:"/\\|?*') & set(kept)
    assert not kept.startswith((".", " "))
    assert len(kept) <= 64
