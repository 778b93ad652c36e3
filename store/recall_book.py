"""The book of recalls: every plate called back and where it is, kept at hand for pages that list thousands.

The lines of a post are read again when something that bears on them was added. Says what `recalls` says.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import chain

from store.kept import Kept
from store.recalls import Recall, recalls
from store.records import (
    Feedback,
    Loss,
    Placement,
    RecallLine,
    Record,
    Return,
    Sighting,
    Veto,
    VetoCorrection,
)
from store.register import Reader, Register

BEARING: tuple[type[Record], ...] = (
    *(RecallLine, Return, Loss, Veto, VetoCorrection, Placement),
    *(Feedback, Sighting),
)
"""What the state of a recall line follows from."""


class RecallBook:
    """Knows every recall line; one for each process, safe in threads."""

    def __init__(self) -> None:
        self._kept = Kept[None, tuple[Recall, ...]](BEARING, _lines_of)

    def of(self, register: Register, *, branch_id: str = "", post_id: str = "") -> tuple[Recall, ...]:
        """Return the recall lines of all posts, or of a branch or a post: by post, and oldest first.

        Raises:
            RegisterUnavailable: the register cannot be read.

        """
        by_post = self._kept.by_post(register, None)
        found = (by_post.get(post_id, ()),) if post_id else by_post.values()
        return tuple(each for each in chain(*found) if branch_id in {"", each.line.branch_id})


def _lines_of(reader: Reader, post_ids: Collection[str] | None, _: None) -> Mapping[str, tuple[Recall, ...]]:
    if post_ids is not None:
        return {post_id: tuple(recalls(reader, post_id=post_id)) for post_id in post_ids}
    found = defaultdict[str, list[Recall]](list)
    for each in recalls(reader):
        found[each.line.post_id].append(each)
    return {post_id: tuple(lines) for post_id, lines in found.items()}
