"""The small languages inside an SVG's attributes: path data, points, transforms, lengths, colours, styles.

Knows their grammar as far as it is drawn here (SVG 2, 8.5 and 9.3; CSS declarations and colours), so that
nothing reaches a converter that would guess. Each function raises ValueError with the words it does not know.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from PIL import ImageColor

_NUMBER = re.compile(r"[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_FLAG = re.compile(r"[\s,]*([01])")
_COMMAND = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
_FUNCTION = re.compile(r"[\s,]*([A-Za-z]+)\s*\(([^()]*)\)")
_COLOR = re.compile(r"#[0-9a-f]{3}|#[0-9a-f]{6}|rgb\([0-9\s,.%]+\)|[a-z]+", re.IGNORECASE)
_CSS_RULE = re.compile(r"\s*([\w.#*,\s-]+)\{([^{}]*)\}\s*")

_ARGUMENTS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        "M": (_NUMBER,) * 2,
        "L": (_NUMBER,) * 2,
        "H": (_NUMBER,),
        "V": (_NUMBER,),
        "C": (_NUMBER,) * 6,
        "S": (_NUMBER,) * 4,
        "Q": (_NUMBER,) * 4,
        "T": (_NUMBER,) * 2,
        "A": (_NUMBER, _NUMBER, _NUMBER, _FLAG, _FLAG, _NUMBER, _NUMBER),
    }
)
_TRANSFORMS: Mapping[str, frozenset[int]] = MappingProxyType(
    {
        "matrix": frozenset({6}),
        "translate": frozenset({1, 2}),
        "scale": frozenset({1, 2}),
        "rotate": frozenset({1, 3}),
        "skewX": frozenset({1}),
        "skewY": frozenset({1}),
    }
)
_FARTHEST = 1e6
_BRIGHTEST = 255
_LONGEST_TRANSFORM = 1000
_QUOTED = 40


def count_segments(data: str) -> int:
    """Return how many segments path data has, after making sure that every word of it is understood."""
    commands = list(_COMMAND.finditer(data))
    start = commands[0].start() if commands else len(data)
    if data[:start].strip() or (commands and commands[0][1] not in "Mm"):
        raise ValueError(data[:_QUOTED])
    count, closed = 0, False
    for command in commands:
        letter, arguments = command.groups()
        if closed and letter not in "MmZz":
            # svglib goes on from the last point instead of from the contour's start (SVG 2, 9.3.4)
            raise ValueError(f"z {command[0][:_QUOTED]}")
        closed = letter in "Zz"
        count += 1 if closed and not arguments.strip() else _repetitions(letter, arguments)
    return count


def _repetitions(letter: str, arguments: str) -> int:
    """Return how often a command is repeated by its arguments."""
    kinds = _ARGUMENTS.get(letter.upper(), ())
    count = at = 0
    end = len(arguments.rstrip(" \t\r\n,"))
    while kinds and at < end:
        for kind in kinds:
            at = _number(kind, arguments, at)[1]
        count += 1
    if not count:
        raise ValueError((letter + arguments)[:_QUOTED])
    return count


def _number(kind: re.Pattern[str], text: str, at: int) -> tuple[float, int]:
    """Read one number, and return it with the place after it."""
    found = kind.match(text, at)
    if not found or not abs(float(found[1])) <= _FARTHEST:
        raise ValueError(text[at : at + _QUOTED])
    return float(found[1]), found.end()


def numbers(text: str) -> tuple[float, ...]:
    """Read a list of numbers."""
    return tuple(_numbers(text))


def _numbers(text: str) -> Iterator[float]:
    at, end = 0, len(text.rstrip(" \t\r\n,"))
    while at < end:
        number, at = _number(_NUMBER, text, at)
        yield number


def length(text: str) -> float:
    """Read a length in user units, which are pixels (SVG 2, 8.9)."""
    found = numbers(text.strip().removesuffix("px"))
    if len(found) != 1:
        raise ValueError(text[:_QUOTED])
    return found[0]


def check_transform(text: str) -> None:
    """Make sure that a list of transforms is understood."""
    if len(text) > _LONGEST_TRANSFORM:
        raise ValueError(text[:_QUOTED])
    for name, arguments in _FUNCTION.findall(text):
        if len(numbers(arguments)) not in _TRANSFORMS.get(name, ()):
            raise ValueError(f"{name}({arguments})"[:_QUOTED])
    if left := _FUNCTION.sub("", text).strip():
        raise ValueError(left[:_QUOTED])


def color(text: str) -> str:
    """Read a plain colour as `#rrggbb`, or `none`."""
    word = text.strip().lower()
    if word in {"none", "transparent"}:
        return "none"
    if not _COLOR.fullmatch(word):
        raise ValueError(text[:_QUOTED])
    parts = ImageColor.getrgb(word)[:3]
    if max(parts) > _BRIGHTEST:
        raise ValueError(text[:_QUOTED])
    return "#" + "".join(f"{part:02x}" for part in parts)


def declarations(style: str) -> Iterator[tuple[str, str]]:
    """Yield the properties of a style attribute or rule, with their values."""
    for declaration in _uncommented(style).split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() and value.strip():
            yield name.strip().lower(), value.strip()
        elif declaration.strip():
            raise ValueError(declaration.strip()[:_QUOTED])


def rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield a style sheet's rules, each its selectors and declarations; none may nest or begin with @."""
    text, at = _uncommented(sheet).strip(), 0
    while at < len(text):
        rule = _CSS_RULE.match(text, at)
        if not rule:
            raise ValueError(text[at : at + _QUOTED])
        yield rule[1].strip(), rule[2]
        at = rule.end()


def _uncommented(text: str) -> str:
    before, *comments = text.split("/*")
    return before + "".join(comment.partition("*/")[2] for comment in comments)
