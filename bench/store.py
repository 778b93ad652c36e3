"""What the embedded register costs, beside the disk's own price and stock TinyDB: `python -m bench.store`.

Every figure is a median of the same run on the same disk, in the directory it is started in. An fsync costs
what the disk asks, so an insert is compared with the bare fsyncs measured between the inserts.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count, cycle
from pathlib import Path
from statistics import median

from tinydb import TinyDB, where

from store.codes import PlateCode
from store.documents import to_document
from store.lookup import scan_code
from store.records import Copy, Face, Product, Stage
from store.tinydb_register import TinyDbRegister

SIZES = (100, 1_000, 10_000, 100_000)
INSERT_MS_OVER_FSYNC = 1.0
FLATNESS = 2.0
LOOK_UP_US = 60.0
OPENING_MS = 50.0
NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one size of register costs."""

    documents: int
    fsync_ms: float
    insert_ms: float
    look_up_us: float
    scan_us: float
    version_us: float
    opening_ms: float
    megabytes: float


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What the same costs in stock TinyDB, one JSON file."""

    insert_ms: float
    look_up_us: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A promise, what was measured, and the most it may be."""

    name: str
    measured: float
    allowed: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.measured <= self.allowed


def main() -> None:
    """Measure every size, print the table and the bars, and fail if one is missed."""
    with tempfile.TemporaryDirectory(prefix="gangpai-bench-", dir=Path.cwd()) as place:
        costs = measure(Path(place))
        stocks = [stock_of(Path(place, f"{documents}.json"), documents) for documents in SIZES]
    bars = list(bars_for(costs))
    print(HEAD, *map(row, costs, stocks), *map(verdict, bars), sep="\n")
    raise SystemExit(0 if all(bar.holds for bar in bars) else 1)


def measure(place: Path) -> list[Cost]:
    """Fill a register with every number of copies and time it."""
    with ExitStack() as stack:
        registers = {
            documents: stack.enter_context(closing(filled(place / f"{documents}.db", documents)))
            for documents in SIZES
        }
        fsync_ms, inserts_ms = fsyncs_and_inserts(registers, place / "fsync")
        return [
            cost_of(register, place / f"{documents}.db", documents, fsync_ms, inserts_ms[documents])
            for documents, register in registers.items()
        ]


def filled(path: Path, documents: int) -> TinyDbRegister:
    """Return a register with so many copies."""
    register = TinyDbRegister(path)
    with register.transaction() as transaction:
        transaction.append(*map(copy, range(documents)))
    return register


def fsyncs_and_inserts(registers: dict[int, TinyDbRegister], file: Path) -> tuple[float, dict[int, float]]:
    """Return the medians of a bare fsync and of one durable insert at each size, all taken in turns.

    The disk changes its price from minute to minute; in turns, every size pays the same.
    """
    numbers = count(max(registers))
    with file.open("wb", buffering=0) as opened:
        turns = [
            {0: once_ms(lambda: write_through(opened.fileno()))}
            | {
                documents: once_ms(lambda register=register: insert(register, next(numbers)))  # type: ignore[misc]
                for documents, register in registers.items()
            }
            for _ in range(300)
        ]
    medians = {what: median(turn[what] for turn in turns) for what in turns[0]}
    return medians.pop(0), medians


def insert(register: TinyDbRegister, number: int) -> None:
    """Write one copy durably."""
    with register.transaction() as transaction:
        transaction.append(copy(number))


def cost_of(register: TinyDbRegister, path: Path, documents: int, fsync_ms: float, insert_ms: float) -> Cost:
    """Time reading and opening, and put them beside what writing took."""
    codes = cycle(scattered_codes(documents))
    return Cost(
        documents=documents,
        fsync_ms=fsync_ms,
        insert_ms=insert_ms,
        look_up_us=1e3 * quietest_ms(lambda: register.find(Copy, code=next(codes).text)),
        scan_us=1e3 * quietest_ms(lambda: scan_code(register, next(codes), NOON)),
        version_us=1e3 * quietest_ms(register.version),
        opening_ms=timed_ms(lambda: TinyDbRegister(path).close(), 20),
        megabytes=path.stat().st_size / 1e6,
    )


