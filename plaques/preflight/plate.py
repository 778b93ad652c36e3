"""Preflight: everything that must hold before paper, checked on the marks.

Knows what a plate owes the founding plan (F10), the printer and the scanner, and refuses by copy and text:
whatever compose.py is to see to is looked at once more on what it made. Leaves out what all copies on one
ground share (preflight/shared.py) and the finished file (read_back.py).
"""

import functools
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, combinations, groupby
from operator import attrgetter
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from plaques.composition.captions import NAME
from plaques.composition.compose import ModulesTooSmall
from plaques.design.model import LEGIBLE_PT, Back, Design, Layout
from plaques.marks import BLACK, Box, Code, Fill, Form, Laid, Page, Stencil, Text, leaves
from plaques.preflight.findings import Check
from plaques.qr import Matrix
from plaques.typography.typefaces import MissingGlyph, Typeface, typeface
from store.plates import Face
from store.refusals import Refusal

PLATE_CHECKS = (
    Check.TEXTS, Check.COUNT, Check.GLYPHS, Check.FALLBACK, Check.CLEARANCE, Check.OVERLAP, Check.FLOOR,
    Check.MODULE,
)  # fmt: skip
"""What is checked of every copy on its marks."""

TRIM_CLEAR_MM = 3.0
"""The least distance of a text or code from the trim, whatever a design says: a cut is never that exact."""

MODULE_LEAST_MM = 0.4
"""The finest module a printer holds, whatever a design says."""

_SPECIAL_USE = frozenset(
    {
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "test",
        "example",
        "invalid",
        "arpa",
    }
)
"""Names that lead nowhere in public: RFC 2606, 6761, 6762 and common usage inside offices."""


class UnfitBaseUrl(Refusal):
    """The address would be printed for years and is not fit for it. Remedy: set a public https address."""

    reason_zh = "网址“{base_url}”不能印上标牌：{problem_zh}。"
    reason_en = "The base URL {base_url!r} cannot be printed: {problem_en}."
    remedy_zh = "请将 GANGPAI_BASE_URL 设为公众可访问的 https 网址；此前只能出样张。"
    remedy_en = "Set GANGPAI_BASE_URL to a public https address; until then only proofs are printed."


class NoBaseUrl(UnfitBaseUrl):
    """No address is set, so that a code would lead nowhere. Remedy: set one."""

    reason_zh = "尚未设置核验网址，二维码无处可指。"
    reason_en = "No base URL is set: a code would lead nowhere."


class IncompletePlate(Refusal):
    """A text that a plate must bear is not on it in full. Remedy: complete the post's record."""

    clause_id = "F10"
    reason_zh = "标牌 {number} 缺少或改动了应印的文字：“{text}”。"
    reason_en = "Plate {number} lacks, or alters, a text it must bear: {text!r}."
    remedy_zh = "请补全岗位名称、工作职责和党员姓名后重印。"
    remedy_en = "Complete post name, duties and members' names, then print again."


class TooNearTrim(Refusal):
    """Something stands too near the edge and could be cut. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的“{text}”距裁切边不足{clear_mm:g}毫米。"
    reason_en = "On plate {number}, {text!r} stands within {clear_mm:g} mm of the trim."
    remedy_zh = "请修改设计文件。"
    remedy_en = "Correct the design file."


class OutOfPlace(Refusal):
    """A text reaches out of the box that the design gives it. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的“{text}”超出设计给它的位置。"
    reason_en = "On plate {number}, {text!r} reaches out of the box the design gives it."
    remedy_zh = "请修改设计文件。"
    remedy_en = "Correct the design file."


class BelowFloor(Refusal):
    """A text is set smaller than the design allows. Remedy: shorten it, or a larger size."""

    reason_zh = "标牌 {number} 的“{text}”为{size_pt:g}点，小于设计规定的{floor_pt:g}点。"
    reason_en = "On plate {number}, {text!r} is set in {size_pt:g} pt, below the design's {floor_pt:g} pt."
    remedy_zh = "请缩短文字，或改用较大的尺寸。"
    remedy_en = "Shorten the text or choose a larger size."


class TextsCollide(Refusal):
    """Two things touch each other. Remedy: correct the design."""

    reason_zh = "标牌 {number} 的“{first}”与“{second}”重叠。"
    reason_en = "On plate {number}, {first!r} and {second!r} touch."
    remedy_zh = "请修改设计文件。"
    remedy_en = "Correct the design file."


@dataclass(frozen=True, kw_only=True)
class Plate:
    """A composed copy and what it has to say; `page` is what is printed, the front itself or a tent of it."""

    number: str
    face: Face
    url: str
    front: Page
    page: Page
    back: Page | None = None

    @property
    def sides(self) -> tuple[Page, ...]:
        """The sides that are printed, front first."""
        return (self.front,) if self.back is None else (self.front, self.back)


