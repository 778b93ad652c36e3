"""The JSON Schema of design files (2020-12), for editors that complete and check while one types.

Made of the values themselves (design/model.py, design/file.py) and their meanings. A file that extends
another may say as little as it likes of a table; entries of lists are always whole.
"""

from copy import deepcopy
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from plaques.design.file import NAME, OWN_KEYS, DesignFile
from plaques.design.meanings import MEANINGS
from plaques.design.scaling import Scaled

Schema: TypeAlias = dict[str, Any]

_TABLES = ("Layout", "Back", "Column", "CodePlace", "StampPlace", "Type", "Rule")
"""The tables of which a file may say a part; what stands in a list is said whole."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def design_schema() -> Schema:
    """Return the schema of a design file."""
    whole = _plain(TypeAdapter(DesignFile).json_schema())
    scaled = _plain(TypeAdapter(Scaled).json_schema())
    tables = {name: _explained(name, table) for name, table in whole.pop("$defs").items()}
    parts = {_part(name): _relaxed(tables[name]) for name in _TABLES}
    parts["LayoutPart"]["properties"] |= _explained("Layout", scaled)["properties"]
    whole["properties"]["sizes"] = {"type": "object", "propertyNames": {"pattern": f"^{NAME}$"}}
    required = whole.pop("required")
    return {
        "$schema": _DIALECT,
        "title": "gangpai design",
        **_explained("DesignFile", whole),
        "required": [key for key in required if key in OWN_KEYS or key == "product"],
        "if": {"required": ["extends"]},
        "then": _with_sizes(_ref("LayoutPart")),
        "else": {"required": required, **_with_sizes(_LAYOUT_OR_SCALED)},
        "$defs": {**tables, **parts},
    }


def _with_sizes(kind: Schema) -> Schema:
    return {"properties": {"sizes": {"additionalProperties": kind}}}


def _part(name: str) -> str:
    return f"{name}Part"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_LAYOUT_OR_SCALED: Schema = {
    "if": {"required": ["like"]},
    "then": {**_ref("LayoutPart"), "required": ["like", "scale"]},
    "else": _ref("Layout"),
}


def _plain(entry: Any) -> Any:  # noqa: ANN401 -- any part of a schema
    """Return a schema without what says nothing to a designer: generated titles, docstrings, null."""
    if isinstance(entry, list):
        return [_plain(each) for each in entry]
    if not isinstance(entry, dict):
        return entry
    if {"type": "null"} in entry.get("anyOf", ()):
        return _plain(entry["anyOf"][0])
    generated = {key for key in ("title", "description") if isinstance(entry.get(key), str)}
    return {key: _plain(each) for key, each in entry.items() if key not in generated}


def _explained(name: str, table: Schema) -> Schema:
    """Return a table's schema with the meaning of each key."""
    meanings = MEANINGS.get(name, {})
    explained = {
        key: {**entry, "description": " · ".join(meanings[key])} if key in meanings else entry
        for key, entry in table.get("properties", {}).items()
    }
    return {**table, "properties": explained} if explained else table


def _relaxed(table: Schema) -> Schema:
    """Return a table's schema with nothing required, in it or in the tables below."""
    relaxed = deepcopy({key: entry for key, entry in table.items() if key != "required"})
    for entry in relaxed["properties"].values():
        name = str(entry.get("$ref", "")).rsplit("/", 1)[-1]
        if name in _TABLES:
            entry["$ref"] = _ref(_part(name))["$ref"]
    return relaxed
