"""What was worked out from the register, kept for as long as the register is the same.

Leaves out what it is: whoever asks says under which key, which names everything else that it depends on.
Never used for what a scan shows.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from store.register import Register

V = TypeVar("V")

KEPT_MOST = 64


class Shelf(Generic[V]):
    """Keeps the latest values of one state of a register; safe in threads."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._lock = Lock()
        self._version: int | None = None
        self._values: OrderedDict[tuple[str, ...], V] = OrderedDict()

    def kept(self, key: tuple[str, ...], work_out: Callable[[], V]) -> V:
        """Return the value under a key, worked out anew if anything was committed since.

        Raises:
            RegisterUnavailable: the register cannot be asked; nothing is told of what is kept.

        """
        version = self._register.version()  # before the state that is worked from, which may be newer
        with self._lock:
            if version == self._version and key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = work_out()
        with self._lock:
            self._keep(version, key, value)
        return value

    def _keep(self, version: int, key: tuple[str, ...], value: V) -> None:
        if version != self._version:
            self._version = version
            self._values.clear()
        self._values[key] = value
        if len(self._values) > KEPT_MOST:
            self._values.popitem(last=False)
