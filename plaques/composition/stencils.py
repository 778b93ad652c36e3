"""Stencils: texts whose characters are equally wide stand alike, so that they are set once for all copies.

Knows which character stands for which in such a text. Leaves out how a text is set (captions.py), and what
makes sure that a copy's own texts are as wide as those they take the places of (preflight/plate.py).
"""

import functools
from collections.abc import Set as AbstractSet

from plaques.design.model import Caption
from plaques.typography.breaking import is_han
from plaques.typography.typefaces import Typeface, typeface

_ANY_HAN, _ANY_DIGIT = "一", "0"


def pattern(text: str, caption: Caption, supplied: AbstractSet[str]) -> str:
    """Return one text for all that a caption sets alike: any Han character, any digit, all else as it is.

    A column is like no other text, nor is one that the caption's own face does not draw, or one with
    characters that have drawings of their own.
    """
    face = typeface(caption.face)
    if caption.setting == "vertical" or not face.draws(text) or not supplied.isdisjoint(text):
        return text
    return text.translate(_alike(face))


@functools.cache
def _alike(face: Typeface) -> "_StandIns":
    return _StandIns(face)


class _StandIns(dict[int, int]):
    """What stands for a character of a face: another that is as wide, and that lines treat no differently."""

    def __init__(self, face: Typeface) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, point: int) -> int:
        return self.setdefault(point, ord(self._found(chr(point))))

    def _found(self, character: str) -> str:
        likely = _ANY_HAN if is_han(character) else _ANY_DIGIT if character in "0123456789" else character
        return likely if self.face.widths_em(likely) == self.face.widths_em(character) else character
