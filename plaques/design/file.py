"""Design files: from the text of a TOML file to the designs in it, or to a refusal that lists every fault.

Knows how a file takes from the one it extends, how a size is a scaled copy of another, and how pydantic's
findings are told. Leaves out what makes a design sound beyond its shape (design/rules.py) and where files lie
(design/library.py).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, TypeVar, get_args, get_type_hints

from plaques.design.faults import BadDesign, Fault, nearest, told
from plaques.design.kinds import Spelling, Unsound, read
from plaques.design.model import Layout, Switch, Words
from plaques.design.scaling import Scaled, Table, scaled_layout
from plaques.design.toml_lines import lines_of
from plaques.marks import Color
from store.plates import Product

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T")

NAME = "[a-z0-9][a-z0-9-]*"
"""What a design or a size may be called: file names are made of it."""

NOT_DRAWN = "none"
"""The colour of a role whose marks are left out."""

OWN_KEYS = frozenset({"name", "title_zh", "title_en", "extends", "default"})
"""The keys a file never takes from the one it extends."""

_RGB = re.compile("#[0-9A-Fa-f]{6}")
_INKS = 4


def _color(given: object) -> Color | None:
    """Read `"none"`, `"#RRGGBB"` or `{ rgb, cmyk, spot }`."""
    if given == NOT_DRAWN:
        return None
    table = {"rgb": given} if isinstance(given, str) else given
    if not isinstance(table, dict) or not _is_color(table):
        raise Unsound(given)
    cyan, magenta, yellow, black = table.get("cmyk") or [0.0] * _INKS
    cmyk = (cyan, magenta, yellow, black) if "cmyk" in table else None
    return Color(table["rgb"].upper(), cmyk, table.get("spot", ""))


def _is_color(table: Table) -> bool:
    inks, rgb, spot = table.get("cmyk", [0] * _INKS), table.get("rgb"), table.get("spot", "")
    return (
        table.keys() <= {"rgb", "cmyk", "spot"}
        and isinstance(rgb, str)
        and _RGB.fullmatch(rgb) is not None
        and isinstance(spot, str)
        and isinstance(inks, list)
        and len(inks) == _INKS
        and all(type(each) in {int, float} and 0 <= each <= 100 for each in inks)  # noqa: PLR2004 -- per cent
    )


_COLOR_ZH = '应形如 "#9E0B14"、{ rgb = "#E3BC6A", cmyk = [10, 25, 65, 0], spot = "GOLD" } 或 "none"'
_COLOR_EN = '"#9E0B14", { rgb = "#E3BC6A", cmyk = [10, 25, 65, 0], spot = "GOLD" } or "none" is expected'
_COLOR_SCHEMA = {
    "oneOf": [
        {"type": "string", "pattern": f"^({_RGB.pattern}|{NOT_DRAWN})$"},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["rgb"],
            "properties": {
                "rgb": {"type": "string", "pattern": f"^{_RGB.pattern}$"},
                "cmyk": {
                    "type": "array",
                    "minItems": _INKS,
                    "maxItems": _INKS,
                    "items": {"type": "number", "minimum": 0, "maximum": 100},
                },
                "spot": {"type": "string"},
            },
        },
    ]
}


@dataclass(frozen=True, kw_only=True)
class Paint:
    """A colour, or none."""

    def read(self, given: object) -> Color | None:
        """Return the colour."""
        return _color(given)

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> Any:  # noqa: ANN401 -- pydantic's
        """Tell pydantic the same."""
        from pydantic_core import core_schema  # noqa: PLC0415 -- for refusals and the schema, and loads slowly

        return core_schema.no_info_plain_validator_function(_color_or_fault)

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> Table:
        """Tell editors how a colour is written."""
        return dict(_COLOR_SCHEMA)


def _color_or_fault(given: object) -> Color | None:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 -- as above

    try:
        return _color(given)
    except Unsound as unsound:
        raise PydanticCustomError("design", "a colour", {"zh": _COLOR_ZH, "en": _COLOR_EN}) from unsound


Name: TypeAlias = Annotated[str, Spelling(pattern=NAME)]
Ink: TypeAlias = Annotated[Color | None, Paint()]


@dataclass(frozen=True, kw_only=True)
class DesignFile:
    """One design of one product in all its sizes, everything it extends taken over."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    product: Product
    name: Name
    title_zh: Annotated[str, Spelling()]
    title_en: Annotated[str, Spelling()]
    default_size: Name
    palette: Mapping[str, Ink]
    sizes: Mapping[Name, Layout]
    extends: str = ""
    default: Switch = False
    outlines: Switch = False
    words: Words = field(default_factory=Words)


def parse_toml(text: str, file: str) -> Table:
    """Read TOML; `file` names it in a refusal.

    Raises:
        BadDesign: the text is not TOML.

    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = map(int, place.groups()) if place else (0, 0)
        where = f"第{column}列起" if place else "到文件末尾"
        zh = f"{where}的写法不合 TOML，多半是缺引号、括号、等号，或多写了字符"
        raise BadDesign(file=file, faults=(Fault(key="TOML", zh=zh, en=str(error), line=line),)) from error


def extended(under: Table, over: Table) -> Table:
    """Return a file's table over that of the one it extends: tables merged, colours and lists replaced."""
    inherited = {key: entry for key, entry in under.items() if key not in OWN_KEYS}
    palette = {**_table(under.get("palette")), **_table(over.get("palette"))}
    return {**merged(inherited, over), "palette": palette}


