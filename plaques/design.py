"""Designs: what each product looks like, read from designs/*.toml in millimetres and points.

Knows the shape of a design file and refuses a wrong one by file and key. Leaves out what is done with it
(compose.py). One file is one product: its sizes hold the geometry, its designs the colours; another product,
size or colouring is another table and no code.
"""

import functools
import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from importlib.resources import files
from pathlib import PurePath
from string import Formatter
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from plaques.marks import Box
from plaques.qr import Level
from plaques.typefaces import catalogue
from store.records import Product
from store.refusals import Refusal

CAPTION_WORDS = frozenset(
    {"heading", "holder", "holder_title", "count", "branch", "number", "host", "issuer", "date"}
)
"""The words a caption's template may ask for."""

ITEM_WORDS = frozenset({"post_name", "duties", "count"})
"""The words a template in the column may ask for."""

_COLOR = re.compile("#[0-9A-F]{6}")
T = TypeVar("T")


class BadDesign(Refusal):
    """A design file cannot be used. Remedy: correct the key named."""

    reason_zh = "设计文件 {file} 的“{key}”有误：{problem}。"
    reason_en = "Design file {file}, key {key!r}: {problem}."
    remedy_zh = "请对照同目录的其他设计文件改正。"
    remedy_en = "Correct it after the pattern of the other files in that folder."


class UnknownDesign(Refusal):
    """There is no such product, design or size. Remedy: choose one of those listed."""

    reason_zh = "没有名为“{asked}”的{kind_zh}。"
    reason_en = "There is no {kind_en} called {asked!r}."
    remedy_zh = "可选：{known}。"
    remedy_en = "Choose one of: {known}."


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A decoration: a filled block, a frame along the box's edge, or a diamond in its middle."""

    kind: Literal["block", "frame", "diamond"]
    box: Box
    color: str
    stroke_mm: float = 0.0
    notch_mm: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Type:
    """How a text is set: largest size, the floor below which it is refused, spacing."""

    face: str
    size_pt: float
    floor_pt: float
    color: str
    leading: float = 1.45
    tracking_em: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Caption(Type):
    """One line in a box of its own, centred on the box's height; `text` is a template of the words printed.

    Where `after` names an earlier caption, this one stands on its baseline, behind it by `after_gap_mm`.
    """

    part: str
    text: str
    box: Box
    align: Literal["left", "center", "right"] = "left"
    after: str = ""
    after_gap_mm: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Item(Type):
    """A text in the column, no higher than `height_mm` while it is above its floor; names take what is left.

    `gap_mm` is the least distance from the item before, `gap_max_mm` the most it may grow to. Below
    `comfort_pt` the names ask the other items to be smaller before they shrink further themselves.
    """

    part: str
    text: str
    kind: Literal["title", "paragraph", "clauses", "names"]
    label: str = ""
    height_mm: float = 0.0
    gap_mm: float = 0.0
    gap_max_mm: float = 0.0
    rule_before: bool = False
    gutter_em: float = 1.0
    comfort_pt: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The hairline between items of the column."""

    color: str
    stroke_mm: float


@dataclass(frozen=True, kw_only=True)
class Column:
    """The texts that share one height: labels left, items right of them, what is left over spread between."""

    box: Box
    label: Type
    label_width_mm: float
    rule: Rule
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class CodePlace:
    """Where the code stands, quiet zone included, how it is encoded, and its least module."""

    box: Box
    level: Level
    color: str
    module_min_mm: float


@dataclass(frozen=True, kw_only=True)
class StampPlace:
    """Where 样张 lies, under the texts."""

    face: str
    size_pt: float
    color: str
    center_mm: tuple[float, float]
    turn_deg: float
    tracking_em: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One size of a product."""

    width_mm: float
    height_mm: float
    clear_mm: float
    raster_dpi: float
    shapes: tuple[Shape, ...]
    captions: tuple[Caption, ...]
    column: Column
    code: CodePlace
    stamp: StampPlace


@dataclass(frozen=True, kw_only=True)
class ProductFile:
    """All designs and sizes of one product; `default` names the ones taken when none is asked for."""

    default_design: str
    default_size: str
    designs: Mapping[str, Mapping[str, str]]
    sizes: Mapping[str, Layout]


@dataclass(frozen=True, kw_only=True, eq=False)
class Design:
    """One product in one colouring and one size, ready to compose."""

    product: Product
    name: str
    size: str
    palette: Mapping[str, str]
    layout: Layout


@functools.cache
def load_design(product: Product, name: str = "", size: str = "") -> Design:
    """Return a shipped design; an empty name or size means the product's own default.

    Raises:
        UnknownDesign: the product, the design or the size does not exist.
        BadDesign: the product's file cannot be used.

    """
    shipped = _product_file(product)
    name, size = name or shipped.default_design, size or shipped.default_size
    palette = _pick(shipped.designs, name, "设计", "design")
    layout = _pick(shipped.sizes, size, "尺寸", "size")
    return Design(product=product, name=name, size=size, palette=palette, layout=layout)


