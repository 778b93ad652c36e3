"""What a scan shows: one pure function from what was decided to a verdict.

Knows the verdicts and their order of precedence. Leaves out where the records come from (lookup.py) and how
a verdict looks (verify/).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.records import Copy, Departure, Loss, PostEnd, Return, Stage, Veto


class Verdict(StrEnum):
    """The one word a scan answers with."""

    CREATING = "creating"
    VALID = "valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    LOST = "lost"
    RETURNED = "returned"
    LEFT = "left"
    ENDED = "ended"
    UNKNOWN = "unknown"
    UNVERIFIABLE = "unverifiable"


VERDICT_ZH: dict[Verdict, str] = {
    Verdict.CREATING: "创建中",
    Verdict.VALID: "有效",
    Verdict.REVOKED: "已撤销",
    Verdict.REPLACED: "已换发",
    Verdict.LOST: "已挂失",
    Verdict.RETURNED: "已收回",
    Verdict.LEFT: "已调离",
    Verdict.ENDED: "已停用",
    Verdict.UNKNOWN: "查无此牌",
    Verdict.UNVERIFIABLE: "暂时无法核验",
}

VERDICT_EN: dict[Verdict, str] = {
    Verdict.CREATING: "In creation",
    Verdict.VALID: "Valid",
    Verdict.REVOKED: "Revoked",
    Verdict.REPLACED: "Replaced",
    Verdict.LOST: "Reported lost",
    Verdict.RETURNED: "Returned",
    Verdict.LEFT: "Member has left the post",
    Verdict.ENDED: "No longer in use",
    Verdict.UNKNOWN: "No such plate",
    Verdict.UNVERIFIABLE: "Cannot be verified now",
}

STANDS = frozenset({Verdict.CREATING, Verdict.VALID})
"""The verdicts under which the plate may hang."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The verdict at a moment, since when it holds, and the plate that took this one's place."""

    verdict: Verdict
    checked_at: datetime
    since: datetime | None = None
    successor: str | None = None

    @property
    def stands(self) -> bool:
        """Whether the plate may hang."""
        return self.verdict in STANDS


@dataclass(frozen=True, kw_only=True)
class History:
    """A copy and everything decided that bears on it; `veto` is the one in force."""

    copy: Copy
    veto: Veto | None = None
    ended: PostEnd | None = None
    returned: Return | None = None
    loss: Loss | None = None
    successor: Copy | None = None
    departure: Departure | None = None


def standing_of(history: History | None, now: datetime) -> Standing:
    """Say how a copy stands; None is a code that no copy carries.

    A veto outranks all that happened to the copy itself, so that every plate of the post reads 已撤销
    (F20, F22); then comes that the thing in the hand came back or was lost, that its post ended, and after
    that its replacement, since the new plate is no longer in use either, and the departure of its holder. A
    creation copy is never shown as a holder of the title, whatever its post became (F11, F12).
    """
    if history is None:
        return Standing(verdict=Verdict.UNKNOWN, checked_at=now)
    verdict, since = next((verdict, since) for verdict, since in _by_precedence(history) if since)
    successor = history.successor.id if verdict is Verdict.REPLACED and history.successor else None
    return Standing(verdict=verdict, checked_at=now, since=since, successor=successor)


def _by_precedence(history: History) -> tuple[tuple[Verdict, datetime | None], ...]:
    return (
        (Verdict.REVOKED, history.veto.cast_at if history.veto else None),
        (Verdict.RETURNED, history.returned.returned_at if history.returned else None),
        (Verdict.LOST, history.loss.reported_at if history.loss else None),
        (Verdict.ENDED, history.ended.ended_at if history.ended else None),
        (Verdict.REPLACED, history.successor.issued_at if history.successor else None),
        (Verdict.LEFT, history.departure.left_at if history.departure else None),
        (_STAGE_VERDICTS[history.copy.stage], history.copy.issued_at),
    )


_STAGE_VERDICTS = {Stage.CREATION: Verdict.CREATING, Stage.TITLE: Verdict.VALID}


def unverifiable(now: datetime) -> Standing:
    """Return the standing shown when the register cannot be read: never to be taken as valid."""
    return Standing(verdict=Verdict.UNVERIFIABLE, checked_at=now)
