"""Makes the generated part of docs/designs.md, and the schema of design files beside them.

Run it by `python docs/designs.py`. Knows how a schema's table is set out for a designer; what the keys mean
is read from where they are.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plaques.design.library import DesignLibrary
from plaques.design.model import CAPTION_WORDS, ITEM_WORDS, LEGIBLE_PT
from plaques.design.schema import design_schema
from plaques.typography.typefaces import catalogue
from store.terms import PRODUCT_ZH

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "designs.md"
SCHEMA = ROOT / "plaques" / "designs" / "design.schema.json"
BEGIN, END = "<!-- made by docs/designs.py -->", "<!-- end -->"

TABLES = {
    "": ("文件", "the file"),
    "Words": ("`[words]`", "words"),
    "LayoutPart": ("`[sizes.名称]` 与 `[sizes.名称.back]`", "a size, and its back"),
    "Shape": ("`shapes` 的一项", "a decoration"),
    "Caption": ("`captions` 的一项", "a caption"),
    "Column": ("`column`", "the column"),
    "Type": ("`column.label`", "the labels"),
    "Rule": ("`column.rule`", "the hairline"),
    "Item": ("`column.items` 的一项", "an item of the column"),
    "CodePlace": ("`code`", "the code"),
    "StampPlace": ("`stamp`", "the stamp"),
    "ArtworkPlace": ("`artworks` 的一项", "a drawing"),
}


def schema_text() -> str:
    """Return the schema file's text."""
    return json.dumps(design_schema(), ensure_ascii=False, indent=2) + "\n"


def page(written: str) -> str:
    """Return the page with its generated part made anew."""
    made = "\n".join((BEGIN, "", *_generated(), END))
    return re.sub(f"{BEGIN}.*{END}", lambda _: made, written, flags=re.DOTALL)


def _generated() -> Iterator[str]:
    schema = design_schema()
    for name, (zh, en) in TABLES.items():
        table = schema["$defs"][name] if name else schema
        yield f"### {zh} · {en}\n"
        yield "| 键 key | 值 value | 含义 meaning |"
        yield "|---|---|---|"
        required = schema["$defs"].get(name.removesuffix("Part"), table).get("required", [])
        for key, entry in table["properties"].items():
            shown = f"`{key}`" + (" *" if key in required else "")
            yield f"| {shown} | {_value(entry, schema['$defs'])} | {entry['description']} |"
        yield ""
    yield from _lists()


def _lists() -> Iterator[str]:
    yield "### 可用的词、字体与设计 · Words, typefaces, designs\n"
    yield f"- 单行文字可含 · captions may hold: {_coded(f'{{{word}}}' for word in sorted(CAPTION_WORDS))}"
    yield f"- 正文可含 · items may hold: {_coded(f'{{{word}}}' for word in sorted(ITEM_WORDS))}"
    yield f"- 字体 · typefaces: {_coded(catalogue())}"
    yield f"- 字号下限不得小于 {LEGIBLE_PT:g} 点 · no floor below {LEGIBLE_PT:g} pt"
    library = DesignLibrary.shipped()
    for product in library.sources:
        names = (
            f"`{name}` {library.file(product, name).title_zh}（{'、'.join(library.sizes(product, name))}）"
            for name in library.names(product)
        )
        yield f"- {PRODUCT_ZH[product]} `{product}`：{'；'.join(names)}"
    yield ""


def _coded(words: Any) -> str:  # noqa: ANN401 -- any iterable of texts
    return " ".join(f"`{word}`" for word in words)


def _value(entry: dict[str, Any], tables: dict[str, Any]) -> str:
    """Say in a few words what may stand behind a key."""
    if "$ref" in entry:
        inner = tables[entry["$ref"].rsplit("/", 1)[-1]]
        return _value(inner, tables) if "enum" in inner else "表 table"
    if "enum" in entry:
        return " ".join(f"`{each}`" for each in entry["enum"]) + _default(entry)
    if entry["type"] == "array":
        numbers = entry.get("maxItems")
        return f"{numbers} 个数 numbers" if numbers else "列表 list"
    return _KINDS[entry["type"]] + _limits(entry) + _default(entry)


_KINDS = {"number": "数 number", "string": "文字 text", "boolean": "`true` `false`", "object": "表 table"}


def _limits(entry: dict[str, Any]) -> str:
    bounds = (("exclusiveMinimum", ">"), ("minimum", "≥"))
    return "".join(f" {sign} {entry[key]:g}" for key, sign in bounds if key in entry)


def _default(entry: dict[str, Any]) -> str:
    said = entry.get("default")
    return f"，默认 default `{json.dumps(said)}`" if said or said in (0, False) else ""


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), "utf-8")
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
