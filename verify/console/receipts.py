"""What a return leaves behind: a receipt on paper, and a photo of the plate that came back (F23).

Knows which returns a receipt is about and who may have one. Leaves out how it reads
(store/paperwork/return_receipt.py) and how a photo is made safe (verify/darkroom.py).
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from store.acts.attachments import File, NoSuchAttachment, Subject, attach, read_attachment
from store.calendar import office_day
from store.lookup import only
from store.paperwork.return_receipt import TakenIn, return_receipt
from store.recalls import recalls
from store.records import Copy, Return, Role
from store.refusals import Refusal
from store.register import Reader
from store.staff import officer_now
from verify.console.forgeries import SANDBOX
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other
from verify.console.places import SEES_RECALLS, TAKES_IN
from verify.console.taking_in import AT_ONCE_MOST, TooManyPlates
from verify.documents import PDF

router = APIRouter(prefix="/console/recalls", route_class=ConsoleRoute)
OPENS_PHOTOS = (Role.COMMITTEE, Role.INSPECTOR, Role.BRANCH_OFFICER)


class NothingReturned(Refusal):
    """None of the plates named has come back. Remedy: take them in first."""

    clause_id = "F23"
    reason_zh = "所选标牌没有交回记录，不能开具收据。"
    reason_en = "None of these plates is on record as returned, so there is no receipt."
    remedy_zh = "请先登记交回，再下载收据。"
    remedy_en = "Enter their return first."


class PhotoMissing(Refusal):
    """No photo was chosen. Remedy: choose one."""

    clause_id = "F23"
    reason_zh = "没有选择照片。"
    reason_en = "No photo was chosen."
    remedy_zh = "请拍照或从相册选择一张。"
    remedy_en = "Take one, or choose one."


@router.get("/receipt.pdf")
def receipt(desk: Annotated[Desk, Depends(Officers(*SEES_RECALLS))]) -> Response:
    """Hand out the receipt for the plates named, or for those a branch handed in on a day."""
    with desk.site.register.snapshot() as reader:
        taken = list(_taken_in(reader, desk))
    if not taken:
        raise NothingReturned
    day = office_day(desk.site.clock())
    sheet = return_receipt(desk.policy, taken, day)
    key = ("receipt", day.isoformat(), repr(sheet))
    content = desk.site.documents.kept(key) or desk.site.documents.made(key, PDF.draw, [sheet])
    named = f'attachment; filename="return-receipt-{taken[0].copy.id}-{len(taken)}.pdf"'
    return Response(content, media_type=PDF.media_type, headers={"Content-Disposition": named})


def _taken_in(reader: Reader, desk: Desk) -> Iterator[TakenIn]:
    for number in _numbers(reader, desk):
        copy = reader.get(Copy, number)
        returned = only(reader.find(Return, copy_id=number))
        if copy and returned:
            desk.check_branch(copy.branch_id)
            lines = list(recalls(reader, copy_id=copy.id))
            line = lines[-1].line if lines else None
            yield TakenIn(copy=copy, returned=returned, line=line, taken_by=_name(reader, returned))


def _numbers(reader: Reader, desk: Desk) -> Sequence[str]:
    """Return the plates named by the address, each once.

    Raises:
        TooManyPlates: they are more than a receipt lists.

    """
    numbers = list(dict.fromkeys(filter(None, desk.asked("plates").split(","))))
    if desk.asked("day"):
        numbers += _of_day(reader, desk)
    if len(numbers) > AT_ONCE_MOST:
        raise TooManyPlates(most=AT_ONCE_MOST, count=len(numbers))
    return numbers


def _of_day(reader: Reader, desk: Desk) -> Iterator[str]:
    branch_id = desk.branch_id or desk.asked("branch")
    scope = {"branch_id": branch_id} if branch_id else {}
    for each in recalls(reader, **scope):
        if each.closed_at and office_day(each.closed_at).isoformat() == desk.asked("day"):
            yield each.copy.id


def _name(reader: Reader, returned: Return) -> str:
    taker = officer_now(reader, returned.taken_by) if returned.taken_by else None
    return taker.display_name if taker else returned.taken_by


@router.post("/{number}/photo")
def add_photo(desk: Annotated[Desk, Depends(Officers(*TAKES_IN))], number: str) -> Response:
    """Keep a photo of a plate that came back, drawn anew, without the place and time a camera adds."""
    returned = only(desk.site.register.find(Return, copy_id=number))
    if returned is None:
        raise NothingReturned
    copy = desk.site.register.get(Copy, number)
    desk.check_branch(copy.branch_id if copy else "")
    photo = desk.form.get("photo")
    if not isinstance(photo, UploadFile) or not photo.filename:
        raise PhotoMissing
    picture = desk.site.darkroom.developed(photo.file, 1)
    file = File(name=f"{number}.jpg", content=picture, caption="交回实物")
    attach(desk.site.register, desk.authority, Subject(kind=Return.__name__, id=returned.id), file)
    return see_other(f"/console/return?done={number}")


@router.get("/photos/{attachment_id}")
def photo(desk: Annotated[Desk, Depends(Officers(*OPENS_PHOTOS))], attachment_id: str) -> Response:
    """Show the photo of a plate that came back, and nothing else that is kept.

    Raises:
        NoSuchAttachment: there is no such photo.
        NotAllowed: the plate is another branch's.

    """
    if not attachment_id.startswith(f"{Return.__name__}-"):
        raise NoSuchAttachment(attachment_id=attachment_id)
    attachment, content = read_attachment(desk.site.register, desk.authority, attachment_id)
    shown = "inline" if attachment.media_type == "image/jpeg" else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="{attachment.content_id[:16]}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(content, media_type=attachment.media_type, headers=headers)
