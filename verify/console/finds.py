"""What an officer's words lead to: posts, people, plates, places, branches, documents and messages.

The catalogue finds numbers of posts and branches by their texts; plates are found by the number or code they
carry, messages by their receipt, which is the committee's alone. Every line that is shown is read from the
register now, and nobody gets a line of another branch. Leaves out the page (search.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

from store.branches import general_branches, names_before
from store.calendar import chinese_day, office_day
from store.catalogue import FOUND_MOST, Asked, Shelf
from store.codes import NotAPlateCode, PlateCode
from store.dossier import Dossier, dossiers_named
from store.lookup import Scan, scan_numbers
from store.pinyin import folded
from store.records import (
    ApplicationReturned,
    Approval,
    Award,
    Copy,
    Feedback,
    ForgeryReport,
    Placement,
    Post,
    VetoCorrection,
)
from store.register import Reader
from store.standing import Standing
from store.terms import TOPIC_ZH, plate_kind_zh
from verify.console.guard import Desk

NUMBER_DIGITS = 13
"""How many digits the longest plate number has."""

_ORDINAL_DIGITS = 3
"""How many digits of a post's number have to be there before its plates are looked through."""

_POSTS_MOST = 40
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DOCUMENTED: Mapping[type[Approval | ApplicationReturned | Award | VetoCorrection], str] = {
    Approval: "批准",
    ApplicationReturned: "退回",
    Award: "命名",
    VetoCorrection: "更正否决",
}


class Group(StrEnum):
    """The kinds of things found, in the order of the page."""

    POSTS = "posts"
    MEMBERS = "members"
    PLATES = "plates"
    PLACES = "places"
    BRANCHES = "branches"
    DOCUMENTS = "documents"
    MESSAGES = "messages"


GROUP_ZH: Mapping[Group, str] = {
    Group.POSTS: "岗位",
    Group.MEMBERS: "党员",
    Group.PLATES: "标牌",
    Group.PLACES: "地点",
    Group.BRANCHES: "党总支",
    Group.DOCUMENTS: "文号",
    Group.MESSAGES: "群众来件",
}
GROUP_EN: Mapping[Group, str] = {
    Group.POSTS: "Posts",
    Group.MEMBERS: "Members",
    Group.PLATES: "Plates",
    Group.PLACES: "Places",
    Group.BRANCHES: "Branches",
    Group.DOCUMENTS: "Documents",
    Group.MESSAGES: "Messages",
}

