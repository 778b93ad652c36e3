"""How far every post has come, at hand for lists that filter, count and sort thousands of them.

Kept in memory and brought up to date with what was added: a post that a new record names is read again
whole, and its state follows by the same rule as everywhere (dossier.py). Whoever shows a post reads it
afresh. Leaves out how plates stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from store.dossier import Dossier, PostState, dossier_of, dossiers
from store.following import Following, News
from store.read_ahead import ReadAhead
from store.records import (
    Application,
    ApplicationReturned,
    Approval,
    Award,
    Departure,
    Post,
    PostEnd,
    PostKind,
    Veto,
    VetoCorrection,
)
from store.register import Register

READ_SINGLY_MOST = 500
"""From so many changed posts on, all are read at once."""

_BEARING = (Post, Application, ApplicationReturned, Approval, Award, Veto, VetoCorrection, PostEnd, Departure)
"""What the state of a post follows from."""


@dataclass(frozen=True, kw_only=True)
class PostLine:
    """One post, as lists choose and order it; `pending` ones wait for the committee."""

    post_id: str
    branch_id: str
    name: str
    kind: PostKind
    state: PostState
    pending: bool


class PostStates:
    """Knows the state of every post; one for each process, safe in threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._following = Following(_BEARING)
        self._lines: dict[str, PostLine] = {}

    def lines(self, register: Register) -> tuple[PostLine, ...]:
        """Return every post by its number. Take a snapshot afterwards to read them in.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        with self._lock:
            news = self._following.news(register)
            if news.anew or news.records:
                self._renew(register, news)
            return tuple(self._lines.values())

    def _renew(self, register: Register, news: News) -> None:
        changed = {_post_of(each) for each in news.records}
        try:
            with register.snapshot() as reader:
                if news.anew or len(changed) > READ_SINGLY_MOST:
                    self._keep(dossiers(ReadAhead(reader)), {})
                else:
                    self._keep((dossier_of(reader, each) for each in changed), self._lines)
        except BaseException:
            self._following = Following(_BEARING)  # what was told once is not told again
            raise

    def _keep(self, found: Iterable[Dossier], before: dict[str, PostLine]) -> None:
        lines = before | {each.post.id: _line(each) for each in found}
        self._lines = dict(sorted(lines.items()))


def _post_of(record: object) -> str:
    return record.id if isinstance(record, Post) else str(vars(record)["post_id"])


def _line(dossier: Dossier) -> PostLine:
    return PostLine(
        post_id=dossier.post.id,
        branch_id=dossier.post.branch_id,
        name=dossier.content.name,
        kind=dossier.content.kind,
        state=dossier.state,
        pending=dossier.pending,
    )
