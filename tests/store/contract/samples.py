"""Records to write: plain ones by number, and any that the types allow."""

import types
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from store.codes import PlateCode
from store.records import (
    MAY_BE_EMPTY,
    REFERENCES,
    Application,
    Assessment,
    BranchPlan,
    Commitment,
    Copy,
    Face,
    Inspection,
    LogEntry,
    Member,
    Organisation,
    OrganisationKind,
    PaperSurvey,
    Post,
    PostContent,
    PostKind,
    Product,
    PublicNotice,
    Record,
    ScanCount,
    Sighting,
    Stage,
    Veto,
    VetoCause,
)
from tests.store.contract.referents import DAY, NOON, simplest

T = TypeVar("T")
POSTS = 50


def post(number: int) -> Post:
    return Post(id=f"2026-{number:03d}", year=2026, branch_id="branch")


def plan(number: int) -> BranchPlan:
    return BranchPlan(
        id=f"2026-{number:03d}", year=2026, branch_id="branch", title="", text="", filed_at=NOON
    )


def copy(number: int, *, post_id: str = "2026-001", code: int | None = None) -> Copy:
    return Copy(
        id=f"{post_id}-{number}",
        code=PlateCode.from_bits(number if code is None else code).text,
        post_id=post_id,
        branch_id="branch",
        application_id="application",
        product=Product.PLAQUE,
        stage=Stage.TITLE,
        design="red",
        size="a4",
        face=_face(),
        place="一楼大厅",
        issued_at=NOON,
    )


def _face() -> Face:
    return Face(
        heading="共产党员示范岗",
        post_name="服务窗口",
        duties="受理、审核、发证，一次告知，限时办结。",
        member_count=3,
        names=("王小明", "李𬱖", "买买提·艾力"),
        holder="",
        holder_title="",
        branch_name="机关党总支",
        issuer="中心党委",
        dated_on=DAY,
    )


def veto(post_id: str, *, facts: str = "查证属实") -> Veto:
    return Veto(
        id=f"veto-{post_id}",
        post_id=post_id,
        cause=VetoCause.GRAVE_BREACH,
        facts=facts,
        investigation_id=None,
        cast_at=NOON,
    )


def act_of(number: int, lines: int = 5) -> list[Record]:
    """Return what one act writes: a veto, several commitments, the log entry."""
    post_id = f"2026-{number % POSTS:03d}"
    cast = replace(veto(post_id), id=f"veto-{number}")
    return [cast, *(_commitment(post_id, f"{number}-{line}") for line in range(lines)), log_entry(number)]


def _commitment(post_id: str, name: str) -> Commitment:
    return Commitment(
        id=f"commitment-{name}", post_id=post_id, member_name=name, text="", made_on=DAY, entered_at=NOON
    )


def log_entry(number: int) -> LogEntry:
    return LogEntry(
        id=f"entry-{number}",
        number=number,
        at=NOON,
        actor="committee",
        act="veto",
        object=f"2026-{number:03d}",
        reason="",
        digests=(),
    )


GROUND = (
    Organisation(id="branch", name="机关党总支", kind=OrganisationKind.GENERAL_BRANCH),
    *(post(number) for number in range(POSTS)),
    simplest(Post, "2026"),
    replace(simplest(Application, "application"), post_id="2026-001"),
)
"""What the samples name, so that a register takes them."""


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
IDS = TEXTS.filter(bool)


def any_of(kind: type[T]) -> st.SearchStrategy[T]:
    """Return a strategy for every record of a class that can exist."""
    if kind in _PARTICULAR:
        return _PARTICULAR[kind]()
    return st.builds(kind, **_plain_fields(kind))


def _plain_fields(kind: type) -> dict[str, st.SearchStrategy[Any]]:
    hints = get_type_hints(kind)
    return {each.name: _any(hints[each.name], named=_is_id(kind, each.name)) for each in fields(kind)}


def _is_id(kind: type, name: str) -> bool:
    return name == "id" or (name in REFERENCES.get(kind, {}) and (kind, name) not in MAY_BE_EMPTY)


