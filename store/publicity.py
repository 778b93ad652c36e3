"""What a post shows the public beside its plate: what was promised (F34), and its exemplary deeds (F36).

Leaves out under which verdicts they may be shown (lookup.py).
"""

from collections.abc import Sequence

from store.records import Application, Commitment, Copy, ExemplaryDeed

DEEDS_SHOWN = 5
"""How many deeds of a post are told, the newest ones."""


def commitment_of(copy: Copy, entered: Sequence[Commitment], application: Application | None) -> str:
    """Return what the holder of a copy promised last, or else the post: on its own, or when it applied."""
    texts = {each.member_name: each.text for each in entered}
    applied_with = application.content.commitment if application else ""
    return texts.get(copy.face.holder) or texts.get("") or applied_with


def deeds_of(told: Sequence[ExemplaryDeed]) -> tuple[ExemplaryDeed, ...]:
    """Return the deeds of a post, newest first; one told again under its title takes the earlier's place."""
    latest = {each.title: each for each in told}
    return tuple(sorted(latest.values(), key=lambda deed: deed.entered_at, reverse=True))[:DEEDS_SHOWN]
