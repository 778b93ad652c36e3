"""What the public is told in the office's own words: where to complain, and what the programme is here."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.texts import word_text
from store.public_texts import LONGEST, SUBJECT_EN, SUBJECT_ZH, public_texts
from store.records import TextSubject
from store.refusals import Refusal
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.settings import GOVERNS

router = APIRouter(prefix="/console/settings/texts", route_class=ConsoleRoute)
Governor = Annotated[Desk, Depends(Officers(*GOVERNS))]


@router.get("")
def texts(desk: Governor) -> Response:
    """Show what the public is told."""
    return _page(desk)


@router.post("/{subject}")
def word(desk: Governor, subject: TextSubject) -> Response:
    """Tell the public something in other words; an empty text tells nothing."""
    try:
        word_text(desk.site.register, desk.authority, subject, desk.said("text"))
    except Refusal as refusal:
        return _page(desk, refusal, subject)
    return see_other("/console/settings/texts?done=worded")


def _page(desk: Desk, refusal: Refusal | None = None, tried: TextSubject | None = None) -> Response:
    return desk.page(
        "texts.html",
        status=status_of(refusal) if refusal else 200,
        told=public_texts(desk.site.register),
        subjects=SUBJECT_ZH,
        subjects_en=SUBJECT_EN,
        longest=LONGEST,
        tried=tried,
        refusal=refusal,
        done=desk.asked("done"),
    )
