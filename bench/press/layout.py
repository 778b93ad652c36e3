"""Where everything stands for the peers: our badge and our plaque in millimetres, top left origin.

The same elements as in plaques/designs, each text at one size, so that the peers need not fit what they set:
they break lines where they like. Leaves out how a mark is drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal, TypeAlias

from bench.press.roster import BASE_URL, DATED_ON, HEADING, ISSUER, Holder, Post

FONTS = Path(__file__).parents[2] / "fonts"
FACES = {
    "heading": FONTS / "noto-serif-sc/NotoSerifSC_900Black.ttf",
    "serif": FONTS / "noto-serif-sc/NotoSerifSC_700Bold.ttf",
    "sans": FONTS / "noto-sans-sc/NotoSansSC_500Medium.ttf",
    "kai": FONTS / "lxgw-wenkai/LXGWWenKai-Regular.ttf",
}
MM_PER_PT = 25.4 / 72

BoxMm: TypeAlias = tuple[float, float, float, float]
Level: TypeAlias = Literal["M", "Q"]
Words: TypeAlias = dict[str, str]

_A4 = (210.0, 297.0)
_COLUMNS, _ROWS, _GAP = 2, 5, 4.0
_MARK_OFFSET, _MARK_LENGTH, _MARK_STROKE = 1.0, 2.0, 0.1
_LONG_NAME = 5


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A filled rectangle."""

    box: BoxMm
    color: str


@dataclass(frozen=True, kw_only=True)
class Caption:
    """A text of one line, at the left of its box; `leading` is the distance of lines in ems."""

    part: str
    box: BoxMm
    face: str
    size_pt: float
    color: str
    leading: float = 1.35
    align: Literal["left", "center"] = "left"


@dataclass(frozen=True, kw_only=True)
class Centred(Caption):
    """A text of one line in the middle of its box."""

    align: Literal["left", "center"] = "center"


@dataclass(frozen=True, kw_only=True)
class Wrapped(Caption):
    """A text of as many lines as it takes."""


