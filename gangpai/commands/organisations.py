"""The organisation tree: the committee and its general branches."""

from typing import Annotated

import typer

from gangpai.office import open_office
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts.organisations import add_branch, rename_branch
from store.branches import branch_named, names_on_plates, organisations
from store.records import OrganisationKind


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


def rename_organisation(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="现名称 / its present name")],
    new_name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="新名称 / its new name")],
    reason: Annotated[str, typer.Option(help="更名原因 / why")],
    as_json: AsJson = False,
) -> None:
    """Give a general branch another name from now on; plates keep the name that is printed on them."""
    with open_office() as office:
        branch = branch_named(office.register, name)
        renamed = rename_branch(office.register, office.authority(), branch.id, new_name, reason=reason)
        printed = names_on_plates(office.register, branch.id, office.now())
    plates = printed.total() - printed[renamed.name]
    show(
        Outcome(
            zh=f"“{branch.name}”已更名为“{renamed.name}”；在用标牌{plates}块仍是印制时的名称，更换时改印。",
            en=f"{branch.name} is called {renamed.name} now; {plates} plates keep the name printed on them.",
            facts={"organisation": branch.id, "name": renamed.name, "former": branch.name, "plates": plates},
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
        found = organisations(office.register)
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
