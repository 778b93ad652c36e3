"""Supplied SVG files: what is drawn looks as elsewhere, and everything else is refused by name."""

import io
from math import radians
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from fontTools.misc.transform import Transform
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import SVGPath
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright
from svglib.svglib import svg2rlg

from plaques.artwork import vectors
from plaques.artwork.files import read_artwork
from plaques.artwork.vectors import Artwork, UnfitArtwork
from plaques.contours import area, extent
from plaques.drawing.pdf import draw_pdf
from plaques.marks import Box, Color, Page

SAMPLES = sorted((Path(__file__).parent / "artwork").glob("*.svg"))
PIXELS = 600
NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
DISC = '<circle cx="5" cy="5" r="4"/>'


def svg(body: str, attributes: str = 'viewBox="0 0 10 10"', before: str = "") -> bytes:
    return f"{before}<svg {NAMESPACES} {attributes}>{body}</svg>".encode()


def read(body: str, attributes: str = 'viewBox="0 0 10 10"', before: str = "") -> Artwork:
    return read_artwork(svg(body, attributes, before), "emblem.svg")


def picture(pdf: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        raster: Image.Image = page.render(scale=PIXELS / page.get_width()).to_pil()
        return raster.convert("RGB")


def drawn(artwork: Artwork) -> Image.Image:
    sheet = Page(width_mm=artwork.width_mm, height_mm=artwork.height_mm, marks=artwork.paths)
    return picture(draw_pdf([sheet], title="artwork"))


def different_share(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ by more than their edges' softness."""
    changed = ImageChops.difference(one, other.resize(one.size)).convert("L").histogram()[96:]
    return sum(changed) / (one.width * one.height)


def test_there_are_samples() -> None:
    assert [sample.stem for sample in SAMPLES] == ["paths", "shapes", "styles"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_drawing_looks_as_reportlab_draws_it(sample: Path) -> None:
    ours = drawn(read_artwork(sample.read_bytes(), sample.name))
    drawing: Any = svg2rlg(str(sample))
    theirs = picture(drawing.asString("pdf"))
    assert different_share(ours, theirs) < 0.002
    assert len(ours.getcolors(1 << 20) or ()) > 2


@pytest.mark.browser
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_drawing_looks_as_a_browser_draws_it(sample: Path, chromium: Path) -> None:
    artwork = read_artwork(sample.read_bytes(), sample.name)
    height = round(PIXELS * artwork.height_mm / artwork.width_mm)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": PIXELS, "height": height})
        page.set_content(
            "<style>*{margin:0} img{display:block;width:100vw;height:100vh}</style><img>", wait_until="load"
        )
        source = f"data:image/svg+xml,{_escaped(sample.read_bytes())}"
        page.eval_on_selector("img", "(img, source) => { img.src = source; return img.decode() }", source)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    assert different_share(drawn(artwork), shot) < 0.002


def _escaped(content: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in content)


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M1 1h5v5H1z"/>',
        '<path d="M1,1 C1 8 8 8 8 1z"/>',
        '<path d="M1 4q2 4 4 0t4 0v5H1z"/>',
        '<path d="M1 5a4 2 30 1 0 6 1z"/>',
        '<path d="M2 2l3 .5-.5 3-3-.5z m3 3l2 0 0 2z"/>',
        '<rect x="1" y="2" width="6" height="4" rx="2" ry="1"/>',
        '<circle cx="5" cy="4" r="3"/>',
        '<ellipse cx="5" cy="4" rx="3" ry="2"/>',
        '<polygon points="1,1 9,1 5,9"/>',
        '<path d="M1 1h2v3H1z" transform="matrix(1 .2 -.3 1 2 1)"/>',
    ],
)
def test_a_shape_is_as_large_as_another_reader_finds_it(body: str) -> None:
    """FontTools reads paths, shapes and matrices with a parser of its own."""
    artwork = read(body, 'viewBox="0 0 10 10" width="10mm" height="10mm"')
    _check_same(artwork, SVGPath.fromstring(svg(body)))


@pytest.mark.parametrize(
    ("words", "transform"),
    [
        ("translate(3 2)", Transform().translate(3, 2)),
        ("translate(3)", Transform().translate(3, 0)),
        ("scale(1.5, .5)", Transform().scale(1.5, 0.5)),
        ("rotate(10)", Transform().rotate(radians(10))),
        ("rotate(30 4 6)", Transform().translate(4, 6).rotate(radians(30)).translate(-4, -6)),
        ("skewX(20) skewY(10)", Transform().skew(radians(20), 0).skew(0, radians(10))),
        (
            "translate(3 2) rotate(30)scale(1.5 .5)",
            Transform(1, 0, 0, 1, 3, 2).rotate(radians(30)).scale(1.5, 0.5),
        ),
    ],
)
def test_transforms_follow_each_other_as_another_library_multiplies_them(
    words: str, transform: Transform
) -> None:
    path = '<path d="M1 1h2v3H1z"/>'
    artwork = read(f'<g transform="{words}">{path}</g>', 'viewBox="0 0 10 10" width="10mm" height="10mm"')
    _check_same(artwork, SVGPath.fromstring(svg(path), transform=transform))


def _check_same(artwork: Artwork, theirs: SVGPath) -> None:
    bounds, areas = BoundsPen(None), ClosingAreaPen()
    theirs.draw(bounds)
    theirs.draw(areas)
    reach = extent(artwork.paths)
    assert (reach.x_mm, reach.y_mm, reach.right_mm, reach.bottom_mm) == pytest.approx(bounds.bounds, abs=0.02)
    ours = sum(area(contour) for path in artwork.paths for contour in path.contours)
    assert abs(ours) == pytest.approx(abs(areas.value), rel=0.02)


class ClosingAreaPen(AreaPen):  # type: ignore[misc]  # fontTools ships no types
    """Measures open contours as the closed ones that a fill makes of them."""

    def _endPath(self) -> None:  # noqa: N802 -- fontTools' name
        self._closePath()


def test_size_is_that_stated_or_of_the_window_in_pixels() -> None:
    assert read(DISC, 'viewBox="0 0 10 10" width="3cm" height="30mm"').width_mm == 30
    assert read(DISC, 'viewBox="0 0 10 10" width="100%" height="100%"').width_mm == pytest.approx(
        2.6458, 1e-4
    )
    assert read(DISC, 'viewBox="0 0 10 20" width="1in"').height_mm == pytest.approx(50.8)
    assert read(DISC, 'width="96" height="48px"').width_mm == pytest.approx(25.4)


def test_fill_is_black_where_svg_says_so_and_otherwise_as_stated() -> None:
    assert read(DISC).colors == {"#000000"}
    assert read('<g fill="#abc">' + DISC + "</g>").colors == {"#AABBCC"}
    assert read('<circle cx="5" cy="5" r="4" fill="Gold"/>').colors == {"#FFD700"}
    ruled = (
        '<style>.a{fill:red} #b{fill:#00f}</style><circle class="a" id="b" cx="5" cy="5" r="4" fill="lime"/>'
    )
    assert read(ruled).colors == {"#0000FF"}
    assert read('<path d="M1 1h5v5z" fill="none"/>' + DISC).colors == {"#000000"}


def test_fitted_artwork_keeps_its_proportion_in_the_middle_of_any_box() -> None:
    artwork = read('<rect width="20" height="10"/>', 'viewBox="0 0 20 10"')
    for box, place in (
        (Box(5, 5, 40, 40), Box(5, 15, 40, 20)),
        (Box(0, 0, 100, 10), Box(40, 0, 20, 10)),
    ):
        (path,) = artwork.fitted(box, Color("#C9A14A"))
        reach = extent([path])
        assert [reach.x_mm, reach.y_mm, reach.width_mm, reach.height_mm] == pytest.approx(
            [place.x_mm, place.y_mm, place.width_mm, place.height_mm]
        )
        assert path.color == Color("#C9A14A")
    assert artwork.fitted(Box(0, 0, 2, 2))[0].color == Color("#000000")


def test_extent_follows_the_curve_and_not_what_pulls_at_it() -> None:
    artwork = read('<path d="M1 5C1 0 9 0 9 5z"/>', 'viewBox="0 0 10 10" width="10mm"')
    reach = extent(artwork.paths)
    assert (reach.y_mm, reach.height_mm) == pytest.approx((1.25, 3.75))


BOMB = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://host.example/x.dtd"> %x;]>'
STYLESHEET = '<?xml-stylesheet href="http://host.example/a.css"?>'
GRADIENT = '<linearGradient id="g"><stop stop-color="red"/></linearGradient>'
HOSTILE: dict[str, tuple[bytes, str]] = {
    "no XML": (b"hello", "BrokenArtwork"),
    "empty file": (b"", "BrokenArtwork"),
    "cut short": (svg(DISC)[:-9], "BrokenArtwork"),
    "another language": (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "BrokenArtwork"),
    "no namespace": (b"<svg viewBox='0 0 1 1'><path d='M0 0h1v1z'/></svg>", "BrokenArtwork"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(90), "NotVectorArtwork"),
    "JPEG": (b"\xff\xd8\xff\xe0" + bytes(90), "NotVectorArtwork"),
    "WebP": (b"RIFF\0\0\0\0WEBP", "NotVectorArtwork"),
    "packed SVG": (b"\x1f\x8b\x08" + bytes(9), "NotVectorArtwork"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0", "NotVectorArtwork"),
    "two megabytes": (svg(DISC + " " * vectors.LARGEST_BYTES), "ArtworkTooLarge"),
    "many segments": (svg(f'<path d="M0 0{"h1" * vectors.MOST_SEGMENTS}z"/>'), "ArtworkTooLarge"),
    "many points": (svg(f'<polygon points="{"1 1 " * (vectors.MOST_SEGMENTS + 1)}"/>'), "ArtworkTooLarge"),
    "many elements": (svg("<g/>" * (vectors.MOST_SEGMENTS + 1)), "ArtworkTooLarge"),
    "deep": (svg("<g>" * 9000 + "</g>" * 9000), "ArtworkTooLarge"),
    "entity bomb": (svg("<title>&b;</title>" + DISC, before=BOMB), "HoldsProgram"),
    "external entity": (svg("<title>&x;</title>" + DISC, before=EXTERNAL), "HoldsProgram"),
    "parameter entity": (svg(DISC, before=PARAMETER), "HoldsProgram"),
    "style sheet from elsewhere": (svg(DISC, before=STYLESHEET), "HoldsProgram"),
    "imported style": (svg('<style>@import url("a.css");</style>' + DISC), "BrokenArtwork"),
    "script": (svg("<script>alert(1)</script>" + DISC), "HoldsProgram"),
    "script in definitions": (svg("<defs><script href='x.js'/></defs>" + DISC), "HoldsProgram"),
    "event handler": (svg('<circle cx="5" cy="5" r="4" onclick="go()"/>'), "HoldsProgram"),
    "event handler on the root": (svg(DISC, 'viewBox="0 0 9 9" onload="go()"'), "HoldsProgram"),
    "link": (svg(f'<a xlink:href="https://host.example/">{DISC}</a>'), "HoldsProgram"),
    "foreign object": (svg("<foreignObject><b/></foreignObject>" + DISC), "HoldsProgram"),
    "animation": (svg('<circle cx="5" cy="5" r="4"><animate attributeName="r"/></circle>'), "HoldsProgram"),
    "image from elsewhere": (svg('<image href="http://host.example/a.png"/>'), "HoldsProgram"),
    "image within": (svg('<image href="data:image/png;base64,AAAA" width="9"/>'), "HoldsPicture"),
    "text": (svg("<text x='1' y='5'>岗</text>"), "HoldsText"),
    "text in a group": (svg("<g><g><text><tspan>岗</tspan></text></g></g>"), "HoldsText"),
    "linear gradient": (svg(f"<defs>{GRADIENT}</defs><path fill='url(#g)' d='M0 0h9v9z'/>"), "HoldsEffect"),
    "gradient in a style": (svg("<path style='fill:url(#g)' d='M0 0h9v9z'/>"), "HoldsEffect"),
    "gradient in a rule": (svg("<style>path{fill:url(#g)}</style>" + DISC), "HoldsEffect"),
    "gradient outside definitions": (svg(GRADIENT + DISC), "HoldsEffect"),
    "pattern": (svg("<pattern id='p'/>" + DISC), "HoldsEffect"),
    "mask": (svg('<circle cx="5" cy="5" r="4" mask="url(#m)"/>'), "HoldsEffect"),
    "clip": (svg('<g clip-path="url(#c)">' + DISC + "</g>"), "HoldsEffect"),
    "clip in a rule": (svg("<style>.a{clip-path:url(#c)}</style>" + DISC), "HoldsEffect"),
    "filter": (svg('<g style="filter:blur(1px)">' + DISC + "</g>"), "HoldsEffect"),
    "opacity": (svg('<g opacity=".5">' + DISC + "</g>"), "HoldsEffect"),
    "fill opacity": (svg('<circle cx="5" cy="5" r="4" fill-opacity="0.9"/>'), "HoldsEffect"),
    "blending": (svg('<g style="mix-blend-mode:multiply">' + DISC + "</g>"), "HoldsEffect"),
    "marker": (svg('<path d="M0 0h9v9z" marker-end="url(#m)"/>'), "HoldsEffect"),
    "stroke": (svg('<circle cx="5" cy="5" r="4" stroke="red"/>'), "HoldsStroke"),
    "stroke in a rule": (svg("<style>circle{stroke:#000;fill:none}</style>" + DISC), "HoldsStroke"),
    "clone": (svg('<g id="a">' + DISC + '</g><use href="#a" x="3"/>'), "HoldsCopy"),
    "clone of itself": (svg('<g id="a"><use href="#a"/></g>'), "HoldsCopy"),
    "clone from elsewhere": (svg('<use href="other.svg#a"/>'), "HoldsProgram"),
    "symbol": (svg('<symbol id="s">' + DISC + "</symbol>"), "HoldsCopy"),
    "hidden": (svg('<g display="none">' + DISC + "</g>"), "HoldsHidden"),
    "invisible": (svg('<g style="visibility:hidden">' + DISC + "</g>"), "HoldsHidden"),
    "drawing in a drawing": (svg("<svg>" + DISC + "</svg>"), "HoldsUnknown"),
    "switch": (svg("<switch>" + DISC + "</switch>"), "HoldsUnknown"),
    "element nobody knows": (svg("<blob/>" + DISC), "HoldsUnknown"),
    "attribute nobody knows": (svg('<circle cx="5" cy="5" r="4" pathLength="9"/>'), "HoldsUnknown"),
    "property nobody knows": (svg('<g style="transform:scale(2)">' + DISC + "</g>"), "HoldsUnknown"),
    "moved root": (svg(DISC, 'viewBox="0 0 9 9" transform="scale(2)"'), "HoldsUnknown"),
    "stretched sheet": (svg(DISC, 'viewBox="0 0 10 10" width="20" height="10"'), "HoldsUnknown"),
    "no size": (svg(DISC, 'version="1.1"'), "BrokenArtwork"),
    "no window": (svg(DISC, 'viewBox="0 0 0 10"'), "BrokenArtwork"),
    "window of words": (svg(DISC, 'viewBox="0 0 ten 10"'), "BrokenArtwork"),
    "unknown unit": (svg(DISC, 'width="3furlong" height="3"'), "BrokenArtwork"),
    "too bright a colour": (svg('<circle cx="5" cy="5" r="4" fill="rgb(300,0,0)"/>'), "BrokenArtwork"),
    "unknown colour": (svg('<circle cx="5" cy="5" r="4" fill="party-red"/>'), "BrokenArtwork"),
    "colour of its surroundings": (svg('<circle cx="5" cy="5" r="4" fill="currentColor"/>'), "BrokenArtwork"),
    "colour with a fallback": (svg('<circle cx="5" cy="5" r="4" fill="red icc-color(a)"/>'), "BrokenArtwork"),
    "path without a start": (svg('<path d="L1 1z"/>'), "BrokenArtwork"),
    "path with a wrong letter": (svg('<path d="M0 0B9 9z"/>'), "BrokenArtwork"),
    "path with a number missing": (svg('<path d="M0 0h9v9 C1 1 2 2 3z"/>'), "BrokenArtwork"),
    "path with a bare letter": (svg('<path d="M0 0h9v9C z"/>'), "BrokenArtwork"),
    "path with words": (svg('<path d="M0 0h9v9z and so on"/>'), "BrokenArtwork"),
    "path that goes on after closing": (svg('<path d="M0 0h9v9zl1 1 1 0z"/>'), "BrokenArtwork"),
    "path to infinity": (svg('<path d="M0 0h1e999v9z"/>'), "BrokenArtwork"),
    "arc with a wrong flag": (svg('<path d="M0 0a4 4 0 2 1 5 5z"/>'), "BrokenArtwork"),
    "length of no number": (svg('<rect width="wide" height="9"/>'), "BrokenArtwork"),
    "two lengths": (svg('<rect width="1 2" height="9"/>'), "BrokenArtwork"),
    "length in per cent": (svg('<rect width="50%" height="9"/>'), "BrokenArtwork"),
    "odd point": (svg('<polygon points="0,0 9,0 9"/>'), "BrokenArtwork"),
    "transform nobody knows": (svg('<g transform="spin(9)">' + DISC + "</g>"), "BrokenArtwork"),
    "transform with too many numbers": (svg('<g transform="scale(1 2 3)">' + DISC + "</g>"), "BrokenArtwork"),
    "transform with words": (svg('<g transform="scale(2) and more">' + DISC + "</g>"), "BrokenArtwork"),
    "endless transform": (svg(f'<g transform="{"a" * 1_000_000}">{DISC}</g>'), "BrokenArtwork"),
    "style of no property": (svg('<g style="red">' + DISC + "</g>"), "BrokenArtwork"),
    "rule nobody closes": (svg("<style>.a{fill:red</style>" + DISC), "BrokenArtwork"),
    "media query": (svg("<style>@media print{.a{fill:red}}</style>" + DISC), "BrokenArtwork"),
    "million comments": (svg(f"<style>{'/*' * 900_000}</style>" + GRADIENT), "HoldsEffect"),
    "nothing": (svg(""), "EmptyArtwork"),
    "nothing filled": (svg('<circle cx="5" cy="5" r="4" fill="none"/>'), "EmptyArtwork"),
    "only a line": (svg('<line x1="0" y1="0" x2="9" y2="9"/>'), "EmptyArtwork"),
    "squeezed to nothing": (svg('<g transform="scale(0)">' + DISC + "</g>"), "EmptyArtwork"),
    "beyond the sheet": (svg('<circle cx="8" cy="5" r="4"/>'), "OutsideSheet"),
    "far from the sheet": (svg('<circle cx="99" cy="5" r="4"/>' + DISC), "OutsideSheet"),
}


@pytest.mark.parametrize(("content", "refusal"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_would_be_drawn_otherwise_is_refused(content: bytes, refusal: str) -> None:
    with pytest.raises(UnfitArtwork) as refused:
        read_artwork(content, "emblem.svg")
    assert refused.value.code == refusal
    assert "emblem.svg" in refused.value.zh
    assert "emblem.svg" in refused.value.en


def test_what_is_refused_is_named() -> None:
    for body, named in (
        ("<text>岗</text>", "<text>"),
        ('<g opacity=".5"/>', "opacity=.5"),
        ('<path d="M0 0B9 9z"/>', "B9 9"),
        ('<g style="clip-path:url(#c)"/>', "clip-path=url(#c)"),
    ):
        with pytest.raises(UnfitArtwork) as refused:
            read(body)
        assert named in refused.value.en


@pytest.mark.parametrize(
    "body",
    [
        "<defs><linearGradient id='g'/><clipPath id='c'/><symbol id='s'/></defs>",
        "<?editor kept=it?>",
        "<title>a</title><desc>b</desc><metadata><any/></metadata>",
        '<g stroke="none" stroke-width="3" opacity="1" clip-path="none" font-family="serif"/>',
        '<path d="" fill="red"/>',
        "<style>/* .a{fill:url(#g)} */ .b{fill:red;}</style>",
    ],
)
def test_what_changes_nothing_is_passed_over(body: str) -> None:
    assert read(body + DISC) == read(DISC)


def test_a_foreign_element_is_not_drawn() -> None:
    foreign = '<x:circle xmlns:x="urn:elsewhere" cx="2" cy="2" r="1"/>'
    assert read(foreign + DISC) == read(DISC)


def test_an_open_line_is_filled_as_a_closed_one() -> None:
    points = 'points="1,1 9,1 5,9"'
    assert read(f"<polyline {points}/>") == read(f"<polygon {points}/>") == read('<path d="M1 1H9L5 9"/>')


def test_shapes_keep_their_order() -> None:
    artwork = read(
        '<rect width="9" height="9" fill="red"/>' + DISC + '<rect width="1" height="1" fill="blue"/>'
    )
    assert [path.color.rgb for path in artwork.paths] == ["#FF0000", "#000000", "#0000FF"]
