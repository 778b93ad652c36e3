"""Supplied PDF files: one page of plain shapes is read; whatever a viewer would show otherwise is refused."""

import io
import zlib
from collections.abc import Sequence

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from plaques.artwork import pdf as artwork_pdf
from plaques.artwork import vectors
from plaques.artwork.files import read_artwork
from plaques.artwork.vectors import UnfitArtwork
from plaques.contours import extent
from plaques.drawing.pdf import draw_pdf
from plaques.marks import Page

SQUARE = "10 10 20 20 re f"
TILE = (
    "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 5 5]/XStep 5/YStep 5/Resources<<>>"
    "/Length 24>>stream\n1 0 0 rg 0 0 3 3 re f   \nendstream"
)
AXIAL = (
    "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 100 0]"
    "/Function<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>>>"
)
SHADING = f"<</Type/Pattern/PatternType 2/Shading{AXIAL}>>"
GROUP = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency>>/Length 0>>stream\n\nendstream"
GOLD = "/S[/Separation/Gold/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 .2 .8 .1]/N 1>>]"


def pdf(
    content: str, resources: str = "", extra: Sequence[str] = (), page: str = "", catalog: str = ""
) -> bytes:
    """Write a page of 100 points square by hand, so that it may hold what no library would write."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<<{resources}>>{page}>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        *extra,
    ]
    written, starts = "%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        starts.append(len(written))
        written += f"{number} 0 obj{body}endobj\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = f"/Size {len(objects) + 1}"
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<<{size}/Root 1 0 R>>"
    return f"{written}{head}\nstartxref\n{len(written)}\n%%EOF".encode("latin1")


def picture(content: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(content) as document:
        raster: Image.Image = document[0].render(scale=4).to_pil()
        return raster.convert("RGB")


def test_shapes_matrices_and_fills_are_read() -> None:
    content = pdf("1 0 0 rg 10 10 20 20 re f q 2 0 0 2 40 40 cm 0 g 0 0 m 0 10 10 10 10 0 c h f* Q")
    artwork = read_artwork(content, "emblem.pdf")
    assert artwork.width_mm == pytest.approx(35.278, abs=0.001)
    assert [(path.color.rgb, path.rule) for path in artwork.paths] == [
        ("#FF0000", "nonzero"),
        ("#000000", "evenodd"),
    ]
    square, arch = (extent([path]) for path in artwork.paths)
    points = [edge / 25.4 * 72 for edge in (square.x_mm, square.y_mm, square.right_mm, square.bottom_mm)]
    assert points == pytest.approx([10, 70, 30, 90])
    assert arch.height_mm / 25.4 * 72 == pytest.approx(15)


def test_a_drawing_looks_as_before() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(200, 120))
    canvas.setFillColorRGB(0.7, 0.07, 0.1)
    canvas.roundRect(10, 10, 80, 60, 12, stroke=0, fill=1)
    canvas.translate(140, 60)
    canvas.rotate(25)
    canvas.setFillColorCMYK(0, 0.2, 0.8, 0.1)
    canvas.ellipse(-30, -20, 30, 20, stroke=0, fill=1)
    canvas.save()
    artwork = read_artwork(file.getvalue(), "seal.pdf")
    sheet = Page(width_mm=artwork.width_mm, height_mm=artwork.height_mm, marks=artwork.paths)
    ours, theirs = picture(draw_pdf([sheet], title="seal")), picture(file.getvalue())
    assert ours.size == theirs.size
    assert sum(ImageChops.difference(ours, theirs).convert("L").histogram()[48:]) < 50


def test_the_sheet_is_what_a_viewer_shows() -> None:
    artwork = read_artwork(pdf(SQUARE, page="/CropBox[5 5 45 65]"), "emblem.pdf")
    reach = extent(artwork.paths)
    assert artwork.height_mm / artwork.width_mm == pytest.approx(1.5)
    assert reach.x_mm / 25.4 * 72 == pytest.approx(5)
    assert reach.bottom_mm / 25.4 * 72 == pytest.approx(55)


def test_a_spot_colour_comes_out_as_it_is_shown() -> None:
    artwork = read_artwork(pdf(f"/S cs 1 scn {SQUARE}", f"/ColorSpace<<{GOLD}>>"), "emblem.pdf")
    (color,) = artwork.colors
    with pypdfium2.PdfDocument(pdf(f"/S cs 1 scn {SQUARE}", f"/ColorSpace<<{GOLD}>>")) as document:
        shown = document[0].render().to_pil().convert("RGB").getpixel((20, 80))
    assert color == "#" + "".join(f"{part:02X}" for part in shown)


def test_a_path_that_is_not_painted_is_passed_over() -> None:
    artwork = read_artwork(pdf(f"0 0 100 100 re W n {SQUARE} 1 1 5 5 re n"), "emblem.pdf")
    assert len(artwork.paths) == 1


def _encrypted(content: bytes, encryption: pikepdf.Encryption) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(file, encryption=encryption)
    return file.getvalue()


def _pages(count: int) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    for _ in range(count):
        canvas.rect(1, 1, 9, 9, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _packed(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    head = f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode()
    return pdf("0 g").replace(b"<</Length 3>>stream\n0 g", head + packed)


PROTECTED = pikepdf.Encryption(owner="lock", user="")
LOCKED = pikepdf.Encryption(owner="lock", user="key")
HIDDEN = "/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>"
NESTED = "<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Length 16>>stream\n10 10 20 20 re f\nendstream"
SCRIPT = "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Names<</JavaScript<</Names[(a)5 0 R]>>>>"
LINK = "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://host.example)>>>>]"
IMAGE = "q 10 0 0 10 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
FONT = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
HOSTILE: dict[str, tuple[bytes, str]] = {
    "only a header": (b"%PDF-1.7\n", "BrokenArtwork"),
    "cut short": (pdf(SQUARE)[:60], "BrokenArtwork"),
    "no page": (pdf(SQUARE).replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0     "), "BrokenArtwork"),
    "two pages": (_pages(2), "SeveralPages"),
    "locked": (_encrypted(pdf(SQUARE), LOCKED), "EncryptedArtwork"),
    "protected": (_encrypted(pdf(SQUARE), PROTECTED), "EncryptedArtwork"),
    "script": (pdf(SQUARE, extra=("<</S/JavaScript/JS(1)>>",), catalog=SCRIPT), "HoldsProgram"),
    "link": (pdf(SQUARE, page=LINK), "HoldsProgram"),
    "text": (pdf(f"{SQUARE} BT /F 9 Tf 1 1 Td (x) Tj ET", FONT), "HoldsText"),
    "unseen text": (pdf(f"{SQUARE} BT 3 Tr /F 9 Tf (x) Tj ET", FONT), "HoldsText"),
    "image": (pdf(f"{SQUARE} {IMAGE}"), "HoldsPicture"),
    "shading": (pdf("/P sh", f"/Shading<</P {AXIAL}>>"), "HoldsEffect"),
    "stroke": (pdf("10 10 20 20 re S"), "HoldsStroke"),
    "fill and stroke": (pdf("10 10 20 20 re B"), "HoldsStroke"),
    "tiling pattern": (pdf(f"/Pattern cs /P scn {SQUARE}", "/Pattern<</P 5 0 R>>", (TILE,)), "HoldsEffect"),
    "gradient": (pdf(f"/Pattern cs /P scn {SQUARE}", "/Pattern<</P 5 0 R>>", (SHADING,)), "HoldsEffect"),
    "see-through": (pdf(f"/G gs {SQUARE}", "/ExtGState<</G<</ca .5>>>>"), "HoldsEffect"),
    "blending": (pdf(f"/G gs {SQUARE}", "/ExtGState<</G<</BM/Multiply>>>>"), "HoldsEffect"),
    "form": (pdf("/F Do", "/XObject<</F 5 0 R>>", (NESTED,)), "HoldsCopy"),
    "form by another name": (
        pdf("/F Do", "/XObject<</F 5 0 R>>", (NESTED.replace("/Form", "/F#6frm"),)),
        "HoldsCopy",
    ),
    "soft mask": (
        pdf(f"/G gs {SQUARE}", "/ExtGState<</G<</SMask<</S/Luminosity/G 5 0 R>>>>>>", (GROUP,)),
        "HoldsCopy",
    ),
    "clipped away": (pdf(f"q 12 12 5 5 re W n {SQUARE} Q 40 40 9 9 re f"), "HoldsEffect"),
    "hidden layer": (
        pdf(
            f"/OC /L BDC {SQUARE} EMC", "/Properties<</L 5 0 R>>", ("<</Type/OCG/Name(x)>>",), catalog=HIDDEN
        ),
        "HoldsHidden",
    ),
    "turned page": (pdf(SQUARE, page="/Rotate 90"), "HoldsUnknown"),
    "nothing": (pdf(" "), "EmptyArtwork"),
    "nothing painted": (pdf("1 1 5 5 re n"), "EmptyArtwork"),
    "beyond the sheet": (pdf("90 90 20 20 re f"), "OutsideSheet"),
    "many segments": (_packed(b"1 1 m " + b"2 2 l " * vectors.MOST_SEGMENTS + b"f"), "ArtworkTooLarge"),
    "unpacks without end": (_packed(b" " * (artwork_pdf._MOST_UNPACKED_BYTES + 1)), "ArtworkTooLarge"),  # noqa: SLF001 -- the limit itself is tested
}


@pytest.mark.parametrize(("content", "refusal"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_would_be_drawn_otherwise_is_refused(content: bytes, refusal: str) -> None:
    with pytest.raises(UnfitArtwork) as refused:
        read_artwork(content, "emblem.pdf")
    assert refused.value.code == refusal
    assert "emblem.pdf" in refused.value.zh
    assert "emblem.pdf" in refused.value.en
