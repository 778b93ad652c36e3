"""What a signed-in officer finds on the public scan page: a plate called back can be taken in on the spot.

Knows when the panel is shown. Whoever is not signed in, or may not take in this plate, sees the page as
everybody does; so does everybody while the register cannot be read.
"""

from fastapi import Request

from store.recalls import Recall, recalls
from store.records import Copy
from store.register import RegisterUnavailable
from verify.console.guard import signed_in
from verify.console.places import TAKES_IN
from verify.languages import language_of
from verify.sessions import Session, form_token
from verify.site import Site


def panel_for(request: Request, site: Site, copy: Copy) -> str:
    """Return the panel as HTML, or nothing where there is none to show."""
    try:
        session = signed_in(request)
        recall = _open_recall(site, copy) if session and may_take_in(session, copy.branch_id) else None
    except RegisterUnavailable:
        return ""
    if session is None or recall is None:
        return ""
    return site.render(
        "console/scan_return.html", language_of(request), recall=recall, token=form_token(site, session)
    )


def may_take_in(session: Session, branch_id: str) -> bool:
    """Whether the officer may enter the return of a plate of the branch."""
    officer = session.officer
    return officer.role in TAKES_IN and officer.branch_id in {None, branch_id}


def _open_recall(site: Site, copy: Copy) -> Recall | None:
    return next((each for each in recalls(site.register, copy_id=copy.id) if each.is_open), None)
