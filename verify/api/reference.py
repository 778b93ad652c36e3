"""What tells of no plate: where everything is, the policy, the log, kinds of errors, the description.

Such answers may be kept, under a tag; only the log's checkpoint, which grows, may not.
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import HTMLResponse, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from store import ledger
from store.clauses import CLAUSES
from store.ledger.leaves import opened, public_fields, shown
from store.policy import NUMBERS, Rule, RuleValue
from verify.api import description
from verify.api.doors import ApiRoute, Public, Visitor
from verify.api.keeping import FOR_EVER, JSON, kept, kept_bytes
from verify.api.problems import ProblemKind, kind_named
from verify.api.told import Told, errors
from verify.languages import language_of

ENTRIES_MOST = 10**9

router = APIRouter(route_class=ApiRoute, tags=["reference"])
Anybody = Annotated[Visitor, Depends(Public())]
TAGGED: dict[int | str, dict[str, Any]] = {304: {"description": "The client has it already"}}


class Index(Told):
    """Where everything is."""

    name: str
    version: str
    description: Annotated[str, Field(description="The OpenAPI document.")]
    docs: str
    lists: dict[str, str]


class PolicyNumber(Told):
    """A number the founding plan leaves open, and the clause it fills in."""

    key: str
    name_zh: str
    value: Annotated[RuleValue, Field(description="A number, a text, or a list of texts.")]
    unit: str
    clause: str
    words: Annotated[str, Field(description="The clause, as the founding plan has it.")]


class PolicyTold(Told):
    """The policy in force."""

    name: str
    committee: str
    numbers: list[PolicyNumber]


class CheckpointTold(Told):
    """The log's newest checkpoint: keep it, and whoever alters an older entry can no longer arrive at it."""

    size: int
    root: str
    note: Annotated[str, Field(description="As a signed note (C2SP tlog-checkpoint).")]
    key: Annotated[str, Field(description="What the note's signature is compared with.")]
    leaves: str
    inclusion: str
    consistency: str
    verifier: str


class OpenedField(Told):
    """What opens a committed field: its salt and its value."""

    salt: str
    value: str | list[str]


class EntryTold(Told):
    """An entry of the log, as far as anybody may read it."""

    number: int
    leaf: Annotated[str, Field(description="The bytes whose hash stands in the tree, as text.")]
    opened: dict[str, OpenedField]


@router.get("/", summary="入口 · Where everything is", responses=TAGGED, response_model=Index)
async def index(anybody: Anybody) -> Response:
    """Name the lists there are."""
    return kept(anybody.request, _INDEX)


_INDEX = Index(
    name="gangpai",
    version="1",
    description="/api/v1/openapi.json",
    docs="/api/v1/docs",
    lists={
        name: f"/api/v1/{name}"
        for name in ("posts", "branches", "notices", "satisfaction", "roll", "changes", "policy")
    }
    | {"checkpoint": "/api/v1/ledger/checkpoint"},
)


@router.get("/policy", summary="现行规则 · The policy in force", responses=TAGGED, response_model=PolicyTold)
def policy(anybody: Anybody) -> Response:
    """Return each number of the policy with the clause it fills in."""
    told = anybody.site.policy
    numbers = [_number(key, rule) for key, rule in told.rules.items()]
    return kept(anybody.request, PolicyTold(name=told.name, committee=told.committee_name, numbers=numbers))


def _number(key: str, rule: Rule) -> PolicyNumber:
    return PolicyNumber(
        key=key,
        name_zh=NUMBERS[key].zh,
        value=rule.value,
        unit=rule.unit,
        clause=rule.clause,
        words=CLAUSES[rule.clause].words,
    )


@router.get("/ledger/checkpoint", summary="台账校验值 · The log's checkpoint")
def checkpoint(anybody: Anybody) -> CheckpointTold:
    """Return the newest checkpoint, and where the proofs are."""
    key = anybody.site.settings.ledger_key
    with anybody.site.register.snapshot() as reader:
        point = ledger.checkpoint(reader)
    return CheckpointTold(
        size=point.size,
        root=point.root,
        note=key.sign(point),
        key=key.verifier_key,
        leaves="/ledger/leaves",
        inclusion="/ledger/inclusion",
        consistency="/ledger/consistency",
        verifier="/ledger/verify.py",
    )


@router.get(
    "/ledger/entries/{number}",
    summary="台账的一条 · One entry of the log",
    responses=TAGGED | errors(404, 422),
    response_model=EntryTold,
)
def entry(anybody: Anybody, number: Annotated[int, Path(ge=1, le=ENTRIES_MOST)]) -> Response:
    """Return an entry's leaf, and what opens those of its fields that anybody may read."""
    with anybody.site.register.snapshot() as reader:
        found = ledger.entry_at(reader, number)
    names = public_fields(found)
    fields = opened(found, names) if names else {}
    told = {name: OpenedField.model_validate(asdict(field)) for name, field in fields.items()}
    return kept(anybody.request, EntryTold(number=number, leaf=shown(found), opened=told), FOR_EVER)


@router.get(
    "/problems/{name}",
    summary="错误种类 · A kind of error",
    responses=TAGGED | errors(404) | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
    response_model=ProblemKind,
)
async def problem(anybody: Anybody, name: str) -> Response:
    """Tell of a kind of error, as a page to whoever would rather have one."""
    kind = kind_named(name)
    if kind is None:
        raise HTTPException(404)
    if "text/html" not in anybody.request.headers.get("accept", ""):
        return kept(anybody.request, kind)
    page = anybody.site.render("api/problem.html", language_of(anybody.request), kind=kind)
    return HTMLResponse(page, headers={"Vary": "Accept, Accept-Language, Cookie"})


@router.get("/openapi.json", include_in_schema=False)
async def openapi(anybody: Anybody) -> Response:
    """Return the description of the API (OpenAPI 3.1)."""
    return kept_bytes(anybody.request, description.text(anybody.request.app), JSON)


@router.get("/docs", include_in_schema=False)
async def docs(anybody: Anybody) -> HTMLResponse:
    """Show the description as a page."""
    groups = description.groups(anybody.request.app)
    return HTMLResponse(anybody.site.render("api/docs.html", language_of(anybody.request), groups=groups))
