"""Reading an SVG as filled shapes.

Knows which part of SVG is drawn here, and svglib, which draws more than that part and is silent about what
it leaves out. So a file is first read against the list of what is drawn: whatever is not on it is refused by
name, and svglib gets what is left, written anew.
"""

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, TreeBuilder, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from svglib.svglib import Svg2RlgShapeConverter, svg2rlg

from plaques.artwork import svg_data
from plaques.artwork.vectors import (
    MOST_SEGMENTS,
    Artwork,
    ArtworkTooLarge,
    BrokenArtwork,
    FillRule,
    HoldsCopy,
    HoldsEffect,
    HoldsHidden,
    HoldsPicture,
    HoldsProgram,
    HoldsStroke,
    HoldsText,
    HoldsUnknown,
    UnfitArtwork,
    checked,
)
from plaques.contours import IDENTITY, Transform, combined, moved
from plaques.marks import Color, Contour, Path, Segment

_SVG = "{http://www.w3.org/2000/svg}"
_MM_PER_PX = 25.4 / 96
_MM_PER_UNIT: Mapping[str, float] = MappingProxyType(
    {"mm": 1, "cm": 10, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": _MM_PER_PX, "Q": 0.25}
)
_SAME_PROPORTION = 0.01
_DEEPEST = 50

_GEOMETRY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "g": (),
        "path": ("d",),
        "rect": ("x", "y", "width", "height", "rx", "ry"),
        "circle": ("cx", "cy", "r"),
        "ellipse": ("cx", "cy", "rx", "ry"),
        "polygon": ("points",),
        "polyline": ("points",),
        "line": ("x1", "y1", "x2", "y2"),
    }
)
_NOT_SHOWN = frozenset({"title", "desc", "metadata", "style", "defs"})
"""What a viewer does not show; in `defs` only what something points to, and pointing is refused."""

_REFUSED_ELEMENTS: Mapping[str, type[UnfitArtwork]] = MappingProxyType(
    {
        **dict.fromkeys(("text", "tspan", "textPath", "tref", "font", "font-face", "altGlyph"), HoldsText),
        **dict.fromkeys(("image", "feImage"), HoldsPicture),
        **dict.fromkeys(("script", "handler", "listener", "a", "foreignObject"), HoldsProgram),
        **dict.fromkeys(
            ("set", "animate", "animateColor", "animateMotion", "animateTransform"), HoldsProgram
        ),
        **dict.fromkeys(("use", "symbol"), HoldsCopy),
        **dict.fromkeys(("linearGradient", "radialGradient", "meshgradient", "pattern"), HoldsEffect),
        **dict.fromkeys(("clipPath", "mask", "filter", "marker"), HoldsEffect),
    }
)
_PLAIN_ONLY: Mapping[str, tuple[type[UnfitArtwork], tuple[str, ...]]] = MappingProxyType(
    {
        "stroke": (HoldsStroke, ("none", "transparent")),
        "opacity": (HoldsEffect, ("1", "1.0", "100%")),
        "fill-opacity": (HoldsEffect, ("1", "1.0", "100%")),
        "mix-blend-mode": (HoldsEffect, ("normal",)),
        "display": (HoldsHidden, ("inline", "block")),
        "visibility": (HoldsHidden, ("visible",)),
        **dict.fromkeys(
            ("clip-path", "mask", "filter", "marker", "marker-start", "marker-mid", "marker-end"),
            (HoldsEffect, ("none",)),
        ),
    }
)
"""Properties that may be stated, but only as if they were not, and what else they would bring in."""

_IDLE = frozenset(
    {
        "clip-rule", "color", "direction", "enable-background", "image-rendering", "isolation",
        "letter-spacing", "line-height", "overflow", "paint-order", "shape-rendering", "solid-color",
        "solid-opacity", "vector-effect", "white-space", "word-spacing", "writing-mode",
    }
)  # fmt: skip
_IDLE_FAMILIES = ("color-", "font", "text-", "stroke-", "-inkscape-")
"""Properties that change nothing where there is neither text nor stroke nor effect."""

_IDLE_ATTRIBUTES = ("{", "data-", "aria-", "xmlns", "lang", "role", "tabindex")
_ROOT_ONLY = frozenset(
    {"version", "baseProfile", "x", "y", "width", "height", "viewBox", "preserveAspectRatio", "zoomAndPan"}
)
_NAMES = frozenset({"id", "class"})
_QUOTED = 40


def read_svg(content: bytes, file: str) -> Artwork:
    """Read an SVG; a user unit is a pixel of 1/96 inch unless width and height say otherwise.

    Raises:
        UnfitArtwork: the file holds anything but plain filled shapes on its sheet.

    """
    root = _parsed(content, file)
    sheet = _Sheet(root, file)
    plain = _Rewriter(file).rewritten(root, sheet.view_box)
    drawing: Any = svg2rlg(io.BytesIO(tostring(plain)))
    scale = sheet.width_mm / drawing.width
    paths = tuple(_paths(drawing, (scale, 0, 0, -scale, 0, sheet.height_mm)))
    return checked(Artwork(width_mm=sheet.width_mm, height_mm=sheet.height_mm, paths=paths), file)


