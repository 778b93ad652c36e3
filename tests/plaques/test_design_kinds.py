"""Designs are read at once where they are sound, and never otherwise than pydantic reads them."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from plaques.design import file, library
from plaques.design.file import DesignFile
from plaques.design.kinds import Unsound, read
from plaques.design.library import DesignLibrary
from store.records import Product

SHIPPED = DesignLibrary.shipped()
NAMES = [(product, name) for product in SHIPPED.sources for name in SHIPPED.names(product)]
ODD: tuple[Any, ...] = (
    True, False, 0, 1, -1, 0.5, 3.9, float("nan"), float("inf"), "", "1", "x", "none", "title", None, [], [1],
    {}, {"x": 1}, [1, 2, 3, 4], [1, 2, -3, 4], (1, 2, 3, 4), [0.0, 0.0, 5, True], "A3", "a3\n", b"a",
)  # fmt: skip
PYDANTIC = TypeAdapter(DesignFile)


def whole(product: Product, name: str) -> dict[str, Any]:
    """Return a shipped design's table as it is read: with all it extends, its sizes scaled."""
    kept = library._whole(SHIPPED, product, SHIPPED.source(product, name), (name,))  # noqa: SLF001 -- not read yet
    table = deepcopy(kept)
    sizes = table["sizes"]
    return table | {"sizes": {size: file._layout(sizes, size, (), []) for size in sizes}}  # noqa: SLF001 -- as above


@pytest.mark.parametrize(("product", "name"), NAMES)
def test_every_shipped_design_is_read_at_once_and_as_pydantic_reads_it(product: Product, name: str) -> None:
    table = whole(product, name)
    assert read(DesignFile, table) == PYDANTIC.validate_python(table)


def test_what_is_read_at_once_is_what_pydantic_reads() -> None:
    chance = Random(26)  # noqa: S311 -- the same changes in every run
    table = whole(Product.BADGE, "bilingual")
    read_at_once = 0
    for _ in range(1500):
        changed = with_one_change(table, chance)
        try:
            value = read(DesignFile, changed)
        except Unsound:
            continue
        read_at_once += 1
        assert value == PYDANTIC.validate_python(changed)
    assert 50 < read_at_once < 1000


def test_a_reader_that_took_a_text_for_a_number_would_be_found() -> None:
    table = whole(Product.BADGE, "red-gold")
    table["sizes"]["id-1"]["width_mm"] = "85.6"
    with pytest.raises(Unsound):
        read(DesignFile, table)
    with pytest.raises(ValidationError):
        PYDANTIC.validate_python(table)


def with_one_change(table: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Return the table with something odd at one key, or without the key, or with one more."""
    changed = deepcopy(table)
    here, key = chance.choice(list(places(changed)))
    match chance.randrange(8):
        case 0:
            del here[key]
        case 1 if isinstance(here, dict):
            here["another"] = chance.choice(ODD)
        case _:
            here[key] = deepcopy(chance.choice(ODD))
    return changed


def places(entry: Any) -> Any:
    """Yield every table and list within, with each of its keys."""
    for key, inner in entry.items() if isinstance(entry, dict) else enumerate(entry):
        yield entry, key
        if isinstance(inner, dict | list):
            yield from places(inner)
