"""Texts of paperwork in lines: any text an office ever entered can be set, whatever it holds.

Knows what to do where a plate would be refused: a character that no typeface draws is spelt out by its code
point, as 〔U+1F600〕, and a word wider than its column is cut. A plate may be refused and corrected; what is
on record has to be printed as it is. Leaves out where the lines go (sheets.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from plaques.marks import BLACK, Color, Text
from plaques.typography.breaking import Unbreakable
from plaques.typography.typefaces import Chosen, MissingGlyph, face_for
from plaques.typography.typesetting import EM_ASCENT, MM_PER_PT, Line, break_lines

_REMEMBERED = 2048


@dataclass(frozen=True)
class Style:
    """How a text is set; `leading` is the distance of baselines in em."""

    face: str
    size_pt: float
    leading: float
    color: Color = BLACK

    @property
    def em_mm(self) -> float:
        """The size in millimetres."""
        return self.size_pt * MM_PER_PT

    @property
    def line_mm(self) -> float:
        """The height of one line."""
        return self.em_mm * self.leading


@dataclass(frozen=True)
class SetLine:
    """A line of text in its typeface and size."""

    line: Line
    chosen: Chosen
    style: Style

    @property
    def em_mm(self) -> float:
        """The size in millimetres."""
        return self.style.em_mm

    @property
    def width_mm(self) -> float:
        """How wide the line is."""
        return self.line.width_em * self.em_mm

    def mark(self, x_mm: float, y_mm: float) -> Text:
        """Return the line with its em box's top left corner at the place."""
        return Text(
            part="",
            text=self.line.text,
            face_key=self.chosen.face.key,
            stand_ins={character: face.key for character, face in self.chosen.stand_ins.items()},
            size_pt=self.style.size_pt,
            color=self.style.color,
            x_mm=x_mm,
            baseline_mm=y_mm + EM_ASCENT * self.em_mm,
            glyphs=self.line.characters,
            width_em=self.line.width_em,
            fell_back=self.chosen.fell_back,
        )


@lru_cache(maxsize=_REMEMBERED)
def set_lines(text: str, style: Style, width_mm: float, unsplit: str = "") -> tuple[SetLine, ...]:
    """Break a text into lines no wider than `width_mm`; line feeds begin a new one, no text has no line.

    Where `unsplit` is a separator, what stands between two of it is kept on one line if it fits there.
    """
    spelt, chosen = _drawable("\n".join(filter(None, map(_without_controls, text.splitlines()))), style)
    width_em = width_mm / style.em_mm
    return tuple(
        SetLine(line, chosen, style)
        for paragraph in _kept_whole(spelt, chosen, width_em, unsplit)
        for line in _broken(paragraph, chosen, width_em)
    )


def _without_controls(text: str) -> str:
    return "".join(each if each.isprintable() or each == "\u3000" else " " for each in text).rstrip(" ")


def _drawable(text: str, style: Style) -> tuple[str, Chosen]:
    """Return the text with every character spelt out that no typeface draws, and the faces for it."""
    while True:
        try:
            return text, face_for(text.replace("\n", ""), style.face, where="")
        except MissingGlyph as missing:
            character = str(missing.facts["character"])
            text = text.replace(character, f"〔U+{ord(character):04X}〕")


def _kept_whole(text: str, chosen: Chosen, width_em: float, unsplit: str) -> Iterator[str]:
    """Yield the paragraphs of a text; one with a separator in parts that fit a line each, if possible."""
    for paragraph in text.splitlines():
        taken = ""
        for part in paragraph.split(unsplit) if unsplit else [paragraph]:
            longer = f"{taken}{unsplit}{part}" if taken else part
            if taken and len(list(_broken(longer, chosen, width_em))) > 1:
                yield taken + unsplit
                taken = part
            else:
                taken = longer
        yield taken


def _broken(text: str, chosen: Chosen, width_em: float) -> Iterator[Line]:
    """Break at the places allowed, and what is wider than a line wherever the line ends."""
    try:
        yield from break_lines(text, chosen.advance_em, width_em)
    except Unbreakable as found:
        word = str(found.facts["text"])
        before, _, after = text.partition(word)
        head = _head(word, chosen, width_em)
        for part in (before, head, word[len(head) :] + after):
            if part.strip():
                yield from _broken(part, chosen, width_em)


def _head(word: str, chosen: Chosen, width_em: float) -> str:
    """Return as much of a word as one line holds, at least a character."""
    taken = 0.0
    for index, character in enumerate(word):
        taken += chosen.advance_em(character)
        if taken > width_em:
            return word[: max(index, 1)]
    return word