class _Tree(TreeBuilder):
    """Builds a document's tree, and minds the instructions that stand outside it."""

    def pi(self, target: str, text: str | None = None) -> Any:  # noqa: ANN401 -- the base class's own signature
        """Refuse a style sheet from elsewhere."""
        if target == "xml-stylesheet":
            raise ValueError(f"<?{target} {text}?>")
        return super().pi(target, text)


def _parsed(content: bytes, file: str) -> Element:
    parser = DefusedXMLParser(target=_Tree(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise HoldsProgram(file=file, found=type(error).__name__) from error
    except ParseError as error:
        raise BrokenArtwork(file=file, found=str(error)) from error
    except ValueError as error:
        raise HoldsProgram(file=file, found=str(error)) from error
    if root.tag != f"{_SVG}svg":
        raise BrokenArtwork(file=file, found=f"<{root.tag}>")
    return root


class _Sheet:
    """The size of a drawing and the window of user units it shows."""

    def __init__(self, root: Element, file: str) -> None:
        self.file = file
        with _understood(file, "viewBox"):
            stated = svg_data.numbers(root.get("viewBox", ""))
        width, height = self._side(root, "width"), self._side(root, "height")
        if not stated:
            stated = (0, 0, width / _MM_PER_PX, height / _MM_PER_PX)
        if len(stated) != len("xywh") or min(stated[2:]) <= 0:
            raise BrokenArtwork(file=file, found=f"viewBox={root.get('viewBox')!r}, width, height")
        self.view_box = stated
        self.width_mm, self.height_mm = self._size(width, height)

    def _side(self, root: Element, name: str) -> float:
        """Return a side in millimetres, or 0 where it is left to the viewer."""
        text = root.get(name, "").strip()
        if not text or text == "auto" or text.endswith("%"):
            return 0
        unit = next((unit for unit in _MM_PER_UNIT if text.endswith(unit)), "")
        with _understood(self.file, name):
            return svg_data.length(text.removesuffix(unit)) * _MM_PER_UNIT[unit or "px"]

    def _size(self, width_mm: float, height_mm: float) -> tuple[float, float]:
        """Return the size stated, or that of the window; the two must have one proportion."""
        _, _, across, down = self.view_box
        if not width_mm or not height_mm:
            width_mm = width_mm or height_mm * across / down or across * _MM_PER_PX
            return width_mm, width_mm * down / across
        if abs(width_mm * down / (height_mm * across) - 1) > _SAME_PROPORTION:
            found = f"{width_mm:.1f} × {height_mm:.1f} mm ≠ viewBox {across:g} × {down:g}"
            raise HoldsUnknown(file=self.file, found=found)
        return width_mm, width_mm * down / across


class _Rewriter:
    """Writes a document anew with nothing in it but what is drawn here."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.segments = 0

    def rewritten(self, root: Element, view_box: tuple[float, ...]) -> Element:
        """Return the plain document, its style rules before all shapes."""
        self._check_inactive(root)
        if "transform" in root.attrib:
            raise HoldsUnknown(file=self.file, found="<svg transform=>")
        box = " ".join(f"{number:.9g}" for number in view_box)
        plain = Element("svg", {**self._presentation(root, _ROOT_ONLY), "viewBox": box})
        SubElement(plain, "style").text = "\n".join(self._rules(root))
        self._add_children(plain, root, 1)
        return plain

    def _check_inactive(self, root: Element) -> None:
        """Refuse, wherever it stands, what would run or be fetched."""
        for element in root.iter():
            if _name(element) == "script":
                raise HoldsProgram(file=self.file, found="<script>")
            for name, value in element.attrib.items():
                if name.startswith("on"):
                    raise HoldsProgram(file=self.file, found=f"{name}=")
                if name.endswith("href") and not value.startswith(("#", "data:")):
                    raise HoldsProgram(file=self.file, found=f"href={value[:_QUOTED]}")

    def _rules(self, root: Element) -> Iterator[str]:
        for element in root.iter(f"{_SVG}style"):
            with self._understood("style"):
                rules = tuple(svg_data.rules(element.text or ""))
            for selectors, style in rules:
                yield f"{selectors}{{{self._style(style)}}}"

    def _add_children(self, plain: Element, element: Element, depth: int) -> None:
        if depth > _DEEPEST:
            raise ArtworkTooLarge(file=self.file, found="<g>", limit=_DEEPEST)
        for child in element:
            name = _name(child)
            if name and name not in _NOT_SHOWN:
                self._add(plain, child, name, depth)

    def _add(self, plain: Element, child: Element, name: str, depth: int) -> None:
        if name not in _GEOMETRY:
            raise _REFUSED_ELEMENTS.get(name, HoldsUnknown)(file=self.file, found=f"<{name}>")
        self._count(1)
        attributes = {**self._presentation(child, _GEOMETRY[name]), **self._geometry(child, _GEOMETRY[name])}
        # svglib fills an open polygon only where a fill is stated on it
        copy = SubElement(plain, "polygon" if name == "polyline" else name, attributes)
        self._add_children(copy, child, depth + 1)

    def _geometry(self, element: Element, names: tuple[str, ...]) -> dict[str, str]:
        stated = {name: element.get(name, "") for name in names if element.get(name)}
        for name, value in stated.items():
            with self._understood(name):
                self._count(_SEGMENTS_IN.get(name, _one_length)(value))
        return stated

    def _count(self, segments: int) -> None:
        self.segments += segments
        if self.segments > MOST_SEGMENTS:
            found = f"{self.segments:,} segments"
            raise ArtworkTooLarge(file=self.file, found=found, limit=f"{MOST_SEGMENTS:,}")

    def _presentation(self, element: Element, geometry: Collection[str]) -> dict[str, str]:
        """Return the attributes that name, move or colour an element."""
        kept = {}
        for name, value in element.attrib.items():
            if name in geometry or name.startswith(_IDLE_ATTRIBUTES):
                continue
            if name == "style":
                kept[name] = self._style(value)
            elif name == "transform":
                with self._understood(name):
                    svg_data.check_transform(value)
                kept[name] = value
            elif name in _NAMES:
                kept[name] = value
            elif plain := self._property(name, value):
                kept[name] = plain
        return kept

    def _style(self, style: str) -> str:
        with self._understood("style"):
            stated = tuple(svg_data.declarations(style))
        kept = ((name, self._property(name, value)) for name, value in stated)
        return ";".join(f"{name}:{value}" for name, value in kept if value)

    def _property(self, name: str, value: str) -> str:
        """Return what a property says about a fill; empty for one that says nothing here."""
        found = f"{name}={value[:_QUOTED]}"
        if name == "fill":
            return self._fill(value, found)
        if name == "fill-rule" and value in {"nonzero", "evenodd"}:
            return value
        refusal, plain = _PLAIN_ONLY.get(name, (HoldsUnknown, ()))
        if value.strip().lower() not in plain and not _is_idle(name):
            raise refusal(file=self.file, found=found)
        return ""

    def _fill(self, value: str, found: str) -> str:
        if value.strip().startswith("url("):
            raise HoldsEffect(file=self.file, found=found)
        with self._understood("fill"):
            return svg_data.color(value)

    def _understood(self, name: str) -> AbstractContextManager[None]:
        return _understood(self.file, name)


@contextmanager
def _understood(file: str, name: str) -> Iterator[None]:
    """Refuse, as a fault of the file, words that svg_data does not understand."""
    try:
        yield
    except ValueError as error:
        raise BrokenArtwork(file=file, found=f"{name}: {error}") from error


def _name(element: Element) -> str:
    """Return an element's name, empty for one of another language, which no viewer shows."""
    return element.tag.removeprefix(_SVG) if element.tag.startswith(_SVG) else ""


def _is_idle(name: str) -> bool:
    return name in _IDLE or name.startswith(_IDLE_FAMILIES)


def _one_length(text: str) -> int:
    svg_data.length(text)
    return 1


def _point_count(text: str) -> int:
    found = len(svg_data.numbers(text))
    if found % 2:
        raise ValueError(text[:_QUOTED])
    return found // 2


_SEGMENTS_IN: Mapping[str, Callable[[str], int]] = MappingProxyType(
    {"d": svg_data.count_segments, "points": _point_count}
)


# What svglib drew ------------------------------------------------------------------------------------------

_as_path: Callable[[Any], Any] = Svg2RlgShapeConverter("", None).shapeToPath
_POINTS_OF = (("M", 1), ("L", 1), ("C", 3), ("", 0))
"""What reportlab's path operators 0 to 3 are, and how many points each takes; 3 closes a contour."""


def _paths(shape: Any, matrix: Transform) -> Iterator[Path]:  # noqa: ANN401 -- reportlab's shapes belong to pdf.py
    """Yield the filled shapes of a drawing, in its order."""
    inner = combined(matrix, getattr(shape, "transform", IDENTITY))
    for child in getattr(shape, "contents", ()):
        yield from _paths(child, inner)
    if getattr(shape, "fillColor", None) is not None and (drawn := _as_path(shape)):
        rule: FillRule = "nonzero" if drawn.fillMode else "evenodd"
        contours = moved(_contours(drawn.operators, drawn.points), matrix)
        yield Path(contours=contours, color=Color(f"#{shape.fillColor.hexval()[2:].upper()}"), rule=rule)


def _contours(operators: Sequence[int], coordinates: Sequence[float]) -> tuple[Contour, ...]:
    contours: list[list[Segment]] = []
    numbers = iter(coordinates)
    for operator in operators:
        letter, points = _POINTS_OF[operator]
        segment: Segment = (letter, *islice(numbers, 2 * points))
        if letter == "M":
            contours.append([segment])
        elif letter:
            contours[-1].append(segment)
    return tuple(map(tuple, contours))
