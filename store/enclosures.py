"""The files that belong to a post: to the post itself, and to the records about it.

Knows by one question what is attached to any of them. Leaves out what the public attached to its messages,
and who may open a file (acts/attachments.py).
"""

from dataclasses import dataclass

from store.acts.attachments import CONFIDENTIAL, SUBJECTS
from store.records import INDEXED, Attachment, Investigation, Post, Record, Veto, VetoCorrection
from store.register import Link, Reader

_OF_A_CASE = (Investigation, Veto, VetoCorrection)
"""The confidential records of a post that are not somebody's message."""


@dataclass(frozen=True, kw_only=True)
class _Kin:
    """How to come from a post to the files of its records of one class."""

    kind: type[Record]
    records: Link[Record] | None
    files: Link[Attachment]


def _kin_of(kind: type[Record]) -> _Kin:
    records = None if kind is Post else Link(kind=kind, by="post_id", to="id")
    files = Link(kind=Attachment, by="subject_id", to="id", of=records)
    return _Kin(kind=kind, records=records, files=files)


_OPEN = tuple(
    _kin_of(kind)
    for kind in SUBJECTS
    if kind not in CONFIDENTIAL and (kind is Post or "post_id" in INDEXED.get(kind, ()))
)
_CASES = tuple(_kin_of(kind) for kind in _OF_A_CASE)


def enclosures(reader: Reader, post_id: str, *, confidential: bool = False) -> tuple[Attachment, ...]:
    """Return the files of a post, oldest first; `confidential` adds those of investigations and vetoes."""
    kin = (*_OPEN, *(_CASES if confidential else ()))
    links = [link for each in kin for link in (each.records, each.files) if link]
    found = reader.related(Post, "id", [post_id], links)[post_id]
    every = (
        file
        for post in found
        for each in kin
        for file in post.linked(each.files)
        if file.subject == each.kind.__name__
    )
    return tuple(sorted(every, key=lambda each: each.attached_at))
