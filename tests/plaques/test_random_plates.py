"""Ten thousand plates of random posts: whatever they are called, nothing touches, clips or gets too small.

Here the wall plaques; test_random_small_plates.py has the others, so that two processes share the work.
"""

from dataclasses import replace
from random import Random

import pytest

from plaques.design.library import DesignLibrary, load_design
from plaques.marks import Text
from store.records import Product
from tests.plaques.plates import flat
from tests.plaques.random_plates import Drawn, drawn, plate_faults, random_plates
from tests.plaques.random_posts import random_words
from tests.plaques.soundness import TRIM_CLEAR_MM

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

PLATES = 600
REFUSED_AT_MOST = 0.01


@pytest.mark.parametrize("size", DesignLibrary.shipped().sizes(Product.PLAQUE))
def test_whatever_is_written_a_plaque_is_sound_or_refused(size: str) -> None:
    plates = list(random_plates(Product.PLAQUE, size, PLATES))
    sound = [plate for plate in plates if isinstance(plate, Drawn)]
    assert [fault for plate in sound for fault in plate_faults(plate)] == []
    assert len(plates) - len(sound) <= REFUSED_AT_MOST * PLATES


def test_the_checks_see_ink_that_hangs_out_and_a_line_in_the_wrong_place() -> None:
    plate = drawn(random_words(Random("seen"), Product.PLAQUE), load_design(Product.PLAQUE))  # noqa: S311 -- a sample
    first, *others = (text for text in plate.front.texts if text.part == "duties")
    hanging = replace(first, x_mm=TRIM_CLEAR_MM, glyphs=(first.glyphs[0]._replace(x_em=-0.2),))
    assert any("near the trim" in fault for fault in plate_faults(_with_duties(plate, hanging)))
    assert any("text:" in fault for fault in plate_faults(_with_duties(plate, *others, first)))


def _with_duties(plate: Drawn, *duties: Text) -> Drawn:
    front = flat(plate.front)
    marks = (mark for mark in front.marks if not isinstance(mark, Text) or mark.part != "duties")
    return replace(plate, front=replace(front, marks=(*marks, *duties)))
