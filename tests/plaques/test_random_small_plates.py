"""Ten thousand plates of random posts, continued: badges, desk plates and door plaques."""

import pytest

from plaques.design.library import DesignLibrary
from store.records import Product
from tests.plaques.random_plates import Drawn, plate_faults, random_plates

pytestmark = pytest.mark.no_cover  # thousands of cases, which coverage makes three times as slow

PLATES = 600
REFUSED_AT_MOST = 0.01
SIZES = [
    (product, size)
    for product in (Product.BADGE, Product.DESK, Product.DOOR)
    for size in DesignLibrary.shipped().sizes(product)
]


@pytest.mark.parametrize(("product", "size"), SIZES)
def test_whatever_is_written_a_plate_is_sound_or_refused(product: Product, size: str) -> None:
    plates = list(random_plates(product, size, PLATES))
    sound = [plate for plate in plates if isinstance(plate, Drawn)]
    assert [fault for plate in sound for fault in plate_faults(plate)] == []
    assert len(plates) - len(sound) <= REFUSED_AT_MOST * PLATES
