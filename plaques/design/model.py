"""Designs: what a product looks like, as values: boxes in millimetres, type in points, colours by role.

Knows the shape of a design and what each measure means. Leaves out how a design file is read
(design/file.py), which designs there are (design/library.py) and what is done with one (compose.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from plaques.artwork.vectors import Artwork
from plaques.design.kinds import Either, FourSides, Limits, NotNegative, Number
from plaques.marks import Box, Color, Contour
from plaques.qr import Level
from store.plates import Product, Stage

LEGIBLE_PT = 4.0
"""The least floor a design may give a text."""

CAPTION_WORDS = frozenset(
    {
        "heading", "heading_en", "holder", "holder_title", "post_name", "duties", "count", "branch", "number",
        "host", "issuer", "date",
    }
)  # fmt: skip
"""The words a caption's template may ask for."""

ITEM_WORDS = frozenset({"post_name", "duties", "count"})
"""The words a template in the column may ask for."""

Positive: TypeAlias = Annotated[float, Limits(more_than=0)]
Floor: TypeAlias = Annotated[float, Limits(at_least=LEGIBLE_PT)]
Switch: TypeAlias = Annotated[bool, Either()]
Place: TypeAlias = Annotated[Box, FourSides()]
"""A box, in a file `[x, y, width, height]`."""

Setting: TypeAlias = Literal["horizontal", "vertical"]
"""Which way the lines run: left to right, or top to bottom in columns from right to left."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A decoration in its box.

    A block fills the box and a frame follows its edge; both may have round corners, a frame notched ones
    (委角) too. A diamond and a roundel (an ellipse) stand in its middle, filled unless they have a stroke. A
    line runs from its top left to its bottom right corner. A path is drawn in millimetres from the box's top
    left corner in the letters of SVG (M L H V C Z) and mirrored about the box's middle.
    """

    kind: Literal["block", "frame", "diamond", "roundel", "line", "path"]
    box: Place
    color: str
    stroke_mm: NotNegative = 0.0
    notch_mm: NotNegative = 0.0
    radius_mm: NotNegative = 0.0
    path_mm: str = ""
    mirror: Literal["none", "across", "down", "both"] = "none"


@dataclass(frozen=True, kw_only=True)
class Type:
    """How a text is set: largest size, the floor below which it is refused, spacing."""

    face: str
    size_pt: Positive
    floor_pt: Floor
    color: str
    leading: Positive = 1.45
    tracking_em: Number = 0.0


@dataclass(frozen=True, kw_only=True)
class Caption(Type):
    """One line in a box of its own, in the middle of the box; `text` is a template of the words printed.

    In vertical setting the line is a column, and `left` and `right` mean its top and its bottom. Where
    `after` names an earlier caption, this one stands on its baseline, behind it by `after_gap_mm`.
    """

    part: str
    text: str
    box: Place
    align: Literal["left", "center", "right"] = "left"
    setting: Setting = "horizontal"
    after: str = ""
    after_gap_mm: NotNegative = 0.0


@dataclass(frozen=True, kw_only=True)
class Item(Type):
    """A text in the column, no higher than `height_mm` while it is above its floor; names take what is left.

    `gap_mm` is the least distance from the item before, `gap_max_mm` the most it may grow to. Below
    `comfort_pt` the names ask the other items to be smaller before they shrink further themselves. In
    vertical setting heights and gaps are measured across, from the right.
    """

    part: str
    text: str
    kind: Literal["title", "paragraph", "clauses", "names"]
    label: str = ""
    height_mm: NotNegative = 0.0
    gap_mm: NotNegative = 0.0
    gap_max_mm: NotNegative = 0.0
    rule_before: Switch = False
    gutter_em: NotNegative = 1.0
    comfort_pt: NotNegative = 0.0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The hairline between items of the column."""

    color: str
    stroke_mm: Positive


@dataclass(frozen=True, kw_only=True)
class Column:
    """The texts that share one height: labels left, items right of them, what is left over spread between.

    In vertical setting they share one width: labels on top, items below them, from right to left.
    """

    box: Place
    label: Type
    label_width_mm: NotNegative
    rule: Rule
    items: tuple[Item, ...]
    setting: Setting = "horizontal"


@dataclass(frozen=True, kw_only=True)
class CodePlace:
    """Where the code stands, quiet zone included, how it is encoded, and its least module.

    Drawn as an image it is one bit a module, which keeps large batches small; as a path any cutter follows
    it.
    """

    box: Place
    level: Level
    color: str
    module_min_mm: Positive
    drawn: Literal["image", "path"] = "path"


@dataclass(frozen=True, kw_only=True)
class StampPlace:
    """Where 样张 lies, under the texts."""

    face: str
    size_pt: Positive
    color: str
    center_mm: tuple[Number, Number]
    turn_deg: Number
    tracking_em: Number


@dataclass(frozen=True, kw_only=True)
class ArtworkPlace:
    """Where a drawing of the organisation's stands: as large as its box allows, its proportion kept.

    Without a colour it keeps its own.
    """

    file: str
    role: Literal["emblem", "seal", "background"]
    box: Place
    color: str = ""


@dataclass(frozen=True, kw_only=True)
class Back:
    """The second side of a plate; without a code where it has none."""

    stamp: StampPlace
    shapes: tuple[Shape, ...] = ()
    captions: tuple[Caption, ...] = ()
    artworks: tuple[ArtworkPlace, ...] = ()
    code: CodePlace | None = None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One size of a product; no text comes nearer to its trim than `clear_mm`.

    Folded as a tent, the same face stands a second time above the fold, upside down; width and height are
    those of one face.
    """

    width_mm: Positive
    height_mm: Positive
    clear_mm: NotNegative
    raster_dpi: Positive
    shapes: tuple[Shape, ...]
    captions: tuple[Caption, ...]
    column: Column
    code: CodePlace
    stamp: StampPlace
    artworks: tuple[ArtworkPlace, ...] = ()
    back: Back | None = None
    fold: Literal["none", "tent"] = "none"

    @property
    def sides(self) -> "tuple[tuple[str, Layout | Back], ...]":
        """The front, and the back if there is one, each with its key below the size."""
        return (("", self), ("back.", self.back)) if self.back else (("", self),)


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words a design adds to those of the register: the heading in English, by stage."""

    heading_en: Mapping[Stage, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """One product in one colouring and one size, ready to compose.

    A role whose colour is None is not drawn. With `outlines`, texts are drawn as outlines for an engraver.
    `artwork` are the organisation's drawings by the file names in the layout, `drawn` the outlines in em of
    characters that no typeface draws.
    """

    product: Product
    name: str
    size: str
    title_zh: str
    title_en: str
    palette: Mapping[str, Color | None]
    words: Words
    outlines: bool
    layout: Layout
    artwork: Mapping[str, Artwork] = field(default_factory=dict)
    drawn: Mapping[str, tuple[Contour, ...]] = field(default_factory=dict)
