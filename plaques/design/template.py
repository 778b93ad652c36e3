"""The text of a new design file: everything taken from another design, its colours written out to be changed.

Leaves out where the file goes (gangpai/commands/designs.py).
"""

import json

from plaques.design.file import NOT_DRAWN, DesignFile
from plaques.marks import Color

_TEXT = """\
# 设计文件 · Design file
# 没有写明的一切取自 extends 所指的设计；各项含义见 docs/designs.md。
# Whatever is not said here is taken from the design named after extends; docs/designs.md explains every key.

product = {product}
name = {name}
title_zh = {title}
title_en = {title}
extends = {extends}

# 颜色：#RRGGBB，或 {{ rgb = "#E3BC6A", cmyk = [10, 25, 65, 0], spot = "GOLD" }}，或 "none"（不印）
# Colours: #RRGGBB; or a table with what a press uses; or "none", which is not drawn
[palette]
{palette}

# 尺寸：{sizes}。要改哪一项就写哪一项，例如
# Sizes as above. To change something, say it, for instance
#
#     [sizes.{size}.code]
#     module_min_mm = 1.5
#
# 另加一种尺寸：照已有的按比例缩放 · Another size: one there is, scaled
#
#     [sizes.large]
#     like = "{size}"
#     scale = 1.5
"""


def new_design_text(base: DesignFile, name: str) -> str:
    """Return the text of a design file that extends another."""
    return _TEXT.format(
        product=_text(base.product),
        name=_text(name),
        title=_text(name),
        extends=_text(base.name),
        palette="\n".join(f"{role} = {_ink(color)}" for role, color in base.palette.items()),
        sizes="、".join(base.sizes),
        size=base.default_size,
    )


def _ink(color: Color | None) -> str:
    if color is None:
        return _text(NOT_DRAWN)
    if color.cmyk is None and not color.spot:
        return _text(color.rgb)
    cmyk = f", cmyk = [{', '.join(f'{part:g}' for part in color.cmyk)}]" if color.cmyk else ""
    spot = f", spot = {_text(color.spot)}" if color.spot else ""
    return f"{{ rgb = {_text(color.rgb)}{cmyk}{spot} }}"


def _text(words: str) -> str:
    """Quote a text for TOML, whose basic strings escape as JSON's do."""
    return json.dumps(words, ensure_ascii=False)
