"""Composing: the words of one copy and a design become marks on its sides.

Knows what a plate has to say (F10-F12) and what many plates share. Leaves out all measures (designs/), how
texts find their places (captions.py, column.py) and drawing (pdf.py, png.py).
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from string import Formatter
from typing import TypeAlias

from plaques.composition.captions import caption_marks, caption_texts
from plaques.composition.column import column_marks
from plaques.composition.hanging import hanging_marks
from plaques.composition.lettering import Setter, tracked
from plaques.composition.ornaments import artwork_marks, shape_marks
from plaques.composition.sharing import Words
from plaques.composition.stencils import pattern
from plaques.design.model import Back, Caption, CodePlace, Design, Layout, StampPlace
from plaques.marks import Block, Box, Code, Fill, Form, Mark, Page, Stamp, Stencil
from plaques.qr import Matrix
from plaques.typography.typefaces import face_for
from store.plates import Copy
from store.refusals import Refusal

BLEED_REACH_MM = 5.0
"""How far a ground is drawn beyond the trim; imposing cuts off what is not asked for."""

_EDGE_MM = 0.05
_RUN_WORDS = ("heading", "heading_en", "issuer", "date", "host")
_POST_WORDS = ("branch", "count", "post_name", "duties")
_Words: TypeAlias = tuple[tuple[str, str], ...]
_Patterns: TypeAlias = tuple[str, ...]
_NUMERALS = "〇一二三四五六七八九"


class ModulesTooSmall(Refusal):
    """The code's modules would be too fine to print. Remedy: a shorter host name or a larger plate."""

    reason_zh = "二维码单元仅{module_mm:.2f}毫米，小于该版面要求的{module_min_mm:g}毫米。"
    reason_en = "A module of the code would be {module_mm:.2f} mm, below the {module_min_mm:g} mm required."
    remedy_zh = "请改用较短的网址，或更大的版面。"
    remedy_en = "Use a shorter base URL or a larger plate."


def compose(copy: Copy, *, url: str, matrix: Matrix, host: str, design: Design) -> Page:
    """Place everything a copy says: the four texts of F10, heading, code, number, host, issuer and date.

    What a copy shares with others of the same design, or of the same post, comes as a form that they share;
    a ground that ends at the trim reaches `BLEED_REACH_MM` beyond it.

    Raises:
        MissingGlyph: a character that no typeface draws, with the text and the post.
        TextTooLong: a text does not fit at the design's floor.
        ModulesTooSmall: the code would be too fine.

    """
    front, *_ = _sides(design)
    return _composed(front, _Said(copy, url, matrix, host), design)


def compose_back(copy: Copy, *, url: str, matrix: Matrix, host: str, design: Design) -> Page | None:
    """Place what a copy says on its back, if the design has one.

    Raises:
        MissingGlyph, TextTooLong, ModulesTooSmall: as for the front.

    """
    _, *backs = _sides(design)
    return _composed(backs[0], _Said(copy, url, matrix, host), design) if backs else None


@dataclass(frozen=True)
class _Said:
    """A copy, and what of it is not in the register: the code's address and matrix, the host in letters."""

    copy: Copy
    url: str
    matrix: Matrix
    host: str


def _composed(side: "_Side", said: _Said, design: Design) -> Page:
    face, words = said.copy.face, _words(said.copy, said.host, design)
    setter = Setter(design.palette, face.post_name, design.drawn)
    return side.page(
        (
            *_ground(design, side, _only(_RUN_WORDS, words), face.mark),
            *_of_the_post(design, side, _only(_POST_WORDS, words), face.names),
            *_own(design, side, caption_texts(side.own, words), setter),
            *_codes(said.url, said.matrix, side.part.code, setter),
        )
    )


@dataclass(frozen=True, eq=False)
class _Side:
    """A side of a plate: its trim, what stands on it, and its captions by how many copies share them."""

    trim: Box
    part: Layout | Back
    run: tuple[Caption, ...]
    post: tuple[Caption, ...]
    own: tuple[Caption, ...]

    def page(self, marks: tuple[Mark, ...]) -> Page:
        return Page(width_mm=self.trim.width_mm, height_mm=self.trim.height_mm, marks=marks)

    def forms(self, marks: tuple[Mark, ...]) -> tuple[Form, ...]:
        """Return marks as a form, or nothing if there are none."""
        return (Form(marks=marks, box=self.trim.grown(BLEED_REACH_MM)),) if marks else ()


@functools.lru_cache(maxsize=64)
def _sides(design: Design) -> tuple[_Side, ...]:
    layout = design.layout
    trim = Box(0, 0, layout.width_mm, layout.height_mm)
    return tuple(_side(trim, part) for part in (layout, layout.back) if part is not None)


def _side(trim: Box, part: Layout | Back) -> _Side:
    """Sort captions by the words they ask for; those in a row go with the one that is shared least."""
    rows: dict[str, str] = {}
    asked: dict[str, set[str]] = {}
    for caption in part.captions:
        row = rows[caption.part] = rows.get(caption.after, caption.part)
        asked.setdefault(row, set()).update(_asked(caption))
    shared = {row for row, words in asked.items() if words <= {*_RUN_WORDS, *_POST_WORDS}}
    run = {row for row in shared if asked[row] <= {*_RUN_WORDS}}
    return _Side(
        trim,
        part,
        run=tuple(each for each in part.captions if rows[each.part] in run),
        post=tuple(each for each in part.captions if rows[each.part] in shared - run),
        own=tuple(each for each in part.captions if rows[each.part] not in shared),
    )


