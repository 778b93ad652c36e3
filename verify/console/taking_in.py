"""The return desk: plates handed in, one after the other by camera or scanner, or many at once (F23).

Knows what is answered to each plate: taken in, in already, another branch's, called back by nobody, no plate.
Leaves out the board of what is still out (circulation.py) and the receipts (receipts.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response

from store.acts.authority import NotAllowed
from store.acts.circulation import AlreadyReturned, NoSuchCopy, return_copy
from store.branches import organisation
from store.codes import PlateCode, PlateNumber
from store.lookup import only, standing_in
from store.recalls import outstanding, recalls
from store.records import Attachment, Copy, Return
from store.refusals import Refusal
from store.register import Link, Reader, Related
from store.standing import VERDICT_ZH
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.places import TAKES_IN
from verify.headers import CAMERA_HERE

AT_ONCE_MOST = 200
"""How many plates one form or one receipt names."""

LINE_LONGEST = 300

_FILES = Link(kind=Attachment, by="subject_id", to="id")

router = APIRouter(prefix="/console/return", route_class=ConsoleRoute)
TakerAtDesk = Annotated[Desk, Depends(Officers(*TAKES_IN))]


class TooManyPlates(Refusal):
    """More plates are named than are dealt with at once. Remedy: send them in parts."""

    clause_id = "F23"
    reason_zh = "一次最多登记{most}块标牌，这里有{count}块，一块也没有登记。"
    reason_en = "At most {most} plates are taken in at once; these are {count}. None was entered."
    remedy_zh = "请分几次提交。"
    remedy_en = "Send them in parts."


class Told(StrEnum):
    """What is answered to a plate that is handed in."""

    TAKEN = "taken"
    ALREADY = "already"
    UNASKED = "unasked"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    REFUSED = "refused"


TOLD_ZH: Mapping[Told, str] = {
    Told.TAKEN: "已交回",
    Told.ALREADY: "早已交回",
    Told.UNASKED: "未要求收回",
    Told.ELSEWHERE: "其他党总支",
    Told.UNKNOWN: "查无此牌",
    Told.REFUSED: "没有登记",
}
TOLD_EN: Mapping[Told, str] = {
    Told.TAKEN: "Returned",
    Told.ALREADY: "Returned before",
    Told.UNASKED: "Not asked back",
    Told.ELSEWHERE: "Another branch's",
    Told.UNKNOWN: "No such plate",
    Told.REFUSED: "Not entered",
}
TOLD_CHIP: Mapping[Told, str] = {
    Told.TAKEN: "returned",
    Told.ALREADY: "returned",
    Told.UNASKED: "out",
    Told.ELSEWHERE: "bad",
    Told.UNKNOWN: "bad",
    Told.REFUSED: "bad",
}
"""How each answer is shown, among the chips of the console's pages."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answer to one plate: the words of it, and its number where it is known."""

    text: str
    told: Told
    zh: str
    en: str
    number: str = ""
    post: str = ""

    @property
    def is_in(self) -> bool:
        """Whether the plate is in now, by this act or an earlier one."""
        return self.told in {Told.TAKEN, Told.ALREADY}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A plate as it was named; `sure` takes it in though nobody called it back."""

    text: str
    sure: bool = False


def take_in(desk: Desk, asked: Asked) -> Answered:
    """Enter the return of a plate if it may be entered, and say in words what came of it."""
    try:
        copy = copy_named(desk.site.register, asked.text)
    except NoSuchCopy as refusal:
        return _answered(asked, Told.UNKNOWN, refusal.zh, refusal.en)
    try:
        desk.check_branch(copy.branch_id)
    except NotAllowed:
        return _elsewhere(desk, asked, copy)
    if not asked.sure and not is_called_back(desk.site.register, copy):
        return _unasked(desk, asked, copy)
    return _entered(desk, asked, copy)


def _entered(desk: Desk, asked: Asked, copy: Copy) -> Answered:
    try:
        return_copy(desk.site.register, desk.authority, copy.id)
    except AlreadyReturned as refusal:
        return _answered(asked, Told.ALREADY, refusal.zh, refusal.en, copy)
    except Refusal as refusal:
        return _answered(asked, Told.REFUSED, refusal.zh, refusal.en, copy)
    left = open_of_post(desk.site.register, copy.post_id)
    rest = f"该岗位还有 {left} 块未收回。" if left else "该岗位的应收标牌已全部收回。"
    en = f"Returned; {left} of its post still out."
    return _answered(asked, Told.TAKEN, f"已登记交回。{rest}", en, copy)


def _elsewhere(desk: Desk, asked: Asked, copy: Copy) -> Answered:
    branch = organisation(desk.site.register, copy.branch_id)
    name = branch.name if branch else copy.face.branch_name
    zh = f"这是{name}的标牌，没有登记；请交{name}或党委登记。"
    return _answered(asked, Told.ELSEWHERE, zh, "Another branch's plate; hand it to them. Not entered.", copy)


def _unasked(desk: Desk, asked: Asked, copy: Copy) -> Answered:
    standing = standing_in(desk.site.register, copy, desk.site.clock())
    zh = f"没有要求收回这块标牌（{VERDICT_ZH[standing.verdict]}），没有登记；确已交回的，请再确认一次。"
    return _answered(asked, Told.UNASKED, zh, "Nobody called this plate back. Not entered yet.", copy)


def _answered(asked: Asked, told: Told, zh: str, en: str, copy: Copy | None = None) -> Answered:
    number, post = (copy.id, copy.face.post_name) if copy else ("", "")
    return Answered(text=asked.text[:LINE_LONGEST], told=told, zh=zh, en=en, number=number, post=post)


@router.get("")
def return_desk(desk: TakerAtDesk) -> Response:
    """Show the camera, the field for one plate and the field for many."""
    done = closed_copy(desk)
    return _page(desk, done=done, left=_left(desk, done), photos=_photos(desk, done))


@router.post("")
def take_in_one(desk: TakerAtDesk) -> Response:
    """Take in a plate by number, code or address; one that nobody called back is asked about first."""
    text = desk.said("plate")
    try:
        copy = copy_named(desk.site.register, text)
        desk.check_branch(copy.branch_id)
        if not desk.said("sure") and not is_called_back(desk.site.register, copy):
            standing = standing_in(desk.site.register, copy, desk.site.clock())
            return _page(desk, plate=text, unasked=copy, standing=standing)
        return_copy(desk.site.register, desk.authority, copy.id)
    except Refusal as refusal:
        return _page(desk, plate=text, refusal=refusal)
    return see_other(f"/console/return?done={copy.id}")


@router.post("/scanned")
def take_in_scanned(desk: TakerAtDesk) -> Response:
    """Take in a plate that the page's camera read, and answer the page's script."""
    asked = Asked(text=desk.said("plate"), sure=bool(desk.said("sure")))
    answered = take_in(desk, asked)
    facts = {"told": answered.told, "number": answered.number, "post": answered.post}
    shown = {"word": TOLD_ZH[answered.told], "chip": TOLD_CHIP[answered.told]}
    return JSONResponse(facts | shown | {"zh": answered.zh, "en": answered.en})


@router.post("/many")
def take_in_many(desk: TakerAtDesk) -> Response:
    """Take in the plates of a list, one a line, and answer each line; what was not entered stays typed."""
    lines = lines_of(desk.said("plates"))
    if len(lines) > AT_ONCE_MOST:
        refusal = TooManyPlates(most=AT_ONCE_MOST, count=len(lines))
        return _page(desk, plates=desk.said("plates"), refusal=refusal)
    answers = [take_in(desk, Asked(text=line)) for line in lines]
    kept = "\n".join(each.text for each in answers if not each.is_in)
    return _page(desk, answers=answers, plates=kept)


def lines_of(text: str) -> list[str]:
    """Return the plates a list names, each once: one a line, or apart by commas, semicolons or blanks."""
    apart = text.translate(str.maketrans("，；、,;\t", "\n" * 6)).replace(" ", "\n")
    return list(dict.fromkeys(filter(None, map(str.strip, apart.splitlines()))))


def _page(desk: Desk, *, refusal: Refusal | None = None, **shown: object) -> Response:
    """Show the desk; `done` was just taken in, `unasked` is a plate that nobody called back."""
    nothing: dict[str, object] = {"plate": "", "plates": "", "unasked": None, "standing": None}
    nothing |= {"done": None, "left": [], "answers": [], "photos": []}
    nothing |= {"told_zh": TOLD_ZH, "told_en": TOLD_EN, "told_chip": TOLD_CHIP}
    status = status_of(refusal) if refusal else 200
    page = desk.page("return.html", status=status, refusal=refusal, **(nothing | shown))
    page.headers.update(CAMERA_HERE)
    return page


def closed_copy(desk: Desk) -> Copy | None:
    """Return the copy just taken in or reported lost; nothing where the address only claims so."""
    copy = desk.site.register.get(Copy, desk.asked("done") or "-")
    if copy is None or desk.branch_id not in {None, copy.branch_id}:
        return None
    return None if outstanding(desk.site.register, [copy]) else copy


def _left(desk: Desk, done: Copy | None) -> list[str]:
    lines = recalls(desk.site.register, post_id=done.post_id) if done else ()
    return [each.place for each in lines if each.is_open]


def _photos(desk: Desk, done: Copy | None) -> list[Attachment]:
    return photos_of(desk.site.register, done.id) if done else []


def photos_of(reader: Reader, number: str) -> list[Attachment]:
    """Return the photos of a plate that came back."""
    return photos_by_plate(reader, [number]).get(number, [])


def photos_by_plate(reader: Reader, numbers: Collection[str]) -> Mapping[str, list[Attachment]]:
    """Return the photos of each of these plates that has any, by one question."""
    found = reader.related(Return, "copy_id", numbers, (_FILES,))
    photos = {number: _photos_with(returned[-1]) for number, returned in found.items() if returned}
    return {number: each for number, each in photos.items() if each}


def _photos_with(returned: Related[Return]) -> list[Attachment]:
    return [each for each in returned.linked(_FILES) if each.subject == Return.__name__]


def open_of_post(reader: Reader, post_id: str) -> int:
    """Return how many plates of a post are still out though called back."""
    return sum(each.is_open for each in recalls(reader, post_id=post_id))


def is_called_back(reader: Reader, copy: Copy) -> bool:
    """Whether anybody ever called the plate back."""
    return any(True for _ in recalls(reader, copy_id=copy.id))


def copy_named(reader: Reader, text: str) -> Copy:
    """Return the copy that a typed number, a code or a scanned address names.

    Raises:
        NoSuchCopy: it names none.

    """
    last = text.rstrip("/").rsplit("/", 1)[-1]
    copy = _by_number(reader, last) or _by_code(reader, text)
    if copy is None:
        raise NoSuchCopy(copy_id=text[:60])
    return copy


def _by_number(reader: Reader, text: str) -> Copy | None:
    try:
        return reader.get(Copy, str(PlateNumber.parse(text)))
    except Refusal:
        return None


def _by_code(reader: Reader, text: str) -> Copy | None:
    try:
        return only(reader.find(Copy, code=PlateCode.parse(text).text))
    except Refusal:
        return None
