"""What the larger store costs, beside psycopg alone on the same server: `python -m bench.postgres [SIZE …]`.

It starts a PostgreSQL of its own on this disk, reached through a socket, with every commit synced. An act is
measured as a whole, as in bench.store.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

import psycopg
from psycopg.types.json import Jsonb

from bench.filling import NOON, Work, applications, copies, fill, posts, posts_in
from bench.peers import BarePsycopg
from bench.store import FLATNESS
from bench.timing import Bar, median_ms, medians_ms, quietest_us
from store.columns import NUMBER, columns_of, row_of, table_of
from store.documents import to_document
from store.lookup import scan_code
from store.postgres_register import PostgresRegister
from store.records import Application, Copy, Post, Record
from tests.postgres import DURABLE, Server

SIZES = (1_000, 100_000, 1_000_000)
ACTS_MOST = 14_000
"""So many documents are entered by acts; what is beyond comes in by COPY, or filling would take the hour."""

LOOK_UP_US = 300.0
OPENING_MS = 50.0


class Filled:
    """A register of a size in a database of its own, with its bare peer in another."""

    def __init__(self, server: Server, documents: int) -> None:
        self.documents = documents
        self.dsn = server.empty_dsn()
        self.register = PostgresRegister(self.dsn)
        fill(self.register, min(documents, ACTS_MOST))
        with psycopg.connect(self.dsn, autocommit=True) as owner:
            fill_up(self.register, owner, range(posts_in(min(documents, ACTS_MOST)), posts_in(documents)))
            owner.execute("VACUUM ANALYZE")
        self.bare = BarePsycopg(server.empty_dsn(), documents)
        self.work = Work(self.register, documents)
        self.work.warm()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one size of register costs; of the peer, what the same look-up and one plain insert do."""

    documents: int
    give_back_ms: float
    vote_ms: float
    bare_insert_ms: float
    look_up_us: float
    bare_look_up_us: float
    get_us: float
    scan_us: float
    version_us: float
    opening_ms: float


def main(sizes: Sequence[int] = SIZES) -> None:
    """Measure every size, print the tables and the bars, and fail if one is missed."""
    with closing(Server(DURABLE)) as server:
        costs = measure(server, sizes)
    bars = list(bars_for(costs))
    print(ACTS, *map(acts_row, costs), "", READS, *map(reads_row, costs), "", *bars, sep="\n")
    if not all(bar.holds for bar in bars):
        raise SystemExit(1)


def measure(server: Server, sizes: Sequence[int]) -> list[Cost]:
    """Fill a register of every size and time it."""
    with ExitStack() as stack:
        filled = [Filled(server, documents) for documents in sizes]
        for each in filled:
            stack.enter_context(closing(each.register))
            stack.enter_context(closing(each.bare))
        written_ms = medians_ms(
            {
                (what, each.documents): work
                for each in filled
                for what, work in (
                    ("give back", each.work.give_back),
                    ("vote", each.work.vote),
                    ("bare", each.bare.insert),
                )
            }
        )
        return [cost_of(each, written_ms) for each in filled]


def fill_up(register: PostgresRegister, owner: psycopg.Connection, numbers: range) -> None:
    """Copy the posts with these numbers, their applications and their copies into the register's tables."""
    copy_in(owner, Post, posts(numbers), register.count(Post))
    copy_in(owner, Application, applications(numbers), register.count(Application))
    copy_in(owner, Copy, copies(numbers), register.count(Copy))


def copy_in(owner: psycopg.Connection, kind: type[Record], records: Iterable[Record], held: int) -> None:
    """Copy records of a class into its table, which holds so many already."""
    columns = columns_of(kind)
    names = ", ".join((NUMBER, *(each.name for each in columns)))
    statement = f"COPY gangpai.{table_of(kind)} ({names}) FROM STDIN".encode()
    with owner.cursor() as cursor, cursor.copy(statement) as into:
        for number, record in enumerate(records, start=held + 1):
            values = zip(columns, row_of(kind, to_document(record)), strict=True)
            into.write_row((number, *(Jsonb(value) if column.is_json else value for column, value in values)))


def cost_of(filled: Filled, written_ms: dict[tuple[str, int], float]) -> Cost:
    """Time reading and opening, and put them beside what writing took."""
    register, work, documents = filled.register, filled.work, filled.documents
    return Cost(
        documents=documents,
        give_back_ms=written_ms["give back", documents],
        vote_ms=written_ms["vote", documents],
        bare_insert_ms=written_ms["bare", documents],
        look_up_us=quietest_us(lambda: register.find(Copy, code=next(work.codes).text)),
        bare_look_up_us=quietest_us(lambda: filled.bare.look_up(next(work.codes).text)),
        get_us=quietest_us(lambda: register.get(Copy, next(work.ids))),
        scan_us=quietest_us(lambda: scan_code(register, next(work.codes), NOON)),
        version_us=quietest_us(register.version),
        opening_ms=median_ms(lambda: PostgresRegister(filled.dsn).close(), 20),
    )


def bars_for(costs: Sequence[Cost]) -> Iterator[Bar]:
    """Compare the costs with the promises made for the larger store."""
    first, last = costs[0], costs[-1]
    growth = last.give_back_ms / first.give_back_ms
    sizes = f"{last.documents:,} : {first.documents:,}"
    yield Bar(name=f"act, give back, {sizes}", measured=growth, allowed=FLATNESS, unit="times")
    yield Bar(name="look-up by code", measured=last.look_up_us, allowed=LOOK_UP_US, unit="µs")
    opening_ms = max(cost.opening_ms for cost in costs)
    yield Bar(name="opening", measured=opening_ms, allowed=OPENING_MS, unit="ms")


ACTS = (
    "| documents | act: give back | act: vote | bare psycopg insert | act ÷ bare insert |\n"
    "|---:|---:|---:|---:|---:|"
)
READS = (
    "| documents | look-up by code | bare psycopg | ÷ bare | get by id | scan | version | opening |\n"
    "|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def acts_row(cost: Cost) -> str:
    """Lay the acts of one size out as a row."""
    return (
        f"| {cost.documents:,} | {cost.give_back_ms:.3f} ms | {cost.vote_ms:.3f} ms "
        f"| {cost.bare_insert_ms:.3f} ms | {cost.give_back_ms / cost.bare_insert_ms:.1f} |"
    )


def reads_row(cost: Cost) -> str:
    """Lay the reads of one size out as a row."""
    return (
        f"| {cost.documents:,} | {cost.look_up_us:.0f} µs | {cost.bare_look_up_us:.0f} µs "
        f"| {cost.look_up_us / cost.bare_look_up_us:.1f} | {cost.get_us:.0f} µs | {cost.scan_us:.0f} µs "
        f"| {cost.version_us:.0f} µs | {cost.opening_ms:.2f} ms |"
    )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