def _any(hint: Any, *, named: bool = False) -> st.SearchStrategy[Any]:
    if named:
        return IDS if hint is str else st.one_of(st.none(), IDS)
    if get_origin(hint) is tuple:
        return st.lists(_any(get_args(hint)[0]), max_size=5).map(tuple)
    if get_origin(hint) is types.UnionType:
        return st.one_of(*(_any(each) for each in get_args(hint)))
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    return st.sampled_from(hint) if issubclass(hint, Enum) else any_of(hint)


def _any_face() -> st.SearchStrategy[Face]:
    plain = _plain_fields(Face)
    names = plain.pop("names")
    del plain["member_count"]
    faces: Callable[[Any], st.SearchStrategy[Face]] = lambda chosen: st.builds(  # noqa: E731 - a strategy by name
        Face, **plain, names=st.just(chosen), member_count=st.just(len(chosen))
    )
    return names.flatmap(faces)


def _any_content() -> st.SearchStrategy[PostContent]:
    plain = _plain_fields(PostContent)
    collective = plain["collective_kind"].filter(lambda kind: kind is not None)
    individual = plain | {"kind": st.just(PostKind.INDIVIDUAL), "collective_kind": st.none()}
    joint = plain | {"kind": st.just(PostKind.COLLECTIVE), "collective_kind": collective}
    return st.one_of(st.builds(PostContent, **individual), st.builds(PostContent, **joint))


def _any_copy() -> st.SearchStrategy[Copy]:
    codes = st.integers(0, 2**130 - 1).map(lambda bits: PlateCode.from_bits(bits).text)
    return st.builds(Copy, **(_plain_fields(Copy) | {"code": codes}))


def _any_notice() -> st.SearchStrategy[PublicNotice]:
    plain = _plain_fields(PublicNotice) | {"object_ids": st.lists(IDS, min_size=1, max_size=5).map(tuple)}
    days = st.tuples(st.dates(), st.dates()).map(sorted)
    return days.flatmap(
        lambda both: st.builds(
            PublicNotice, **(plain | {"opens_on": st.just(both[0]), "closes_on": st.just(both[1])})
        )
    )


def _any_assessment() -> st.SearchStrategy[Assessment]:
    six = st.lists(st.booleans(), min_size=6, max_size=6).map(tuple)
    periods = st.from_regex(r"[12]\d{3}-(Q[1-4]|春季学期)", fullmatch=True)
    return st.builds(Assessment, **(_plain_fields(Assessment) | {"standards": six, "period": periods}))


def _any_paper_survey() -> st.SearchStrategy[PaperSurvey]:
    counts = st.lists(st.integers(0, 10**6), min_size=5, max_size=5).filter(sum).map(tuple)
    return st.builds(PaperSurvey, **(_plain_fields(PaperSurvey) | {"counts": counts}))


def _any_inspection() -> st.SearchStrategy[Inspection]:
    points = ("report_points", "site_points", "survey_points", "points")
    plain = _plain_fields(Inspection) | dict.fromkeys(points, st.integers(0, 100))
    asked = {"survey_count": st.integers(100, 200), "survey_satisfied": st.integers(0, 100)}
    return st.builds(Inspection, **(plain | asked))


def _any_sighting() -> st.SearchStrategy[Sighting]:
    return st.builds(Sighting, **(_plain_fields(Sighting) | {"scans": st.integers(1, 2**63 - 1)}))


def _any_scan_count() -> st.SearchStrategy[ScanCount]:
    counts = {"scans": st.integers(1, 2**63 - 1), "unknown": st.integers(0, 2**63 - 1)}
    return st.builds(ScanCount, **(_plain_fields(ScanCount) | counts))


_PARTICULAR: dict[type, Callable[[], st.SearchStrategy[Any]]] = {
    Face: _any_face,
    PostContent: _any_content,
    Copy: _any_copy,
    PublicNotice: _any_notice,
    Assessment: _any_assessment,
    PaperSurvey: _any_paper_survey,
    Inspection: _any_inspection,
    Sighting: _any_sighting,
    ScanCount: _any_scan_count,
}
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    type(None): st.none(),
    Member: st.builds(Member, name=TEXTS, title=TEXTS),
}
