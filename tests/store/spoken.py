"""What the public says in tests: a message of any kind about a plate, given as the act takes it."""

from store.acts.voice import Message, PaperMessage, enter_paper_message, give_feedback
from store.contacts import OpeningKey
from store.records import Copy, Feedback, Grade, Role, Topic
from tests.office import Office

KEY = OpeningKey(raw=bytes(range(32)))
PHONE = "13800138000 周女士"


def sealed(receipt: str) -> str:
    return KEY.sealing.seal(PHONE, subject_id=receipt, chance=b"\x07" * 32)


def said(office: Office, copy: Copy, receipt: str = "R1", **changes: object) -> Feedback:
    """Let somebody say something: satisfied and wordless unless told otherwise, each from a new device."""
    wanted: dict[str, object] = {
        "receipt": receipt,
        "copy_id": copy.id,
        "topic": Topic.RATING,
        "grade": Grade.SATISFIED,
        "comment": "",
        "voter": receipt,
    }
    message = Message(**(wanted | changes))  # type: ignore[arg-type]
    return give_feedback(office.register, office.by(Role.PUBLIC), message)


def bad(office: Office, copy: Copy, receipt: str = "R1", **changes: object) -> Feedback:
    """Let somebody give a 差评 with words and a contact."""
    wanted: dict[str, object] = {
        "grade": Grade.DISSATISFIED,
        "comment": "跑了三趟没办成",
        "sealed_contact": sealed(receipt),
    }
    return said(office, copy, receipt, **(wanted | changes))


def written(office: Office, post_id: str, receipt: str = "P1", **changes: object) -> Feedback:
    """Type a paper form in."""
    wanted: dict[str, object] = {
        "receipt": receipt,
        "post_id": post_id,
        "topic": Topic.OTHER,
        "grade": None,
        "comment": "建议增设座椅",
    }
    return enter_paper_message(office.register, office.by(), PaperMessage(**(wanted | changes)))  # type: ignore[arg-type]
