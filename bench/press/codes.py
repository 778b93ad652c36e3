"""Codes for the peers, from a compiled encoder: zxing-cpp, both cores at once.

A plug-in in WebAssembly, as Typst's own packages bring them, is interpreted there and an order slower.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain

import numpy as np
import zxingcpp

from bench.press.layout import Level

QUIET = 4
"""Light modules around a code (ISO/IEC 18004, 5.3.8)."""

_WORTH_SHARING = 500


def matrices(urls: Sequence[str], level: Level) -> list[np.ndarray]:
    """Return each code as an array of bytes, one a module, 0 for dark, without a quiet zone."""
    if len(urls) < _WORTH_SHARING:
        return _encoded(level, urls)
    share = -(-len(urls) // (os.cpu_count() or 1))
    shares = [urls[start : start + share] for start in range(0, len(urls), share)]
    with ProcessPoolExecutor() as workers:
        return list(chain.from_iterable(workers.map(partial(_encoded, level), shares)))


def _encoded(level: Level, urls: Sequence[str]) -> list[np.ndarray]:
    return [_matrix(url, level) for url in urls]


def _matrix(url: str, level: Level) -> np.ndarray:
    code = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return np.asarray(code.to_image(scale=1, add_quiet_zones=False))
