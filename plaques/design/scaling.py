"""Scaling a size of a design file: the same plate, larger or smaller.

Works on a table as the file has it: what ends in a unit is a measure, and so is a box. Leaves out which size
is like which (design/file.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from plaques.design.model import Positive

Table: TypeAlias = dict[str, Any]

SNAP_MM = 0.25
"""An edge this near the trim after scaling lies on it: A4 times √2 is A3 but for a hair."""

_KEPT = ("clear_mm", "raster_dpi")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DECIMALS = 3


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """How a size is a copy of another: every length, type size and floor times `scale`, then what is said.

    `floors` gives the floors of texts by their part.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "ignore"}

    like: str
    scale: Positive
    floors: Mapping[str, Positive] = field(default_factory=dict)
    width_mm: Positive | None = None
    height_mm: Positive | None = None


def scaled_layout(layout: Table, scaled: Scaled) -> Table:
    """Return a size with every length, type size and floor scaled; distance from the trim and raster stay."""
    entry: Table = _times("", {key: each for key, each in layout.items() if key not in _KEPT}, scaled)
    entry |= {key: layout[key] for key in _KEPT if key in layout}
    page = (scaled.width_mm or entry.get("width_mm"), scaled.height_mm or entry.get("height_mm"))
    for side in (entry, entry.get("back")):
        for shape in side.get("shapes", ()) if isinstance(side, dict) else ():
            _snap(shape, page)
    return entry


def _times(key: str, entry: Any, scaled: Scaled) -> Any:  # noqa: ANN401 -- as the file has it
    if isinstance(entry, dict):
        floor = scaled.floors.get(str(entry.get("part")))
        inner = {name: _times(name, each, scaled) for name, each in entry.items()}
        return inner | {"floor_pt": floor} if floor else inner
    if isinstance(entry, list):
        return [_times(key, each, scaled) for each in entry]
    if key != "box" and not key.endswith(("_mm", "_pt")):
        return entry
    if isinstance(entry, str):
        return _NUMBER.sub(lambda number: str(round(float(number[0]) * scaled.scale, _DECIMALS)), entry)
    return round(entry * scaled.scale, _DECIMALS) if type(entry) in {int, float} else entry


def _snap(shape: Any, page: tuple[Any, ...]) -> None:  # noqa: ANN401 -- as the file has it
    """Let a shape's box end on the trim where it nearly does."""
    box = shape.get("box") if isinstance(shape, dict) else None
    if not isinstance(box, list) or not all(type(each) in {int, float} for each in (*box, *page)):
        return
    for start, most in zip((0, 1), page, strict=True):
        if len(box) == len("xywh") and abs(box[start] + box[start + 2] - most) <= SNAP_MM:
            box[start + 2] = round(most - box[start], _DECIMALS)
