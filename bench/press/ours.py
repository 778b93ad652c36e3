"""This program's part: portions drawn by every core, every code read back, every file written.

What `gangpai print` does after the register was read and before it is written: the same portions, the same
workers, the same preflight.
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

from bench.press.roster import BASE_URL, DATED_ON, HEADING, ISSUER, Holder, Post, read_roster
from gangpai.batch import Plan
from gangpai.portions import Crew, Drawn, Room, drawn, in_this_process, portions
from plaques.design.library import load_design
from plaques.press.impose import SINGLE, Imposition
from plaques.print_run import PrintSettings
from store.plates import Copy, Face, Product, Stage

_PLACES = {"badge": 10, "plaque": 1}
_SHEET = {"badge": "a4", "plaque": SINGLE}
_ISSUED_AT = datetime(2026, 7, 1, 4, tzinfo=UTC)


def main(product_name: str, roster: Path, out: Path) -> None:
    """Print a roster into a folder."""
    product = Product(product_name)
    settings = PrintSettings(
        base_url=BASE_URL,
        design=load_design(product),
        imposition=Imposition(sheet=_SHEET[product_name]),
    )
    steps = portions(_plans(product, settings, roster), Room(places=_PLACES[product_name]))
    with _crew(product) as hands:
        for part in drawn(steps, settings, hands):
            _write(part, out)


def _crew(product: Product) -> AbstractContextManager[Crew]:
    if product is not Product.BADGE:
        return in_this_process()
    from gangpai.workers import cores, own_processes  # noqa: PLC0415 -- one plaque calls nobody in

    return own_processes(cores())


def _write(part: object, out: Path) -> None:
    if not isinstance(part, Drawn) or part.file is None or part.file.declined:
        raise RuntimeError(part)
    (out / f"{part.portion.number:03}.pdf").write_bytes(part.file.content)


def _plans(product: Product, settings: PrintSettings, roster: Path) -> Iterator[Plan]:
    for post in read_roster(roster):
        holders = post.holders if product is Product.BADGE else post.holders[:1]
        copies = tuple(_copy(product, settings, post, holder) for holder in holders)
        yield Plan(post_id=post.id, stage=Stage.TITLE, copies=copies)


def _copy(product: Product, settings: PrintSettings, post: Post, holder: Holder) -> Copy:
    return Copy(
        id=holder.number,
        code=holder.code,
        post_id=post.id,
        branch_id="01",
        application_id=f"{post.id}/1",
        product=product,
        stage=Stage.TITLE,
        design=settings.design.name,
        size=settings.design.size,
        face=_face(post, holder if product is Product.BADGE else None),
        place="",
        issued_at=_ISSUED_AT,
    )


def _face(post: Post, holder: Holder | None) -> Face:
    return Face(
        heading=HEADING,
        post_name=post.name,
        duties=post.duties,
        member_count=len(post.holders),
        names=tuple(each.name for each in post.holders),
        holder=holder.name if holder else "",
        holder_title=holder.title if holder else "",
        branch_name=post.branch,
        issuer=ISSUER,
        dated_on=date.fromisoformat(DATED_ON),
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
