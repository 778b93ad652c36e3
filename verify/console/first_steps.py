"""The way from an empty register to printed plates, as the first page shows it until the first plate exists.

Knows the three steps, and which of them are done. Leaves out the pages on which each is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from store.post_states import PostLine
from store.records import Copy
from verify.console.guard import Desk
from verify.console.places import IMPORTS


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `address` is where this officer takes it, empty where it is done, too early or another's."""

    zh: str
    en: str
    hint_zh: str
    hint_en: str
    done: bool
    address: str


def first_steps(desk: Desk, posts: list[PostLine]) -> list[Step]:
    """Return the steps while no plate was ever printed for these posts; then nothing."""
    if desk.site.register.count(Copy):
        return []
    return list(_steps(desk, posts))


def _steps(desk: Desk, posts: list[PostLine]) -> Iterator[Step]:
    pending = [each for each in posts if each.pending]
    decided = len(posts) > len(pending)
    yield Step(
        zh="导入名册",
        en="Import a roster",
        hint_zh="选一份 Excel 名册，逐格核对后登记为申报。",
        hint_en="Choose an Excel roster; faults are shown at their cells.",
        done=bool(posts),
        address="" if posts or not desk.may(*IMPORTS) else "/console/import",
    )
    yield Step(
        zh="批准申报",
        en="Approve",
        hint_zh="由党委对申报的岗位一并批准，填文号即可（F7）。",
        hint_en="The committee approves the posts at once (F7).",
        done=bool(posts) and not pending,
        address="/console/posts?state=applied&all=1" if pending and desk.decides else "",
    )
    yield Step(
        zh="制作标牌",
        en="Print plates",
        hint_zh="选种类，看过牌面和印前检查，下载印制文件（F10）。",
        hint_en="Choose the product, look at the artwork, download the file (F10).",
        done=False,
        address="/console/print" if decided and desk.prints else "",
    )
