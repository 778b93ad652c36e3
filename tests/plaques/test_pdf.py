"""The PDF says letter for letter what the record says, the same bytes each time, with every face embedded."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from plaques.drawing.pdf import draw_pdf
from plaques.marks import Page
from plaques.press.impose import Imposition, impose
from store.records import Face, Product, Stage
from tests.plaques.plates import (
    LONG_DUTIES,
    LONG_NAME,
    PLAQUES,
    RARE_NAMES,
    content,
    face,
    page,
    people,
    roster_contents,
)

Extract = Callable[[bytes], list[str]]


@pytest.fixture(params=["pdfium", "poppler"])
def pages_of(request: pytest.FixtureRequest) -> Extract:
    """Return a reader of a PDF's text, page by page; each test runs once with either."""
    if request.param == "pdfium":
        return _by_pdfium
    pdftotext: Path = request.getfixturevalue("pdftotext")
    return lambda pdf: _by_poppler(pdf, pdftotext)


def _by_pdfium(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [str(leaf.get_textpage().get_text_range()) for leaf in document]


def _by_poppler(pdf: bytes, pdftotext: Path) -> list[str]:
    done = subprocess.run([pdftotext, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode("utf-8").split("\f")[:-1]


def _missing(words: Face, text: str) -> list[str]:
    """Name what a page's text lacks: names as words of their own, the other texts but for line breaks."""
    names = [words.holder] if words.holder else list(words.names)
    lost = [name for name in names if name not in text.split()]
    running = "".join(text.split())
    others = [words.heading, words.post_name, f"{words.member_count}名"]
    others += [] if words.holder else [words.duties, words.issuer]
    return lost + [other for other in others if "".join(other.split()) not in running]


@pytest.mark.parametrize(("design", "size"), PLAQUES)
def test_every_post_of_the_roster_is_extracted_as_it_was_recorded(
    pages_of: Extract, design: str, size: str
) -> None:
    plates = [face(post, Stage.CREATION, mark="样张") for post in roster_contents()]
    texts = pages_of(draw_pdf([page(words, design=design, size=size) for words in plates], title="标牌"))
    assert [_missing(words, text) for words, text in zip(plates, texts, strict=True)] == [[]] * len(plates)


def test_every_badge_of_the_roster_is_extracted_as_it_was_recorded(pages_of: Extract) -> None:
    badges = [face(post, holder=member.name) for post in roster_contents() for member in post.members]
    texts = pages_of(draw_pdf([page(words, Product.BADGE) for words in badges], title="胸牌"))
    assert [_missing(words, text) for words, text in zip(badges, texts, strict=True)] == [[]] * len(badges)


def test_badges_on_a_sheet_keep_their_names_apart(pages_of: Extract) -> None:
    badges = [face(content(RARE_NAMES), holder=name, mark="样张") for name in RARE_NAMES]
    sheets = impose([page(words, Product.BADGE) for words in badges], Imposition(sheet="a4"))
    (text,) = pages_of(draw_pdf([sheet.page for sheet in sheets], title="胸牌"))
    assert [name for name in RARE_NAMES if name not in text.split()] == []


@pytest.mark.parametrize("size", ["400x300", "a4"])
@pytest.mark.parametrize("number", [len(RARE_NAMES), 26, 30])
def test_rare_spread_and_interpunct_names_are_extracted_whole(
    pages_of: Extract, size: str, number: int
) -> None:
    names = RARE_NAMES if number == len(RARE_NAMES) else people(number)
    words = face(content(names, LONG_NAME, LONG_DUTIES), mark="样张")
    (text,) = pages_of(draw_pdf([page(words, size=size)], title="标牌"))
    assert _missing(words, text) == []


@pytest.mark.parametrize("size", ["hanging-200x600", "hanging-a4"])
def test_rare_names_read_downwards_are_extracted_whole(pages_of: Extract, size: str) -> None:
    names = (*RARE_NAMES, "𬱖三𣲗", "王𪚥文", "李𠮷")
    (text,) = pages_of(draw_pdf([page(face(content(names)), size=size)], title="标牌"))
    assert [name for name in names if name not in text.split()] == []


def test_names_of_mixed_faces_are_extracted_whole(pages_of: Extract) -> None:
    names = ("王𩸽", "𪚥李", "𩸽𪚥", "李𪚥文")
    (text,) = pages_of(draw_pdf([page(face(content(names)))], title="标牌"))
    assert [name for name in names if name not in text.split()] == []


def test_this_file_would_see_a_name_torn_apart() -> None:
    torn = "共产党员示范岗 农机作业服务岗 承担机械作业 3 名 周 䶮 贺杰佳 贾欣"
    assert _missing(face(content()), f"{torn} 中共场站管理中心委员会") == ["周䶮"]


def test_the_same_pages_give_the_same_bytes() -> None:
    pages = [page(face(post)) for post in roster_contents()[:3]]
    assert draw_pdf(pages, title="标牌") == draw_pdf(pages, title="标牌")


def test_what_was_drawn_before_leaves_no_trace() -> None:
    first = [page(face(content(RARE_NAMES)))]
    alone = draw_pdf(first, title="标牌")
    draw_pdf([page(face(content(people(30))))], title="另一份")
    assert draw_pdf(first, title="标牌") == alone


def _fonts(pdf: bytes) -> list[Any]:
    resources: list[Any] = [leaf["/Resources"] for leaf in PdfReader(io.BytesIO(pdf)).pages]
    return [font.get_object() for each in resources for font in each["/Font"].values()]


def test_every_face_is_embedded_as_a_subset_and_none_else_is_named() -> None:
    fonts = _fonts(draw_pdf([page(face(content(RARE_NAMES), mark="样张"))], title="标牌"))
    assert len(fonts) >= 4
    for font in fonts:
        assert re.fullmatch(r"/[A-Z]{6}\+.+", font["/BaseFont"])
        assert "/FontFile2" in font["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font


def test_pages_have_their_own_size_and_a_trim_box_on_its_edge() -> None:
    badge = page(face(content(), holder="周䶮"), Product.BADGE)
    pages = [page(face(content())), page(face(content()), size="a4"), badge]
    reader = PdfReader(io.BytesIO(draw_pdf(pages, title="标牌")))
    for leaf, drawn in zip(reader.pages, pages, strict=True):
        assert float(leaf.trimbox.width) * 25.4 / 72 == pytest.approx(drawn.width_mm, abs=0.01)
        assert float(leaf.trimbox.height) * 25.4 / 72 == pytest.approx(drawn.height_mm, abs=0.01)
        assert leaf.trimbox == leaf.mediabox


def test_the_file_is_titled_and_never_thickens_type_by_outlining_it() -> None:
    pdf = draw_pdf([page(face(content()))], title="共产党员示范岗 2026-007")
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "共产党员示范岗 2026-007"
    assert b" Tr" not in _operators(reader)


def test_a_code_is_one_path() -> None:
    drawn = page(face(content()))
    only_code = Page(width_mm=drawn.width_mm, height_mm=drawn.height_mm, marks=drawn.codes)
    operators = _operators(PdfReader(io.BytesIO(draw_pdf([only_code], title="码")))).split()
    assert operators.count(b"re") > 200
    assert sum(operators.count(paint) for paint in (b"f", b"f*", b"B", b"S")) == 1


def _operators(reader: PdfReader) -> bytes:
    contents = reader.pages[0].get_contents()
    assert contents is not None
    return contents.get_data()
