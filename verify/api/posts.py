"""The posts that stand, and one post by its number: named as far as its plates are (F22)."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from store.board import PostStanding, in_order, post_standing
from store.dossier import NoSuchPost
from store.lookup import Scan, scan_number, standing_in
from store.records import Copy, Post, Product
from store.register import Reader
from store.standing import Verdict
from verify.api.cursors import Asked, Paging
from verify.api.doors import ApiRoute, Public, Visitor
from verify.api.plates import Deed
from verify.api.told import BranchId, Page, PlateNumberText, PostNumber, Verdicts, errors

router = APIRouter(route_class=ApiRoute, tags=["posts"])
Anybody = Annotated[Visitor, Depends(Public())]
InBranch = Annotated[str | None, Query(description="The id of a general branch (/branches).")]


class PostLine(Verdicts):
    """A post and how it stands; name and branch are null once it was revoked."""

    number: PostNumber
    since: date | None
    name: str | None
    branch: BranchId
    branch_name: str | None


class PostDetail(PostLine):
    """A post with the words of the newest plate of it that stands; all of them null where none does."""

    shown_on: Annotated[PlateNumberText | None, Field(description="The plate these words are printed on.")]
    place: str | None
    duties: str | None
    member_count: int | None
    names: Annotated[list[str] | None, Field(description="The members, as printed.")]
    commitment: str | None
    deeds: list[Deed] | None


@router.get(
    "/posts",
    summary="在列岗位 · The posts that stand",
    responses=errors(422),
)
def posts(
    anybody: Anybody,
    asked: Annotated[Asked, Depends(Paging("posts"))],
    branch: InBranch = None,
    standing: Annotated[
        Verdict | None, Query(description="`creating` or `valid`; no other post is listed.")
    ] = None,
) -> Page[PostLine]:
    """List posts by number. Those revoked or ended are not listed; each can be asked for by its number."""
    with anybody.site.register.snapshot() as reader:
        cut = asked.cut(
            posts_in_order(reader, branch),
            in_order,
            lambda each: _listed(each, post_standing(reader, each.id), standing),
        )
    return Page(items=cut.lines, next=cut.next)


def _listed(post: Post, found: PostStanding, wanted: Verdict | None) -> PostLine | None:
    return _line(post, found) if found.stands and wanted in {None, found.verdict} else None


def posts_in_order(reader: Reader, branch: str | None) -> list[Post]:
    """Return the posts, all or a branch's, in the order of their numbers."""
    found = reader.find(Post) if branch is None else reader.find(Post, branch_id=branch)
    return sorted(found, key=in_order)


def _line(post: Post, standing: PostStanding) -> PostLine:
    return PostLine(
        number=post.id,
        since=standing.since,
        name=standing.name or None,
        branch=post.branch_id,
        branch_name=standing.branch_name or None,
        **Verdicts.words(standing.verdict),
    )


@router.get(
    "/posts/{number}",
    summary="一个岗位 · One post",
    responses=errors(404),
)
def post(
    anybody: Anybody, number: Annotated[str, Path(description="The number of a post, such as 2026-007.")]
) -> PostDetail:
    """Return a post that was approved, and how it stands. No person is named unless a plate of it stands."""
    site, now = anybody.site, anybody.site.clock()
    with site.register.snapshot() as reader:
        known = reader.get(Post, number)
        standing = post_standing(reader, number)
        if known is None or standing.verdict is Verdict.UNKNOWN:
            raise NoSuchPost(post_id=number[:40])
        hanging = _newest_standing(reader, number, now) if standing.stands else None
        scan = scan_number(reader, hanging.id, now) if hanging else None
    return PostDetail(**_line(known, standing).model_dump(), **_words(scan))


def _newest_standing(reader: Reader, post_id: str, now: datetime) -> Copy | None:
    """Return the newest plaque of a post that stands, or else the newest other plate that does."""
    newest_first = reversed(reader.find(Copy, post_id=post_id))
    standing = [each for each in newest_first if standing_in(reader, each, now).stands]
    plaques = [each for each in standing if each.product is Product.PLAQUE]
    return next(iter(plaques or standing), None)


def _words(scan: Scan | None) -> dict[str, Any]:
    if scan is None or scan.copy is None or not scan.standing.stands:
        return dict.fromkeys(("shown_on", "place", "duties", "member_count", "names", "commitment", "deeds"))
    face = scan.copy.face
    return {
        "shown_on": scan.copy.id,
        "place": scan.place,
        "duties": face.duties,
        "member_count": face.member_count,
        "names": list(face.names),
        "commitment": scan.commitment or None,
        "deeds": [Deed(title=each.title, text=each.text) for each in scan.deeds],
    }
