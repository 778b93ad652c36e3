"""收回通知 and 收回凭证: which plates have to come back, and that one did (F23)."""

from collections.abc import Iterator, Sequence
from datetime import date

from store.calendar import chinese_day, office_day
from store.clauses import CLAUSES
from store.dossier import dossier_of
from store.lookup import only
from store.paperwork.sheet import Align, Column, Fact, Sheet, Signature, Table, Value
from store.policy import Policy
from store.recalls import RECALL_CAUSE_ZH, RECALL_STATE_ZH, Recall, RecallState
from store.records import Fate, RecallCause, Return
from store.register import Reader
from store.terms import plate_kind_zh

_COLUMNS = (
    Column(heading="序号", width=2, align=Align.CENTER),
    Column(heading="标牌编号", width=7.6, align=Align.CENTER),
    Column(heading="种类", width=4.2, align=Align.CENTER),
    Column(heading="岗位名称", width=8),
    Column(heading="悬挂地点、佩戴人", width=10),
    Column(heading="收回原因", width=4.2, align=Align.CENTER),
    Column(heading="限期", width=7.8, align=Align.CENTER),
    Column(heading="交回签收", width=6),
)
_ROW_LINES = 2
_ADVICE = (
    "交回时请核对标牌编号并索取收回凭证；确已遗失的，请写明情况办理挂失，日后找到仍应交回。"
    "应当收回的标牌不得继续悬挂、佩戴，群众扫码即可看到该牌已不再有效。"
)


def recall_notice(policy: Policy, addressee: str, lines: Sequence[Recall], today: date) -> Sheet:
    """Return the notice of the plates that are still out: which, where they hang, and by when each is due."""
    still_out = [each for each in lines if each.is_open]
    return Sheet(
        name="收回通知",
        title="共产党员示范岗标牌收回通知",
        subtitle=addressee,
        opening=(_demand(still_out, policy),),
        tables=(
            Table(
                columns=_COLUMNS,
                rows=tuple(_row(number, each, today) for number, each in enumerate(still_out, start=1)),
                lines=_ROW_LINES,
            ),
        ),
        closing=(_ADVICE,),
        signatures=(
            Signature(label="接收单位负责人（签字）："),
            Signature(label=f"{policy.committee_name}（盖章）：", dated_on=today),
        ),
        landscape=True,
    )


def _demand(still_out: Sequence[Recall], policy: Policy) -> str:
    if not still_out:
        return "目前没有应当交回而尚未交回的标牌。"
    last = max(each.line.due_on for each in still_out)
    vetoed = any(each.line.cause is RecallCause.VETO for each in still_out)
    ground = (
        f"依据实施方案“{CLAUSES['F22'].words}，{CLAUSES['F23'].words}”的规定"
        if vetoed
        else "因换发、调离或停用"
    )
    return (
        f"{ground}，下列{len(still_out)}件标牌应当收回，请于各自限期前（最迟{chinese_day(last)}）交回"
        f"{policy.committee_name}。"
    )


def _row(number: int, recall: Recall, today: date) -> tuple[Value, ...]:
    copy = recall.copy
    overdue = "\n已逾期" if recall.is_overdue(today) else ""
    return (
        number,
        copy.id,
        plate_kind_zh(copy.product, copy.stage),
        copy.face.post_name,
        " ".join(filter(None, (recall.place, copy.face.holder))),
        RECALL_CAUSE_ZH[recall.line.cause],
        f"{chinese_day(recall.line.due_on)}{overdue}",
        None,
    )


def recall_receipts(reader: Reader, policy: Policy, lines: Sequence[Recall]) -> Iterator[Sheet]:
    """Yield a receipt for each plate that came back or was destroyed."""
    for recall in lines:
        returned = only(reader.find(Return, copy_id=recall.copy.id))
        if returned and recall.state is not RecallState.CANCELLED:
            yield _receipt(reader, policy, recall, returned)


def _receipt(reader: Reader, policy: Policy, recall: Recall, returned: Return) -> Sheet:
    copy, returned_on = recall.copy, office_day(returned.returned_at)
    done = "销毁" if returned.fate is Fate.DESTROYED else "交回"
    in_time = "按期" if returned_on <= recall.line.due_on else "逾期"
    return Sheet(
        name=f"凭证{copy.id}",
        title="共产党员示范岗标牌收回凭证",
        subtitle=f"凭证编号 {returned.id}",
        facts=(
            Fact("标牌编号", copy.id),
            Fact("种类", plate_kind_zh(copy.product, copy.stage)),
            Fact("党总支", dossier_of(reader, copy.post_id).branch.name),
            Fact("岗位名称", copy.face.post_name),
            Fact("岗位编号", copy.post_id),
            Fact("持有人", copy.face.holder or "（岗位）"),
            Fact("原悬挂地点", recall.place),
            Fact("收回原因", RECALL_CAUSE_ZH[recall.line.cause]),
            Fact("收回限期", recall.line.due_on),
            Fact(f"{done}日期", returned_on),
            Fact("办理情况", f"{RECALL_STATE_ZH[recall.state]}（{in_time}）"),
            Fact("备注", returned.note),
        ),
        opening=(f"兹证明上列标牌已于{chinese_day(returned_on)}{done}，登记在册，不再悬挂或佩戴。",),
        signatures=(
            Signature(label="交回人（签字）："),
            Signature(label="经办人（签字）："),
            Signature(label=f"{policy.committee_name}（盖章）：", dated_on=returned_on),
        ),
    )
