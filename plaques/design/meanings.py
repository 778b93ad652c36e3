"""What each key of a design file means, in Chinese and in English, by the table it stands in.

The names of the tables are those of the values they become (design/model.py, design/file.py). For the
schema that editors read, and for the page that designers do.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

Meaning: TypeAlias = tuple[str, str]

_FACE = ("字体：fonts/fonts.toml 中的键", "typeface: a key of fonts/fonts.toml")
_COLOR = ("颜色：palette 中的名称", "colour: a name in the palette")
_PART = (
    "名称；岗位、职责、人数、姓名、编号、标题须为 post_name、duties、count、name、number、heading",
    "what this text is called; what F10 asks for is post_name, duties, count, name, number, heading",
)
_BOX = (
    "[左, 上, 宽, 高]，毫米，自左上角起",
    "[x, y, width, height] in millimetres from the top left corner",
)
_TYPE: Mapping[str, Meaning] = {
    "face": _FACE,
    "size_pt": ("最大字号，点", "largest size, points"),
    "floor_pt": ("字号下限，点；再小则不予制作", "the size in points below which a plate is refused"),
    "color": _COLOR,
    "leading": ("行距，字高的倍数", "line pitch as a multiple of the size"),
    "tracking_em": ("字间另加的距离，字宽的倍数", "space added between characters, in em"),
}
_SIDE: Mapping[str, Meaning] = {
    "shapes": ("图案，先写的在下", "decorations, the first lowest"),
    "captions": ("各占一处的单行文字", "lines in boxes of their own"),
    "artworks": ("本单位提供的图形", "drawings the organisation supplies"),
    "code": ("二维码", "the code"),
    "stamp": ("样张二字的位置", "where 样张 lies on a proof"),
}

MEANINGS: Mapping[str, Mapping[str, Meaning]] = MappingProxyType(
    {
        "DesignFile": {
            "product": ("标牌种类", "what it is for"),
            "name": ("名称：小写字母、数字、连字符", "its name: small letters, digits, hyphens"),
            "title_zh": ("列表中的中文说明", "what it is called in lists, in Chinese"),
            "title_en": ("列表中的英文说明", "what it is called in lists, in English"),
            "extends": (
                "以同种类的哪个设计为底；没有写明的都取自它",
                "another design of the product; what is not said here is taken from it",
            ),
            "default": (
                "是否为该种类的默认设计（仅随程序提供的）",
                "the product's default; shipped designs only",
            ),
            "default_size": ("不指定尺寸时用哪一种", "the size taken when none is asked for"),
            "outlines": (
                "雕刻版：文字以轮廓绘出，全版只用一种颜色",
                "for engraving: texts drawn as outlines, one colour throughout",
            ),
            "palette": (
                '颜色表：名称 = "#RRGGBB"，或带 cmyk、spot 的表，或 "none"（不印）',
                'colours by name: "#RRGGBB", a table with cmyk and spot, or "none" (not drawn)',
            ),
            "words": ("设计另加的文字", "words the design adds"),
            "sizes": ("各种尺寸，按名称", "the sizes, by name"),
        },
        "Words": {
            "heading_en": (
                "英文标题：creation、title 各一",
                "the heading in English, for creation and title",
            ),
        },
        "Layout": {
            "width_mm": ("成品宽，毫米", "width after cutting, millimetres"),
            "height_mm": ("成品高，毫米", "height after cutting, millimetres"),
            "clear_mm": ("文字、二维码距裁切边至少多少毫米", "how far texts and code keep from the trim"),
            "raster_dpi": ("回读二维码时的分辨率", "resolution at which the code is read back"),
            **_SIDE,
            "column": ("共用一段高度的正文", "the texts that share one height"),
            "back": ("背面，可不写", "the second side, if there is one"),
            "fold": (
                "tent：对折立牌，同一面倒印一次",
                "tent: folded to stand, the face printed a second time upside down",
            ),
            "like": ("照哪一种尺寸缩放", "another size, of which this one is a copy"),
            "scale": (
                "缩放倍数：长度、字号、下限一并缩放",
                "the factor for every length, type size and floor",
            ),
            "floors": ("缩放后另定的字号下限，按 part", "floors said anew after scaling, by part"),
        },
        "Back": dict(_SIDE),
        "Shape": {
            "kind": (
                "色块、边框、菱形、圆（椭圆）、直线、路径",
                "block, frame, diamond, roundel (an ellipse), line, path",
            ),
            "box": _BOX,
            "color": _COLOR,
            "stroke_mm": ("线宽，毫米；0 为填充", "width of the line in millimetres; 0 fills"),
            "notch_mm": ("委角深，毫米", "depth of the notched corners, millimetres"),
            "radius_mm": ("圆角半径，毫米", "radius of round corners, millimetres"),
            "path_mm": (
                "路径：SVG 的 M L H V C Z，绝对坐标，毫米，自 box 左上角起",
                "path in SVG's M L H V C Z, absolute, millimetres from the box's top left corner",
            ),
            "mirror": (
                "路径在 box 中的镜像：左右、上下、四角",
                "mirrored about the box's middle: across, down, both (four corners)",
            ),
        },
        "Type": _TYPE,
        "Caption": {
            **_TYPE,
            "part": _PART,
            "text": ("印什么：可含 {heading} 等词", "what is printed; may hold words such as {heading}"),
            "box": _BOX,
            "align": (
                "靠左、居中、靠右；竖排时为上、中、下",
                "left, center, right; in a column top to bottom",
            ),
            "setting": ("横排或竖排", "along a line or down a column"),
            "after": ("接在哪一段（part）之后，同一基线", "stands behind the caption of this part"),
            "after_gap_mm": ("与前一段的距离，毫米", "distance from it, millimetres"),
        },
        "Column": {
            "box": _BOX,
            "label": ("左侧小标题的字样", "how the labels are set"),
            "label_width_mm": ("小标题占的宽度，毫米", "width kept for the labels, millimetres"),
            "rule": ("各段之间的细线", "the hairline between items"),
            "items": ("各段正文，自上而下", "the texts, from the top"),
            "setting": ("横排或竖排（自右而左）", "lines from the top, or columns from the right"),
        },
        "Rule": {
            "color": _COLOR,
            "stroke_mm": ("线宽，毫米", "width of the line, millimetres"),
        },
        "Item": {
            **_TYPE,
            "part": _PART,
            "text": ("印什么：可含 {post_name}、{duties}、{count}", "what is printed; may hold those words"),
            "kind": (
                "标题、段落、可删减的职责、姓名",
                "title, paragraph, clauses that may be shortened, names",
            ),
            "label": ("左侧小标题", "its label"),
            "height_mm": ("未到下限时最多占多高，毫米", "most height while above its floor, millimetres"),
            "gap_mm": ("与前一段的最小距离，毫米", "least distance from the item before, millimetres"),
            "gap_max_mm": ("与前一段的最大距离，毫米", "most distance from it, millimetres"),
            "rule_before": ("前面是否有细线", "a hairline before it"),
            "gutter_em": ("姓名各列之间的距离，字宽的倍数", "space between columns of names, in em"),
            "comfort_pt": (
                "姓名小于此字号前，先缩小其他各段",
                "the size below which names ask the other items to shrink first",
            ),
        },
        "CodePlace": {
            "box": (f"{_BOX[0]}；正方形，含四周静区", f"{_BOX[1]}; a square, quiet zone included"),
            "level": ("纠错等级", "level of error correction"),
            "color": ("颜色名称；须近黑", "a name in the palette; near-black"),
            "module_min_mm": ("单元最小边长，毫米", "least side of a module, millimetres"),
            "drawn": (
                "image：文件小，宜大批；path：轮廓，宜雕刻",
                "image: small files for large batches; path: outlines for cutters",
            ),
        },
        "StampPlace": {
            "face": _FACE,
            "size_pt": ("字号，点", "size, points"),
            "color": _COLOR,
            "center_mm": ("[横, 纵] 中心，毫米", "[x, y] of its middle, millimetres"),
            "turn_deg": ("逆时针转的角度", "turn, degrees counter-clockwise"),
            "tracking_em": _TYPE["tracking_em"],
        },
        "ArtworkPlace": {
            "file": (
                "图形文件：SVG 或单页 PDF，路径自设计目录起",
                "SVG or PDF of one page, from the designs' folder",
            ),
            "role": ("党徽、印章、底图", "emblem, seal, background"),
            "box": (f"{_BOX[0]}；图形按比例放到最大、居中", f"{_BOX[1]}; fitted in proportion, centred"),
            "color": (
                "颜色名称；不写则用图形自己的颜色",
                "a name in the palette; its own colours if not said",
            ),
        },
    }
)
