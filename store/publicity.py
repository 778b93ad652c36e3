"""What a post shows the public beside its plate: what was promised (F34), and its exemplary deeds (F36).

Leaves out under which verdicts they may be shown (lookup.py).
"""

from store.records import Application, Commitment, Copy, ExemplaryDeed
from store.register import Reader

DEEDS_SHOWN = 5
"""How many deeds of a post are told, the newest ones."""


def commitment_of(reader: Reader, copy: Copy) -> str:
    """Return what the holder of a copy promised last, or else the post: on its own, or when it applied."""
    entered = reader.find(Commitment, post_id=copy.post_id)
    texts = {each.member_name: each.text for each in entered}
    application = reader.get(Application, copy.application_id)
    applied_with = application.content.commitment if application else ""
    return texts.get(copy.face.holder) or texts.get("") or applied_with


def deeds_of(reader: Reader, post_id: str) -> tuple[ExemplaryDeed, ...]:
    """Return the deeds of a post, newest first; one told again under its title takes the earlier's place."""
    latest = {each.title: each for each in reader.find(ExemplaryDeed, post_id=post_id)}
    return tuple(sorted(latest.values(), key=lambda deed: deed.entered_at, reverse=True))[:DEEDS_SHOWN]
