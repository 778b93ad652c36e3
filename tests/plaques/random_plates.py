"""Plates of random posts, one product and size after another, and what is wrong with them.

Knows how a plate is composed and which lines its texts were broken into. Leaves out how posts are made up
(random_posts.py), the rules for lines (line_rules.py) and for places (soundness.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from plaques.composition.compose import ModulesTooSmall, compose, compose_back
from plaques.design.library import DesignLibrary, load_design
from plaques.design.model import Design
from plaques.marks import Page
from plaques.press.folding import tent
from plaques.qr import encode
from plaques.typography.typefaces import face_for
from plaques.typography.typesetting import Line, Measure, TextTooLong
from store.records import Product
from tests.plaques.line_rules import Metrics, RandomText, faults, heading_faults
from tests.plaques.plates import CODE, copy_of
from tests.plaques.random_posts import Words, random_words
from tests.plaques.soundness import faults_of, side_faults, tent_faults

USUAL = 0.8
"""How many of the plates have their product's default design; the others have the same measures."""

Refused: TypeAlias = TextTooLong | ModulesTooSmall
_TURNED_DASH = re.compile(r"[0-9A-Za-z][—–][0-9A-Za-z]")
"""A dash as long as its glyph in the one word and a full em elsewhere; the rules know one length for each."""

_CLAUSE_END = re.compile(r"[，、；。,;]")


@dataclass(frozen=True)
class Drawn:
    """A plate as composed, from these words."""

    words: Words
    design: Design
    front: Page
    back: Page | None


def random_plates(product: Product, size: str, number: int) -> Iterator[Drawn | Refused]:
    """Yield plates, and refusals of those that have no room."""
    random = Random(f"{product} {size}")  # noqa: S311 -- a sample that is the same in every run
    designs = designs_of(product, size)
    for _ in range(number):
        design = designs[0] if random.random() < USUAL else random.choice(designs)
        words = random_words(random, product)
        try:
            yield drawn(words, design)
        except (TextTooLong, ModulesTooSmall) as refused:
            yield refused


def designs_of(product: Product, size: str) -> list[Design]:
    """Return the shipped designs that have this size, the product's default first."""
    library = DesignLibrary.shipped()
    names = sorted(library.names(product), key=lambda name: name != load_design(product).name)
    return [load_design(product, name, size) for name in names if size in library.sizes(product, name)]


def drawn(words: Words, design: Design) -> Drawn:
    """Compose both sides of a plate.

    Raises:
        TextTooLong, ModulesTooSmall: they have no room.

    """
    url, copy = CODE.url(f"https://{words.host}"), copy_of(words.face, design.product)
    matrix = encode(url, design.layout.code.level)
    front = compose(copy, url=url, matrix=matrix, host=words.host, design=design)
    back = compose_back(copy, url=url, matrix=matrix, host=words.host, design=design)
    return Drawn(words, design, front, back)


def plate_faults(plate: Drawn) -> list[str]:
    """Name everything wrong with a plate: its places, its sizes, its lines, its back, its other face."""
    layout = plate.design.layout
    found = [*faults_of(plate.front, plate.design), *line_faults(plate)]
    if plate.back and layout.back:
        found += side_faults(plate.back, layout.back)
    if layout.fold == "tent":
        found += tent_faults(tent(plate.front), plate.front)
    return [f"{plate.design.product} {plate.design.size}: {fault}" for fault in found]


def line_faults(plate: Drawn) -> Iterator[str]:
    """Yield every rule that a line of the post's name or of its duties breaks."""
    column = plate.design.layout.column
    is_column, room = column.setting == "vertical", column.box.width_mm - column.label_width_mm
    if is_column:
        room = column.box.height_mm - column.label_width_mm
    for item in column.items:
        lines, em_mm = _lines(plate.front, item.part)
        made = {"post_name": plate.words.post_name, "duties": plate.words.duties}.get(item.part)
        if made is None or not lines or (is_column and _TURNED_DASH.search(made.text)):
            continue
        advance_em = face_for(made.text + "…", item.face, where="").advance_em
        metrics = Metrics(_down(advance_em) if is_column else advance_em, is_column)
        if item.kind == "title":
            yield from () if is_column else heading_faults(made, lines, room / em_mm, metrics)
        else:
            yield from faults(_as_printed(made, lines), lines, room / em_mm, metrics)


def _down(advance_em: Measure) -> Measure:
    """Return how long characters are in a column: only Latin ones, turned, are not a full em."""
    return lambda character: advance_em(character) if character.isascii() else 1.0


def _lines(drawn: Page, part: str) -> tuple[list[Line], float]:
    texts = [text for text in drawn.texts if text.part == part]
    lines = [
        Line(characters=text.glyphs, width_em=text.width_em, height_em=text.height_em, said=text.text)
        for text in texts
    ]
    return lines, texts[0].em_mm if texts else 0.0


def _as_printed(made: RandomText, lines: Sequence[Line]) -> RandomText:
    """Return duties as far as they are printed, with …… behind the clause they were cut at."""
    shown = "".join(line.text for line in lines)
    if not shown.endswith("……"):
        return made
    ends = (match.start() for match in _CLAUSE_END.finditer(made.text))
    end = next(end for end in ends if _squeezed(made.text[:end]) + "……" == _squeezed(shown))
    words = (*(word for word in made.words if word.stop <= end), range(end, end + 2))
    return RandomText(made.text[:end] + "……", words)


def _squeezed(text: str) -> str:
    return "".join(text.split())
