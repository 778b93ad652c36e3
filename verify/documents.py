"""Documents that take seconds to draw: made one at a time, in a process of their own, for a few who wait.

Knows how many may wait, and keeps the latest documents for as long as what they show is the same. Leaves out
what they show, and where processes come from (app.py). A scan never waits for a document.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import TypeVar

from plaques.drawing.pdf import draw_pdf
from plaques.paperwork.sheets import sheet_pages
from store.paperwork.sheet import Sheet
from store.paperwork.workbook import workbook
from store.refusals import Refusal

D = TypeVar("D")

WAITING_MOST = 4
KEPT_MOST = 8
PATIENCE_S = 60.0


class DocumentsBusy(Refusal):
    """Others wait for documents already, or the drawing failed. Remedy: ask again in a minute."""

    clause_id = "F29"
    reason_zh = "正在生成其他文件，暂时轮不到这一份。"
    reason_en = "Other documents are being made; this one cannot be made now."
    remedy_zh = "请过一分钟再试。"
    remedy_en = "Ask again in a minute."


class Documents:
    """Makes documents in a process of its own; a process that died is replaced. Safe in threads."""

    def __init__(self, new_executor: Callable[[], Executor]) -> None:
        self._new_executor = new_executor
        self._executor: Executor | None = None
        self._lock = Lock()
        self._waiting = BoundedSemaphore(WAITING_MOST)
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def kept(self, key: tuple[str, ...]) -> bytes | None:
        """Return the document made under this key lately, if it is still kept."""
        with self._lock:
            return self._kept.get(key)

    def made(self, key: tuple[str, ...], draw: Callable[[D], bytes], drawn: D) -> bytes:
        """Draw what is given and keep the document; `key` names everything that it depends on.

        Raises:
            DocumentsBusy: too many wait already, or the drawing came to no end.

        """
        if not self._waiting.acquire(blocking=False):
            raise DocumentsBusy
        try:
            document = self._running().submit(draw, drawn).result(PATIENCE_S)
        except (BrokenExecutor, TimeoutError) as error:
            self.close()
            raise DocumentsBusy from error
        finally:
            self._waiting.release()
        self._keep(key, document)
        return document

    def close(self) -> None:
        """End the process; the next document gets a new one."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor:
            executor.shutdown(wait=False, cancel_futures=True)

    def _running(self) -> Executor:
        with self._lock:
            if self._executor is None:
                self._executor = self._new_executor()
            return self._executor

    def _keep(self, key: tuple[str, ...], document: bytes) -> None:
        with self._lock:
            self._kept[key] = document
            if len(self._kept) > KEPT_MOST:
                self._kept.popitem(last=False)


def _on_a4(sheets: Sequence[Sheet]) -> bytes:
    """Return sheets on A4, each on pages of its own, under the first one's title."""
    return draw_pdf(sheet_pages(sheets), title=sheets[0].title)


@dataclass(frozen=True, kw_only=True)
class Format:
    """What sheets are handed out as."""

    suffix: str
    media_type: str
    draw: Callable[[Sequence[Sheet]], bytes]


PDF = Format(suffix="pdf", media_type="application/pdf", draw=_on_a4)
XLSX = Format(
    suffix="xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    draw=workbook,
)
FORMATS = {each.suffix: each for each in (PDF, XLSX)}
