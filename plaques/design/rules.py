"""What makes a design sound beyond its shape: colours, faces and words that exist, and where all may lie.

Knows the rules and gives what is wrong, key by key. Leaves out the shape of a file (design/file.py) and how a
real plate comes out of it (probe.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from string import Formatter
from typing import Any

from plaques.contours import NotAPath, parse_path
from plaques.design.faults import Fault, nearest
from plaques.design.file import DesignFile
from plaques.design.model import CAPTION_WORDS, ITEM_WORDS, Back, Caption, CodePlace, Column, Layout
from plaques.marks import Box
from plaques.typography.typefaces import catalogue
from store.plates import Stage

DARKEST_CODE = 0x50
"""The most of red, green or blue in a code's colour: decoders want near-black on light, and no red."""

_SLACK_MM = 0.01
_FULL = 255


def faults_of(design: DesignFile) -> Iterator[Fault]:
    """Yield everything wrong with a design whose shape is right."""
    if design.default_size not in design.sizes:
        yield _unknown("default_size", design.default_size, design.sizes)
    yield from _ink_faults(design)
    for name, layout in design.sizes.items():
        yield from _name_faults(layout, f"sizes.{name}", design)
        yield from _layout_faults(layout, f"sizes.{name}", design)


def _unknown(key: str, name: str, known: Iterable[str]) -> Fault:
    zh, en = nearest(name, sorted(known))
    return Fault(key=key, zh=zh, en=en)


def _ink_faults(design: DesignFile) -> Iterator[Fault]:
    # What is stamped on a proof never reaches an engraver.
    stamps = {layout.stamp.color for layout in design.sizes.values()}
    inks = {color for role, color in design.palette.items() if color is not None and role not in stamps}
    if design.outlines and len(inks) > 1:
        yield Fault(
            key="palette",
            zh=f"雕刻版（outlines = true）只能有一种颜色，现有{len(inks)}种；其余写 none",
            en=f"an engraving (outlines = true) has one colour, not {len(inks)}; say none for the others",
        )


# Names: colours, faces, words ----------------------------------------------------------------------------


def _name_faults(layout: Layout, key: str, design: DesignFile) -> Iterator[Fault]:
    for at, value in _leaves(layout, key):
        kind = at.rsplit(".", 1)[-1]
        if kind == "color" and value:
            yield from _color_faults(at, value, design)
        elif kind == "face" and value not in catalogue():
            yield _unknown(at, value, catalogue())
        elif kind == "text":
            yield from _word_faults(at, value, ITEM_WORDS if ".column." in at else CAPTION_WORDS, design)
        elif kind == "path_mm" and value:
            yield from _path_faults(at, value)


def _color_faults(key: str, role: str, design: DesignFile) -> Iterator[Fault]:
    if role not in design.palette:
        yield _unknown(key, role, design.palette)
    elif design.palette[role] is None and not re.search(r"\.(shapes|artworks)\[\d+\]|\.rule\.", key):
        yield Fault(
            key=f"palette.{role}",
            zh=f"{key} 用到的颜色不能是 none：文字、二维码必须印出",
            en=f"texts and codes must be printed: not none, {key} asks for it",
        )


def _word_faults(key: str, template: str, known: frozenset[str], design: DesignFile) -> Iterator[Fault]:
    try:
        words = {word for _, word, _, _ in Formatter().parse(template) if word is not None}
    except ValueError as error:
        yield Fault(key=key, zh=f"花括号不成对（{error}）", en=str(error))
        return
    yield from (_unknown(key, word, known) for word in sorted(words - known))
    if "heading_en" in words and set(design.words.heading_en) != set(Stage):
        yield Fault(
            key="words.heading_en",
            zh=f"用到 heading_en，须写明 {'、'.join(Stage)} 两种",
            en=f"heading_en is asked for: say it for {' and '.join(Stage)}",
        )


def _path_faults(key: str, text: str) -> Iterator[Fault]:
    try:
        parse_path(text)
    except NotAPath as error:
        yield Fault(
            key=key,
            zh=f"“{error}”处不是路径：以 M 起，只用 M L H V C Z 与绝对坐标",
            en=f"no path at {str(error)!r}: it begins with M, then M L H V C Z in absolute coordinates",
        )


def _leaves(part: object, key: str) -> Iterator[tuple[str, Any]]:
    """Yield every value in a part of a design with its key, at any depth; boxes whole."""
    if isinstance(part, tuple):
        entries = [(f"{key}[{at}]", entry) for at, entry in enumerate(part)]
    elif is_dataclass(part) and not isinstance(part, Box):
        entries = [(f"{key}.{name}", entry) for name, entry in vars(part).items()]
    else:
        yield key, part
        return
    for name, entry in entries:
        yield from _leaves(entry, name)


