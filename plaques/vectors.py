"""Vector drawings that an organisation supplies: what one may hold, and how one that holds more is refused.

Knows contours, how they are moved and how far they reach. Leaves out file formats (artwork_svg.py,
artwork_pdf.py) and what a drawing is used for (emblem.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from typing import Literal, TypeAlias

from plaques.marks import Box, Color, Contour, Path, Segment
from store.refusals import Refusal

LARGEST_BYTES = 2_000_000
MOST_SEGMENTS = 20_000
"""Far above any emblem or seal; a drawing with more is a traced photograph or a trap."""

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""a b c d e f of x' = ax + cy + e, y' = bx + dy + f."""

Point: TypeAlias = tuple[float, float]
FillRule: TypeAlias = Literal["nonzero", "evenodd"]

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)

_OVERHANG = 0.005
_LEAST_AREA_MM2 = 1e-6
_CURVE_STEPS = 12


class UnfitArtwork(Refusal):
    """A supplied file cannot be used as artwork. Remedy: correct it in the program that drew it."""

    reason_zh = "图形文件 {file} 不能使用：{found}。"
    reason_en = "The artwork file {file} cannot be used: {found}."
    remedy_zh = "请在绘图软件中改正后重新导出。"
    remedy_en = "Correct it in the drawing program and export it again."


class NotVectorArtwork(UnfitArtwork):
    """The file is no SVG and no PDF. Remedy: supply the official vector file."""

    reason_zh = "图形文件 {file} 不是矢量图（{found}）。"
    reason_en = "The artwork file {file} is not a vector drawing ({found})."
    remedy_zh = "请提供 SVG 或单页 PDF 格式的矢量文件；照片、截图放大后会模糊，一律不收。"
    remedy_en = (
        "Supply a vector drawing, as SVG or a PDF of one page; photographs and screenshots are not taken."
    )


class BrokenArtwork(UnfitArtwork):
    """The file cannot be read, or says something that its format does not know."""

    reason_zh = "图形文件 {file} 读不懂：{found}。"
    reason_en = "The artwork file {file} cannot be understood: {found}."


class ArtworkTooLarge(UnfitArtwork):
    """The file is larger, or holds more, than artwork needs. Remedy: simplify the drawing."""

    reason_zh = "图形文件 {file} 过大或过繁：{found}，超过 {limit}。"
    reason_en = "The artwork file {file} is too large or too intricate: {found}, more than {limit}."
    remedy_zh = "请简化图形（不要用位图描摹的结果）后重新导出。"
    remedy_en = "Simplify the drawing (no traced photographs) and export it again."


class HoldsPicture(UnfitArtwork):
    """A raster image is embedded. Remedy: take it out, or draw it as outlines."""

    reason_zh = "图形文件 {file} 中嵌有位图：{found}。"
    reason_en = "The artwork file {file} holds a raster image: {found}."
    remedy_zh = "请删去位图，或换用矢量图形。"
    remedy_en = "Take the image out, or use a vector drawing instead."


class HoldsText(UnfitArtwork):
    """Letters are still text, which looks different on every machine. Remedy: convert it to outlines."""

    reason_zh = "图形文件 {file} 中有未转曲的文字：{found}。"
    reason_en = "The artwork file {file} holds text that is not outlined: {found}."
    remedy_zh = "请将文字转为曲线（创建轮廓）后重新导出。"
    remedy_en = "Convert text to outlines and export it again."


class HoldsStroke(UnfitArtwork):
    """A line is drawn with a pen, whose width would not follow the drawing. Remedy: convert it to a shape."""

    reason_zh = "图形文件 {file} 中有描边：{found}。"
    reason_en = "The artwork file {file} holds a stroke: {found}."
    remedy_zh = "请将描边转为填充轮廓（轮廓化描边）后重新导出。"
    remedy_en = "Convert strokes to filled shapes and export it again."


class HoldsEffect(UnfitArtwork):
    """Something other than a plain colour fills or cuts a shape. Remedy: use plain fills only."""

    reason_zh = "图形文件 {file} 中有渐变、图案、透明、蒙版、裁剪或滤镜：{found}。"
    reason_en = (
        "The artwork file {file} holds a gradient, pattern, transparency, mask, clip or filter: {found}."
    )
    remedy_zh = "请只用纯色填充，释放蒙版和裁剪后重新导出。"
    remedy_en = "Use plain fills only, release masks and clips, and export it again."