def _asked(caption: Caption) -> Iterator[str]:
    return (word for _, word, _, _ in Formatter().parse(caption.text) if word)


def _only(wanted: Iterable[str], words: Words) -> _Words:
    return tuple((word, words[word]) for word in wanted)


@functools.lru_cache(maxsize=64)
def _ground(design: Design, side: _Side, words: _Words, mark: str) -> tuple[Form, ...]:
    """Set what all copies of a print run share."""
    setter = Setter(design.palette, design.name, design.drawn)
    shapes = (*_shapes(side, design), *artwork_marks(side.part, design))
    stamps = tuple(_stamps(mark, side.part.stamp, setter))
    return side.forms(
        (*shapes, *stamps, *caption_marks(side.run, caption_texts(side.run, dict(words)), setter))
    )


_COLUMNS = {"horizontal": column_marks, "vertical": hanging_marks}


@functools.lru_cache(maxsize=256)
def _of_the_post(design: Design, side: _Side, words: _Words, names: tuple[str, ...]) -> tuple[Form, ...]:
    """Set what all copies of a post share."""
    said = dict(words)
    setter = Setter(design.palette, said["post_name"], design.drawn)
    column = side.part.column if isinstance(side.part, Layout) else None
    captions = caption_marks(side.post, caption_texts(side.post, said), setter)
    return side.forms((*captions, *(_COLUMNS[column.setting](column, said, names, setter) if column else ())))


def _own(design: Design, side: _Side, texts: Sequence[str], setter: Setter) -> tuple[Mark, ...]:
    """Set what a copy has to itself: in a stencil, or text by text where they cannot be set alike.

    Raises:
        MissingGlyph, TextTooLong: as for captions, of the copy's own texts.

    """
    patterns = [pattern(text, each, design.drawn.keys()) for text, each in zip(texts, side.own, strict=True)]
    stencil = _stencil(design, side, tuple(patterns))
    if stencil is None:
        return caption_marks(side.own, texts, setter)
    return (Fill(stencil=stencil, words=tuple(filter(None, texts))),)


@functools.lru_cache(maxsize=1024)
def _stencil(design: Design, side: _Side, patterns: _Patterns) -> Stencil | None:
    """Set texts each of which stands for many; None where they are refused, or come out as others."""
    with suppress(Refusal):
        lines = caption_marks(side.own, patterns, Setter(design.palette, design.name, design.drawn))
        stencil = Stencil(lines=lines)
        return stencil if stencil.said == tuple(filter(None, patterns)) else None
    return None


@functools.lru_cache(maxsize=64)
def chinese_date(day: date) -> str:
    """Return the date in numerals as plaques bear it: 二〇二六年七月一日."""
    year = "".join(_NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, len(_NUMERALS))
    leading = ("", "十")[tens] if tens < len("十二") else f"{_NUMERALS[tens]}十"
    return leading + (_NUMERALS[ones] if ones else "")


def _words(copy: Copy, host: str, design: Design) -> Words:
    face = copy.face
    return {
        "heading": face.heading,
        "heading_en": design.words.heading_en.get(copy.stage, ""),
        "post_name": face.post_name,
        "duties": face.duties,
        "count": str(face.member_count),
        "holder": face.holder,
        "holder_title": face.holder_title,
        "branch": face.branch_name,
        "issuer": face.issuer,
        "date": chinese_date(face.dated_on),
        "number": copy.id,
        "host": host,
    }


def _shapes(side: _Side, design: Design) -> Iterator[Mark]:
    for shape in side.part.shapes:
        color = design.palette[shape.color]
        if color is not None:
            yield from (_bled(mark, side.trim) for mark in shape_marks(shape, color))


def _bled(mark: Mark, trim: Box) -> Mark:
    """Carry a block on beyond each edge of the trim that it ends at, so that no cut leaves a white line."""
    if not isinstance(mark, Block):
        return mark
    box, edge = mark.box, trim.inset(_EDGE_MM)
    left = box.x_mm - BLEED_REACH_MM * (box.x_mm <= edge.x_mm)
    top = box.y_mm - BLEED_REACH_MM * (box.y_mm <= edge.y_mm)
    right = box.right_mm + BLEED_REACH_MM * (box.right_mm >= edge.right_mm)
    bottom = box.bottom_mm + BLEED_REACH_MM * (box.bottom_mm >= edge.bottom_mm)
    return replace(mark, box=Box(left, top, right - left, bottom - top))


def _stamps(mark: str, place: StampPlace, setter: Setter) -> Iterator[Stamp]:
    if mark:
        chosen = face_for(mark, place.face, where=setter.where)
        line = tracked(mark, chosen, place.tracking_em)
        yield Stamp(
            text=mark,
            face_key=chosen.face.key,
            size_pt=place.size_pt,
            color=setter.ink(place.color),
            center_x_mm=place.center_mm[0],
            center_y_mm=place.center_mm[1],
            turn_deg=place.turn_deg,
            glyphs=line.characters,
            width_em=line.width_em,
        )


def _codes(url: str, matrix: Matrix, place: CodePlace | None, setter: Setter) -> Iterator[Code]:
    if place is not None:
        code = Code(url=url, matrix=matrix, box=place.box, color=setter.ink(place.color), drawn=place.drawn)
        if code.module_mm < place.module_min_mm:
            raise ModulesTooSmall(module_mm=code.module_mm, module_min_mm=place.module_min_mm)
        yield code
