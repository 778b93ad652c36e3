"""Preflight: everything that must hold before paper, checked on the marks.

Knows what a plate owes the founding plan (F10), the printer and the scanner, and refuses by copy and text.
Leaves out missing glyphs and texts too long, which already compose.py refuses, and the finished file
(read_back.py).
"""

import functools
import ipaddress
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, groupby, product
from urllib.parse import urlsplit

from plaques.captions import NAME
from plaques.marks import Code, Form, Laid, Page, Text
from store.records import Face
from store.refusals import Refusal

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


def check_plate(plate: Plate, *, clear_mm: float) -> None:
    """Check one copy's marks: all it must say is there, nothing touches, nothing is near the trim.

    Raises:
        IncompletePlate: a text of F10 is missing or altered, or the count is not the number of names.
        TooNearTrim: a text or the code is within `clear_mm` of the edge.
        TextsCollide: two texts, or a text and the code, touch.

    """
    front, *backs = (_side(page) for page in plate.sides)
    _check_texts(plate, front)
    for side in (front, *backs):
        _check_room(plate.number, side, clear_mm)


@dataclass(frozen=True)
class _Crowd:
    """Texts and codes among marks: where they stand, two that touch, what each part says, and the names."""

    written: tuple[Laid, ...]
    touching: tuple[Laid, Laid] | None
    said: Mapping[str, str]
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Side:
    """A side of a plate: what it shares with other copies, looked at once for all of them, and its own."""

    page: Page
    shared: _Crowd
    own: _Crowd


def _side(page: Page) -> _Side:
    shared = _shared_crowd(tuple(mark for mark in page.marks if isinstance(mark, Form)))
    return _Side(page, shared, _crowd(laid for laid in page.laid if not laid.is_shared))


@functools.lru_cache(maxsize=1024)
def _shared_crowd(forms: tuple[Form, ...]) -> _Crowd:
    return _crowd(laid for form in forms for laid in form.leaves)


def _crowd(marks: Iterable[Laid]) -> _Crowd:
    written = tuple(laid for laid in marks if isinstance(laid.mark, Text | Code))
    texts = [laid.mark for laid in written if isinstance(laid.mark, Text)]
    names = tuple(text.text for text in texts if text.part == NAME)
    return _Crowd(written, _touching(combinations(written, 2)), by_part(texts), names)


def _check_room(number: str, side: _Side, clear_mm: float) -> None:
    safe, shared, own = side.page.box.inset(clear_mm), side.shared, side.own
    for laid in (*shared.written, *own.written):
        if not safe.holds(laid.box):
            raise TooNearTrim(number=number, text=_said(laid), clear_mm=clear_mm)
    touching = shared.touching or own.touching or _touching(product(own.written, shared.written))
    if touching:
        first, second = map(_said, touching)
        raise TextsCollide(number=number, first=first, second=second)


def _touching(pairs: Iterable[tuple[Laid, Laid]]) -> tuple[Laid, Laid] | None:
    return next((pair for pair in pairs if pair[0].box.touches(pair[1].box)), None)


def _said(laid: Laid) -> str:
    return laid.mark.url if isinstance(laid.mark, Code) else getattr(laid.mark, "text", "")


def _check_texts(plate: Plate, side: _Side) -> None:
    face, printed = plate.face, {**side.shared.said, **side.own.said}
    for text, part in ((face.post_name, "post_name"), (face.heading, "heading"), (plate.number, "number")):
        if not text or squeezed(text) not in printed.get(part, ""):
            raise IncompletePlate(number=plate.number, text=text)
    if not _keeps(face.duties, printed.get("duties", ""), shortened=bool(face.holder)):
        raise IncompletePlate(number=plate.number, text=face.duties)
    if f"{face.member_count}名" not in printed.get("count", ""):
        raise IncompletePlate(number=plate.number, text=f"{face.member_count} 名")
    _check_names(plate, (*side.shared.names, *side.own.names))


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


def by_part(texts: Iterable[Text]) -> dict[str, str]:
    """Join the lines of each part, blanks left out."""
    return {
        part: squeezed("".join(text.text for text in lines))
        for part, lines in groupby(texts, key=lambda text: text.part)
    }


def squeezed(text: str) -> str:
    """Return the text without blanks."""
    return re.sub(r"\s", "", text)