class HoldsCopy(UnfitArtwork):
    """A part stands for another part of the file. Remedy: expand it."""

    reason_zh = "图形文件 {file} 中有符号或克隆：{found}。"
    reason_en = "The artwork file {file} holds a symbol or a clone: {found}."
    remedy_zh = "请扩展符号、取消克隆链接、取消编组后重新导出。"
    remedy_en = "Expand symbols, unlink clones and export it again."


class HoldsProgram(UnfitArtwork):
    """The file runs, links or fetches something. Remedy: export it as a plain drawing."""

    reason_zh = "图形文件 {file} 中有脚本、链接、实体或外部引用：{found}。"
    reason_en = "The artwork file {file} holds a script, link, entity or external reference: {found}."
    remedy_zh = "请导出为不含脚本和链接的普通图形。"
    remedy_en = "Export it as a plain drawing without scripts and links."


class HoldsHidden(UnfitArtwork):
    """Something is there that is not shown. Remedy: delete it."""

    reason_zh = "图形文件 {file} 中有隐藏的内容或图层：{found}。"
    reason_en = "The artwork file {file} holds hidden parts or layers: {found}."
    remedy_zh = "请删去隐藏内容、合并图层后重新导出。"
    remedy_en = "Delete what is hidden, merge layers and export it again."


class HoldsUnknown(UnfitArtwork):
    """Something that this reader does not draw; leaving it out would alter the drawing."""

    reason_zh = "图形文件 {file} 中有本程序不绘制的内容：{found}。"
    reason_en = "The artwork file {file} holds something that is not drawn here: {found}."
    remedy_zh = "请导出为普通 SVG（只含路径和纯色填充）。"
    remedy_en = "Export it as plain SVG: paths and plain fills only."


class EmptyArtwork(UnfitArtwork):
    """Nothing visible is in the file."""

    reason_zh = "图形文件 {file} 中没有可见的图形。"
    reason_en = "The artwork file {file} shows nothing."


class OutsideSheet(UnfitArtwork):
    """A shape reaches beyond the sheet and would be cut in some programs and not in others."""

    reason_zh = "图形文件 {file} 中有图形超出画板：{found}。"
    reason_en = "In the artwork file {file} a shape reaches beyond the sheet: {found}."
    remedy_zh = "请将画板调整到图形大小，删去画板外的内容。"
    remedy_en = "Fit the sheet to the drawing and delete what lies beyond it."


class SeveralPages(UnfitArtwork):
    """A PDF has not exactly one page."""

    reason_zh = "图形文件 {file} 有{found}页，应为一页。"
    reason_en = "The artwork file {file} has {found} pages instead of one."
    remedy_zh = "请只导出图形所在的一页。"
    remedy_en = "Export the page with the drawing only."


class EncryptedArtwork(UnfitArtwork):
    """A PDF is protected."""

    reason_zh = "图形文件 {file} 已加密。"
    reason_en = "The artwork file {file} is encrypted."
    remedy_zh = "请提供未加密的文件。"
    remedy_en = "Supply a file without protection."


@dataclass(frozen=True, kw_only=True)
class Artwork:
    """A drawing of filled shapes on a sheet of its own, whose top left corner is the origin."""

    width_mm: float
    height_mm: float
    paths: tuple[Path, ...]

    @property
    def colors(self) -> frozenset[str]:
        """The colours of its shapes, as `#RRGGBB`."""
        return frozenset(path.color.rgb for path in self.paths)

    def standing(self, box: Box) -> Box:
        """Return where the sheet comes to lie in a box: as large as fits, proportion locked, centred."""
        scale = min(box.width_mm / self.width_mm, box.height_mm / self.height_mm)
        width_mm, height_mm = self.width_mm * scale, self.height_mm * scale
        return Box(box.center_x_mm - width_mm / 2, box.center_y_mm - height_mm / 2, width_mm, height_mm)

    def fitted(self, box: Box, color: Color | None = None) -> tuple[Path, ...]:
        """Return the shapes in a box, proportion locked, centred; all in one colour where one is given."""
        place = self.standing(box)
        scale = place.width_mm / self.width_mm
        matrix = (scale, 0, 0, scale, place.x_mm, place.y_mm)
        return tuple(
            replace(path, contours=moved(path.contours, matrix), color=color or path.color)
            for path in self.paths
        )


