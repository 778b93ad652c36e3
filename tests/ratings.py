"""Ratings of a post as the register keeps them, without going through the doors the public uses."""

from datetime import datetime, timedelta

from store.records import Feedback, Grade, Post, Topic
from store.register import Register


def rate(register: Register, post_id: str, grades: list[Grade], at: datetime) -> None:
    """Enter ratings of a post's plates, a minute apart from the moment on."""
    branch_id = _branch_of(register, post_id)
    begun = register.count(Feedback)
    ratings = [
        Feedback(
            id=f"R{begun + number}",
            copy_id="",
            post_id=post_id,
            branch_id=branch_id,
            topic=Topic.RATING,
            grade=grade,
            comment="",
            voter=f"voter-{begun + number}",
            counted=True,
            given_at=at + timedelta(minutes=number),
        )
        for number, grade in enumerate(grades)
    ]
    with register.transaction() as transaction:
        transaction.append(*ratings)


def _branch_of(register: Register, post_id: str) -> str:
    post = register.get(Post, post_id)
    assert post
    return post.branch_id
