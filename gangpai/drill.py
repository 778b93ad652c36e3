"""The veto drill: how long after an acknowledged veto the last scanner and the last open page have seen it.

It runs on a register of its own in a temporary folder, never on the office's, against a real server with two
worker processes on this machine. Both clocks are one: acknowledgement and answers are timed in this process.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gangpai.local_server import running_server
from gangpai.office import Office, open_office
from gangpai.practice import hang_plates
from gangpai.probe import connected, open_page, scan
from gangpai.settings import Settings
from gangpai.stores import Store, TinyDbFile
from gangpai.terminal import Outcome
from store.acts.veto import Charge, veto
from store.records import Copy, VetoCause
from store.refusals import Refusal
from store.standing import Verdict

SCANNERS, PAGES, WORKERS = 50, 50, 2
SCANNED_BEFORE_S = 1.0
"""How long everyone looks before the veto, so that it falls among scans under way."""

DONE_WITHIN_S = 25
_REVOKED = Verdict.REVOKED.value


class DrillStuck(Refusal):
    """The drill did not come to its end in time. Remedy: run it on a machine that is not busy."""

    reason_zh = "演练未能在限定时间内完成（{stage}）。"
    reason_en = "The drill did not end in time ({stage})."
    remedy_zh = "请在空闲的机器上重试；仍不行时运行 gangpai doctor。"
    remedy_en = "Try again on a machine that is idle, or run gangpai doctor."


@dataclass
class Watch:
    """What one drill has seen so far; moments are of the same monotonic clock, in seconds."""

    acknowledged_s: float | None = None
    everyone_looks: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(SCANNERS + PAGES + 1))
    scans: int = 0
    stale: int = 0
    scanners_s: list[float] = field(default_factory=list)
    pages_s: list[float] = field(default_factory=list)

    @property
    def everyone_saw(self) -> bool:
        """Whether every scanner and every page has seen the veto."""
        return len(self.scanners_s) == SCANNERS and len(self.pages_s) == PAGES

    def note_scan(self, begun_s: float, standing: str) -> bool:
        """Count one scan, and say whether it showed the veto."""
        self.scans += 1
        begun_after = self.acknowledged_s is not None and begun_s > self.acknowledged_s
        self.stale += begun_after and standing != _REVOKED
        return standing == _REVOKED


@dataclass(frozen=True, kw_only=True)
class Drilled:
    """What came of a drill, in milliseconds from the acknowledgement."""

    scans: int
    stale: int
    scanners_ms: Sequence[float]
    pages_ms: Sequence[float]

    @property
    def passed(self) -> bool:
        """Whether no scan begun after the acknowledgement showed the plate as standing."""
        return self.stale == 0

    @property
    def outcome(self) -> Outcome:
        """The drill in words and numbers."""
        scanners, pages = _span(self.scanners_ms), _span(self.pages_ms)
        verdict = "通过" if self.passed else "未通过"
        return Outcome(
            zh=f"演练{verdict}：否决确认后，"
            f"{len(self.scanners_ms)}个扫码端在{scanners}毫秒内、"
            f"{len(self.pages_ms)}个已打开页面在{pages}毫秒内见到“已撤销”；"
            f"确认后开始的扫码仍显示有效的：{self.stale}次（共扫码{self.scans}次）。",
            en=f"Drill {'passed' if self.passed else 'FAILED'}: {len(self.scanners_ms)} scanners "
            f"{scanners} ms, {len(self.pages_ms)} open pages {pages} ms after the acknowledgement; "
            f"stale scans: {self.stale} of {self.scans}.",
            facts={
                "passed": self.passed,
                "scans": self.scans,
                "stale_scans": self.stale,
                "scanners": len(self.scanners_ms),
                "pages": len(self.pages_ms),
                "first_scanner_ms": min(self.scanners_ms),
                "last_scanner_ms": max(self.scanners_ms),
                "first_page_ms": min(self.pages_ms),
                "last_page_ms": max(self.pages_ms),
            },
        )


def _span(moments_ms: Sequence[float]) -> str:
    return f"{min(moments_ms):.1f}–{max(moments_ms):.1f}"


def run_drill(store: Store | None = None) -> Drilled:
    """Set a server up over an empty register, veto, measure, take everything down again.

    The register is one in a temporary folder unless the store of another is given.

    Raises:
        ServerStuck, DrillStuck: the server did not start, or not everyone saw the veto in time.

    """
    with tempfile.TemporaryDirectory(prefix="gangpai-drill-") as folder:
        settings = Settings(store=store or TinyDbFile(Path(folder) / "register.db"), demo=True)
        with open_office(settings) as office:
            [copy] = hang_plates(office)
            with running_server(settings, workers=WORKERS) as port:
                return asyncio.run(_drill(office, copy, port))


async def _drill(office: Office, copy: Copy, port: int) -> Drilled:
    watch = Watch()
    try:
        async with asyncio.timeout(DONE_WITHIN_S), asyncio.TaskGroup() as group:
            for _ in range(SCANNERS):
                group.create_task(_keep_scanning(watch, copy.code, port))
            for _ in range(PAGES):
                group.create_task(_keep_open(watch, copy.code, port))
            group.create_task(_veto_when_all_look(watch, office, copy))
    except TimeoutError as error:
        raise DrillStuck(stage="并非所有扫码端都见到撤销 / not everyone saw the veto") from error
    return Drilled(
        scans=watch.scans,
        stale=watch.stale,
        scanners_ms=_since(watch, watch.scanners_s),
        pages_ms=_since(watch, watch.pages_s),
    )


def _since(watch: Watch, moments_s: Sequence[float]) -> list[float]:
    return [round((each - (watch.acknowledged_s or 0)) * 1000, 2) for each in moments_s]


async def _keep_scanning(watch: Watch, code: str, port: int) -> None:
    async with connected(port) as line:
        await scan(line, code)
        await watch.everyone_looks.wait()
        seen = False
        while not watch.everyone_saw:
            begun_s = time.perf_counter()
            shown = watch.note_scan(begun_s, await scan(line, code))
            if shown and not seen:
                watch.scanners_s.append(time.perf_counter())
            seen = seen or shown


async def _keep_open(watch: Watch, code: str, port: int) -> None:
    async with connected(port) as line:
        standings = open_page(line, code)
        await anext(standings)
        await watch.everyone_looks.wait()
        async for standing in standings:
            if standing == _REVOKED:
                watch.pages_s.append(time.perf_counter())
                return


async def _veto_when_all_look(watch: Watch, office: Office, copy: Copy) -> None:
    await watch.everyone_looks.wait()
    await asyncio.sleep(SCANNED_BEFORE_S)
    watch.acknowledged_s = await asyncio.to_thread(_acknowledged_veto, office, copy.post_id)


def _acknowledged_veto(office: Office, post_id: str) -> float:
    charge = Charge(cause=VetoCause.GRAVE_HARM_TO_IMAGE, facts="演练")
    veto(office.register, office.authority(), post_id, charge)
    return time.perf_counter()
