"""The way from an empty register to printed plates, as the first page shows it until the first plate exists.

Knows the steps, and which of them are done. Leaves out the pages on which each is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from store.acts.officers import active_officer
from store.post_states import PostLine
from store.records import Copy, Role
from store.staff import officers_now
from verify.console.guard import Desk
from verify.console.places import IMPORTS

NAMED_MOST = 50
"""How many posts a first decision or print takes in at once; more are chosen from their list."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `address` is where this officer takes it, empty where it is done, too early or another's."""

    zh: str
    en: str
    hint_zh: str
    hint_en: str
    done: bool
    address: str


def first_steps(desk: Desk) -> list[Step]:
    """Return the steps while no plate was ever printed; then nothing."""
    if desk.site.register.count(Copy):
        return []
    states = desk.site.post_states.by_post(desk.site.register, None).values()
    return list(_steps(desk, [each for each in states if desk.branch_id in {None, each.branch_id}]))


def next_step(desk: Desk) -> Step | None:
    """Return the step this officer may take now, if one is left."""
    return next((each for each in first_steps(desk) if each.address), None)


def _steps(desk: Desk, posts: list[PostLine]) -> Iterator[Step]:
    if desk.may(Role.ADMINISTRATOR):
        yield _invitation(desk)
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
        address=_decision(pending) if pending and desk.decides else "",
    )
    yield Step(
        zh="制作标牌",
        en="Print plates",
        hint_zh="选种类，看过牌面和印前检查，下载印制文件（F10）。",
        hint_en="Choose the product, look at the artwork, download the file (F10).",
        done=False,
        address=_order(posts) if decided and desk.prints else "",
    )


def _invitation(desk: Desk) -> Step:
    """Return the step of whoever set the system up: the committee has to come in."""
    register = desk.site.register
    members = [each for each in officers_now(register) if each.role is Role.COMMITTEE]
    is_there = any(active_officer(register, each.id) for each in members)
    return Step(
        zh="邀请党委工作人员",
        en="Invite the committee",
        hint_zh="由党委批准申报；生成链接，交给本人设定密码。",
        hint_en="The committee decides; make the link by which its officer comes in.",
        done=is_there,
        address="" if is_there else "/console/officers",
    )


def _decision(pending: list[PostLine]) -> str:
    """Return where these posts are decided on: at once, if they can all be named in an address."""
    if len(pending) > NAMED_MOST:
        return "/console/posts?state=applied&all=1"
    return "/console/bulk/approve?" + urlencode([("post", each.post_id) for each in pending])


def _order(posts: list[PostLine]) -> str:
    return "/console/print" if len(posts) > NAMED_MOST else "/console/print/order?every=1&product=plaque"
