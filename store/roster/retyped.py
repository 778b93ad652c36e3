"""What is typed by hand to change a post, read by the rules that hold for the cells of a roster.

Knows names and texts as officers type them. Leaves out what a change means for the post (acts/adjust.py).
"""

from store.records import Member
from store.roster.characters import settle
from store.roster.headers import Field, usual_heading
from store.roster.name_lists import ListedName, function_of, refuse_listing, refuse_non_member, split_names
from store.roster.names import clean_name
from store.roster.texts import LONGEST, TextTooLong


def members_typed(text: str) -> tuple[Member, ...]:
    """Read members from a list such as 曾晓明（岗长）、高赟.

    Raises:
        Refusal: a name cannot be used, or somebody is marked as no member (F4, F10).

    """
    return tuple(_member(each) for each in split_names(settle(text).text))


def _member(listed: ListedName) -> Member:
    refuse_listing(listed)
    refuse_non_member(listed)
    return Member(name=clean_name(listed.written).name, title=_bounded(Field.TITLE, function_of(listed)))


def text_typed(field: Field, text: str) -> str:
    """Read a text of a post on one line.

    Raises:
        DamagedText, UnusableCharacter, TextTooLong: no plate could show it (F10).

    """
    return _bounded(field, " ".join(settle(text).text.split()))


def _bounded(field: Field, text: str) -> str:
    if len(text) > LONGEST[field]:
        raise TextTooLong(heading=usual_heading(field), length=len(text), most=LONGEST[field])
    return text
