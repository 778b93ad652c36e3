"""Kinds: what may stand at a key of a design file, and how a table of them becomes a value.

Knows numbers with limits, switches, spellings and boxes, and reads what is sound at once. Whatever it will
not read is left to pydantic, which reads by the same kinds and says what is wrong (design/file.py); it loads
slowly, and designs are sound as a rule. Leaves out which keys there are (design/model.py).
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import EnumMeta
from math import inf, isfinite
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from plaques.marks import Box

T = TypeVar("T")


class Unsound(ValueError):
    """What stands there is not read here."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """A finite number: more than one limit, and not less than the other."""

    more_than: float = -inf
    at_least: float = -inf

    def read(self, given: object) -> float:
        """Return the number; an integer is one as well."""
        if type(given) not in {int, float}:
            raise Unsound(given)
        number = float(given)  # type: ignore[arg-type]  # mypy does not narrow by type()
        if not isfinite(number) or number <= self.more_than or number < self.at_least:
            raise Unsound(given)
        return number

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> Any:  # noqa: ANN401 -- pydantic's
        """Tell pydantic the same."""
        from pydantic_core import core_schema  # noqa: PLC0415 -- for refusals and the schema, and loads slowly

        limits = {"gt": self.more_than, "ge": self.at_least}
        set_limits = {name: limit for name, limit in limits.items() if limit != -inf}
        return core_schema.float_schema(strict=True, allow_inf_nan=False, **set_limits)  # type: ignore[arg-type]  # names from a table


@dataclass(frozen=True, kw_only=True)
class Either:
    """True or false, and nothing that could be taken for it."""

    def read(self, given: object) -> bool:
        """Return the switch."""
        if type(given) is not bool:
            raise Unsound(given)
        return given

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> Any:  # noqa: ANN401 -- pydantic's
        """Tell pydantic the same."""
        from pydantic_core import core_schema  # noqa: PLC0415 -- as above

        return core_schema.bool_schema(strict=True)


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """A text of at least one character, by a pattern if there is one."""

    pattern: str = ""

    def read(self, given: object) -> str:
        """Return the text."""
        if type(given) is not str or not re.fullmatch(self.pattern or "(?s:.+)", given):
            raise Unsound(given)
        return given

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> Any:  # noqa: ANN401 -- pydantic's
        """Tell pydantic the same."""
        from pydantic_core import core_schema  # noqa: PLC0415 -- as above

        if self.pattern:
            return core_schema.str_schema(pattern=f"^{self.pattern}$")
        return core_schema.str_schema(min_length=1)


Number: TypeAlias = Annotated[float, Limits()]
NotNegative: TypeAlias = Annotated[float, Limits(at_least=0)]
_Sides: TypeAlias = tuple[Number, Number, NotNegative, NotNegative]


@dataclass(frozen=True, kw_only=True)
class FourSides:
    """A box, in a file `[x, y, width, height]`."""

    def read(self, given: object) -> Box:
        """Return the box."""
        return Box(*read(_Sides, given))

    def __get_pydantic_core_schema__(self, _source: object, handler: Callable[[object], Any]) -> Any:  # noqa: ANN401 -- pydantic's
        """Tell pydantic the same."""
        from pydantic_core import core_schema  # noqa: PLC0415 -- as above

        return core_schema.no_info_after_validator_function(lambda sides: Box(*sides), handler(_Sides))


def read(kind: Any, given: object) -> Any:  # noqa: ANN401 -- a value of whatever kind is asked for
    """Return what is given as a value of a kind: a dataclass, or what its keys may hold.

    Raises:
        Unsound: pydantic may know better, or say why not.

    """
    return _reader(kind)(given)


@functools.cache
def _reader(kind: Any) -> Callable[[object], Any]:  # noqa: ANN401 -- any type
    """Return what reads values of a kind.

    Raises:
        TypeError: no design file has such a kind.

    """
    if is_dataclass(kind):
        return _table_reader(kind)
    if kind is str or isinstance(kind, EnumMeta):
        return functools.partial(_text, kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin not in _READERS:
        raise TypeError(kind)
    return functools.partial(_READERS[origin], inner)


def _table_reader(kind: Any) -> Callable[[object], Any]:  # noqa: ANN401 -- any dataclass
    hints = get_type_hints(kind, include_extras=True)
    kinds = {field.name: hints[field.name] for field in fields(kind)}
    ignores_others = getattr(kind, "__pydantic_config__", {}).get("extra") == "ignore"

    def read_table(given: object) -> Any:  # noqa: ANN401 -- a value of the dataclass
        if isinstance(given, kind):
            return given
        if type(given) is not dict or not (ignores_others or given.keys() <= kinds.keys()):
            raise Unsound(given)
        known = {key: read(kinds[key], entry) for key, entry in given.items() if key in kinds}
        try:
            return kind(**known)
        except TypeError as missing:
            raise Unsound(given) from missing

    return read_table


def _text(kind: Callable[[str], T], given: object) -> T:
    if type(given) is not str:
        raise Unsound(given)
    try:
        return kind(given)
    except ValueError as unknown:
        raise Unsound(given) from unknown


def _marked(inner: tuple[Any, ...], given: object) -> Any:  # noqa: ANN401 -- a value of the kind
    return inner[1].read(given)


def _one_of(choices: tuple[Any, ...], given: object) -> object:
    if type(given) is not str or given not in choices:
        raise Unsound(given)
    return given


def _array(kinds: tuple[Any, ...], given: object) -> tuple[Any, ...]:
    if type(given) is not list:
        raise Unsound(given)
    if kinds[1:] == (...,):
        kinds = (kinds[0],) * len(given)
    if len(kinds) != len(given):
        raise Unsound(given)
    return tuple(map(read, kinds, given))


def _maybe(kinds: tuple[Any, ...], given: object) -> Any:  # noqa: ANN401 -- a value of the kind that may be missing
    if given is None:
        return None
    (kind,) = (each for each in kinds if each is not NoneType)
    return read(kind, given)


def _mapping(kinds: tuple[Any, ...], given: object) -> dict[Any, Any]:
    if type(given) is not dict:
        raise Unsound(given)
    key, kind = kinds
    return {read(key, name): read(kind, entry) for name, entry in given.items()}


_READERS: Mapping[Any, Callable[[tuple[Any, ...], object], Any]] = {
    Annotated: _marked,
    Literal: _one_of,
    tuple: _array,
    Union: _maybe,
    UnionType: _maybe,
    Mapping: _mapping,
}
"""What reads a kind that is made of others, by what it makes of them."""