# Places --------------------------------------------------------------------------------------------------


def _layout_faults(layout: Layout, key: str, design: DesignFile) -> Iterator[Fault]:
    page = Box(0, 0, layout.width_mm, layout.height_mm)
    safe = page.inset(layout.clear_mm)
    yield from _side_faults(layout, key, page, safe)
    yield from _code_faults(layout.code, f"{key}.code", safe, design)
    yield from _column_faults(layout.column, f"{key}.column", safe)
    if layout.back:
        yield from _side_faults(layout.back, f"{key}.back", page, safe)
        if layout.back.code:
            yield from _code_faults(layout.back.code, f"{key}.back.code", safe, design)


def _side_faults(side: Layout | Back, key: str, page: Box, safe: Box) -> Iterator[Fault]:
    for at, shape in enumerate(side.shapes):
        yield from _outside(shape.box, page, f"{key}.shapes[{at}].box")
        if shape.kind == "path" and not shape.path_mm:
            yield Fault(key=f"{key}.shapes[{at}].path_mm", zh="缺少这一项", en="missing")
        if shape.kind in {"frame", "line"} and not shape.stroke_mm:
            yield Fault(key=f"{key}.shapes[{at}].stroke_mm", zh="应大于 0", en="must be more than 0")
    yield from _caption_faults(side.captions, f"{key}.captions", safe)
    for at, artwork in enumerate(side.artworks):
        yield from _outside(artwork.box, page, f"{key}.artworks[{at}].box")


def _outside(box: Box, page: Box, key: str) -> Iterator[Fault]:
    if not page.holds(box, _SLACK_MM):
        yield Fault(
            key=key,
            zh=f"超出可用范围（{_spelled(page)}）",
            en=f"reaches out of where it may lie ({_spelled(page)})",
        )


def _spelled(box: Box) -> str:
    sides = (box.x_mm, box.y_mm, box.width_mm, box.height_mm)
    return f"[{', '.join(f'{round(side, 2):g}' for side in sides)}]"


def _caption_faults(captions: tuple[Caption, ...], key: str, safe: Box) -> Iterator[Fault]:
    known: list[str] = []
    for at, caption in enumerate(captions):
        yield from _outside(caption.box, safe, f"{key}[{at}].box")
        yield from _size_faults(caption.size_pt, caption.floor_pt, f"{key}[{at}]")
        if caption.after and caption.after not in known:
            yield _unknown(f"{key}[{at}].after", caption.after, known)
        if caption.part in known:
            yield Fault(
                key=f"{key}[{at}].part",
                zh=f"“{caption.part}”已用过",
                en=f"{caption.part!r} is the part of an earlier caption",
            )
        known.append(caption.part)


def _size_faults(size_pt: float, floor_pt: float, key: str) -> Iterator[Fault]:
    if floor_pt > size_pt:
        yield Fault(
            key=f"{key}.floor_pt",
            zh=f"下限 {floor_pt:g} 点大于字号 {size_pt:g} 点",
            en=f"the floor of {floor_pt:g} pt is above the size of {size_pt:g} pt",
        )


def _column_faults(column: Column, key: str, safe: Box) -> Iterator[Fault]:
    yield from _outside(column.box, safe, f"{key}.box")
    yield from _size_faults(column.label.size_pt, column.label.floor_pt, f"{key}.label")
    for at, item in enumerate(column.items):
        yield from _size_faults(item.size_pt, item.floor_pt, f"{key}.items[{at}]")
        if item.kind == "names" and not item.floor_pt <= item.comfort_pt <= item.size_pt:
            yield Fault(
                key=f"{key}.items[{at}].comfort_pt",
                zh=f"应在 {item.floor_pt:g} 与 {item.size_pt:g} 点之间",
                en=f"must lie between {item.floor_pt:g} and {item.size_pt:g} pt",
            )


def _code_faults(code: CodePlace, key: str, safe: Box, design: DesignFile) -> Iterator[Fault]:
    yield from _outside(code.box, safe, f"{key}.box")
    if abs(code.box.width_mm - code.box.height_mm) > _SLACK_MM:
        yield Fault(key=f"{key}.box", zh="二维码须为正方形", en="a code is square")
    color = design.palette.get(code.color)
    if color is not None and max(color.parts) * _FULL > DARKEST_CODE:
        yield Fault(
            key=f"palette.{code.color}",
            zh=f"二维码须近黑色：红、绿、蓝均不超过 {DARKEST_CODE:02X}",
            en=f"a code is near-black: no more than {DARKEST_CODE:02X} of red, green or blue",
        )