def check_base_url(base_url: str) -> None:
    """Make sure an address may be printed on plates that hang for years: https, a public host, nothing else.

    Raises:
        UnfitBaseUrl: what is wrong with it.

    """
    if not base_url:
        raise NoBaseUrl
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not base_url.startswith("https://"):
        raise UnfitBaseUrl(base_url=base_url, problem_zh="须以 https:// 开头", problem_en="not https")
    if parts.username or parts.query or parts.fragment:
        raise UnfitBaseUrl(
            base_url=base_url, problem_zh="只应有主机名和路径", problem_en="only host and path are allowed"
        )
    if parts.netloc != parts.netloc.lower() or not _is_public(parts.hostname or ""):
        raise UnfitBaseUrl(
            base_url=base_url, problem_zh="主机名不是公众可访问的", problem_en="its host is not a public one"
        )


def _is_public(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_global
    return "." in host.rstrip(".") and host.rstrip(".").rsplit(".", 1)[-1] not in _SPECIAL_USE


def check_plate(plate: Plate, design: Design) -> None:
    """Check one copy's marks: all it must say is there, drawn, in its place, and touches nothing.

    Raises:
        IncompletePlate: a text of F10 is missing or altered, or the count is not the number of names.
        MissingGlyph: a character is in a face that does not draw it.
        TooNearTrim: a text or the code is nearer to the edge than the design allows, or than 3 mm.
        OutOfPlace, BelowFloor: a text is not in its box, or too small.
        ModulesTooSmall: the code's modules are too fine.
        TextsCollide: two texts, or a text and the code, touch.

    """
    sides = [_side(page, room) for page, room in zip(plate.sides, _rooms(design), strict=False)]
    _check_texts(plate, sides[0])
    for side in sides:
        if fault := next(side.faults(), None):
            raise fault(plate.number)


_WRITTEN = (Text, Code)
_SLACK_MM = 0.01
"""How far a text may leave its box before it is out of place (marks.py)."""

_Fault: TypeAlias = Callable[[str], Refusal]
"""What a plate is refused with, once its number is given."""


@dataclass(frozen=True, eq=False)
class _Room:
    """What a side leaves for texts and code: within the trim, by part in boxes and above floors in points."""

    safe: Box
    clear_mm: float
    boxes: Mapping[str, Box]
    floors: Mapping[str, float]
    module_min_mm: float


@functools.lru_cache(maxsize=64)
def _rooms(design: Design) -> tuple[_Room, ...]:
    layout = design.layout
    clear_mm = max(TRIM_CLEAR_MM, layout.clear_mm)
    safe = Box(0, 0, layout.width_mm, layout.height_mm).inset(clear_mm)
    return tuple(_room(part, safe, clear_mm) for _, part in layout.sides)


def _room(part: Layout | Back, safe: Box, clear_mm: float) -> _Room:
    boxes = {caption.part: caption.box for caption in part.captions}
    floors = {caption.part: caption.floor_pt for caption in part.captions}
    if isinstance(part, Layout):
        column = part.column
        for item in column.items:
            label = f"{item.part}_label"
            boxes |= {item.part: column.box, label: column.box}
            floors |= {item.part: item.floor_pt, label: column.label.floor_pt}
    finest_mm = part.code.module_min_mm if part.code else 0
    return _Room(safe, clear_mm, boxes, floors, max(MODULE_LEAST_MM, finest_mm))


@dataclass(frozen=True)
class _Crowd:
    """Texts and codes among marks: what is wrong with them, what each part says, and the names."""

    written: tuple[Laid, ...]
    fault: _Fault | None
    said: Mapping[str, str]
    names: tuple[str, ...]


class _Shared(NamedTuple):
    """What a side shares with other copies, looked at once for all of them, and what reaches into boxes."""

    crowd: _Crowd
    reaching: Callable[[Box], Sequence[Laid]]
    reaching_any: Callable[["_Zones"], bool]


class _Side(NamedTuple):
    """A side of a plate: what it shares with other copies, and its own."""

    shared: _Shared
    own: _Crowd
    room: _Room

    def printed(self, part: str) -> str:
        """Return what a part says, blanks left out; '' if it is not there."""
        return self.own.said.get(part) or self.shared.crowd.said.get(part, "")

    def faults(self) -> Iterator[_Fault]:
        """Yield what is wrong with either, and between them.

        What is where its design wants it can only touch what reaches into its box.
        """
        yield from [crowd.fault for crowd in (self.shared.crowd, self.own) if crowd.fault]
        for laid in self.own.written:
            for other in self.shared.reaching(_zone(laid, self.room)):
                yield from _collisions(((laid, other),))


def _side(page: Page, room: _Room) -> _Side:
    shared = _shared(page.forms, room)
    own = _cut_to_size(page, shared, room)
    return _Side(shared, own or _looked_at(page, room), room)


@functools.lru_cache(maxsize=64)
def _shared(forms: tuple[Form, ...], room: _Room) -> _Shared:
    crowd = _crowd((laid for form in forms for laid in form.leaves), room)
    reaching = functools.partial(_reaching, crowd.written)
    return _Shared(
        crowd,
        functools.cache(reaching),
        functools.cache(lambda zones: any(map(reaching, zones.boxes))),
    )


def _zone(laid: Laid, room: _Room) -> Box:
    """Return the box that a sound text or code does not leave."""
    return room.boxes.get(laid.mark.part, room.safe) if isinstance(laid.mark, Text) else laid.box


def _reaching(written: Sequence[Laid], zone: Box) -> list[Laid]:
    around = zone.grown(_SLACK_MM)
    return [laid for laid in written if around.touches(laid.box)]


def _cut_to_size(page: Page, shared: _Shared, room: _Room) -> _Crowd | None:
    """Return what a side says in a sound stencil that its words fit and into which nothing shared reaches.

    Where the words are as wide as those that the stencil was cut for, each mark is where that one was found
    sound; so none is left to be compared. None if any of this does not hold: then each is looked at.
    """
    own = [mark for mark in page.marks if not isinstance(mark, Form)]
    match own:
        case [Fill() as fill, Code() as code]:
            cut = _cut(fill.stencil, code.box, code.matrix.side, room)
            if cut.fits(fill.words) and not shared.reaching_any(cut.zones):
                return cut.saying(fill.words)
    return None


def _looked_at(page: Page, room: _Room) -> _Crowd:
    """Look at each mark of a side's own, and at whether words fit the stencil that says how long they are."""
    crowd = _crowd(page.own, room)
    return replace(crowd, fault=crowd.fault or next(_misfits(page), None))


def _misfits(page: Page) -> Iterator[_Fault]:
    fills = [mark for mark in page.marks if isinstance(mark, Fill)]
    for line, text in chain.from_iterable(zip(fill.stencil.lines, fill.words, strict=True) for fill in fills):
        if not _place(line).takes(text):
            yield functools.partial(_out_of_place, text)


@dataclass(frozen=True, eq=False)
class _Zones:
    """Boxes that the texts and the code of a stencil do not leave; the same object for the same boxes."""

    boxes: tuple[Box, ...]


_zones = functools.lru_cache(maxsize=64)(_Zones)


class _Place(NamedTuple):
    """What a line says, and how wide each character is; without a face, nothing else may be said there."""

    text: str
    face: Typeface | None
    widths_em: tuple[float | None, ...]

    def takes(self, text: str) -> bool:
        """Say whether a text has glyphs in the places of the line's own, each as wide as that one."""
        return text == self.text or (self.face is not None and self.face.widths_em(text) == self.widths_em)


def _place(line: Text) -> _Place:
    if line.stand_ins or line.drawn:
        return _Place(line.text, None, ())
    face = typeface(line.face_key)
    return _Place(line.text, face, face.widths_em(line.text))


@dataclass(frozen=True, eq=False)
class _Cut:
    """A stencil beside a code of so many modules, looked at once for all that fill it."""

    lines: tuple[Text, ...]
    is_sound: bool
    zones: _Zones

    @functools.cached_property
    def places(self) -> list["_Place"]:
        """What each line says, and how wide each of its characters is."""
        return [_place(line) for line in self.lines]

    def fits(self, words: Sequence[str]) -> bool:
        """Say whether a sound stencil takes these words, one for each of its lines."""
        places = zip(words, self.places, strict=True)
        return self.is_sound and all(place.takes(text) for text, place in places)

    def saying(self, words: Sequence[str]) -> _Crowd:
        """Return what is said, of which nothing is left to be looked at."""
        parts = [line.part for line in self.lines]
        said = dict(zip(parts, map(squeezed, words), strict=True))
        names = tuple([text for part, text in zip(parts, words, strict=True) if part == NAME])
        return _Crowd((), None, said, names)


@functools.lru_cache(maxsize=1024)
def _cut(stencil: Stencil, code_box: Box, code_side: int, room: _Room) -> _Cut:
    code = Code(url="", matrix=Matrix(code_side, b""), box=code_box, color=BLACK)
    marks = tuple(leaves((*stencil.lines, code)))
    zones = _zones(tuple([_zone(laid, room) for laid in marks]))
    return _Cut(stencil.lines, _crowd(marks, room).fault is None, zones)


def _crowd(marks: Iterable[Laid], room: _Room) -> _Crowd:
    written = tuple([laid for laid in marks if isinstance(laid.mark, _WRITTEN)])
    texts = [laid.mark for laid in written if isinstance(laid.mark, Text)]
    names = tuple([text.text for text in texts if text.part == NAME])
    faults = chain(_collisions(combinations(written, 2)), _misset(written, room))
    return _Crowd(written, next(faults, None), by_part(texts), names)


def _misset(written: Iterable[Laid], room: _Room) -> Iterator[_Fault]:
    for laid in written:
        mark = laid.mark
        if not room.safe.holds(laid.box):
            yield functools.partial(_too_near, _said(laid), room.clear_mm)
        if isinstance(mark, Text):
            yield from _ill_set(mark, laid.box, room)
        elif isinstance(mark, Code) and mark.module_mm < room.module_min_mm:
            yield functools.partial(_too_fine, mark.module_mm, room.module_min_mm)


def _ill_set(text: Text, box: Box, room: _Room) -> list[_Fault]:
    faults: list[_Fault] = []
    floor_pt = room.floors.get(text.part, LEGIBLE_PT)
    if text.size_pt < floor_pt:
        faults.append(functools.partial(_too_small, text, floor_pt))
    if not room.boxes.get(text.part, room.safe).holds(box):
        faults.append(functools.partial(_out_of_place, text.text))
    for face, characters in _drawn_by(text):
        if not face.draws(characters):
            character = next(each for each in characters if not face.draws(each))
            faults.append(functools.partial(_missing, character, text.text))
    return faults


def _drawn_by(text: Text) -> list[tuple[Typeface, Sequence[str]]]:
    """Return the faces of a text, each with the characters it is to draw."""
    characters = [glyph.character for glyph in text.glyphs]
    face = typeface(text.face_key)
    if not text.stand_ins and not text.drawn:
        return [(face, characters)]
    others = {*text.stand_ins, *text.drawn}
    left = [each for each in characters if each not in others]
    return [(face, left), *((typeface(key), [character]) for character, key in text.stand_ins.items())]


def _too_small(text: Text, floor_pt: float, number: str) -> BelowFloor:
    return BelowFloor(number=number, text=text.text, size_pt=text.size_pt, floor_pt=floor_pt)


def _out_of_place(text: str, number: str) -> OutOfPlace:
    return OutOfPlace(number=number, text=text)


def _too_near(text: str, clear_mm: float, number: str) -> TooNearTrim:
    return TooNearTrim(number=number, text=text, clear_mm=clear_mm)


def _too_fine(module_mm: float, module_min_mm: float, _number: str) -> ModulesTooSmall:
    return ModulesTooSmall(module_mm=module_mm, module_min_mm=module_min_mm)


def _missing(character: str, text: str, number: str) -> MissingGlyph:
    return MissingGlyph(character=character, text=text, where=number)


def _collisions(pairs: Iterable[tuple[Laid, Laid]]) -> Iterator[_Fault]:
    for one, other in pairs:
        if one.box.touches(other.box):
            yield functools.partial(_collided, _said(one), _said(other))


def _collided(first: str, second: str, number: str) -> TextsCollide:
    return TextsCollide(number=number, first=first, second=second)


def _said(laid: Laid) -> str:
    return laid.mark.url if isinstance(laid.mark, Code) else getattr(laid.mark, "text", "")


def _check_texts(plate: Plate, side: _Side) -> None:
    face, printed = plate.face, side.printed
    for text, part in ((face.post_name, "post_name"), (face.heading, "heading"), (plate.number, "number")):
        if not text or squeezed(text) not in printed(part):
            raise IncompletePlate(number=plate.number, text=text)
    if not _keeps(face.duties, printed("duties"), shortened=bool(face.holder)):
        raise IncompletePlate(number=plate.number, text=face.duties)
    if f"{face.member_count}名" not in printed("count"):
        raise IncompletePlate(number=plate.number, text=f"{face.member_count} 名")
    _check_names(plate, (*side.shared.crowd.names, *side.own.names))


def _check_names(plate: Plate, printed: tuple[str, ...]) -> None:
    """Compare names as printed: on a plaque all of them in order, on a badge the holder's."""
    face = plate.face
    due = (face.holder,) if face.holder else face.names
    if not due or printed != due or not set(due) <= set(face.names):
        missing = [name for name in due if name not in printed]
        raise IncompletePlate(number=plate.number, text="、".join(missing or due))


def _keeps(duties: str, printed: str, *, shortened: bool) -> bool:
    whole = squeezed(duties)
    kept = printed.removesuffix("……")
    return bool(whole) and (printed == whole or (shortened and bool(kept) and whole.startswith(kept)))


_PART = attrgetter("part")


def by_part(texts: Iterable[Text]) -> dict[str, str]:
    """Join the lines of each part, blanks left out."""
    return {part: squeezed("".join([text.text for text in lines])) for part, lines in groupby(texts, _PART)}


def squeezed(text: str) -> str:
    """Return the text without blanks."""
    return "".join(text.split())
