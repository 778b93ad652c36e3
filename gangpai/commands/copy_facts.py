"""What the commands tell of a printed copy, as a row of a list and as JSON."""

from typing import Any

from store.records import Copy
from store.terms import plate_kind_zh


def copy_facts(copy: Copy) -> dict[str, Any]:
    """Return what was printed, for whom and where it hangs."""
    return {
        "number": copy.id,
        "post": copy.post_id,
        "post_name": copy.face.post_name,
        "product": copy.product.value,
        "stage": copy.stage.value,
        "kind": f"{plate_kind_zh(copy.product, copy.stage)} {copy.size}",
        "holder": copy.face.holder,
        "place": copy.place,
        "replaces": copy.replaces,
    }
