"""What the page of a post hands out: pictures of its plates, sheets about it, files of its records.

Each is handed out to those who may see the post, and only if it is this post's. Leaves out which sheets there
are (papers.py) and which files (store/enclosures.py).
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from store.acts.attachments import NoSuchAttachment, read_attachment
from store.acts.circulation import NoSuchCopy
from store.dossier import Dossier, dossier_of
from store.enclosures import enclosures
from store.ledger import checkpoint
from store.paperwork.forms import make_form
from store.paperwork.sheet import Sheet
from store.recalls import recalls
from store.records import Copy, Role
from store.refusals import Refusal
from store.register import Reader
from verify.console.forgeries import SANDBOX
from verify.console.guard import ConsoleRoute, Desk, Officers
from verify.console.papers import NoSuchPaper, papers
from verify.console.places import EVERY_OFFICER, SEES_RECALLS
from verify.documents import FORMATS, Format
from verify.pictures import picture

PICTURE_WIDTH_PX = 480
TAKES_PAPERS = SEES_RECALLS
OPENS_FILES = (Role.COMMITTEE, Role.INSPECTOR, Role.BRANCH_OFFICER)

router = APIRouter(prefix="/console/posts", route_class=ConsoleRoute)


@router.get("/{post_id}/plates/{number}.png")
def plate_picture(
    desk: Annotated[Desk, Depends(Officers(*EVERY_OFFICER))], post_id: str, number: str
) -> Response:
    """Return a plate as it was printed, whatever became of it since."""
    with desk.site.register.snapshot() as reader:
        seen_dossier(reader, desk, post_id)
        copy = reader.get(Copy, number)
    if copy is None or copy.post_id != post_id:
        raise NoSuchCopy(copy_id=number)
    settings = desk.site.settings
    try:
        content = picture(settings.designs, copy, settings.base_url, PICTURE_WIDTH_PX)
    except Refusal as refusal:
        raise HTTPException(404) from refusal
    return Response(content, media_type="image/png")


@router.get("/{post_id}/papers/{name}.{suffix}")
def paper(
    desk: Annotated[Desk, Depends(Officers(*TAKES_PAPERS))], post_id: str, name: str, suffix: str
) -> Response:
    """Return a sheet about the post on A4 or as a workbook, made of the register as it is now."""
    with desk.site.register.snapshot() as reader:
        dossier = seen_dossier(reader, desk, post_id)
        found = papers(reader, desk.authority, dossier, tuple(recalls(reader, post_id=post_id)))
        wanted = next((each for each in found if each.name == name), None)
        if wanted is None or suffix not in FORMATS:
            raise NoSuchPaper(name=f"{name}.{suffix}")
        sheets = make_form(reader, desk.authority.policy, wanted.order).sheets
        key = (suffix, post_id, name, str(checkpoint(reader)), desk.authority.now.isoformat("T", "minutes"))
    content = _kept_or_drawn(desk, key, FORMATS[suffix], sheets)
    named = f'attachment; filename="{post_id}-{wanted.order.form}.{suffix}"'
    return Response(content, media_type=FORMATS[suffix].media_type, headers={"Content-Disposition": named})


def _kept_or_drawn(desk: Desk, key: tuple[str, ...], form: Format, sheets: tuple[Sheet, ...]) -> bytes:
    documents = desk.site.documents
    return documents.kept(key) or documents.made(key, form.draw, sheets)


@router.get("/{post_id}/files/{attachment_id}")
def file(
    desk: Annotated[Desk, Depends(Officers(*OPENS_FILES))], post_id: str, attachment_id: str
) -> Response:
    """Hand out a file that belongs to the post: to be saved, never shown among our pages."""
    with desk.site.register.snapshot() as reader:
        seen_dossier(reader, desk, post_id)
        known = enclosures(reader, post_id, confidential=desk.reads_complaints)
        if attachment_id not in {each.id for each in known}:
            raise NoSuchAttachment(attachment_id=attachment_id)
        found, content = read_attachment(reader, desk.authority, attachment_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.file_name, safe='')}",
        "Content-Security-Policy": SANDBOX,
    }
    return Response(content, media_type=found.media_type, headers=headers)


def seen_dossier(reader: Reader, desk: Desk, post_id: str) -> Dossier:
    """Return a post that the officer may see.

    Raises:
        NoSuchPost, NotAllowed: there is none, or it is another branch's.

    """
    dossier = dossier_of(reader, post_id)
    desk.check_branch(dossier.post.branch_id)
    return dossier
