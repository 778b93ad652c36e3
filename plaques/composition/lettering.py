"""Lettering: a text in a design's type becomes a mark.

Knows how a face is chosen for a text and how tracking spaces it. Leaves out where the mark goes (compose.py,
column.py) and how lines are broken (typesetting.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from plaques.design.model import Type
from plaques.marks import Color, Contour, Text
from plaques.typography.typefaces import Chosen, face_for
from plaques.typography.typesetting import EM_ASCENT, MM_PER_PT, Glyph, Line


@dataclass(frozen=True)
class Setter:
    """Sets lines of text in the design's colours; `where` names the post in a refusal.

    `drawn` gives the outlines, in em, of characters that no typeface draws.
    """

    palette: Mapping[str, Color | None]
    where: str
    drawn: Mapping[str, tuple[Contour, ...]] = field(default_factory=dict)

    def ink(self, role: str) -> Color:
        """Return the colour of a role that is drawn.

        Raises:
            ValueError: the design leaves this role undrawn; its check lets no text have such a role.

        """
        color = self.palette[role]
        if color is None:
            raise ValueError(f"nothing can be written in the role {role!r}, which is not drawn")
        return color

    def choose(self, text: str, style: Type) -> Chosen:
        """Return the face for a text.

        Raises:
            MissingGlyph: a character that no typeface draws.

        """
        return face_for(text, style.face, where=self.where, drawn=self.drawn)

    def text(  # noqa: PLR0913 -- what is said, how it is set, and where it stands
        self,
        part: str,
        line: Line,
        style: Type,
        chosen: Chosen,
        size_pt: float,
        *,
        corner_mm: tuple[float, float] = (0.0, 0.0),
    ) -> Text:
        """Return the line with its em box's top left corner at this place."""
        return Text(
            part=part,
            text=line.text,
            face_key=chosen.face.key,
            stand_ins=chosen.stand_in_keys,
            size_pt=size_pt,
            color=self.ink(style.color),
            x_mm=corner_mm[0],
            baseline_mm=corner_mm[1] + EM_ASCENT * size_pt * MM_PER_PT,
            glyphs=line.characters,
            width_em=line.width_em,
            height_em=line.height_em,
            fell_back=chosen.fell_back,
            drawn={character: self.drawn[character] for character in sorted(chosen.drawn)},
            is_solid=line.is_solid,
        )


@lru_cache(maxsize=1024)
def tracked(text: str, chosen: Chosen, tracking_em: float) -> Line:
    """Set a text on one line with tracking between its characters; remembered, since plates repeat theirs."""
    steps_em = [advance_em + tracking_em for advance_em in map(chosen.advance_em, text)]
    *starts_em, end_em = accumulate(steps_em, initial=0.0)
    glyphs = tuple(map(Glyph, text, starts_em))
    return Line(characters=glyphs, width_em=end_em - tracking_em, is_solid=not tracking_em)
