"""Running us and the peers in turns on the same rosters, and laying out what that took.

Every run is a fresh process, from its imports to the file written; everybody runs once before anybody runs
again, so that all pay alike for what else the machine does. A peer that is not quick runs once. Prints a
table, the growth from the smallest to the largest roster, and the promises beside what was measured.
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TypeAlias

from bench.press.process import Run, TookTooLong, measured
from bench.press.roster import SEED, write_roster
from bench.timing import Bar

OURS, TYPST = "ours", "with_typst"
PEERS = {OURS: "gangpai", TYPST: "typst", "with_fpdf2": "fpdf2", "with_weasyprint": "weasyprint"}
"""The modules that print, and the packages whose versions are told."""

TURNS = {1: 7, 1_000: 5}
LARGE = 100_000
_FEW_TURNS = 3
_QUICK_S = 5.0
_PLAQUE = 1
_MEMBERS_ON_IT = 3
"""The least a post may have, so that a roster of so many is one post, whatever the seed."""
_COLUMNS = {"wall s": 9, "cpu s": 9, "memory MB": 11, "largest MB": 12, "bytes each": 12}
_WIDTHS = tuple(_COLUMNS.values())
_HEAD = " " * 34 + "".join(map(str.rjust, _COLUMNS, _WIDTHS))
_MARKDOWN_HEAD = f"| | by | {' | '.join(_COLUMNS)} |\n|---:|---|{'---:|' * len(_COLUMNS)}"

Sizes: TypeAlias = Mapping[int, Mapping[str, "Outcome"]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The medians of what some runs took, and the size of what they wrote."""

    run: Run
    file_bytes: int


@dataclass(frozen=True, kw_only=True)
class Measuring:
    """How to measure: the rosters' seed, and how long the peers beside Typst may take."""

    seed: int
    limit_s: float
    markdown: bool = False


def main(arguments: Sequence[str] = ()) -> None:
    """Measure what the arguments ask for and print it."""
    asked = _asked(arguments)
    measuring = Measuring(seed=asked.seed, limit_s=asked.limit, markdown=asked.markdown)
    print(_MARKDOWN_HEAD if measuring.markdown else _HEAD)
    plaque = _reported("plaque", _PLAQUE, tuple(PEERS), measuring)
    badges = {count: _reported("badge", count, tuple(PEERS), measuring) for count in asked.badges}
    large = {LARGE: _reported("badge", LARGE, (OURS,), measuring)} if asked.large else {}
    print(*_growths(badges), sep="\n")
    print(*_bars(plaque, badges | large), sep="\n")


