"""Codes as matrices of dark and light modules.

Knows ISO/IEC 18004 through the qrcode package, the only module that does. Leaves out where a matrix stands on
a plate, how large its modules are and how they are drawn.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

Level: TypeAlias = Literal["M", "Q"]
QUIET_ZONE = 4
"""Light modules that must surround a matrix on every side (ISO/IEC 18004, 5.3.8)."""

_CORRECTION = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}


@dataclass(frozen=True)
class Matrix:
    """A code's modules, row by row from the top, True for dark; the quiet zone is not part of it."""

    modules: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Modules along one side."""
        return len(self.modules)


def encode(text: str, level: Level) -> Matrix:
    """Return the smallest matrix that holds `text` at the error correction `level` (ISO/IEC 18004).

    Runs of twenty or more capitals and digits are packed as alphanumeric, so a plate's code of 26 capitals
    costs 5.5 bits a character.
    """
    code = QRCode(error_correction=_CORRECTION[level], border=0)
    code.add_data(text)
    code.make()
    return Matrix(tuple(tuple(map(bool, row)) for row in code.modules))
