"""Whether a design is fit for use: every fault of its file, then of plates that strain it, size by size.

Knows the order in which faults are looked for. Leaves out what a fault is (design/rules.py) and which plates
strain a design (probe.py).
"""

from collections.abc import Iterator

from plaques.design.faults import BadDesign, Fault
from plaques.design.library import DesignLibrary
from plaques.probe import Letterhead, probe
from store.records import Product
from store.refusals import Refusal


def faults_in_use(
    library: DesignLibrary, product: Product, name: str, letterhead: Letterhead
) -> Iterator[Fault]:
    """Yield what keeps a design from being used in each of its sizes; nothing where it is fit for use."""
    try:
        sizes = library.sizes(product, name)
    except BadDesign as refusal:
        yield from refusal.faults
        return
    for size in sizes:
        try:
            yield from probe(library.design(product, name, size), letterhead)
        except BadDesign as refusal:
            yield from refusal.faults
        except Refusal as refusal:
            yield Fault(key=f"sizes.{size}.artworks", zh=refusal.zh, en=refusal.en)
