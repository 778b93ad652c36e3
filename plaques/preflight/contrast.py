"""Contrast: whether a text is seen, and a code read, on what lies beneath it.

Knows luminance, what a scanner sees, and which marks lie under another. Leaves out how a finding is reported
(preflight/plate.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from plaques.contours import Point, flattened, sides, turns_about
from plaques.marks import Block, Box, Code, Color, Fill, Form, Group, Leaf, Mark, Page, Path, Polygon, Text
from plaques.preflight.findings import Severity

TEXT_RATIO = 4.5
LARGE_TEXT_RATIO = 3.0
LARGE_TEXT_PT = 18.0
"""WCAG 2.2, success criterion 1.4.3."""

CODE_CONTRAST_LEAST, CODE_CONTRAST_GOOD = 0.55, 0.70
"""Symbol contrast of grades B and A (ISO/IEC 15415): a plate that fades for years begins no lower."""

CODE_RATIO_LEAST, CODE_RATIO_GOOD = 4.0, 7.0
"""What keeps a code's ink near black: this program's numbers."""

_PAPER = Color("#FFFFFF")
_LINEAR_BELOW = 0.04045
_SLACK_MM = 0.01


@dataclass(frozen=True, kw_only=True)
class ContrastFinding:
    """A text or code too close in tone to what lies beneath it.

    `contrast` and `least` are a ratio for a text, a share of full reflectance for a code.
    """

    severity: Severity
    text: str
    ink: Color
    ground: Color
    contrast: float
    least: float

    @property
    def zh(self) -> str:
        """The finding in Chinese."""
        colors = f"{self.ink.rgb} 印在 {self.ground.rgb} 上"
        return f"“{self.text}”{colors}，反差 {self.contrast:.2f}，低于 {self.least:g}。"

    @property
    def en(self) -> str:
        """The finding in English."""
        colors = f"{self.ink.rgb} on {self.ground.rgb}"
        return f"{self.text!r}, {colors}: contrast {self.contrast:.2f}, less than {self.least:g}."


def relative_luminance(color: Color) -> float:
    """Return how bright a colour is, from 0 for black to 1 for white (WCAG 2.2, relative luminance)."""
    red, green, blue = map(_linear, color.parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: Color, other: Color) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def symbol_contrast(ink: Color, ground: Color) -> float:
    """Return how much less light a code's ink throws back than its ground, as ISO/IEC 15415 has it.

    The lesser of what a camera sees in daylight and what a scanner sees in red light, to which red is white;
    negative for a code in light on dark.
    """
    in_red_light = _linear(ground.parts[0]) - _linear(ink.parts[0])
    return min(in_red_light, relative_luminance(ground) - relative_luminance(ink))


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4


def contrast_findings(page: Page) -> Iterator[ContrastFinding]:
    """Yield each text and code of a page, in drawing order, that stands out too little from what is under it.

    Shapes drawn before it count as its ground, the paper where none covers it; of several the worst.
    """
    seen = list(_seen(page.marks, ()))
    for at, (mark, groups) in enumerate(seen):
        if isinstance(mark, Text):
            yield from _of_text(mark, _grounds(_on_page(mark.box, groups), seen[:at]))
        elif isinstance(mark, Code):
            # the outermost quarter of a module is left to the frame of the code's tile
            zone = mark.box.inset(mark.module_mm / 4)
            yield from _of_code(mark, _grounds(_on_page(zone, groups), seen[:at]))


def _of_text(text: Text, grounds: Iterable[Color]) -> Iterator[ContrastFinding]:
    least = LARGE_TEXT_RATIO if text.size_pt >= LARGE_TEXT_PT else TEXT_RATIO
    contrast, ground = _worst((contrast_ratio(text.color, ground), ground) for ground in grounds)
    if contrast < least:
        yield ContrastFinding(
            severity=Severity.WARNING,
            text=text.text,
            ink=text.color,
            ground=ground,
            contrast=contrast,
            least=least,
        )


def _of_code(code: Code, grounds: Iterable[Color]) -> Iterator[ContrastFinding]:
    seen = tuple(grounds)
    for measure, severity, least in _CODE_MEASURES:
        contrast, ground = _worst((measure(code.color, ground), ground) for ground in seen)
        if contrast < least:
            yield ContrastFinding(
                severity=severity,
                text=code.url,
                ink=code.color,
                ground=ground,
                contrast=contrast,
                least=least,
            )
            return


_CODE_MEASURES: tuple[tuple[Callable[[Color, Color], float], Severity, float], ...] = (
    (symbol_contrast, Severity.ERROR, CODE_CONTRAST_LEAST),
    (contrast_ratio, Severity.ERROR, CODE_RATIO_LEAST),
    (symbol_contrast, Severity.WARNING, CODE_CONTRAST_GOOD),
    (contrast_ratio, Severity.WARNING, CODE_RATIO_GOOD),
)
"""In this order, so that a code gets one finding, its gravest."""


def _worst(contrasts: Iterable[tuple[float, Color]]) -> tuple[float, Color]:
    return min(contrasts, key=lambda pair: pair[0])


# What lies under a box -------------------------------------------------------------------------------------


def _seen(marks: Iterable[Mark], groups: tuple[Group, ...]) -> Iterator[tuple[Leaf, tuple[Group, ...]]]:
    """Yield the marks in drawing order, each with the groups it is in, the outermost first."""
    for mark in marks:
        if isinstance(mark, Group):
            yield from _seen(mark.marks, (*groups, mark))
        elif isinstance(mark, Form | Fill):
            yield from _seen(mark.marks, groups)
        else:
            yield mark, groups


def _on_page(box: Box, groups: Sequence[Group]) -> Box:
    for group in reversed(groups):
        box = group.placed(box)
    return box


def _among_marks(box: Box, groups: Sequence[Group]) -> Box:
    """Return where a box of the page lies in the coordinates of marks within groups."""
    for group in groups:
        box = box.shifted(-group.x_mm, -group.y_mm).turned(group.turn)
    return box


def _grounds(box: Box, under: Sequence[tuple[Leaf, tuple[Group, ...]]]) -> Iterator[Color]:
    """Yield the colours that show within a box, from the uppermost down to one that covers all of it."""
    for mark, groups in reversed(under):
        if isinstance(mark, Block | Polygon | Path):
            cover = _cover(mark, _among_marks(box, groups))
            if cover != "none":
                yield mark.color
            if cover == "whole":
                return
    yield _PAPER


def _cover(mark: Block | Polygon | Path, place: Box) -> Literal["none", "part", "whole"]:
    """Return how much of a box a shape puts ink on."""
    if not mark.box.touches(place):
        return "none"
    if isinstance(mark, Block):
        return "whole" if mark.box.holds(place) else "part"
    outlines = [mark.points_mm] if isinstance(mark, Polygon) else [flattened(each) for each in mark.contours]
    zone = place.grown(mark.stroke_mm / 2 - _SLACK_MM)
    if any(_crosses(start, end, zone) for outline in outlines for start, end in sides(outline)):
        return "part"
    middle = (place.center_x_mm, place.center_y_mm)
    turns = 0 if mark.stroke_mm else sum(turns_about(middle, outline) for outline in outlines)
    is_even_odd = isinstance(mark, Path) and mark.rule == "evenodd"
    return "whole" if (turns % 2 if is_even_odd else turns) else "none"


def _crosses(start: Point, end: Point, box: Box) -> bool:
    """Whether a straight side runs through a box: what is left of it within the four edges (Liang–Barsky)."""
    (x, y), (across, down) = start, (end[0] - start[0], end[1] - start[1])
    first, last = 0.0, 1.0
    edges = (
        (-across, x - box.x_mm),
        (across, box.right_mm - x),
        (-down, y - box.y_mm),
        (down, box.bottom_mm - y),
    )
    for speed, distance in edges:
        if speed < 0:
            first = max(first, distance / speed)
        elif speed > 0:
            last = min(last, distance / speed)
        elif distance < 0:
            return False
    return first < last