def checked(artwork: Artwork, file: str) -> Artwork:
    """Return the artwork, after making sure that it shows something, all of it on its sheet.

    Raises:
        EmptyArtwork: no shape has an area.
        OutsideSheet: a shape reaches beyond the sheet.

    """
    if sum(abs(area(contour)) for path in artwork.paths for contour in path.contours) < _LEAST_AREA_MM2:
        raise EmptyArtwork(file=file)
    reach = extent(artwork.paths)
    slack_mm = _OVERHANG * max(artwork.width_mm, artwork.height_mm)
    if not Box(0, 0, artwork.width_mm, artwork.height_mm).holds(reach, slack_mm):
        drawn = f"({reach.x_mm:.1f}, {reach.y_mm:.1f}) – ({reach.right_mm:.1f}, {reach.bottom_mm:.1f})"
        found = f"{drawn} / {artwork.width_mm:.1f} × {artwork.height_mm:.1f} mm"
        raise OutsideSheet(file=file, found=found)
    return artwork


# Contours --------------------------------------------------------------------------------------------------


def combined(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the matrix that first does the inner, then the outer."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f


def moved(contours: Iterable[Contour], matrix: Matrix) -> tuple[Contour, ...]:
    """Return contours with every point taken through a matrix."""
    return tuple(tuple(_moved(segment, matrix) for segment in contour) for contour in contours)


def _moved(segment: Segment, matrix: Matrix) -> Segment:
    a, b, c, d, e, f = matrix
    points = [(a * x + c * y + e, b * x + d * y + f) for x, y in _points(segment)]
    return (segment[0], *(number for point in points for number in point))


def _points(segment: Segment) -> Iterator[Point]:
    numbers = segment[1:]
    return ((numbers[at], numbers[at + 1]) for at in range(0, len(numbers), 2))


def curves(contour: Contour) -> Iterator[tuple[Point, ...]]:
    """Yield a contour's sides by their points: two of a line, four of a curve; the last side closes it."""
    here = start = (0.0, 0.0)
    for segment in contour:
        *pulls, end = _points(segment)
        if segment[0] == "M":
            start = end
        else:
            yield (here, *pulls, end)
        here = end
    yield here, start


def flattened(contour: Contour) -> list[Point]:
    """Return a contour's points, each curve as twelve straight lines, the last point not the first again."""
    points = []
    for first, *others in curves(contour):
        points.append(first)
        if others[1:]:
            points.extend(_on_curve((first, *others), step / _CURVE_STEPS) for step in range(1, _CURVE_STEPS))
    return points


def _on_curve(points: Iterable[Point], share: float) -> Point:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    return _bezier(x0, x1, x2, x3, share), _bezier(y0, y1, y2, y3, share)


def _bezier(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    u = 1 - t
    return u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3


def sides(outline: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Yield the straight sides of an outline, the last back to its first point."""
    return pairwise((*outline, outline[0]))


def area(contour: Contour) -> float:
    """Return the area a contour goes round, negative where it goes the other way."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides(flattened(contour))) / 2


def turns_about(point: Point, outline: Sequence[Point]) -> int:
    """Return how often an outline goes round a point, counted where it meets a ray to the right."""
    (x, y), turns = point, 0
    for (x1, y1), (x2, y2) in sides(outline):
        if (y1 <= y) != (y2 <= y) and x1 + (y - y1) / (y2 - y1) * (x2 - x1) > x:
            turns += 1 if y2 > y1 else -1
    return turns


def turned_back(contour: Contour) -> Contour:
    """Return a contour that runs the other way."""
    *drawn, (_, start) = curves(contour)
    backward: list[Segment] = [("M", *drawn[-1][-1])] if drawn else [("M", *start)]
    for first, *others in reversed(drawn):
        points = (*reversed(others[:-1]), first)
        backward.append(("C" if others[1:] else "L", *(number for point in points for number in point)))
    return tuple(backward)


def extent(paths: Iterable[Path]) -> Box:
    """Return how far shapes reach: the upright box that their very curves, not what pulls at them, touch."""
    across, down = zip(
        *(point for path in paths for contour in path.contours for point in _outermost(contour)), strict=True
    )
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))


def _outermost(contour: Contour) -> Iterator[Point]:
    for first, *others in curves(contour):
        yield first
        if others[1:]:
            x, y = zip(first, *others, strict=True)
            for share in (*_turning_points(*x), *_turning_points(*y)):
                yield _on_curve((first, *others), share)


def _turning_points(p0: float, p1: float, p2: float, p3: float) -> Iterator[float]:
    """Yield where along a curve one coordinate stops growing or shrinking: the roots of its derivative."""
    a, b, c = p3 - p0 + 3 * (p1 - p2), 2 * (p0 - 2 * p1 + p2), p1 - p0
    roots = [-c / b] if not a and b else []
    if a and b * b >= 4 * a * c:
        roots = [(-b + sign * sqrt(b * b - 4 * a * c)) / (2 * a) for sign in (1, -1)]
    return (root for root in roots if 0 < root < 1)
