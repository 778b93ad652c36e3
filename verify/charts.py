"""Rows of inline SVG: a satisfied share as a dot on its interval, counts as bars.

Knows where marks stand, in per cent of the width, so that a row is as wide as its page and neither marks nor
letters ever shrink with it. Shapes differ, not only colours: a share below the line is an empty dot, and what
is not done yet an empty bar. Leaves out colours and strokes (static/*.css), and the numbers, which the page
says in words beside it. What is drawn is written as XML by the standard library, which escapes whatever it is
given.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

import svg
from markupsafe import Markup

from store.satisfaction import Satisfaction

_FIRST, _SPAN = 2.0, 96.0
"""Where nobody stands and how far off everybody does, in per cent of the width: no mark at an end is cut."""

_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_NAMED = ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
_DOT_EM = 0.36


def share_row(asked: Satisfaction, wanted: float) -> Markup:
    """Draw the satisfied share and its interval; `wanted` is the share that an award asks for."""
    low, high = asked.interval
    dot = ["dot"] if asked.share >= wanted else ["dot", "low"]
    return _drawn(
        "share",
        [
            *(_upright(tick, (15, 85), "tick") for tick in _TICKS),
            _upright(wanted, (0, 100), "wanted"),
            svg.Line(x1=_x(low), x2=_x(high), y1=_percent(50), y2=_percent(50), class_=["range"]),
            *(_upright(end, (30, 70), "end") for end in (low, high)),
            svg.Circle(cx=_x(asked.share), cy=_percent(50), r=svg.Length(_DOT_EM, "em"), class_=dot),
        ],
    )


def scale(wanted: float) -> Markup:
    """Draw the scale that rows stand over: none, half, everybody, and below them what an award asks for."""
    return _drawn(
        "scale",
        [
            *(_label(share, 40, anchor) for share, anchor in _NAMED),
            _upright(wanted, (0, 12), "wanted"),
            _label(wanted, 95, "asked"),
        ],
    )


def bar_row(done: int, left: int, most: int) -> Markup:
    """Draw two counts end to end, what is done full and what is left hollow; `most` fills the width."""
    unit = _SPAN / max(most, 1)
    zero = svg.Line(x1=_x(0), x2=_x(0), y1=_percent(0), y2=_percent(100), class_=["tick"])
    bars = ((0, done, "full"), (done, left, "hollow"))
    return _drawn("bars", [zero, *(_bar(start, count, unit, name) for start, count, name in bars if count)])


def _bar(start: int, count: int, unit: float, name: str) -> svg.Rect:
    return svg.Rect(
        x=_percent(round(_FIRST + start * unit, 2)),
        y=_percent(18),
        width=_percent(round(count * unit, 2)),
        height=_percent(64),
        class_=[name],
    )


def _label(share: float, baseline: float, name: str) -> svg.Text:
    return svg.Text(x=_x(share), y=_percent(baseline), class_=[name], text=f"{share:.0%}")


def _upright(share: float, reach: tuple[float, float], name: str) -> svg.Line:
    top, bottom = reach
    return svg.Line(x1=_x(share), x2=_x(share), y1=_percent(top), y2=_percent(bottom), class_=[name])


def _x(share: float) -> svg.Length:
    return _percent(round(_FIRST + _SPAN * share, 2))


def _percent(value: float) -> svg.Length:
    return svg.Length(value, "%")


def _drawn(name: str, elements: Iterable[svg.Element]) -> Markup:
    drawing = svg.SVG(xmlns=None, class_=[name], elements=list(elements))
    return Markup(ET.tostring(_written(drawing), "unicode"))  # noqa: S704 - an XML writer's own output


def _written(element: svg.Element) -> ET.Element:
    """Return an element as the XML writer has them: nothing of it is taken for markup."""
    node = ET.Element(element.element_name, element.as_dict())
    node.text = element.text
    node.extend(_written(each) for each in element.elements or ())
    return node
