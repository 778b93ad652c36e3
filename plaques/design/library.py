"""The designs there are: those shipped in designs/, and an organisation's own beside them.

Knows which file holds which design and which is a product's default; reads each file once. Leaves out what a
file must be like (design/file.py, design/rules.py) and where an organisation keeps its own: their contents
come in as bytes.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Self, TypeVar

from plaques.artwork.vectors import Artwork
from plaques.design.faults import BadDesign, Fault, nearest
from plaques.design.file import NAME, DesignFile, extended, parse_toml, read_design, with_lines
from plaques.design.model import Design
from plaques.design.rules import faults_of
from plaques.design.scaling import Table
from plaques.marks import Contour
from store.plates import Product
from store.refusals import Refusal

DESIGN_SUFFIX = ".toml"

K = TypeVar("K", bound=str)
T = TypeVar("T")
_SAYS_DEFAULT = re.compile(r"^default\b", re.MULTILINE)


class UnknownDesign(Refusal):
    """There is no such product, design or size. Remedy: choose one of those listed."""

    reason_zh = "没有名为“{asked}”的{kind_zh}。"
    reason_en = "There is no {kind_en} called {asked!r}."
    remedy_zh = "可选：{known}。"
    remedy_en = "Choose one of: {known}."


@dataclass(frozen=True, kw_only=True)
class Source:
    """A design file: its name and its text."""

    file: str
    text: str = field(repr=False)

    @classmethod
    def read(cls, file: str, content: bytes) -> Self:
        """Read the bytes of a file; a byte order mark, as Windows editors leave one, is passed over.

        Raises:
            BadDesign: it is not text in UTF-8.

        """
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            fault = Fault(key="TOML", zh=f"不是 UTF-8 文本（{error}）", en=str(error))
            raise BadDesign(file=file, faults=(fault,)) from error
        return cls(file=file, text=text)

    @cached_property
    def table(self) -> Table:
        """The table in the file, read when first asked for.

        Raises:
            BadDesign: the text is not TOML.

        """
        return parse_toml(self.text, self.file)

    @property
    def is_default(self) -> bool:
        """Whether the file says that it is its product's default; one without the word is not even read."""
        return _SAYS_DEFAULT.search(self.text) is not None and bool(self.table.get("default"))