def stock_of(path: Path, documents: int) -> Stock:
    """Fill a stock TinyDB with so many copies and time it."""
    stored = {str(number + 1): to_document(copy(number)) for number in range(documents)}
    path.write_text(json.dumps({"Copy": stored}))
    numbers = count(documents)
    repeats = max(3, min(50, 20_000 // documents))
    wanted = where("code") == code(documents // 2).text
    with TinyDB(path) as stock:
        copies = stock.table("Copy", cache_size=0)
        return Stock(
            insert_ms=timed_ms(lambda: copies.insert(to_document(copy(next(numbers)))), repeats),
            look_up_us=1e3 * timed_ms(lambda: copies.get(wanted), repeats),
        )


def bars_for(costs: list[Cost]) -> Iterator[Bar]:
    """Compare the costs with the promises made for the embedded register."""
    smallest, largest = costs[0], costs[-1]
    over_fsync = max(cost.insert_ms - cost.fsync_ms for cost in costs)
    growth = largest.insert_ms / smallest.insert_ms
    yield Bar(
        name="durable insert beyond one fsync", measured=over_fsync, allowed=INSERT_MS_OVER_FSYNC, unit="ms"
    )
    yield Bar(name=f"insert at {largest.documents:,} to 100", measured=growth, allowed=FLATNESS, unit="times")
    yield Bar(name="look-up by code", measured=largest.look_up_us, allowed=LOOK_UP_US, unit="µs")
    opening_ms = max(cost.opening_ms for cost in costs)
    yield Bar(name="opening", measured=opening_ms, allowed=OPENING_MS, unit="ms")


HEAD = (
    "documents  fsync ms  insert ms  stock ms  times  look-up µs  stock µs    scan µs  version µs"
    "  opening ms     MB"
)


def row(cost: Cost, stock: Stock) -> str:
    """Lay one size out under the head."""
    return (
        f"{cost.documents:9,}  {cost.fsync_ms:8.3f}  {cost.insert_ms:9.3f}  {stock.insert_ms:8.1f}"
        f"  {stock.insert_ms / cost.insert_ms:5.0f}  {cost.look_up_us:10.1f}"
        f"  {stock.look_up_us:8.0f}  {cost.scan_us:9.1f}  {cost.version_us:10.1f}"
        f"  {cost.opening_ms:10.2f}  {cost.megabytes:5.1f}"
    )


def verdict(bar: Bar) -> str:
    """Say in one line whether a promise is kept."""
    word = "holds" if bar.holds else "MISSED"
    return f"{word:6}  {bar.name}: {bar.measured:.2f} of {bar.allowed:g} {bar.unit}"


def timed_ms(work: Callable[[], object], repeats: int) -> float:
    """Return the median time of the work."""
    return median(once_ms(work) for _ in range(repeats))


def quietest_ms(work: Callable[[], object]) -> float:
    """Return the lowest of five medians, so that a neighbour's burst does not count."""
    return min(timed_ms(work, 500) for _ in range(5))


def once_ms(work: Callable[[], object]) -> float:
    """Return the time of the work, done once."""
    began = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began)


def write_through(descriptor: int) -> None:
    """Append a page to a file and wait until it is on the disk."""
    os.write(descriptor, bytes(4096))
    os.fsync(descriptor)


def scattered_codes(documents: int) -> list[PlateCode]:
    """Return the codes of 2500 copies that lie far from each other."""
    return [code(number * 7919 % documents) for number in range(2500)]


def code(number: int) -> PlateCode:
    """Return the code of the copy with this number; codes lie scattered, as random ones do."""
    return PlateCode.from_bits((number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC8341 % 2**130)


def copy(number: int) -> Copy:
    """Return a copy as long as real ones."""
    return Copy(
        id=f"2026-{number // 10:05d}-{number % 10:02d}",
        code=code(number).text,
        post_id=f"2026-{number // 10:05d}",
        branch_id=f"branch-{number % 40}",
        application_id=f"application-{number // 10}",
        product=Product.PLAQUE,
        stage=Stage.CREATION,
        design="plaque-creation",
        size="a4",
        face=FACE,
        place="政务服务中心一楼大厅3号窗口",
        issued_at=NOON,
    )


FACE = Face(
    heading="创建共产党员示范岗",
    post_name="综合受理服务窗口",
    duties="受理、审核、发证，一次告知，限时办结，对群众的意见当日答复。",
    member_count=5,
    names=("王小明", "李红", "买买提·艾力", "欧阳建国", "张伟"),
    holder="",
    holder_title="",
    branch_name="机关党总支",
    issuer="中心党委",
    dated_on=date(2026, 7, 1),
)


if __name__ == "__main__":
    main()
