"""What the answers of the API are made of: models that admit no field beyond those described.

Knows the forms that several routes share, and how a route names the errors it can end in.
"""

from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from verify.api.problems import PROBLEM_JSON

T = TypeVar("T")

PostNumber = Annotated[
    str, Field(description="The number of a post, such as 2026-007.", examples=["2026-007"])
]
PlateNumberText = Annotated[
    str,
    Field(description="The number printed on a plate, two check digits last.", examples=["2026-007-03-86"]),
]
BranchId = Annotated[str, Field(description="The id of a general branch (/branches).", examples=["O01"])]


class Told(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class Page(Told, Generic[T]):
    """One page of a list; `next` is the cursor of the page that follows, null on the last."""

    items: list[T]
    next: str | None


class Verdicts(Told):
    """A verdict as machines compare it, and in words."""

    standing: Verdict
    standing_zh: str
    standing_en: str

    @classmethod
    def words(cls, verdict: Verdict) -> dict[str, Any]:
        """Return the three fields."""
        return {
            "standing": verdict,
            "standing_zh": VERDICT_ZH[verdict],
            "standing_en": VERDICT_EN[verdict],
        }


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of the errors a route can end in, besides those of every route of its kind."""
    return {status: error(status) for status in statuses}


def error(status: int) -> dict[str, Any]:
    """Return the description of one error."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": HTTPStatus(status).phrase, "content": {PROBLEM_JSON: {"schema": schema}}}
