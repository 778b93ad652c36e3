"""The organisation tree in the console: the committee, its branches, how much each has, and its name."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from store.acts.organisations import NAME_LONGEST, add_branch, rename_branch
from store.branches import general_branch, general_branches, names_on_plates, renamings_of
from store.records import LogEntry, Post
from store.refusals import Refusal
from store.staff import officers_now
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


@router.get("/{branch_id}")
def organisation(desk: Governor, branch_id: str) -> Response:
    """Show one general branch: what it is and was called, and what another name would change."""
    return _branch_page(desk, branch_id)


@router.post("/{branch_id}")
def rename(desk: Governor, branch_id: str) -> Response:
    """Give a general branch another name; plates keep the one that is printed on them."""
    try:
        rename_branch(
            desk.site.register, desk.authority, branch_id, desk.said("name"), reason=desk.said("reason")
        )
    except Refusal as refusal:
        return _branch_page(desk, branch_id, refusal)
    entry = desk.site.register.count(LogEntry)
    return see_other(f"/console/settings/organisations/{branch_id}?entry={entry}")


def _page(desk: Desk, refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        branches = general_branches(reader)
        posts = Counter(each.branch_id for each in reader.iterate(Post))
        officers = Counter(each.branch_id for each in officers_now(reader))
    return desk.page(
        "organisations.html",
        status=status_of(refusal) if refusal else 200,
        committee=desk.policy.committee_name,
        branches=branches,
        longest=NAME_LONGEST,
        posts=posts,
        officers=officers,
        refusal=refusal,
        done=desk.asked("done"),
    )


def _branch_page(desk: Desk, branch_id: str, refusal: Refusal | None = None) -> Response:
    with desk.site.register.snapshot() as reader:
        branch = general_branch(reader, branch_id)
        printed = names_on_plates(reader, branch_id, desk.site.clock())
        renamings = renamings_of(reader, branch_id)
        posts = len(reader.find(Post, branch_id=branch_id))
    return desk.page(
        "organisation.html",
        status=status_of(refusal) if refusal else 200,
        branch=branch,
        posts=posts,
        plates=printed.total(),
        plates_otherwise=printed.total() - printed[branch.name],
        renamings=renamings[::-1],
        longest=NAME_LONGEST,
        refusal=refusal,
        entry=desk.asked("entry"),
    )
