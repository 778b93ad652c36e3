"""The words of a reminder of overdue plates, as a letter and as a message of a 企业微信 group robot (F23).

They name plates, posts and days, never people. Leaves out when a reminder is due (reminders.py) and how it
goes out. Source of the robot's form and bounds: 企业微信 developer documentation, 群机器人配置说明, markdown.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from store.calendar import chinese_day
from store.clauses import CLAUSES
from store.recalls import CLAUSE_OF_CAUSE, RECALL_CAUSE_ZH, Recall, RecallState
from store.reminders import Overdue
from store.terms import plate_kind_zh

LISTED_MOST = 30
"""How many plates a letter lists; the page it leads to lists all."""

ROBOT_BYTES_MOST = 4096
"""How many bytes of UTF-8 the text of a robot's message may have."""

_PLAIN = str.maketrans("<>[]()*_`#@&~|\\", "＜＞［］（）＊＿｀＃＠＆～｜＼")
"""What a robot's message would take for markup or a call to somebody, in full width."""


def subject(overdue: Overdue) -> str:
    """Return the subject of a letter, in one line."""
    return f"【标牌收回催办】{_one_line(overdue.branch.name)}：{len(overdue.lines)}块标牌逾期未交回"


def letter(overdue: Overdue, base_url: str) -> str:
    """Return the text of a letter."""
    listed = [f"{number}. {line}" for number, line in enumerate(_listed(overdue), start=1)]
    return "\n".join(
        (
            _opening(overdue),
            "",
            *listed,
            *_rest(overdue, LISTED_MOST),
            "",
            _closing(),
            _link(overdue, base_url),
            "",
        )
    )


def robot_body(overdue: Overdue, base_url: str) -> bytes:
    """Return the JSON body of a robot's message, of as many plates as it has room for."""
    content = next(
        text for text in _ever_shorter(overdue, base_url) if len(text.encode()) <= ROBOT_BYTES_MOST
    )
    return json.dumps({"msgtype": "markdown", "markdown": {"content": content}}, ensure_ascii=False).encode()


def _ever_shorter(overdue: Overdue, base_url: str) -> Iterator[str]:
    lines = [f"> {line.translate(_PLAIN)}" for line in _listed(overdue)]
    opening = _opening(overdue).translate(_PLAIN)
    link = f"[查看收回清单]({_address(overdue, base_url)})"
    for most in range(len(lines), -1, -1):
        yield "\n".join((opening, *lines[:most], *_rest(overdue, most), link))


def _opening(overdue: Overdue) -> str:
    return (
        f"{_one_line(overdue.branch.name)}：截至{chinese_day(overdue.day)}，"
        f"贵总支有{len(overdue.lines)}块标牌逾期未交回，请尽快收回。"
    )


def _listed(overdue: Overdue) -> list[str]:
    return [_line(each, overdue) for each in overdue.lines[:LISTED_MOST]]


def _line(recall: Recall, overdue: Overdue) -> str:
    copy, cause = recall.copy, recall.line.cause
    displayed = "，群众反映仍在悬挂" if recall.state is RecallState.STILL_DISPLAYED else ""
    return (
        f"{copy.id} {plate_kind_zh(copy.product, copy.stage)} “{_one_line(copy.face.post_name)}” "
        f"{RECALL_CAUSE_ZH[cause]}（{CLAUSE_OF_CAUSE[cause]}），期限{chinese_day(recall.line.due_on)}，"
        f"逾期{(overdue.day - recall.line.due_on).days}天{displayed}"
    )


def _rest(overdue: Overdue, listed: int) -> tuple[str, ...]:
    more = len(overdue.lines) - min(listed, len(overdue.lines))
    return (f"……另有{more}块，见收回清单。",) if more else ()


def _closing() -> str:
    return f"依据：{CLAUSES['F23'].zh}交回后请登记；遗失、销毁的，请写明情况登记。"


def _link(overdue: Overdue, base_url: str) -> str:
    return f"收回清单（登录后查看）：{_address(overdue, base_url)}"


def _address(overdue: Overdue, base_url: str) -> str:
    return f"{base_url}/console/recalls?{urlencode({'branch': overdue.branch.id, 'show': 'overdue'})}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
