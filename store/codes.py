"""The two names a printed copy carries: the code in its matrix and the number people read out; and receipts.

Knows their alphabets, how to read what a hand or a scanner gives, and how to print them. Knows nothing of
the register: whether a code belongs to a copy is asked there.
"""

import re
from dataclasses import dataclass
from typing import Self

from store.refusals import Refusal

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 26
CODE_BITS = 130
RECEIPT_BYTES = 12
_CODE = re.compile(f"[{CROCKFORD}]{{{CODE_LENGTH}}}")
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LONGEST_URL = 300
_NUMBER = re.compile(r"(\d{4})-?(\d{3,5}?)-?(\d{2}|[1-9]\d{2,3})-?(\d{2})", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－—–‐", "0123456789----")
_MODULUS = 97


class NotAPlateCode(Refusal):
    """The text is not a plate code. Remedy: scan again, or type the 26 characters below the matrix."""

    reason_zh = "“{text}”不是标牌编码：应为26位字母和数字。"
    reason_en = "{text!r} is not a plate code: 26 letters and digits are expected."
    remedy_zh = "请重新扫码，或改用牌面上的编号查询。"
    remedy_en = "Scan again, or look the plate up by its number."


class NotAPlateNumber(Refusal):
    """The text is not a plate number, or its check digits disagree. Remedy: read the plate again."""

    reason_zh = "“{text}”不是有效的标牌编号：形如 2026-007-03-86，末两位为校验码。"
    reason_en = "{text!r} is not a plate number: the form is 2026-007-03-86, the last two being a check."
    remedy_zh = "请对照牌面逐位核对后重新输入。"
    remedy_en = "Compare with the plate digit by digit and type it again."


@dataclass(frozen=True)
class PlateCode:
    """The secret in a copy's matrix: 26 characters of Crockford Base32, 130 random bits."""

    text: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.text):
            raise NotAPlateCode(text=self.text[:_LONGEST_URL])

    @classmethod
    def from_bits(cls, bits: int) -> Self:
        """Spell 130 bits as a code."""
        return cls("".join(CROCKFORD[bits >> shift & 31] for shift in range(CODE_BITS - 5, -1, -5)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code, or the last path segment of a URL, as hands and scanners write it.

        Any case; O reads as 0, I and L as 1; hyphens and blanks are passed over (Crockford Base32).

        Raises:
            NotAPlateCode: what remains is not 26 characters of the alphabet.

        """
        if _CODE.fullmatch(text):
            return cls(text)
        path = text[:_LONGEST_URL].strip().split("?")[0].split("#")[0].rstrip("/")
        letters = re.sub(r"[\s-]", "", path.rsplit("/", 1)[-1])
        try:
            return cls(letters.upper().translate(_LOOKALIKES))
        except NotAPlateCode as error:
            raise NotAPlateCode(text=text[:_LONGEST_URL]) from error

    def url(self, base_url: str) -> str:
        """Return the address the matrix leads to."""
        return f"{base_url.rstrip('/')}/{self.text}"


PROOF_CODE = PlateCode("0" * CODE_LENGTH)
"""The code of every 样张 proof. No copy ever carries it; its scan says that the paper is a proof."""


def receipt_code(chance: bytes) -> str:
    """Return the receipt code that random bytes make, a character for each: 60 bits of 12 bytes."""
    return "".join(CROCKFORD[byte & 31] for byte in chance)


@dataclass(frozen=True)
class PlateNumber:
    """The number printed in letters: post, serial of the copy within the post, two check digits."""

    post_id: str
    serial: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a full plate number; full-width digits and missing hyphens are understood.

        Raises:
            NotAPlateNumber: the form is wrong or the check digits disagree.

        """
        match = _NUMBER.fullmatch(text[:_LONGEST_URL].strip().translate(_FULL_WIDTH))
        if match is None or (number := cls(f"{match[1]}-{match[2]}", int(match[3]))).check != match[4]:
            raise NotAPlateNumber(text=text[:_LONGEST_URL])
        return number

    @property
    def check(self) -> str:
        """The two check digits (ISO/IEC 7064, MOD 97-10), which catch every single slip and swap."""
        digits = int(re.sub(r"\D", "", self.post_id) + f"{self.serial:02d}")
        return f"{(_MODULUS + 1 - digits * 100 % _MODULUS) % _MODULUS:02d}"

    def __str__(self) -> str:
        return f"{self.post_id}-{self.serial:02d}-{self.check}"