def merged(under: Table, over: Table) -> Table:
    """Return one table laid over another, tables within them likewise."""
    both = {
        key: merged(under[key], entry)
        if isinstance(entry, dict) and isinstance(under.get(key), dict)
        else entry
        for key, entry in over.items()
    }
    return {**under, **both}


def read_design(table: Table, file: str) -> DesignFile:
    """Turn a table, everything it extends taken over, into a design; `file` names it in a refusal.

    Raises:
        BadDesign: a key is missing, unknown or not of the right kind; a size is like one that is not there.

    """
    sizes = _table(table.get("sizes"))
    faults: list[Fault] = []
    layouts = {name: _layout(sizes, name, (), faults) for name in sizes}
    if not faults:
        design = _read(DesignFile, {**table, "sizes": layouts}, "", faults)
        if design is not None:
            return design
    raise BadDesign(file=file, faults=tuple(faults))


def _read(kind: type[T], table: Table, key: str, faults: list[Fault]) -> T | None:
    """Return a table as a value; what is wrong with it, at a key, is added to the faults known."""
    try:
        value: T = read(kind, table)
    except Unsound:
        return _read_or_told(kind, table, key, faults)
    return value


def _read_or_told(kind: type[T], table: Table, key: str, faults: list[Fault]) -> T | None:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 -- for what is wrong only, and loads slowly

    try:
        return TypeAdapter(kind).validate_python(table)
    except ValidationError as error:
        faults += [_fault(each, key) for each in error.errors(include_url=False)]
        return None


def with_lines(refusal: BadDesign, text: str) -> BadDesign:
    """Return the refusal with the line of each fault, or of the table around it, in this text of the file."""
    lines = lines_of(text)
    faults = (_with_line(fault, lines) for fault in refusal.faults)
    ordered = sorted(faults, key=lambda fault: fault.line or len(text))
    return BadDesign(file=str(refusal.facts["file"]), faults=tuple(ordered))


def _with_line(fault: Fault, lines: Mapping[str, int]) -> Fault:
    if fault.line:
        return fault
    line = next((lines[key] for key in _upwards(fault.key) if key in lines), 0)
    return Fault(key=fault.key, zh=fault.zh, en=fault.en, line=line)


def _upwards(key: str) -> Iterator[str]:
    while key:
        yield key
        key = re.sub(r"(\[\d+\]|\.?[^.\[\]]+)$", "", key)


def _fault(error: "ErrorDetails", above: str) -> Fault:
    zh, en = told(error["type"], error.get("ctx", {}))
    if error["type"] == "unexpected_keyword_argument":
        zh, en = nearest(str(error["loc"][-1]), _keys(error["loc"][:-1]))
    return Fault(key=spelled((*([above] if above else []), *error["loc"])), zh=zh, en=en)


def _keys(path: Sequence[str | int]) -> list[str]:
    """Return the keys that a table at this path may have."""
    kind: Any = DesignFile
    for part in path:
        kind = get_type_hints(kind)[str(part)] if is_dataclass(kind) else next(_kinds_within(kind))
        kind = next(_kinds_within(kind)) if type(None) in get_args(kind) else kind
    return [each.name for each in fields(kind)]


def _kinds_within(kind: object) -> Iterator[Any]:
    """Yield what a sequence, a mapping or a choice holds: of a mapping, its values."""
    return (each for each in reversed(get_args(kind)) if each not in {..., type(None)})


def spelled(path: Sequence[str | int]) -> str:
    """Return a key as refusals name it: `sizes.a4.captions[2].size_pt`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _table(entry: object) -> Table:
    return entry if isinstance(entry, dict) else {}


# Sizes like others -----------------------------------------------------------------------------------------


def _layout(sizes: Table, name: str, above: Sequence[str], faults: list[Fault]) -> Any:  # noqa: ANN401 -- as the file has it
    """Return a size with what it takes from the one it is like; a fault found is added to those known."""
    entry = sizes[name]
    if not isinstance(entry, dict) or not entry.keys() & {"like", "scale", "floors"}:
        return entry
    others = [each for each in sizes if each not in {name, *above}]
    scaled = _scaled(entry, f"sizes.{name}", others, faults)
    if scaled is None:
        return entry
    model = _layout(sizes, scaled.like, (*above, name), faults)
    own = {key: said for key, said in entry.items() if key not in {"like", "scale", "floors"}}
    return merged(scaled_layout(_table(model), scaled), own)


def _scaled(entry: Table, key: str, others: Sequence[str], faults: list[Fault]) -> Scaled | None:
    scaled = _read(Scaled, entry, key, faults)
    if scaled is not None and scaled.like not in others:
        zh, en = nearest(scaled.like, others)
        faults.append(Fault(key=f"{key}.like", zh=zh, en=en))
        return None
    return scaled
