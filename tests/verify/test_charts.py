"""Rows of a chart: marks where the numbers put them, told apart by shape, and nothing taken for markup."""

from collections import Counter
from datetime import date
from xml.etree import ElementTree as ET

import pytest
import svg

from store.records import Grade
from store.satisfaction import Satisfaction
from verify.charts import _written, bar_row, scale, share_row

WANTED = 0.8


def said(satisfied: int, asked: int) -> Satisfaction:
    counts = Counter({Grade.SATISFIED: satisfied, Grade.DISSATISFIED: asked - satisfied})
    return Satisfaction(first=date(2026, 7, 1), last=date(2026, 9, 30), online=counts, paper=Counter())


def row(satisfied: int, asked: int) -> ET.Element:
    return ET.fromstring(share_row(said(satisfied, asked), WANTED))  # noqa: S314 - what we drew ourselves


def place(mark: ET.Element | None, name: str) -> float:
    assert mark is not None
    return float(mark.attrib[name].removesuffix("%"))


@pytest.mark.parametrize(("satisfied", "asked"), [(0, 10), (7, 10), (80, 100), (300, 300)])
def test_marks_stand_where_share_and_interval_are(satisfied: int, asked: int) -> None:
    drawn, (low, high) = row(satisfied, asked), said(satisfied, asked).interval
    bar = drawn.find("line[@class='range']")
    assert place(drawn.find("circle"), "cx") == pytest.approx(2 + 96 * satisfied / asked, abs=0.01)
    assert (place(bar, "x1"), place(bar, "x2")) == pytest.approx((2 + 96 * low, 2 + 96 * high), abs=0.01)
    assert place(drawn.find("line[@class='wanted']"), "x1") == pytest.approx(2 + 96 * WANTED)
    assert all(0 < place(each, "x1") < 100 for each in drawn.findall("line"))


@pytest.mark.parametrize(("satisfied", "shape"), [(79, "dot low"), (80, "dot"), (81, "dot")])
def test_a_share_below_what_is_asked_for_has_another_shape(satisfied: int, shape: str) -> None:
    circle = row(satisfied, 100).find("circle")
    assert circle is not None
    assert circle.attrib["class"] == shape


def test_a_drawing_is_styled_by_the_style_sheet_alone() -> None:
    for drawing in (share_row(said(9, 10), WANTED), scale(WANTED), bar_row(1, 1, 2)):
        root = ET.fromstring(drawing)  # noqa: S314 - what we drew ourselves
        names = {name for each in root.iter() for name in each.attrib}
        assert names <= {"class", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"}


def test_the_scale_says_its_shares() -> None:
    root = ET.fromstring(scale(WANTED))  # noqa: S314 - what we drew ourselves
    assert [each.text for each in root.findall("text")] == ["0%", "50%", "100%", "80%"]


def test_a_text_in_a_drawing_stays_a_text() -> None:
    hostile = '</text><script>"&'
    written = ET.tostring(_written(svg.Text(text=hostile, class_=[hostile])), "unicode")
    assert "<script" not in written
    assert ET.fromstring(written).text == hostile  # noqa: S314 - what we wrote ourselves


@pytest.mark.parametrize(
    ("done", "left", "most", "spans"),
    [
        (3, 1, 4, [("full", 2.0, 72.0), ("hollow", 74.0, 24.0)]),
        (0, 2, 4, [("hollow", 2.0, 48.0)]),
        (4, 0, 4, [("full", 2.0, 96.0)]),
        (0, 0, 0, []),
    ],
)
def test_counts_stand_end_to_end_and_differ_by_shape(
    done: int, left: int, most: int, spans: list[tuple[str, float, float]]
) -> None:
    drawn = ET.fromstring(bar_row(done, left, most))  # noqa: S314 - what we drew ourselves
    bars = drawn.findall("rect")
    assert [(each.attrib["class"], place(each, "x"), place(each, "width")) for each in bars] == spans
    assert drawn.find("line[@class='tick']") is not None
