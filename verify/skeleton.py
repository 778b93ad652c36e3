"""Scan pages laid out once for each set of choices, and filled with texts for each scan.

Knows how to render a view with holes for its texts, cut the page there, and put texts in: the same bytes as
rendering it anew, for a small part of the time. What is the same on every page of a shape is compressed once.
Leaves out what a page says (plate.py, templates/). Of no plate anything is kept but how many names and deeds
it has and which of its texts are empty.
"""

import re
import struct
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NoReturn, Self, get_type_hints

from markupsafe import Markup, escape

from verify.plate import Deed, PlateView

SHAPES_KEPT = 512
"""How many layouts a worker keeps; the one laid out first goes first."""

COMPRESSED_FROM_BYTES = 64
"""What is shorter is not worth a compressed piece of its own."""

_TEXTS = tuple(name for name, hint in get_type_hints(PlateView).items() if hint is str)
_CHOICES = tuple(name for name in PlateView._fields if name not in {*_TEXTS, "names", "deeds", "language"})
_texts_in, _choices_in = attrgetter(*_TEXTS), attrgetter(*_CHOICES)

_MARK = re.compile("\0([0-9]+)\0")
_STORED_MOST = 0xFFFF
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"

LayOut = Callable[[PlateView], str]
"""Renders a view as a page."""


class Hole:
    """Stands for a text while a page is laid out: it can be printed and is not empty, and that is all."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __html__(self) -> str:
        return Markup(f"\0{self._number}\0")  # noqa: S704 - a mark of ours, cut out before anybody sees it

    def __bool__(self) -> bool:
        return True

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a template prints a text or asks whether it is empty, and does nothing else with it")

    __str__ = __format__ = __hash__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __mod__ = _refuse


@dataclass(frozen=True)
class Stretch:
    """A part of a page: bytes that stay, and between each two of them the number of a text."""

    kept: tuple[bytes, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, tokens: Sequence[bytes | int]) -> Self:
        """Put bytes and numbers in a row."""
        kept, numbers = [b""], []
        for token in tokens:
            if isinstance(token, int):
                numbers.append(token)
                kept.append(b"")
            else:
                kept[-1] += token
        return cls(tuple(kept), tuple(numbers))

    def filled(self, texts: Sequence[bytes]) -> bytes:
        """Return the bytes with the texts in their places."""
        parts = [b""] * (len(self.kept) + len(self.numbers))
        parts[::2] = self.kept
        parts[1::2] = [texts[number] for number in self.numbers]
        return b"".join(parts)


@dataclass(frozen=True)
class Skeleton:
    """A page without its texts, whole and in pieces, each either compressed or a stretch to be filled."""

    whole: Stretch
    pieces: tuple[bytes | Stretch, ...]

    @classmethod
    def cut(cls, page: str) -> Self:
        """Cut a page that was rendered with holes."""
        parts = _MARK.split(page)
        tokens = [int(part) if place % 2 else part.encode() for place, part in enumerate(parts)]
        return cls(Stretch.of(tokens), tuple(_pieces(tokens)))

    def page(self, texts: Sequence[bytes]) -> bytes:
        """Return the page with its texts."""
        return self.whole.filled(texts)

    def compressed(self, texts: Sequence[bytes]) -> bytes:
        """Return the page with its texts as gzip has it (RFC 1952)."""
        page = self.page(texts)
        pieces = (
            piece if isinstance(piece, bytes) else _stored(piece.filled(texts)) for piece in self.pieces
        )
        ending = struct.pack("<II", zlib.crc32(page), len(page))
        return b"".join((_GZIP_HEAD, *pieces, _LAST_BLOCK, ending))


class Skeletons:
    """The layouts of one worker, by shape."""

    def __init__(self, most: int = SHAPES_KEPT) -> None:
        self._most = most
        self._kept: dict[Hashable, Skeleton] = {}

    def page(self, view: PlateView, lay_out: LayOut, *, compressed: bool = False) -> bytes:
        """Return the bytes of `lay_out(view)`; a shape that was not seen before is laid out first."""
        texts = _texts_of(view)
        skeleton = self._of(view, texts, lay_out)
        return (skeleton.compressed if compressed else skeleton.page)(_escaped(texts))

    def _of(self, view: PlateView, texts: tuple[str, ...], lay_out: LayOut) -> Skeleton:
        shape = (view.language.tag, _choices_in(view), len(view.names), tuple(map(bool, texts)))
        skeleton = self._kept.get(shape)
        if skeleton is None:
            skeleton = Skeleton.cut(lay_out(_with_holes(view, texts)))
            self._keep(shape, skeleton)
        return skeleton

    def _keep(self, shape: Hashable, skeleton: Skeleton) -> None:
        if len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[shape] = skeleton


def _texts_of(view: PlateView) -> tuple[str, ...]:
    return (*_texts_in(view), *view.names, *(text for deed in view.deeds for text in (deed.title, deed.text)))


def _with_holes(view: PlateView, texts: Sequence[str]) -> PlateView:
    holes: Iterator[Any] = (Hole(number) if text else "" for number, text in enumerate(texts))
    named = {name: next(holes) for name in _TEXTS}
    names = tuple(next(holes) for _ in view.names)
    deeds = tuple(Deed(title=next(holes), text=next(holes)) for _ in view.deeds)
    return view._replace(**named, names=names, deeds=deeds)


def _escaped(texts: Sequence[str]) -> list[bytes]:
    """Return the texts as a page has them; all at once, as long as none holds what stands between them."""
    escaped = str(escape("\0".join(texts))).encode().split(b"\0")
    return escaped if len(escaped) == len(texts) else [str(escape(text)).encode() for text in texts]


def _pieces(tokens: Sequence[bytes | int]) -> Iterator[bytes | Stretch]:
    between: list[bytes | int] = []
    for token in tokens:
        if isinstance(token, int) or len(token) < COMPRESSED_FROM_BYTES:
            between.append(token)
        else:
            yield from (Stretch.of(between), _deflated(token))
            between = []
    yield Stretch.of(between)


def _deflated(content: bytes) -> bytes:
    """Return a part of a deflate stream that refers to nothing before it and ends on a byte (RFC 1951)."""
    deflating = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflating.compress(content) + deflating.flush(zlib.Z_FULL_FLUSH)


def _stored(content: bytes) -> bytes:
    """Return a part of a deflate stream that holds bytes as they are (RFC 1951, 3.2.4)."""
    chunks = (content[start : start + _STORED_MOST] for start in range(0, len(content), _STORED_MOST))
    return b"".join(struct.pack("<xHH", len(chunk), len(chunk) ^ _STORED_MOST) + chunk for chunk in chunks)
