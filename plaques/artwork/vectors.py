"""Vector drawings that an organisation supplies: what one may hold, and how one that holds more is refused.

Leaves out file formats (artwork/svg.py, artwork/pdf.py), the geometry of outlines (contours.py) and what a
drawing is used for (emblem.py).
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from plaques.contours import area, extent, moved
from plaques.marks import Box, Color, Path
from store.refusals import Refusal

LARGEST_BYTES = 2_000_000
MOST_SEGMENTS = 20_000
"""Far above any emblem or seal; a drawing with more is a traced photograph or a trap."""

FillRule: TypeAlias = Literal["nonzero", "evenodd"]

_OVERHANG = 0.005
_LEAST_AREA_MM2 = 1e-6


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
    """The file cannot be read, or says something that its format does not know.

    Remedy: export the file again.
    """

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
    """Something that this reader does not draw; leaving it out would alter the drawing.

    Remedy: export it as plain shapes.
    """

    reason_zh = "图形文件 {file} 中有本程序不绘制的内容：{found}。"
    reason_en = "The artwork file {file} holds something that is not drawn here: {found}."
    remedy_zh = "请导出为普通 SVG（只含路径和纯色填充）。"
    remedy_en = "Export it as plain SVG: paths and plain fills only."


class EmptyArtwork(UnfitArtwork):
    """Nothing visible is in the file. Remedy: supply the file that holds the drawing."""

    reason_zh = "图形文件 {file} 中没有可见的图形。"
    reason_en = "The artwork file {file} shows nothing."


class OutsideSheet(UnfitArtwork):
    """A shape reaches beyond the sheet and would be cut in some programs and not in others.

    Remedy: fit the drawing on its sheet.
    """

    reason_zh = "图形文件 {file} 中有图形超出画板：{found}。"
    reason_en = "In the artwork file {file} a shape reaches beyond the sheet: {found}."
    remedy_zh = "请将画板调整到图形大小，删去画板外的内容。"
    remedy_en = "Fit the sheet to the drawing and delete what lies beyond it."


class SeveralPages(UnfitArtwork):
    """A PDF has not exactly one page. Remedy: export the one page."""

    reason_zh = "图形文件 {file} 有{found}页，应为一页。"
    reason_en = "The artwork file {file} has {found} pages instead of one."
    remedy_zh = "请只导出图形所在的一页。"
    remedy_en = "Export the page with the drawing only."


class EncryptedArtwork(UnfitArtwork):
    """A PDF is protected. Remedy: save it without protection."""

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
        transform = (scale, 0, 0, scale, place.x_mm, place.y_mm)
        return tuple(
            replace(path, contours=moved(path.contours, transform), color=color or path.color)
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