def _asked(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m bench.press")
    parser.add_argument("--badges", type=_counts, default=(1_000, 10_000), help="how many, as 1000,10000")
    parser.add_argument("--large", action="store_true", help=f"print {LARGE:,} too, by us alone")
    parser.add_argument("--seed", type=int, default=SEED, help="of the rosters")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a run is given up")
    parser.add_argument("--markdown", action="store_true", help="lay the table out for a page of Markdown")
    return parser.parse_args(arguments)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _reported(product: str, count: int, peers: Sequence[str], measuring: Measuring) -> Mapping[str, Outcome]:
    """Measure everybody on one roster, and print a row for each."""
    outcomes = _outcomes(product, count, peers, measuring)
    label = f"{count:,} {product}{'s' * (count > 1)}"
    for peer in peers:
        name = f"{PEERS[peer]} {version(PEERS[peer])}"
        print(_row(label, name, _figures(outcomes.get(peer), count, measuring), measuring), flush=True)
    return outcomes


def _figures(outcome: Outcome | None, count: int, measuring: Measuring) -> Sequence[str]:
    if outcome is None:
        return (f"> {measuring.limit_s:g}", "", "", "", "")
    run, each = outcome.run, outcome.file_bytes / count
    times, sizes = (run.wall_s, run.cpu_s), (run.memory_mb, run.largest_mb, each)
    return (*(f"{time:.2f}" for time in times), *(f"{size:,.0f}" for size in sizes))


def _row(label: str, name: str, figures: Sequence[str], measuring: Measuring) -> str:
    if measuring.markdown:
        return f"| {' | '.join((label, name, *figures))} |"
    return f"{label:>14}  {name:18}{''.join(map(str.rjust, figures, _WIDTHS))}"


def _outcomes(product: str, count: int, peers: Sequence[str], measuring: Measuring) -> Mapping[str, Outcome]:
    taken: dict[str, list[Outcome]] = {}
    with tempfile.TemporaryDirectory(prefix="gangpai-press-") as name:
        roster = Path(name) / "roster.jsonl"
        write_roster(roster, _MEMBERS_ON_IT if product == "plaque" else count, measuring.seed)
        still = list(peers)
        for _ in range(TURNS.get(count, _FEW_TURNS)):
            still = list(_turn(product, roster, still, taken, measuring.limit_s))
    return {peer: _medians(outcomes) for peer, outcomes in taken.items()}


def _turn(
    product: str, roster: Path, peers: Sequence[str], taken: dict[str, list[Outcome]], limit_s: float
) -> Iterator[str]:
    """Run everybody once; yield who shall run again: we, Typst, and who was quick."""
    for peer in peers:
        with suppress(TookTooLong):
            outcome = _printed(product, roster, peer, limit_s)
            taken.setdefault(peer, []).append(outcome)
            if peer in {OURS, TYPST} or outcome.run.wall_s < _QUICK_S:
                yield peer


def _printed(product: str, roster: Path, peer: str, limit_s: float) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="gangpai-press-") as name:
        command = [sys.executable, "-m", f"bench.press.{peer}", product, str(roster), name]
        run = measured(command, limit_s)
        return Outcome(run=run, file_bytes=sum(file.stat().st_size for file in Path(name).iterdir()))


def _medians(outcomes: Sequence[Outcome]) -> Outcome:
    runs = [outcome.run for outcome in outcomes]
    middle = Run(
        wall_s=median(run.wall_s for run in runs),
        cpu_s=median(run.cpu_s for run in runs),
        memory_mb=median(run.memory_mb for run in runs),
        largest_mb=median(run.largest_mb for run in runs),
    )
    return Outcome(run=middle, file_bytes=outcomes[0].file_bytes)


def _growths(badges: Sizes) -> Iterator[str]:
    """Say how many times as long the largest roster takes as the smallest."""
    least, most = min(badges), max(badges)
    label = f"{most:,} : {least:,}"
    for peer, name in PEERS.items():
        with suppress(KeyError):
            small, large = badges[least][peer].run, badges[most][peer].run
            time, memory = large.wall_s / small.wall_s, large.memory_mb / small.memory_mb
            yield f"{label:>14}  {name:18}{time:.1f} x the time, {memory:.1f} x the memory"


def _bars(plaque: Mapping[str, Outcome], badges: Sizes) -> Iterator[Bar]:
    yield _ratio("cold plaque, wall", plaque[OURS].run.wall_s, plaque[TYPST].run.wall_s, 1.5)
    most = max(set(badges) - {LARGE})
    ours, typst = badges[most][OURS], badges[most][TYPST]
    yield _ratio(f"{most:,} badges, wall", ours.run.wall_s, typst.run.wall_s, 0.35)
    yield _ratio(f"{most:,} badges, memory", ours.run.memory_mb, typst.run.memory_mb, 0.25)
    yield Bar(name="file, each badge", measured=ours.file_bytes / most / 1_000, allowed=1.5, unit="kB")
    if large := badges.get(LARGE):
        grown = large[OURS].run
        yield Bar(
            name=f"time, {LARGE:,} : {most:,}", measured=grown.wall_s / ours.run.wall_s, allowed=11, unit=""
        )
        yield Bar(
            name=f"memory, {LARGE:,} : {most:,}",
            measured=grown.memory_mb / ours.run.memory_mb,
            allowed=1.2,
            unit="",
        )


def _ratio(name: str, ours: float, typst: float, allowed: float) -> Bar:
    return Bar(name=f"{name}, ours : Typst", measured=ours / typst, allowed=allowed, unit="")