_SHELVES: Mapping[Group, Shelf] = {
    Group.POSTS: Shelf.POST,
    Group.MEMBERS: Shelf.MEMBER,
    Group.PLACES: Shelf.PLACE,
    Group.BRANCHES: Shelf.BRANCH,
    Group.DOCUMENTS: Shelf.DOCUMENT,
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing found, as it is now; `former` says that it bore what was asked for in earlier days."""

    address: str
    name: str
    number: str = ""
    text: str = ""
    dossier: Dossier | None = None
    standing: Standing | None = None
    former: str = ""


@dataclass(frozen=True, kw_only=True)
class Finds:
    """What was found: ids by group; `by_sound` if nothing was spelled like it, but something sounds so."""

    asked: Asked
    ids: Mapping[Group, Sequence[str]]
    by_sound: bool = False


def look_for(desk: Desk, words: str) -> Finds | None:
    """Return what words lead to; None where they hold neither letter, character nor digit.

    Raises:
        RegisterUnavailable: the register cannot be read.

    """
    catalogue, register = desk.site.catalogue, desk.site.register
    asked = catalogue.asked(register, words)
    if asked is None:
        return None
    ids = _on_shelves(desk, asked) | {
        Group.PLATES: _plates(desk, words),
        Group.MESSAGES: _messages(desk, words),
    }
    if not any(ids.values()) and (alike := catalogue.alike(register, words)):
        return Finds(asked=alike, ids=_on_shelves(desk, alike), by_sound=True)
    return Finds(asked=asked, ids=ids)


def _on_shelves(desk: Desk, asked: Asked) -> dict[Group, Sequence[str]]:
    catalogue, register = desk.site.catalogue, desk.site.register
    return {
        group: catalogue.found(register, shelf, asked, desk.branch_id) for group, shelf in _SHELVES.items()
    }


def _plates(desk: Desk, words: str) -> list[str]:
    """Find plates by their code, or by their number, whole or in part, with or without check digits."""
    digits = folded(words)[: NUMBER_DIGITS + 1]
    posts = _posts_within(desk, digits) if digits.isascii() and digits.isdigit() else ()
    with desk.site.register.snapshot() as reader:
        coded = reader.find(Copy, code=code) if (code := _code_in(words)) else []
        numbered = (
            copy
            for post_id in posts
            for copy in reader.find(Copy, post_id=post_id)
            if digits in copy.id.replace("-", "")
        )
        own = (each.id for each in chain(coded, numbered) if desk.branch_id in {None, each.branch_id})
        return list(islice(dict.fromkeys(own), FOUND_MOST))


def _code_in(words: str) -> str:
    try:
        return PlateCode.parse(words).text
    except NotAPlateCode:
        return ""


def _posts_within(desk: Desk, digits: str) -> Iterable[str]:
    """Return the posts whose number a plate's number may begin with, the longest beginning first."""
    catalogue, register = desk.site.catalogue, desk.site.register
    ends = range(len(digits), _ORDINAL_DIGITS - 1, -1)
    found = chain.from_iterable(
        catalogue.posts_ending(register, digits[:end], desk.branch_id) for end in ends
    )
    return list(islice(dict.fromkeys(found), _POSTS_MOST))


def _messages(desk: Desk, words: str) -> list[str]:
    """Find a message or a report by its whole receipt; who could be spoken about finds none (F25)."""
    if not desk.reads_complaints:
        return []
    typed = words.strip()
    receipts = dict.fromkeys((typed, re.sub(r"[\s-]", "", typed).upper().translate(_LOOKALIKES)))
    register = desk.site.register
    return [each for each in receipts if register.get(Feedback, each) or register.get(ForgeryReport, each)]


def lines(reader: Reader, desk: Desk, finds: Finds, group: Group, ids: Sequence[str]) -> list[Line]:
    """Read some of what was found, as it is now; what is no longer the officer's to see is left out."""
    return list(_READ[group](reader, desk, finds.asked, ids))


def _of_posts(reader: Reader, desk: Desk, asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    for dossier in _seen(reader, desk, ids):
        content = dossier.content
        names = (each.content.name for each in dossier.applications)
        is_now = asked.takes(content.name) or asked.takes(dossier.post.id)
        yield _of_post(
            dossier,
            name=content.name,
            text=f"{dossier.branch.name}　{content.place}",
            former="" if is_now else _first(asked, names),
        )


def _of_members(reader: Reader, desk: Desk, asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    for dossier in _seen(reader, desk, ids):
        now = [each.name for each in dossier.members if asked.takes(each.name)]
        every = (member.name for each in dossier.applications for member in each.content.members)
        before = "" if now else _first(asked, every)
        if now or before:
            text = f"{dossier.content.name}　{dossier.branch.name}"
            yield _of_post(dossier, name="、".join(now) or before, text=text, former=before)


def _of_places(reader: Reader, desk: Desk, asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    for dossier in _seen(reader, desk, ids):
        place = dossier.content.place
        placed = [each.place for each in reader.find(Placement, post_id=dossier.post.id)]
        earlier = [each.content.place for each in dossier.applications]
        text = f"{dossier.content.name}　{dossier.branch.name}"
        former = "" if asked.takes(place) else _first(asked, (*placed, *earlier))
        yield _of_post(dossier, name=former or place, text=text, former="" if former in placed else former)


def _of_documents(reader: Reader, desk: Desk, asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    for dossier in _seen(reader, desk, ids):
        for kind, done in _DOCUMENTED.items():
            named = (each.document for each in reader.find(kind, post_id=dossier.post.id))
            for document in dict.fromkeys(filter(asked.takes, named)):
                yield _of_post(dossier, name=document, text=f"{done}　{dossier.content.name}")


def _of_branches(reader: Reader, desk: Desk, asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    known = {each.id: each for each in general_branches(reader)}
    for branch in (known[each] for each in ids if each in known and desk.branch_id in {None, each}):
        posts = len(reader.find(Post, branch_id=branch.id))
        yield Line(
            address=f"/console/posts?branch={branch.id}",
            name=branch.name,
            text=f"{posts}个岗位",
            former="" if asked.takes(branch.name) else _first(asked, names_before(reader, branch)),
        )


def _of_plates(reader: Reader, desk: Desk, _asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    scans = scan_numbers(reader, ids, desk.authority.now)
    posts = {scan.copy.post_id for scan in scans.values() if scan.copy}
    seen = {each.post.id: each for each in _seen(reader, desk, sorted(posts))}
    for copy, scan in ((scan.copy, scan) for scan in scans.values()):
        if copy and copy.post_id in seen:
            yield _of_plate(copy, scan, seen[copy.post_id])


def _of_plate(copy: Copy, scan: Scan, dossier: Dossier) -> Line:
    return Line(
        address=f"/console/posts/{copy.post_id}#plate-{copy.id}",
        name=plate_kind_zh(copy.product, copy.stage),
        number=copy.id,
        text="　".join(filter(None, (dossier.content.name, copy.face.holder, scan.place))),
        standing=scan.standing,
    )


def _of_messages(reader: Reader, desk: Desk, _asked: Asked, ids: Sequence[str]) -> Iterator[Line]:
    for receipt in ids if desk.reads_complaints else ():
        if said := reader.get(Feedback, receipt):
            day = chinese_day(office_day(said.given_at))
            address = f"/console/posts/{said.post_id}#voice-h"
            yield Line(
                address=address, name=TOPIC_ZH[said.topic], number=receipt, text=f"{day}　{said.post_id}"
            )
        elif report := reader.get(ForgeryReport, receipt):
            day = chinese_day(office_day(report.reported_at))
            yield Line(address="/console/feedback/forgeries", name="假冒标牌线索", number=receipt, text=day)


def _of_post(dossier: Dossier, *, name: str, text: str, former: str = "") -> Line:
    post_id = dossier.post.id
    address = f"/console/posts/{post_id}"
    return Line(address=address, name=name, number=post_id, text=text, dossier=dossier, former=former)


def _seen(reader: Reader, desk: Desk, post_ids: Sequence[str]) -> Iterator[Dossier]:
    """Read the posts that the officer may see, whatever index they were found in."""
    found = dossiers_named(reader, post_ids)
    return (each for each in found.values() if desk.branch_id in {None, each.post.branch_id})


def _first(asked: Asked, texts: Iterable[str]) -> str:
    return next(filter(asked.takes, texts), "")


_READ: Mapping[Group, Callable[[Reader, Desk, Asked, Sequence[str]], Iterator[Line]]] = {
    Group.POSTS: _of_posts,
    Group.MEMBERS: _of_members,
    Group.PLATES: _of_plates,
    Group.PLACES: _of_places,
    Group.BRANCHES: _of_branches,
    Group.DOCUMENTS: _of_documents,
    Group.MESSAGES: _of_messages,
}
