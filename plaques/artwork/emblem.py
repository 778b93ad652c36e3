"""What may be done with an emblem and a seal on a plate.

Knows 《中国共产党党徽党旗条例》 (of 26 June 2021) as far as it reaches a plate: an emblem may stand on the
plates of 党员先锋岗 and on work badges (第七条), golden or red and scaled in proportion (第五条), drawn after
the regulation's own pattern and with nothing added to it. Where the regulation gives no number, the numbers
here are this program's own, and say so. No emblem is part of this program: organisations supply theirs.
"""

from collections.abc import Iterator, Sequence
from colorsys import rgb_to_hsv
from dataclasses import replace

from plaques.artwork.vectors import Artwork
from plaques.contours import extent, moved
from plaques.marks import Box, Color, Path
from store.refusals import Refusal

CLEAR_SHARE = 0.25
"""The distance kept clear around an emblem, as a share of its height: this program's number."""

LEAST_HEIGHT_MM = 5.0
"""Below this an emblem's inner edges run together in print: this program's number."""

LEAST_HEIGHT_PX = 96
"""Below this an emblem is not shown in a PNG at all: this program's number."""

_RED_HUES = (345 / 360, 15 / 360)
_GOLD_HUES = (35 / 360, 60 / 360)
_RED_LEAST = (0.6, 0.45)
_GOLD_LEAST = (0.35, 0.5)
"""Least saturation and value (HSV): what is paler or darker is read as pink, beige or brown."""

_SAME_PLACE_MM = 0.02


class EmblemMisused(Refusal):
    """The emblem would be printed as the regulation does not allow. Remedy: correct the design."""

    reason_zh = "党徽图案不得这样使用。"
    reason_en = "The emblem must not be used like this."
    remedy_zh = "请修改设计文件（依据：《中国共产党党徽党旗条例》）。"
    remedy_en = "Correct the design file (Regulation on the Party Emblem and Flag)."


class EmblemMiscolored(EmblemMisused):
    """The emblem is neither golden nor red. Remedy: print it in gold or in red."""

    reason_zh = "党徽图案的颜色 {color} 既非金黄色也非红色。"
    reason_en = "The emblem's colour {color} is neither gold nor red."
    remedy_zh = "请改用设计色板中的金色或红色（依据：《中国共产党党徽党旗条例》第五条）。"
    remedy_en = "Use the palette's gold or red (Regulation on the Party Emblem and Flag, Article 5)."


class EmblemOfSeveralColors(EmblemMisused):
    """The supplied emblem has a ground or several colours, so that it cannot be set in one.

    Remedy: supply the emblem alone, in one colour.
    """

    reason_zh = "党徽图形文件有多种颜色：{colors}，不能以单色印制。"
    reason_en = "The emblem's file has several colours, {colors}, and cannot be printed in one."
    remedy_zh = "请提供只含党徽图案本身的单色矢量文件，不带底色、边框和文字。"
    remedy_en = "Supply a file with the emblem alone in one colour: no ground, frame or letters."


class EmblemAltered(EmblemMisused):
    """What would be printed is not the supplied drawing: stretched, turned, cut or changed.

    Remedy: let it be drawn as it was supplied.
    """

    reason_zh = "党徽图案被拉伸、旋转、裁切或改动，与提供的文件不一致。"
    reason_en = "The emblem is stretched, turned, cut or changed against the file supplied."
    remedy_zh = "党徽只能按比例缩放，请修改设计文件（依据：《中国共产党党徽党旗条例》第五条）。"
    remedy_en = "It may only be scaled in proportion (Regulation on the Party Emblem and Flag, Article 5)."


class EmblemTooSmall(EmblemMisused):
    """The emblem would be too small to be drawn cleanly. Remedy: give it more room."""

    reason_zh = "党徽图案高 {height_mm:.1f} 毫米，小于本程序规定的 {least_mm:g} 毫米。"
    reason_en = "The emblem is {height_mm:.1f} mm high, less than this program's least of {least_mm:g} mm."
    remedy_zh = "请放大，或在此尺寸的设计中不用党徽。"
    remedy_en = "Make it larger, or leave it out of designs of this size."


class EmblemCrowded(EmblemMisused):
    """Something stands over, under or near the emblem. Remedy: leave room around it."""

    reason_zh = "党徽图案四周应留空 {clear_mm:.1f} 毫米（本程序规定为高度的四分之一），现有其他图文进入。"
    reason_en = (
        "Something stands within {clear_mm:.1f} mm of the emblem: a quarter of its height is kept clear."
    )
    remedy_zh = "请移开其他图文；不得在党徽上添加任何文字、符号和图案（依据：《中国共产党党徽党旗条例》）。"
    remedy_en = "Move it away: nothing may be added to the emblem (Regulation on the Party Emblem and Flag)."


class EmblemAtCode(EmblemMisused):
    """The emblem stands in, or touches, a code. Remedy: move it away from the code."""

    reason_zh = "党徽图案与二维码相接或重叠。"
    reason_en = "The emblem stands in a code, or touches it."
    remedy_zh = "请移开；二维码内不得放置任何图案。"
    remedy_en = "Move it away: nothing stands inside a code."


class SealMisplaced(Refusal):
    """A seal would cover what must stay legible, or is not red. Remedy: correct the design."""

    reason_zh = "印章不得这样放置。"
    reason_en = "The seal must not stand like this."
    remedy_zh = "印章可压落款单位和日期，不得压姓名、职责和二维码；请修改设计文件。"
    remedy_en = (
        "A seal may lie over issuer and date, never over names, duties or the code. Correct the design."
    )


