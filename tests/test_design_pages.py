"""The page and the schema for designers say what the program reads."""

from dataclasses import fields
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from plaques.design import file as design_file
from plaques.design import model as design
from plaques.design.library import DesignLibrary
from plaques.design.meanings import MEANINGS
from plaques.design.scaling import Scaled
from plaques.design.schema import design_schema

ROOT = Path(__file__).parent.parent
SHIPPED = DesignLibrary.shipped()
AGAIN = "run: python docs/designs.py"


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    spec = util.spec_from_file_location("designs", ROOT / "docs" / "designs.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_program_makes(pages: ModuleType) -> None:
    written = pages.PAGE.read_text("utf-8")
    assert written == pages.page(written), AGAIN
    assert "| `box` * | 4 个数 numbers |" in written


def test_the_schema_beside_the_designs_is_what_the_program_makes(pages: ModuleType) -> None:
    assert pages.SCHEMA.read_text("utf-8") == pages.schema_text(), AGAIN


@pytest.mark.parametrize("name", MEANINGS)
def test_every_key_has_its_meaning_and_no_other_has(name: str) -> None:
    kind = getattr(design, name, None) or getattr(design_file, name)
    more = {each.name for each in fields(Scaled)} if name == "Layout" else set()
    assert MEANINGS[name].keys() == {each.name for each in fields(kind)} | more


@pytest.mark.parametrize(
    ("product", "name"), [(product, name) for product, names in SHIPPED.sources.items() for name in names]
)
def test_the_schema_knows_every_key_of_a_shipped_design(product: str, name: str) -> None:
    schema = design_schema()
    table = next(
        each for key, names in SHIPPED.sources.items() if key == product for each in [names[name].table]
    )
    assert sorted(_unknown(table, schema, schema["$defs"], "")) == []


def _unknown(entry: Any, schema: dict[str, Any], known: dict[str, Any], key: str) -> list[str]:
    """Return the keys of a table that no property of its schema is for."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rsplit("/", 1)[-1]]
    if isinstance(entry, list):
        return [each for one in entry for each in _unknown(one, schema.get("items", {}), known, f"{key}[]")]
    if not isinstance(entry, dict) or "properties" not in schema:
        return []
    return [
        each
        for name, one in entry.items()
        for each in (
            _unknown(one, schema["properties"][name], known, f"{key}.{name}")
            if name in schema["properties"]
            else [f"{key}.{name}"]
        )
    ]
