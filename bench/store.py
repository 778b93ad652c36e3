"""What the embedded register costs, beside the disk and named peers: `python -m bench.store [SIZE …]`.

An act is measured as a whole: its reads, its record, its log entry, the nodes of the log's tree, one durable
commit. Every figure is a median of one run on one disk, in the directory it is started in; sizes take turns.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from bench.filling import NOON, Work, fill
from bench.peers import BareSqlite, StockTinyDb
from bench.resident import peak_megabytes
from bench.timing import Bar, median_ms, medians_ms, quietest_us, write_through
from store.lookup import scan_code
from store.records import Copy
from store.tinydb_register import TinyDbRegister

SIZES = (1_000, 10_000, 100_000, 1_000_000)
STOCK_MOST = 10_000
"""Beyond it stock TinyDB takes seconds for one insert."""

ACT_MS_OVER_FSYNC = 1.0
FLATNESS = 1.3
LOOK_UP_US = 60.0
OPENING_MS = 50.0
MEGABYTES_MORE = 16.0


class Filled:
    """A register of a size with its bare peer, open for as long as the measurement lasts."""

    def __init__(self, place: Path, documents: int) -> None:
        self.documents = documents
        self.path = place / f"{documents}.db"
        self.register = TinyDbRegister(self.path)
        fill(self.register, documents)
        self.bare = BareSqlite(place / f"{documents}.bare.db", documents)
        self.work = Work(self.register, documents)
        self.work.warm()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one size of register costs; of the peers, what the same look-up and one plain insert do."""

    documents: int
    fsync_ms: float
    give_back_ms: float
    vote_ms: float
    bare_insert_ms: float
    look_up_us: float
    bare_look_up_us: float
    get_us: float
    scan_us: float
    version_us: float
    opening_ms: float
    file_megabytes: float
    peak_megabytes: float


def main(sizes: Sequence[int] = SIZES) -> None:
    """Measure every size, print the tables and the bars, and fail if one is missed."""
    with tempfile.TemporaryDirectory(prefix="gangpai-bench-", dir=Path.cwd()) as place:
        costs = measure(Path(place), sizes)
        stock = [stock_row(Path(place), documents) for documents in sizes if documents <= STOCK_MOST]
    bars = list(bars_for(costs))
    print(ACTS, *map(acts_row, costs), "", READS, *map(reads_row, costs), "", STOCK, *stock, sep="\n")
    print("", *bars, sep="\n")
    if not all(bar.holds for bar in bars):
        raise SystemExit(1)


def measure(place: Path, sizes: Sequence[int]) -> list[Cost]:
    """Fill a register of every size and time it."""
    with ExitStack() as stack:
        filled = [Filled(place, documents) for documents in sizes]
        for each in filled:
            stack.enter_context(closing(each.register))
        file = stack.enter_context((place / "fsync").open("wb", buffering=0))
        works = {("fsync", 0): lambda: write_through(file.fileno())}
        for each in filled:
            works["give back", each.documents] = each.work.give_back
            works["vote", each.documents] = each.work.vote
            works["bare", each.documents] = each.bare.insert
        written_ms = medians_ms(works)
        return [cost_of(each, written_ms) for each in filled]


def cost_of(filled: Filled, written_ms: dict[tuple[str, int], float]) -> Cost:
    """Time reading and opening, and put them beside what writing took."""
    register, work, documents = filled.register, filled.work, filled.documents
    return Cost(
        documents=documents,
        fsync_ms=written_ms["fsync", 0],
        give_back_ms=written_ms["give back", documents],
        vote_ms=written_ms["vote", documents],
        bare_insert_ms=written_ms["bare", documents],
        look_up_us=quietest_us(lambda: register.find(Copy, code=next(work.codes).text)),
        bare_look_up_us=quietest_us(lambda: filled.bare.look_up(next(work.codes).text)),
        get_us=quietest_us(lambda: register.get(Copy, next(work.ids))),
        scan_us=quietest_us(lambda: scan_code(register, next(work.codes), NOON)),
        version_us=quietest_us(register.version),
        opening_ms=median_ms(lambda: TinyDbRegister(filled.path).close(), 20),
        file_megabytes=filled.path.stat().st_size / 1e6,
        peak_megabytes=peak_megabytes(filled.path, documents),
    )


def bars_for(costs: Sequence[Cost]) -> Iterator[Bar]:
    """Compare the costs with the promises made for the embedded register."""
    first, last = costs[0], costs[-1]
    sizes = f"{last.documents:,} : {first.documents:,}"
    for name, act_ms in (("give back", "give_back_ms"), ("vote", "vote_ms")):
        growth = getattr(last, act_ms) / getattr(first, act_ms)
        yield Bar(name=f"act, {name}, {sizes}", measured=growth, allowed=FLATNESS, unit="times")
    over_fsync = max(cost.give_back_ms - cost.fsync_ms for cost in costs)
    yield Bar(name="act beyond one fsync", measured=over_fsync, allowed=ACT_MS_OVER_FSYNC, unit="ms")
    yield Bar(name="look-up by code", measured=last.look_up_us, allowed=LOOK_UP_US, unit="µs")
    opening_ms = max(cost.opening_ms for cost in costs)
    yield Bar(name="opening", measured=opening_ms, allowed=OPENING_MS, unit="ms")
    more = last.peak_megabytes - first.peak_megabytes
    yield Bar(name=f"memory, {sizes}", measured=more, allowed=MEGABYTES_MORE, unit="MB more")


ACTS = (
    "| documents | one fsync | act: give back | act: vote | bare sqlite3 insert | act ÷ bare insert |\n"
    "|---:|---:|---:|---:|---:|---:|"
)
READS = (
    "| documents | look-up by code | bare sqlite3 | ÷ bare "
    "| get by id | scan | version | opening | file | memory |\n"
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)
STOCK = "| documents | stock TinyDB insert, not synced | its look-up |\n|---:|---:|---:|"


def acts_row(cost: Cost) -> str:
    """Lay the acts of one size out as a row."""
    return (
        f"| {cost.documents:,} | {cost.fsync_ms:.3f} ms | {cost.give_back_ms:.3f} ms | {cost.vote_ms:.3f} ms "
        f"| {cost.bare_insert_ms:.3f} ms | {cost.give_back_ms / cost.bare_insert_ms:.1f} |"
    )


def reads_row(cost: Cost) -> str:
    """Lay the reads of one size out as a row."""
    return (
        f"| {cost.documents:,} | {cost.look_up_us:.1f} µs | {cost.bare_look_up_us:.1f} µs "
        f"| {cost.look_up_us / cost.bare_look_up_us:.1f} | {cost.get_us:.1f} µs | {cost.scan_us:.1f} µs "
        f"| {cost.version_us:.1f} µs | {cost.opening_ms:.2f} ms | {cost.file_megabytes:.1f} MB "
        f"| {cost.peak_megabytes:.0f} MB |"
    )


def stock_row(place: Path, documents: int) -> str:
    """Measure stock TinyDB at a size and lay it out as a row."""
    stock = StockTinyDb(place / f"{documents}.json", documents)
    insert_ms, look_up_ms = median_ms(stock.insert, 10), median_ms(stock.look_up, 10)
    return f"| {documents:,} | {insert_ms:.1f} ms | {look_up_ms:.1f} ms |"


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