@dataclass(frozen=True, kw_only=True, eq=False)
class DesignLibrary:
    """Designs by product and name, and an organisation's drawings by file name.

    `own` gives the product and name of each design file of its own; `unusable` are those that are no designs.
    """

    sources: Mapping[Product, Mapping[str, Source]]
    own: Mapping[str, tuple[Product, str]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    unusable: tuple[BadDesign, ...] = ()

    @classmethod
    def shipped(cls) -> "DesignLibrary":
        """Return the designs that come with the program."""
        return _shipped()

    def with_files(self, contents: Mapping[str, bytes]) -> "DesignLibrary":
        """Return the library with an organisation's design files and drawings, by file name.

        A file that cannot be read, says no product and name, or takes a name that is taken is among
        `unusable`: it must not keep other designs from being used.
        """
        taken = {product: dict(each) for product, each in self.sources.items()}
        own: dict[str, tuple[Product, str]] = {}
        unusable: list[BadDesign] = []
        for file in sorted(_design_files(contents)):
            try:
                own[file] = _taken_in(Source.read(file, contents[file]), taken)
            except BadDesign as refusal:
                unusable.append(refusal)
        drawings = {file: contents[file] for file in contents.keys() - _design_files(contents)}
        return DesignLibrary(sources=taken, own=own, files=drawings, unusable=tuple(unusable))

    def names(self, product: Product) -> tuple[str, ...]:
        """Return the names of a product's designs, the default first."""
        default = self._default(product)
        return tuple(sorted(self.sources.get(product, {}), key=lambda name: (name != default, name)))

    def sizes(self, product: Product, name: str = "") -> tuple[str, ...]:
        """Return the sizes of a design, the default first.

        Raises:
            UnknownDesign, BadDesign: there is no such design, or it cannot be used.

        """
        design = self.file(product, name)
        return tuple(sorted(design.sizes, key=lambda size: (size != design.default_size, size)))

    def design(self, product: Product, name: str = "", size: str = "") -> Design:
        """Return a design; an empty name or size means the product's own default.

        Raises:
            UnknownDesign: the product, the design or the size does not exist.
            BadDesign: the design's file, or one it extends, cannot be used.

        """
        return _design(self, product, name, size)

    def file(self, product: Product, name: str = "") -> DesignFile:
        """Return a design in all its sizes; raises as `design` does."""
        return _file(self, product, name or self._default(product))

    def source(self, product: Product, name: str) -> Source:
        """Return the file of a design.

        Raises:
            UnknownDesign: there is none.

        """
        known = _pick(self.sources, product, "标牌种类", "product")
        return _pick(known, name, "设计", "design")

    def _default(self, product: Product) -> str:
        known = _pick(self.sources, product, "标牌种类", "product")
        return next(name for name, source in known.items() if source.is_default)


def load_design(product: Product, name: str = "", size: str = "") -> Design:
    """Return a shipped design; raises as `DesignLibrary.design` does."""
    return DesignLibrary.shipped().design(product, name, size)


@functools.cache
def _shipped() -> DesignLibrary:
    folders = {entry.name: entry for entry in (files("plaques") / "designs").iterdir()}
    return DesignLibrary(
        sources={
            product: {
                entry.name.removesuffix(DESIGN_SUFFIX): Source.read(entry.name, entry.read_bytes())
                for entry in folders[product].iterdir()
            }
            for product in Product
            if product in folders
        }
    )


def _design_files(contents: Mapping[str, bytes]) -> set[str]:
    return {file for file in contents if file.lower().endswith(DESIGN_SUFFIX)}


def _taken_in(source: Source, taken: dict[Product, dict[str, Source]]) -> tuple[Product, str]:
    """Put an organisation's design among those there are, and return its product and name."""
    product, name = _identity(source)
    known = taken.setdefault(product, {})
    if name in known:
        raise _bad(source, "name", f"“{name}”已有同名设计", f"there is a design called {name!r} already")
    if source.table.get("default"):
        raise _bad(
            source, "default", "只有随程序提供的设计可为默认", "only a shipped design can be the default"
        )
    known[name] = source
    return product, name


def _identity(source: Source) -> tuple[Product, str]:
    product, name = source.table.get("product"), source.table.get("name")
    if product is None:
        listed = ", ".join(Product)
        raise _bad(source, "product", f"缺少这一项，可写：{'、'.join(Product)}", f"missing; one of: {listed}")
    if product not in set(Product):
        raise _bad(source, "product", *nearest(str(product), list(Product)))
    if not isinstance(name, str) or not re.fullmatch(NAME, name):
        raise _bad(source, "name", f"应合乎 {NAME}", f"must match {NAME}")
    return Product(product), name


def _bad(source: Source, key: str, zh: str, en: str) -> BadDesign:
    return with_lines(BadDesign(file=source.file, faults=(Fault(key=key, zh=zh, en=en),)), source.text)


@functools.lru_cache(maxsize=256)
def _design(library: DesignLibrary, product: Product, name: str, size: str) -> Design:
    file = library.file(product, name)
    size = size or file.default_size
    layout = _pick(file.sizes, size, "尺寸", "size")
    return Design(
        product=file.product,
        name=file.name,
        size=size,
        title_zh=file.title_zh,
        title_en=file.title_en,
        palette=file.palette,
        words=file.words,
        outlines=file.outlines,
        layout=layout,
        artwork=_drawings(library, file, size) if any(side.artworks for _, side in layout.sides) else {},
        drawn=_drawn_characters(library) if library.files else {},
    )


def _drawings(library: DesignLibrary, file: DesignFile, size: str) -> Mapping[str, Artwork]:
    """Return the drawings of a size, held to the rules.

    Raises:
        UnfitArtwork: a file cannot be printed as it is.
        BadDesign: a file is missing, or emblem or seal stand where they must not.

    """
    from plaques.design.artwork import artwork_faults, read_drawings  # noqa: PLC0415 -- its readers load slowly

    layout, source = file.sizes[size], library.source(file.product, file.name)
    drawings = read_drawings(layout, library.files)
    if faults := tuple(artwork_faults(layout, drawings, file.palette, f"sizes.{size}")):
        raise with_lines(BadDesign(file=source.file, faults=faults), source.text)
    return drawings


@functools.lru_cache(maxsize=64)
def _drawn_characters(library: DesignLibrary) -> Mapping[str, tuple[Contour, ...]]:
    from plaques.artwork.glyphs import drawn_characters  # noqa: PLC0415 -- its readers load slowly

    return drawn_characters(library.files)


@functools.lru_cache(maxsize=256)
def _file(library: DesignLibrary, product: Product, name: str) -> DesignFile:
    source = library.source(product, name)
    try:
        return _sound(read_design(_whole(library, product, source, (name,)), source.file), source.file)
    except BadDesign as refusal:
        raise with_lines(refusal, source.text) from refusal


def _sound(design: DesignFile, file: str) -> DesignFile:
    if faults := tuple(faults_of(design)):
        raise BadDesign(file=file, faults=faults)
    return design


def _whole(library: DesignLibrary, product: Product, source: Source, above: Sequence[str]) -> Table:
    """Return a file's table with everything it takes from those it extends."""
    base = source.table.get("extends")
    if not base:
        return source.table
    others = {name: each for name, each in library.sources[product].items() if name not in above}
    if base not in others:
        raise _bad(source, "extends", *nearest(str(base), sorted(others)))
    return extended(_whole(library, product, others[base], (*above, base)), source.table)


def _pick(known: Mapping[K, T], asked: K, kind_zh: str, kind_en: str) -> T:
    if asked not in known:
        raise UnknownDesign(asked=asked, kind_zh=kind_zh, kind_en=kind_en, known="、".join(sorted(known)))
    return known[asked]
