"""What reaches the committee besides words about posts: reports of forged plates, and everybody's photos."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.attachments import read_attachment
from store.acts.forgery import answer_forgery
from store.forgeries import forgeries_for
from store.records import ForgeryReport, Role
from store.refusals import Refusal
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.paging import page_asked

SHOWN_MOST = 50
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
_SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png"})

router = APIRouter(prefix="/console/feedback", route_class=ConsoleRoute)
CommitteeAtDesk = Annotated[Desk, Depends(Officers(Role.COMMITTEE))]


@router.get("/forgeries")
def forgeries(desk: CommitteeAtDesk) -> Response:
    """Show the reports of forged plates, newest first."""
    return _answer(desk)


@router.post("/forgeries/{receipt}/answer")
def enter_answer(desk: CommitteeAtDesk, receipt: str) -> Response:
    """Close a report with an answer that its receipt page shows."""
    try:
        answer_forgery(desk.site.register, desk.authority, receipt, answer=desk.said("words"))
    except Refusal as refusal:
        return _answer(desk, refusal)
    return see_other("/console/feedback/forgeries?done=1")


@router.get("/photos/{attachment_id}")
def photo(desk: CommitteeAtDesk, attachment_id: str) -> Response:
    """Hand out a file that came with a message: as what it is, doing nothing, under its own name."""
    attachment, content = read_attachment(desk.site.register, desk.authority, attachment_id)
    shown = "inline" if attachment.media_type in _SHOWN_IN_PLACE else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="{attachment.content_id[:16]}"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(content, media_type=attachment.media_type, headers=headers)


def _answer(desk: Desk, refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        page = page_asked(desk, total=reader.count(ForgeryReport), size=SHOWN_MOST)
        found = forgeries_for(reader, desk.authority, newest=page.number * SHOWN_MOST)
    return desk.page(
        "forgeries.html",
        status=status_of(refusal) if refusal else 200,
        forgeries=page.of(found),
        page=page,
        refusal=refusal,
        tried=desk.request.path_params.get("receipt", ""),
        done=bool(desk.asked("done")),
    )
