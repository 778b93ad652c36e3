"""The organisation tree in the console: the committee, its branches, and how much each has."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.organisations import add_branch
from store.branches import general_branches
from store.records import Officer, Post
from store.refusals import Refusal
from verify.console.guard import ConsoleRoute, Desk, Officers, see_other, status_of
from verify.console.settings import GOVERNS

router = APIRouter(prefix="/console/settings/organisations", route_class=ConsoleRoute)
Governor = Annotated[Desk, Depends(Officers(*GOVERNS))]


@router.get("")
def organisations(desk: Governor) -> Response:
    """Show the tree."""
    return _page(desk)


@router.post("")
def add(desk: Governor) -> Response:
    """Enter a general branch below the committee."""
    try:
        add_branch(desk.site.register, desk.authority, desk.said("name"))
    except Refusal as refusal:
        return _page(desk, refusal)
    return see_other("/console/settings/organisations?done=added")


def _page(desk: Desk, refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        branches = general_branches(reader)
        posts = Counter(each.branch_id for each in reader.iterate(Post))
        officers = Counter(each.branch_id for each in reader.find(Officer))
    return desk.page(
        "organisations.html",
        status=status_of(refusal) if refusal else 200,
        committee=desk.policy.committee_name,
        branches=branches,
        posts=posts,
        officers=officers,
        refusal=refusal,
        done=desk.asked("done"),
    )
