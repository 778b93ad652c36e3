"""Drawing and reading back, for the tests of type.

Knows how to draw plain lines with the faces under test and two independent readers of a PDF's text.
"""

import subprocess
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from plaques.typography.typefaces import ensure_registered, face_for

Draw = Callable[[Iterable[str], str], bytes]
Extract = Callable[[bytes], list[str]]


@pytest.fixture
def draw() -> Draw:
    """Return a function that draws texts one below the other in a face and gives the PDF."""
    return _drawn


@pytest.fixture(params=["pdfium", "poppler"])
def extract(request: pytest.FixtureRequest) -> Extract:
    """Return a reader of a PDF's first page, line by line; each test runs once with either."""
    if request.param == "pdfium":
        return _lines_by_pdfium
    pdftotext: Path = request.getfixturevalue("pdftotext")
    return lambda pdf: _lines_by_poppler(pdf, pdftotext)


def _drawn(texts: Iterable[str], key: str) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(1200, 800), invariant=1)
    for row, text in enumerate(texts):
        _draw_line(canvas, text, key, 760 - 40 * row)
    canvas.save()
    return file.getvalue()


def _draw_line(canvas: Canvas, text: str, key: str, y: float) -> None:
    chosen = face_for(text, key, where="种子繁育岗")
    line = canvas.beginText(20, y)
    for character in text:
        line.setFont(ensure_registered(chosen.face_of(character)), 20)
        line.textOut(character)
    canvas.drawText(line)


def _lines_by_pdfium(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_range()).split("\r\n")


def _lines_by_poppler(pdf: bytes, pdftotext: Path) -> list[str]:
    done = subprocess.run([pdftotext, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return [line for line in done.stdout.decode("utf-8").split("\n") if line.strip("\f")]
