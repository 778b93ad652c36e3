"""Changes of posts as an Atom feed (RFC 4287): a post was approved, named, revoked, stands again, or ended.

Knows how a change is worded and spelled. An entry keeps its id for ever, a tag URI (RFC 4151) of this host,
and is marked as updated when a veto took the post's name out of it. Leaves out what may be told
(store/post_changes.py). Written by the XML writer of the standard library: Atom is a dozen elements.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from fastapi import APIRouter
from fastapi.responses import Response

from store.calendar import office_day
from store.post_changes import Change, ChangeKind, latest_changes
from verify.languages import Language
from verify.site import READS, Site, SiteNow, SpokenNow

ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without any entry was updated last: before there was one."""

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, escaped or not (XML 1.0, 2.2)."""

router = APIRouter()


@router.api_route("/changes.atom", methods=READS)
def changes(site: SiteNow, spoken: SpokenNow) -> Response:
    """Tell the newest changes of posts to a feed reader."""
    with site.register.snapshot() as reader:
        latest = latest_changes(reader)
    return Response(_feed(site, spoken, latest), media_type="application/atom+xml")


def _feed(site: Site, spoken: Language, latest: list[Change]) -> bytes:
    base_url = site.settings.base_url.rstrip("/")
    feed = ET.Element("feed", {"xmlns": ATOM, _LANGUAGE: spoken.tag})
    _write(feed, "id", _tag(base_url, _BEGUN, "changes"))
    _write(feed, "title", spoken.gettext("Changes of posts"))
    _write(
        feed,
        "subtitle",
        spoken.gettext("How the posts of the programme stand, from %(host)s", host=site.settings.host),
    )
    _write(feed, "updated", _moment(max((each.updated_at for each in latest), default=_BEGUN)))
    _link(feed, "self", f"{base_url}/changes.atom", "application/atom+xml")
    _link(feed, "alternate", f"{base_url}/notice", "text/html")
    author = ET.SubElement(feed, "author")
    _write(author, "name", site.policy.committee_name)
    feed.extend(_entries(base_url, spoken, latest))
    ET.indent(feed)
    document: bytes = ET.tostring(feed, "utf-8", xml_declaration=True)
    return document


def _entries(base_url: str, spoken: Language, latest: Iterable[Change]) -> Iterable[ET.Element]:
    for change in latest:
        entry = ET.Element("entry")
        _write(entry, "id", _tag(base_url, change.at, f"change/{change.id}"))
        _write(entry, "title", _headline(spoken, change))
        _write(entry, "published", _moment(change.at))
        _write(entry, "updated", _moment(change.updated_at))
        _link(entry, "alternate", f"{base_url}/satisfaction/{change.post.post_id}", "text/html")
        ET.SubElement(entry, "category", {"term": change.kind.value})
        _write(entry, "summary", _told(spoken, change))
        yield entry


def _headline(spoken: Language, change: Change) -> str:
    return f"{_WORDS[change.kind](spoken)} · {change.post.post_id} {change.post.name}".rstrip()


def _told(spoken: Language, change: Change) -> str:
    """Say what happened and when; of a post that is revoked now, nothing more."""
    day, kind = spoken.day(office_day(change.at)), _WORDS[change.kind](spoken)
    return " · ".join(filter(None, (day, kind, change.post.branch_name, change.post.name)))


_WORDS = {
    ChangeKind.APPROVED: lambda spoken: spoken.gettext("Approved, working towards the title"),
    ChangeKind.AWARDED: lambda spoken: spoken.gettext("Title awarded"),
    ChangeKind.REVOKED: lambda spoken: spoken.gettext("Title revoked"),
    ChangeKind.CORRECTED: lambda spoken: spoken.gettext("Revocation taken back, stands again"),
    ChangeKind.ENDED: lambda spoken: spoken.gettext("Ended, no longer in use"),
}


def _tag(base_url: str, moment: datetime, specific: str) -> str:
    """Return a tag URI: the host, a day on which it was ours, and what is named (RFC 4151, 2.1)."""
    return f"tag:{urlsplit(base_url).hostname or 'localhost'},{office_day(moment)}:{specific}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _link(parent: ET.Element, relation: str, address: str, media_type: str) -> None:
    ET.SubElement(parent, "link", {"rel": relation, "href": address, "type": media_type})


def _write(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_IN_XML.sub(" ", text)