@dataclass(frozen=True, kw_only=True)
class Product:
    """Something to print, alone on a page or many to a sheet."""

    size_mm: tuple[float, float]
    shapes: tuple[Shape, ...]
    captions: tuple[Caption, ...]
    code: BoxMm
    level: Level
    sheet_mm: tuple[float, float]
    places: tuple[tuple[float, float], ...]

    @property
    def crop_marks(self) -> tuple[BoxMm, ...]:
        """Hairlines at every corner of every place; none where the product is the page."""
        return tuple(dict.fromkeys(self._corner_bars())) if len(self.places) > 1 else ()

    def _corner_bars(self) -> Iterator[BoxMm]:
        (width, height), half, reach = self.size_mm, _MARK_STROKE / 2, _MARK_OFFSET + _MARK_LENGTH
        for left, top in self.places:
            right, bottom = left + width, top + height
            for x, y in product((left, right), (top - reach, bottom + _MARK_OFFSET)):
                yield round(x - half, 3), round(y, 3), _MARK_STROKE, _MARK_LENGTH
            for x, y in product((left - reach, right + _MARK_OFFSET), (top, bottom)):
                yield round(x, 3), round(y - half, 3), _MARK_LENGTH, _MARK_STROKE


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What one copy says, part by part, and where its code leads."""

    words: Words
    url: str


def _badge_places() -> tuple[tuple[float, float], ...]:
    pitch_x, pitch_y = 85.6 + _GAP, 53.98 + _GAP
    left = (_A4[0] - _COLUMNS * pitch_x + _GAP) / 2
    top = (_A4[1] - _ROWS * pitch_y + _GAP) / 2
    return tuple((left + x * pitch_x, top + y * pitch_y) for y, x in product(range(_ROWS), range(_COLUMNS)))


BADGE = Product(
    size_mm=(85.6, 53.98),
    shapes=(
        Shape(box=(0, 0, 85.6, 53.98), color="#FFFDF8"),
        Shape(box=(0, 0, 85.6, 14.2), color="#9E0B14"),
        Shape(box=(0, 14.2, 85.6, 0.7), color="#E3BC6A"),
        Shape(box=(56.2, 18, 25, 25), color="#FFFFFF"),
    ),
    captions=(
        Centred(part="heading", box=(6, 3.2, 73.6, 8.4), face="heading", size_pt=20, color="#F6DC9F"),
        Caption(part="name", box=(5, 16.5, 32, 10.4), face="kai", size_pt=21, color="#231815"),
        Caption(part="long_name", box=(5, 18.5, 32, 10.4), face="kai", size_pt=10, color="#231815"),
        Caption(part="holder_title", box=(38, 20, 16, 10.4), face="sans", size_pt=7.5, color="#A30D16"),
        Caption(part="post_name", box=(5, 28.3, 49, 5), face="serif", size_pt=11, color="#231815"),
        Wrapped(part="duties", box=(5, 33.5, 49, 9), face="sans", size_pt=6, color="#231815"),
        Caption(part="branch", box=(5, 43.2, 49, 3.4), face="sans", size_pt=6.5, color="#4A3B34"),
        Caption(part="count", box=(5, 46.9, 20, 3.4), face="sans", size_pt=6.5, color="#4A3B34"),
        Caption(part="number", box=(25, 46.9, 29, 3.4), face="sans", size_pt=6.5, color="#4A3B34"),
        Centred(part="instruction", box=(55.2, 43.2, 27, 3.4), face="serif", size_pt=7, color="#A30D16"),
        Centred(part="host", box=(54.9, 46.9, 27.6, 3.4), face="sans", size_pt=5.5, color="#4A3B34"),
    ),
    code=(56.2, 18, 25, 25),
    level="M",
    sheet_mm=_A4,
    places=_badge_places(),
)  # fmt: skip

PLAQUE = Product(
    size_mm=(400, 300),
    shapes=(
        Shape(box=(0, 0, 400, 300), color="#9E0B14"),
        Shape(box=(8, 8, 384, 284), color="#E3BC6A"),
        Shape(box=(10, 10, 380, 280), color="#9E0B14"),
        Shape(box=(128, 79.75, 66, 0.5), color="#E3BC6A"),
        Shape(box=(206, 79.75, 66, 0.5), color="#E3BC6A"),
        Shape(box=(26, 92, 348, 158), color="#FFFAEF"),
        Shape(box=(274, 110, 84, 84), color="#FFFFFF"),
    ),
    captions=(
        Centred(part="heading", box=(32, 22, 336, 48), face="heading", size_pt=115, color="#F6DC9F"),
        Caption(part="post_name_label", box=(42, 116, 34, 10), face="sans", size_pt=16.5, color="#A30D16"),
        Caption(part="post_name", box=(76, 108, 182, 28), face="serif", size_pt=38, color="#231815"),
        Caption(part="duties_label", box=(42, 141, 34, 10), face="sans", size_pt=16.5, color="#A30D16"),
        Wrapped(part="duties", box=(76, 140, 182, 46), face="sans", size_pt=20, color="#231815", leading=1.5),
        Caption(part="count_label", box=(42, 191, 34, 10), face="sans", size_pt=16.5, color="#A30D16"),
        Caption(part="count", box=(76, 188, 182, 10), face="serif", size_pt=25, color="#231815"),
        Wrapped(part="names", box=(76, 202, 182, 40), face="kai", size_pt=26, color="#231815", leading=1.4),
        Centred(part="instruction", box=(268, 199, 96, 11), face="serif", size_pt=21, color="#A30D16"),
        Centred(part="number", box=(268, 211.6, 96, 8), face="sans", size_pt=17.5, color="#231815"),
        Centred(part="host", box=(268, 221.2, 96, 8), face="sans", size_pt=17.5, color="#4A3B34"),
        Caption(part="issuer", box=(42, 259, 200, 18), face="serif", size_pt=25, color="#F3D493"),
        Caption(part="date", box=(246, 259, 112, 18), face="serif", size_pt=25, color="#F3D493"),
    ),
    code=(274, 110, 84, 84),
    level="Q",
    sheet_mm=(400, 300),
    places=((0, 0),),
)  # fmt: skip

PRODUCTS = {"badge": BADGE, "plaque": PLAQUE}


def copies_of(product_name: str, posts: Iterator[Post]) -> list[Printed]:
    """Return the words of every copy: one for each holder, or one plaque for each post."""
    if product_name == "plaque":
        return [_printed(_plaque_words(post), post.holders[0]) for post in posts]
    return [_printed(_badge_words(post, holder), holder) for post in posts for holder in post.holders]


def sheets(copies: Sequence[Printed], product: Product) -> Iterator[Sequence[Printed]]:
    """Yield the copies of one sheet after the other."""
    size = len(product.places)
    return (copies[start : start + size] for start in range(0, len(copies), size))


def _printed(words: Words, holder: Holder) -> Printed:
    return Printed(words=words, url=f"{BASE_URL}/{holder.code}")


def _badge_words(post: Post, holder: Holder) -> Words:
    name = "long_name" if len(holder.name) >= _LONG_NAME else "name"
    return {
        "heading": HEADING,
        name: holder.name,
        "holder_title": holder.title,
        "post_name": post.name,
        "duties": post.duties,
        "branch": post.branch,
        "count": f"岗位党员 {len(post.holders)} 名",
        "number": f"编号 {holder.number}",
        "instruction": "扫码核验 · 监督评价",
        "host": BASE_URL.removeprefix("https://"),
    }


def _plaque_words(post: Post) -> Words:
    return {
        "heading": HEADING,
        "post_name_label": "岗位名称",
        "post_name": post.name,
        "duties_label": "工作职责",
        "duties": post.duties,
        "count_label": "岗位党员",
        "count": f"{len(post.holders)} 名",
        "names": "　".join(holder.name for holder in post.holders),
        "instruction": "扫码核验 · 监督评价",
        "number": f"编号 {post.holders[0].number}",
        "host": BASE_URL.removeprefix("https://"),
        "issuer": ISSUER,
        "date": DATED_ON,
    }
