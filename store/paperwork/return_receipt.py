"""交回收据: for whoever hands in plates, which they were, when, to whom and by which clause (F23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.calendar import chinese_time, office_day
from store.clauses import CLAUSES
from store.paperwork.sheet import Align, Column, Fact, Sheet, Signature, Table, Value
from store.policy import Policy
from store.recalls import CLAUSE_OF_CAUSE, RECALL_CAUSE_ZH
from store.records import Copy, Fate, RecallLine, Return
from store.terms import plate_kind_zh

_COLUMNS = (
    Column(heading="序号", width=2.5, align=Align.CENTER),
    Column(heading="标牌编号", width=8, align=Align.CENTER),
    Column(heading="种类", width=5, align=Align.CENTER),
    Column(heading="党总支、岗位名称", width=10),
    Column(heading="收回原因、依据", width=6, align=Align.CENTER),
    Column(heading="期限、办理", width=8, align=Align.CENTER),
    Column(heading="登记时间", width=8, align=Align.CENTER),
    Column(heading="经办人", width=6, align=Align.CENTER),
)
_ROW_LINES = 2


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """A plate that came back: the line that called for it, if any did, and who entered it."""

    copy: Copy
    returned: Return
    line: RecallLine | None
    taken_by: str


def return_receipt(policy: Policy, taken: Sequence[TakenIn], today: date) -> Sheet:
    """Return the receipt for plates that came back or were destroyed, made out on a day."""
    branches = dict.fromkeys(each.copy.face.branch_name for each in taken)
    rows = tuple(_row(number, each) for number, each in enumerate(taken, start=1))
    return Sheet(
        name="交回收据",
        title="共产党员示范岗标牌交回收据",
        subtitle="、".join(branches),
        facts=(
            Fact("件数", len(taken)),
            Fact("交至", policy.committee_name),
            Fact("开具日期", today),
        ),
        opening=(f"今收到下列{len(taken)}件标牌，均已登记在册，不再悬挂或佩戴。",),
        tables=(Table(columns=_COLUMNS, rows=rows, lines=_ROW_LINES),),
        closing=_grounds(taken),
        signatures=(
            Signature(label="交回人（签字）："),
            Signature(label="经办人（签字）："),
            Signature(label=f"{policy.committee_name}（盖章）：", dated_on=today),
        ),
        landscape=True,
    )


def _row(number: int, taken: TakenIn) -> tuple[Value, ...]:
    copy, line = taken.copy, taken.line
    return (
        number,
        copy.id,
        plate_kind_zh(copy.product, copy.stage),
        f"{copy.face.branch_name}\n{copy.face.post_name}",
        f"{RECALL_CAUSE_ZH[line.cause]}\n{CLAUSE_OF_CAUSE[line.cause]}" if line else "自行交回",
        _course(taken),
        chinese_time(taken.returned.returned_at),
        taken.taken_by or None,
    )


def _course(taken: TakenIn) -> str:
    done = "销毁" if taken.returned.fate is Fate.DESTROYED else "交回"
    if taken.line is None:
        return done
    late = (office_day(taken.returned.returned_at) - taken.line.due_on).days
    return f"{done}，逾期{late}天" if late > 0 else f"按期{done}"


def _grounds(taken: Sequence[TakenIn]) -> tuple[str, ...]:
    clauses = {CLAUSE_OF_CAUSE[each.line.cause] for each in taken if each.line}
    return tuple(f"依据：{CLAUSES[each].zh}" for each in sorted(clauses))
