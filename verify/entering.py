"""What a worker has counted is entered into the register now and then, and the rest when the worker stops.

Leaves out what is counted (sightings.py, scan_tally.py).
"""

import asyncio
import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)


async def enter_every(seconds: float, enter: Callable[[], None], what: str) -> None:
    """Enter again and again until cancelled, and then once more; what fails is logged and tried again."""

    def enter_or_keep() -> None:
        try:
            enter()
        except Exception as error:  # noqa: BLE001 - a count waits for the register; the pages do not wait for it
            _log.warning("%s could not be entered", what, exc_info=error)

    try:
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(enter_or_keep)
    finally:
        await asyncio.to_thread(enter_or_keep)
