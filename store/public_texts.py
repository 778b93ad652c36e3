"""What the office tells the public in its own words: where to complain, and what else is to be known.

Knows which words hold, and how long they may be. Leaves out where they are shown (verify/) and who may change
them (acts/texts.py).
"""

from store.records import PublicText, TextSubject
from store.register import Reader

LONGEST: dict[TextSubject, int] = {
    TextSubject.COMPLAINT_PHONE: 60,
    TextSubject.COMPLAINT_PLACE: 120,
    TextSubject.ABOUT: 1000,
}
"""How many characters each may have."""

SUBJECT_ZH: dict[TextSubject, str] = {
    TextSubject.COMPLAINT_PHONE: "投诉电话",
    TextSubject.COMPLAINT_PLACE: "投诉地址",
    TextSubject.ABOUT: "活动说明",
}
SUBJECT_EN: dict[TextSubject, str] = {
    TextSubject.COMPLAINT_PHONE: "Complaints by telephone",
    TextSubject.COMPLAINT_PLACE: "Complaints in person",
    TextSubject.ABOUT: "About the programme here",
}


def public_texts(reader: Reader) -> dict[TextSubject, str]:
    """Return the words that hold, by subject; a subject without any is left out."""
    found = {subject: worded(reader, subject) for subject in TextSubject}
    return {subject: text for subject, text in found.items() if text}


def worded(reader: Reader, subject: TextSubject) -> str:
    """Return the words that hold on a subject; nothing where there are none."""
    newest = next(iter(reader.newest(PublicText, 1, subject=subject.value)), None)
    return newest.text if newest else ""
