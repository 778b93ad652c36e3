"""The organisation tree: the committee and its general branches."""

from typing import Annotated

import typer

from gangpai.office import open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.organisations import add_branch
from store.records import Organisation, OrganisationKind


def add_organisation(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="党总支名称 / name of the general branch")],
    as_json: AsJson = False,
) -> None:
    """Enter a general branch below the committee."""
    with open_office() as office:
        branch = add_branch(office.register, office.authority(), name)
    show(
        Outcome(
            zh=f"已登记{branch.name}（{branch.id}）。",
            en=f"Entered {branch.name} as {branch.id}.",
            facts={"organisation": branch.id, "name": branch.name},
        ),
        as_json=as_json,
    )


_ORGANISATION_COLUMNS = (
    Column(key="organisation", zh="编号", en="id"),
    Column(key="name", zh="名称", en="name"),
    Column(key="kind_zh", zh="类别", en="kind"),
)


def list_organisations(*, as_json: AsJson = False) -> None:
    """List the committee and its general branches."""
    with open_office() as office:
        found = office.register.find(Organisation)
    rows = [
        {
            "organisation": each.id,
            "name": each.name,
            "kind": each.kind.value,
            "kind_zh": "党委" if each.kind is OrganisationKind.COMMITTEE else "党总支",
        }
        for each in found
    ]
    show(
        Listing(
            name="organisations",
            columns=_ORGANISATION_COLUMNS,
            rows=rows,
            none_zh="尚未登记党组织。",
            none_en="No organisations yet.",
        ),
        as_json=as_json,
    )
