"""The veto drill: how long after an acknowledged veto the last scanner and the last open page have seen it.

It runs on a register of its own in a temporary folder, never on the office's, against a real server with two
worker processes on this machine. Both clocks are one: acknowledgement and answers are timed in this process.
"""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gangpai.office import Office, clock, open_office
from gangpai.probe import HOST, connected, open_page, scan
from gangpai.settings import Settings
from gangpai.terminal import Outcome
from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.issue import issue_copies
from store.acts.veto import Charge, veto
from store.calendar import office_day
from store.codes import CODE_BITS, PlateCode, PlateNumber
from store.dossier import Dossier, dossier_of, dossiers
from store.records import (
    CollectiveKind,
    Copy,
    Face,
    Member,
    PostContent,
    PostKind,
    Product,
    Stage,
    VetoCause,
)
from store.refusals import Refusal
from store.roster import RosterRow
from store.standing import Verdict

SCANNERS, PAGES, WORKERS = 50, 50, 2
SCANNED_BEFORE_S = 1.0
"""How long everyone looks before the veto, so that it falls among scans under way."""

READY_WITHIN_S, DONE_WITHIN_S, STOPPED_WITHIN_S = 15, 25, 5
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


def run_drill() -> Drilled:
    """Set a register and a server up, veto, measure, take everything down again.

    Raises:
        DrillStuck: the server did not start, or not everyone saw the veto in time.

    """
    with tempfile.TemporaryDirectory(prefix="gangpai-drill-") as folder:
        settings = Settings(store_path=Path(folder) / "register.db", demo=True)
        with open_office(settings) as office:
            [copy] = hang_plates(office)
            with running_server(settings, workers=WORKERS) as port:
                return asyncio.run(_drill(office, copy, port))


def hang_plates(office: Office, count: int = 1) -> list[Copy]:
    """Apply for demonstration posts, approve them and issue one plaque each, without drawing any."""
    rows = [_row(number) for number in range(1, count + 1)]
    plan = apply_roster(office.register, office.authority(), rows)
    post_ids = [each.post.id for each in dossiers(office.register)][: len(plan.new)]
    for post_id in post_ids:
        approve(office.register, office.authority(), post_id, document="演练")
    copies = [_copy(dossier_of(office.register, post_id), office) for post_id in post_ids]
    issue_copies(office.register, office.authority(), copies)
    return copies


def _row(number: int) -> RosterRow:
    content = PostContent(
        name=f"演练岗{number}",
        kind=PostKind.COLLECTIVE,
        collective_kind=CollectiveKind.SERVICE_POST,
        place="演练地点",
        duties="供演练使用",
        members=tuple(Member(name=name) for name in ("张伟", "王芳", "李娜")),
    )
    return RosterRow(branch_name=f"演练{number}党总支", content=content, row=number)


def _copy(dossier: Dossier, office: Office) -> Copy:
    names = tuple(member.name for member in dossier.members)
    face = Face(
        heading=office.policy.headings[Stage.CREATION],
        post_name=dossier.content.name,
        duties=dossier.content.duties,
        member_count=len(names),
        names=names,
        holder="",
        holder_title="",
        branch_name=dossier.branch.name,
        issuer=office.policy.committee_name,
        dated_on=office_day(clock()),
        mark="样张",
    )
    return Copy(
        id=str(PlateNumber(dossier.post.id, 1)),
        code=PlateCode.from_bits(secrets.randbits(CODE_BITS)).text,
        post_id=dossier.post.id,
        branch_id=dossier.branch.id,
        application_id=dossier.latest.id,
        product=Product.PLAQUE,
        stage=Stage.CREATION,
        design="red",
        size="a4",
        face=face,
        place=dossier.content.place,
        issued_at=clock(),
    )


@contextmanager
def running_server(settings: Settings, *, workers: int) -> Iterator[int]:
    """Run `gangpai serve` in processes of its own on a free port of this machine, and stop it afterwards.

    Raises:
        DrillStuck: it is not ready in time.

    """
    port = free_port()
    process = start_server(settings, port, workers=workers)
    try:
        wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        _wait_or_kill(process)


def start_server(settings: Settings, port: int, *, workers: int) -> "subprocess.Popen[bytes]":
    """Start `gangpai serve` with the settings, in a process group of its own; it is not ready yet."""
    command = [sys.executable, "-m", "gangpai", "serve", "--port", str(port), "--workers", str(workers)]
    environment = server_environment(settings, port)
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 -- our own program


def free_port() -> int:
    """Return a port of this machine that is free at the moment."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def server_environment(settings: Settings, port: int) -> dict[str, str]:
    """Return this process's environment with the settings a server at the port works with."""
    return {
        **os.environ,
        "GANGPAI_STORE": f"tinydb:{settings.store_path}",
        "GANGPAI_BASE_URL": f"http://{HOST}:{port}",
        "GANGPAI_DEMO": "1",
    }


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the server answers that it is ready.

    Raises:
        DrillStuck: it ended, or is not ready in time.

    """
    deadline = time.monotonic() + READY_WITHIN_S
    while not asyncio.run(_is_ready(port)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise DrillStuck(stage="服务未能启动 / the server did not start")
        time.sleep(0.05)


async def _is_ready(port: int) -> bool:
    try:
        async with connected(port) as line:
            return await line.ask("/readyz") == 200  # noqa: PLR2004 -- the status OK
    except (OSError, IndexError):
        return False


def _wait_or_kill(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


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
