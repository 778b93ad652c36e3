"""Contours: the geometry of outlines made of straight lines and cubic curves.

Knows how outlines are written, moved, flattened and turned about, how far they reach and what they enclose.
Leaves out what is drawn with them (marks.py) and where they come from (artwork/files.py, ornaments.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import sqrt
from typing import TypeAlias

from plaques.marks import Box, Contour, Path, Segment

Transform: TypeAlias = tuple[float, float, float, float, float, float]
"""a b c d e f of x' = ax + cy + e, y' = bx + dy + f."""

Point: TypeAlias = tuple[float, float]

IDENTITY: Transform = (1, 0, 0, 1, 0, 0)

_CURVE_STEPS = 12
_PATH = re.compile(r"[MLHVCZ]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_COORDINATES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}


class NotAPath(ValueError):
    """A text is not a path in the letters M L H V C Z with absolute coordinates."""


def parse_path(text: str) -> tuple[Contour, ...]:
    """Read a path as SVG writes it (SVG 2, 9.3), in absolute coordinates.

    Raises:
        NotAPath: a letter or number is wrong or missing.

    """
    tokens = _PATH.findall(text)
    if not tokens or tokens[0] != "M" or _PATH.sub("", text).strip(" ,\t\r\n"):
        raise NotAPath(text)
    contours: list[list[Segment]] = []
    for letter, numbers in _commands(tokens):
        if letter == "M":
            contours.append([])
        if letter != "Z":
            contours[-1].append(_segment(letter, numbers, contours[-1]))
    return tuple(map(tuple, contours))


def _commands(tokens: Sequence[str]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield each letter with its numbers; more numbers than it takes repeat it, a second M being an L."""
    at = 0
    while at < len(tokens):
        letter, at = tokens[at], at + 1
        end = next((end for end in range(at, len(tokens)) if tokens[end].isalpha()), len(tokens))
        numbers, step = tuple(map(float, tokens[at:end])), _COORDINATES.get(letter, 0)
        if not numbers if step else numbers or letter != "Z":
            raise NotAPath(letter)
        for start in range(0, max(len(numbers), 1), max(step, 1)):
            taken = numbers[start : start + step]
            if len(taken) != step:
                raise NotAPath(" ".join(tokens[at - 1 : end]))
            yield "L" if letter == "M" and start else letter, taken
        at = end


def _segment(letter: str, numbers: tuple[float, ...], before: Sequence[Segment]) -> Segment:
    if letter == "H":
        return ("L", numbers[0], _end(before[-1])[1])
    if letter == "V":
        return ("L", _end(before[-1])[0], numbers[0])
    return (letter, *numbers)


def _end(segment: Segment) -> tuple[float, float]:
    _, *numbers = segment
    return numbers[-2], numbers[-1]


def combined(outer: Transform, inner: Transform) -> Transform:
    """Return the transform that first does the inner, then the outer."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f


def moved(contours: Iterable[Contour], transform: Transform) -> tuple[Contour, ...]:
    """Return contours with every point taken through a transform."""
    return tuple(tuple(_moved(segment, transform) for segment in contour) for contour in contours)


def _moved(segment: Segment, transform: Transform) -> Segment:
    a, b, c, d, e, f = transform
    points = [(a * x + c * y + e, b * x + d * y + f) for x, y in _points(segment)]
    return (segment[0], *(number for point in points for number in point))


def _points(segment: Segment) -> Iterator[Point]:
    numbers = segment[1:]
    return ((numbers[at], numbers[at + 1]) for at in range(0, len(numbers), 2))


def curves(contour: Contour) -> Iterator[tuple[Point, ...]]:
    """Yield a contour's sides by their points: two of a line, four of a curve; the last side closes it."""
    here = start = (0.0, 0.0)
    for segment in contour:
        *pulls, end = _points(segment)
        if segment[0] == "M":
            start = end
        else:
            yield (here, *pulls, end)
        here = end
    yield here, start


def flattened(contour: Contour) -> list[Point]:
    """Return a contour's points, each curve as twelve straight lines, the last point not the first again."""
    points = []
    for first, *others in curves(contour):
        points.append(first)
        if others[1:]:
            points.extend(_on_curve((first, *others), step / _CURVE_STEPS) for step in range(1, _CURVE_STEPS))
    return points


def _on_curve(points: Iterable[Point], share: float) -> Point:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    return _bezier(x0, x1, x2, x3, share), _bezier(y0, y1, y2, y3, share)


def _bezier(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    u = 1 - t
    return u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3


def sides(outline: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Yield the straight sides of an outline, the last back to its first point."""
    return pairwise((*outline, outline[0]))


def area(contour: Contour) -> float:
    """Return the area a contour goes round, negative where it goes the other way."""
    return outline_area(flattened(contour))


def outline_area(outline: Sequence[Point]) -> float:
    """Return the area an outline goes round, negative where it goes the other way."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides(outline)) / 2


def turns_about(point: Point, outline: Sequence[Point]) -> int:
    """Return how often an outline goes round a point, counted where it meets a ray to the right."""
    (x, y), turns = point, 0
    for (x1, y1), (x2, y2) in sides(outline):
        if (y1 <= y) != (y2 <= y) and x1 + (y - y1) / (y2 - y1) * (x2 - x1) > x:
            turns += 1 if y2 > y1 else -1
    return turns


def turned_back(contour: Contour) -> Contour:
    """Return a contour that runs the other way."""
    *drawn, (_, start) = curves(contour)
    backward: list[Segment] = [("M", *drawn[-1][-1])] if drawn else [("M", *start)]
    for first, *others in reversed(drawn):
        points = (*reversed(others[:-1]), first)
        backward.append(("C" if others[1:] else "L", *(number for point in points for number in point)))
    return tuple(backward)


def extent(paths: Iterable[Path]) -> Box:
    """Return how far shapes reach: the upright box that their very curves, not what pulls at them, touch."""
    across, down = zip(
        *(point for path in paths for contour in path.contours for point in _outermost(contour)), strict=True
    )
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))


def _outermost(contour: Contour) -> Iterator[Point]:
    for first, *others in curves(contour):
        yield first
        if others[1:]:
            x, y = zip(first, *others, strict=True)
            for share in (*_turning_points(*x), *_turning_points(*y)):
                yield _on_curve((first, *others), share)


def _turning_points(p0: float, p1: float, p2: float, p3: float) -> Iterator[float]:
    """Yield where along a curve one coordinate stops growing or shrinking: the roots of its derivative."""
    a, b, c = p3 - p0 + 3 * (p1 - p2), 2 * (p0 - 2 * p1 + p2), p1 - p0
    roots = [-c / b] if not a and b else []
    if a and b * b >= 4 * a * c:
        roots = [(-b + sign * sqrt(b * b - 4 * a * c)) / (2 * a) for sign in (1, -1)]
    return (root for root in roots if 0 < root < 1)
