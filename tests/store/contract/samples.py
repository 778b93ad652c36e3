"""Records to write: plain ones by number, and any that the types allow."""

import types
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from store.codes import PlateCode
from store.records import (
    Assessment,
    Copy,
    Face,
    Inspection,
    LogEntry,
    Member,
    PaperSurvey,
    Post,
    PostContent,
    PostKind,
    Product,
    PublicNotice,
    RecallCause,
    RecallLine,
    Record,
    Stage,
    Veto,
    VetoCause,
)

T = TypeVar("T")
NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


def post(number: int) -> Post:
    return Post(id=f"2026-{number:03d}", year=2026, branch_id="branch")


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
        dated_on=date(2026, 7, 1),
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
    """Return what one veto writes: the veto, its recall lines, the log entry."""
    post_id = f"2026-{number:03d}"
    recalls = [_recall_line(post_id, line) for line in range(lines)]
    return [veto(post_id), *recalls, log_entry(number)]


def _recall_line(post_id: str, line: int) -> RecallLine:
    return RecallLine(
        id=f"recall-{post_id}-{line}",
        copy_id=f"{post_id}-{line}",
        post_id=post_id,
        branch_id="branch",
        cause=RecallCause.VETO,
        opened_at=NOON,
        due_on=date(2026, 7, 8),
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


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
IDS = TEXTS.filter(bool)


def any_of(kind: type[T]) -> st.SearchStrategy[T]:
    """Return a strategy for every record of a class that can exist."""
    if kind in _PARTICULAR:
        return _PARTICULAR[kind]()
    return st.builds(kind, **_plain_fields(kind))


def _plain_fields(kind: type) -> dict[str, st.SearchStrategy[Any]]:
    hints = get_type_hints(kind)
    return {each.name: IDS if each.name == "id" else _any(hints[each.name]) for each in fields(kind)}


def _any(hint: Any) -> st.SearchStrategy[Any]:
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


_PARTICULAR: dict[type, Callable[[], st.SearchStrategy[Any]]] = {
    Face: _any_face,
    PostContent: _any_content,
    Copy: _any_copy,
    PublicNotice: _any_notice,
    Assessment: _any_assessment,
    PaperSurvey: _any_paper_survey,
    Inspection: _any_inspection,
}
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    type(None): st.none(),
    Member: st.builds(Member, name=TEXTS, title=TEXTS),
}