class SealMiscolored(SealMisplaced):
    """The seal is not red. Remedy: print it in red."""

    reason_zh = "印章颜色 {color} 不是红色。"
    reason_en = "The seal's colour {color} is not red."
    remedy_zh = "印章只用红色。"
    remedy_en = "A seal is printed in red only."


class SealOverText(SealMisplaced):
    """The seal lies over a text that is neither issuer nor date. Remedy: move it over issuer and date."""

    reason_zh = "印章压住了落款以外的文字。"
    reason_en = "The seal lies over a text other than issuer and date."


class SealOverCode(SealMisplaced):
    """The seal lies over a code. Remedy: move it off the code."""

    reason_zh = "印章压住了二维码。"
    reason_en = "The seal lies over a code."


def is_red(color: Color) -> bool:
    """Say whether a colour reads as red: hue from 345° to 15°, strong and not dark."""
    hue, saturation, value = rgb_to_hsv(*color.parts)
    first, last = _RED_HUES
    return (hue >= first or hue <= last) and saturation >= _RED_LEAST[0] and value >= _RED_LEAST[1]


def is_gold(color: Color) -> bool:
    """Say whether a colour reads as golden yellow: hue from 35° to 60°, strong enough and not dark."""
    hue, saturation, value = rgb_to_hsv(*color.parts)
    first, last = _GOLD_HUES
    return first <= hue <= last and saturation >= _GOLD_LEAST[0] and value >= _GOLD_LEAST[1]


def check_emblem(
    place: Box, artwork: Artwork, color: Color, neighbours: Sequence[Box], code_boxes: Sequence[Box]
) -> tuple[EmblemMisused, ...]:
    """Return what forbids an emblem fitted into `place` in one colour, in millimetres of the page.

    `neighbours` are the boxes of all other marks but the plain ground the emblem stands on.
    """
    return tuple(_emblem_faults(artwork.standing(place), artwork, color, neighbours, code_boxes))


def _emblem_faults(
    stands: Box, artwork: Artwork, color: Color, neighbours: Sequence[Box], code_boxes: Sequence[Box]
) -> Iterator[EmblemMisused]:
    if not is_red(color) and not is_gold(color):
        yield EmblemMiscolored(color=color.rgb)
    if len(artwork.colors) > 1:
        yield EmblemOfSeveralColors(colors="、".join(sorted(artwork.colors)))
    if stands.height_mm < LEAST_HEIGHT_MM:
        yield EmblemTooSmall(height_mm=stands.height_mm, least_mm=LEAST_HEIGHT_MM)
    clear_mm = CLEAR_SHARE * stands.height_mm
    if any(stands.grown(clear_mm).touches(box) for box in neighbours):
        yield EmblemCrowded(clear_mm=clear_mm)
    if any(stands.touches(box, slack_mm=-_SAME_PLACE_MM) for box in code_boxes):
        yield EmblemAtCode()


def check_drawn_emblem(drawn: Sequence[Path], artwork: Artwork) -> tuple[EmblemMisused, ...]:
    """Return what forbids shapes on a page to pass for the artwork: any but one colour, shift and scale."""
    colors = {path.color.rgb for path in drawn}
    faults: list[EmblemMisused] = [
        EmblemMiscolored(color=rgb) for rgb in sorted(colors) if not _may_color(Color(rgb))
    ]
    if len(colors) > 1:
        faults.append(EmblemOfSeveralColors(colors="、".join(sorted(colors))))
    if not _is_same(drawn, artwork.paths):
        faults.append(EmblemAltered())
    return tuple(faults)


def _may_color(color: Color) -> bool:
    return is_red(color) or is_gold(color)


def _is_same(drawn: Sequence[Path], paths: Sequence[Path]) -> bool:
    """Whether shapes are those of a drawing, number for number, after one shift and one scale."""
    if not drawn:
        return False
    there, here = extent(paths), extent(drawn)
    scale = here.width_mm / there.width_mm
    matrix = (scale, 0, 0, scale, here.x_mm - scale * there.x_mm, here.y_mm - scale * there.y_mm)
    due = [replace(path, contours=moved(path.contours, matrix)) for path in paths]
    return _spelling(due) == _spelling(drawn) and all(
        abs(one - other) <= _SAME_PLACE_MM for one, other in zip(_numbers(due), _numbers(drawn), strict=True)
    )


def _spelling(paths: Sequence[Path]) -> list[object]:
    """Return what must agree exactly: how each shape is filled, and its operators in order."""
    return [
        (path.rule, path.stroke_mm, [[segment[0] for segment in contour] for contour in path.contours])
        for path in paths
    ]


def _numbers(paths: Sequence[Path]) -> Iterator[float]:
    return (
        number for path in paths for contour in path.contours for segment in contour for number in segment[1:]
    )


def check_seal(
    place: Box, artwork: Artwork, color: Color, kept_clear: Sequence[Box], code_boxes: Sequence[Box]
) -> tuple[SealMisplaced, ...]:
    """Return what forbids a seal fitted into `place`: `kept_clear` are all texts but issuer and date."""
    stands = artwork.standing(place)
    return tuple(_seal_faults(stands, color, kept_clear, code_boxes))


def _seal_faults(
    stands: Box, color: Color, kept_clear: Sequence[Box], code_boxes: Sequence[Box]
) -> Iterator[SealMisplaced]:
    if not is_red(color):
        yield SealMiscolored(color=color.rgb)
    if any(stands.touches(box) for box in kept_clear):
        yield SealOverText()
    if any(stands.touches(box) for box in code_boxes):
        yield SealOverCode()


def shows_in_pixels(place: Box, artwork: Artwork, pixels_per_mm: float) -> bool:
    """Say whether a raster is fine enough to show the emblem at all."""
    return artwork.standing(place).height_mm * pixels_per_mm >= LEAST_HEIGHT_PX