def _product_file(product: Product) -> ProductFile:
    folder = files("plaques") / "designs"
    found = {PurePath(entry.name).stem: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
    entry = _pick(found, product.value, "标牌种类", "product")
    return parse_product(entry.read_text("utf-8"), entry.name)


def parse_product(text: str, file: str) -> ProductFile:
    """Read a design file; `file` names it in a refusal.

    Raises:
        BadDesign: not TOML, a key missing, unknown or of the wrong kind, a colour, face or word unknown.

    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadDesign(file=file, key="TOML", problem=str(error)) from error
    product: ProductFile = _Reader(file).read(ProductFile, table, "")
    _check_meanings(product, file)
    return product


class _Reader:
    """Turns TOML tables into the dataclasses above, by their annotations."""

    def __init__(self, file: str) -> None:
        self.file = file

    def read(self, kind: Any, value: Any, key: str) -> Any:  # noqa: ANN401 - driven by annotations at run time
        if kind is Box:
            return Box(*self._numbers(value, key, 4))
        if is_dataclass(kind):
            return self._record(kind, self._checked(dict, value, key), key)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return self._choice(arguments, value, key)
        if origin is Mapping:
            table = self._checked(dict, value, key)
            return types.MappingProxyType(
                {name: self.read(arguments[1], entry, f"{key}.{name}") for name, entry in table.items()}
            )
        if origin is tuple:
            return self._sequence(arguments, value, key)
        return float(self._number(value, key)) if kind is float else self._checked(kind, value, key)

    def _record(self, kind: Any, table: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - see read
        hints, known = get_type_hints(kind), {field.name: field for field in fields(kind)}
        for name in table.keys() - known.keys():
            raise self._bad(f"{key}.{name}", "没有这一项 (no such key)")
        for name in known.keys() - table.keys():
            self._require_default(known[name], f"{key}.{name}")
        return kind(**{name: self.read(hints[name], entry, f"{key}.{name}") for name, entry in table.items()})

    def _sequence(self, arguments: tuple[Any, ...], value: Any, key: str) -> tuple[Any, ...]:  # noqa: ANN401 - see read
        if arguments[-1] is not Ellipsis:
            return self._numbers(value, key, len(arguments))
        entries = self._checked(list, value, key)
        return tuple(self.read(arguments[0], entry, f"{key}[{at}]") for at, entry in enumerate(entries))

    def _require_default(self, field: "Field[Any]", key: str) -> None:
        if field.default is MISSING:
            raise self._bad(key, "缺少 (missing)")

    def _choice(self, choices: tuple[str, ...], value: Any, key: str) -> str:  # noqa: ANN401 - see read
        if value not in choices:
            raise self._bad(key, f"应为其中之一 (one of): {', '.join(choices)}")
        return str(value)

    def _numbers(self, value: Any, key: str, count: int) -> tuple[float, ...]:  # noqa: ANN401 - see read
        entries = self._checked(list, value, key)
        if len(entries) != count:
            raise self._bad(key, f"应为 {count} 个数 (numbers expected)")
        return tuple(float(self._number(entry, key)) for entry in entries)

    def _number(self, value: Any, key: str) -> int | float:  # noqa: ANN401 - see read
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._bad(key, "应为数 (a number expected)")
        return value

    def _checked(self, kind: Any, value: Any, key: str) -> Any:  # noqa: ANN401 - see read
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._bad(key, f"类型应为 (expected) {kind.__name__}")
        return value

    def _bad(self, key: str, problem: str) -> BadDesign:
        return BadDesign(file=self.file, key=key.lstrip("."), problem=problem)


def _check_meanings(product: ProductFile, file: str) -> None:
    """Refuse what has the right kind but means nothing: colours, faces and words that do not exist."""
    for name, palette in product.designs.items():
        for role, color in palette.items():
            if not _COLOR.fullmatch(color):
                raise BadDesign(file=file, key=f"designs.{name}.{role}", problem="应形如 #RRGGBB (expected)")
    for key, value in _leaves(product.sizes, "sizes"):
        name = key.rsplit(".", 1)[-1]
        if name == "color":
            _require_in_palettes(product, value, file)
        elif name == "face" and value not in catalogue():
            raise BadDesign(file=file, key=key, problem=f"没有字体 (no such typeface): {value}")
        elif name == "text":
            _require_words(value, ITEM_WORDS if ".column." in key else CAPTION_WORDS, file, key)


def _require_in_palettes(product: ProductFile, color: str, file: str) -> None:
    for name, palette in product.designs.items():
        if color not in palette:
            raise BadDesign(file=file, key=f"designs.{name}.{color}", problem="缺少该颜色 (missing)")


def _require_words(template: str, known: frozenset[str], file: str, key: str) -> None:
    words = {word for _, word, _, _ in Formatter().parse(template) if word is not None}
    if words - known:
        problem = f"没有这个词 (no such word): {', '.join(sorted(words - known))}"
        raise BadDesign(file=file, key=key, problem=problem)


def _leaves(part: object, key: str) -> Iterator[tuple[str, Any]]:
    """Yield every value in a part of a design with its key, at any depth."""
    if isinstance(part, Mapping):
        entries = [(f"{key}.{name}", entry) for name, entry in part.items()]
    elif isinstance(part, tuple):
        entries = [(f"{key}[{at}]", entry) for at, entry in enumerate(part)]
    elif is_dataclass(part):
        entries = [(f"{key}.{field.name}", getattr(part, field.name)) for field in fields(part)]
    else:
        yield key, part
        return
    for name, entry in entries:
        yield from _leaves(entry, name)


def _pick(known: Mapping[str, T], asked: str, kind_zh: str, kind_en: str) -> T:
    if asked not in known:
        raise UnknownDesign(asked=asked, kind_zh=kind_zh, kind_en=kind_en, known="、".join(sorted(known)))
    return known[asked]
