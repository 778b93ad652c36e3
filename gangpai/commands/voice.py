"""The public's voice at the command line: read, called back, settled, typed in, contacts opened."""

import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gangpai.office import Office, open_office
from gangpai.settings import BadSetting, contact_key_of
from gangpai.terminal import AsJson, Column, Listing, Outcome, show
from store.acts import answering
from store.acts.voice import PaperMessage, enter_paper_message
from store.calendar import chinese_time
from store.codes import RECEIPT_BYTES, receipt_code
from store.contacts import KEY_BYTES, OpeningKey, seal_if_left
from store.feedback import TERM_STATE_ZH, Clock, Heard, Particulars, Term, complaints_for, messages_for
from store.records import Grade, Topic
from store.register import Reader
from store.terms import CHANNEL_ZH, FINDING_ZH, GRADE_ZH, TOPIC_ZH

Receipt = Annotated[str, typer.Argument(metavar="RECEIPT", help="回执编号 / receipt code")]
KeyFile = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="联系方式密钥文件 / the file of the contact key")
]

_COLUMNS = (
    Column(key="receipt", zh="回执", en="receipt"),
    Column(key="post", zh="岗位", en="post"),
    Column(key="number", zh="标牌", en="plate"),
    Column(key="channel_zh", zh="来源", en="channel"),
    Column(key="topic_zh", zh="类别", en="topic"),
    Column(key="grade_zh", zh="评价", en="grade"),
    Column(key="comment", zh="意见", en="comment"),
    Column(key="given_at", zh="时间", en="given"),
    Column(key="call_back_zh", zh="回访", en="call back"),
    Column(key="settlement_zh", zh="办结", en="settle"),
    Column(key="findings_zh", zh="查证", en="finding"),
    Column(key="contact_zh", zh="联系方式", en="contact"),
)


def feedback(
    *,
    post: Annotated[str, typer.Option("--post", metavar="POST", help="岗位编号 / post number")] = "",
    only_open: Annotated[
        bool, typer.Option("--open", help="仅待办结的差评和投诉 / bad ratings and complaints not settled")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what the public said, newest last, with the terms of what must be answered."""
    with open_office() as office, office.register.snapshot() as reader:
        heard = _open(reader, office, post) if only_open else _all(reader, office, post)
    show(
        Listing(
            name="feedback",
            columns=_COLUMNS,
            rows=list(_rows(heard)),
            none_zh="没有群众意见。",
            none_en="No messages.",
        ),
        as_json=as_json,
    )


def _all(reader: Reader, office: Office, post_id: str) -> Sequence[Heard]:
    return messages_for(reader, office.authority(), post_id=post_id)


def _open(reader: Reader, office: Office, post_id: str) -> Sequence[Heard]:
    heard = complaints_for(reader, office.authority())
    return [each for each in heard if post_id in {"", each.post_id} and each.is_open]


def _rows(heard: Sequence[Heard]) -> Iterator[dict[str, Any]]:
    for each in reversed(heard):
        known = each.particulars
        yield _said(each) | (_known(known) if known else {})


def _said(heard: Heard) -> dict[str, Any]:
    again = f"，再评{GRADE_ZH[heard.re_rated]}" if heard.re_rated else ""
    return {
        "post": heard.post_id,
        "channel": heard.channel.value,
        "channel_zh": CHANNEL_ZH[heard.channel],
        "topic": heard.topic.value,
        "topic_zh": TOPIC_ZH[heard.topic],
        "grade": heard.grade.value if heard.grade else None,
        "re_rated": heard.re_rated.value if heard.re_rated else None,
        "grade_zh": GRADE_ZH[heard.grade] + again if heard.grade else "",
        "comment": heard.comment,
        "answer": heard.answer,
    }


def _known(known: Particulars) -> dict[str, Any]:
    found = known.investigations
    return {
        "receipt": known.receipt,
        "number": known.copy_id,
        "counted": known.counted,
        "given_at": chinese_time(known.given_at),
        "has_contact": known.has_contact,
        "contact_zh": "有（已封存）" if known.has_contact else "",
        "investigations": [each.id for each in found],
        "findings_zh": "、".join(f"{FINDING_ZH[each.finding]}（{each.id}）" for each in found),
        **(_terms(known.clock) if known.clock else {}),
    }


def _terms(clock: Clock) -> dict[str, Any]:
    return {
        "call_back": _term(clock.call_back),
        "call_back_zh": _term_zh(clock.call_back),
        "settlement": _term(clock.settlement),
        "settlement_zh": _term_zh(clock.settlement),
        "overdue": clock.is_overdue,
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "due_on": term.due_on.isoformat(),
        "state": term.state.value,
        "done_at": _moment(term.done_at),
        "reckoned_plainly": term.reckoned_plainly,
    }


def _moment(at: datetime | None) -> str | None:
    return chinese_time(at) if at else None


def _term_zh(term: Term) -> str:
    plainly = "（未计法定节假日）" if term.reckoned_plainly else ""
    return f"{term.due_on.isoformat()}{plainly} {TERM_STATE_ZH[term.state]}"


def call_back(
    *,
    receipt: Receipt,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="回访情况 / what came of the call")],
    as_json: AsJson = False,
) -> None:
    """Enter that whoever gave a message was called back, or what was tried instead."""
    with open_office() as office:
        called = answering.call_back(office.register, office.authority(), receipt, note=note)
    show(
        Outcome(
            zh=f"意见{called.feedback_id}的回访已于{chinese_time(called.called_at)}登记。",
            en=f"The call-back of message {called.feedback_id} is entered.",
            facts={"receipt": called.feedback_id, "called_at": called.called_at.isoformat()},
        ),
        as_json=as_json,
    )


def settle(
    *,
    receipt: Receipt,
    answer: Annotated[
        str,
        typer.Option(
            "--answer",
            metavar="TEXT",
            help="公开答复，回执页和本总支可见 / the answer; the receipt page and the branch show it",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Close a message with an answer that its receipt page shows."""
    with open_office() as office:
        settled = answering.settle(office.register, office.authority(), receipt, answer=answer)
    show(
        Outcome(
            zh=f"意见{settled.feedback_id}已于{chinese_time(settled.settled_at)}办结，回执页显示答复。",
            en=f"Message {settled.feedback_id} is settled; its receipt page shows the answer.",
            facts={"receipt": settled.feedback_id, "settled_at": settled.settled_at.isoformat()},
        ),
        as_json=as_json,
    )


def paper(  # noqa: PLR0913 -- every field of the form is an option
    *,
    post: Annotated[str, typer.Argument(metavar="POST", help="岗位编号 / post number, as 2026-007")],
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="表上的意见 / the words")],
    topic: Annotated[Topic, typer.Option("--topic", help="类别 / the topic")] = Topic.OTHER,
    grade: Annotated[
        int | None,
        typer.Option("--grade", min=1, max=5, help="表上的评价，5最好，不计入 / grade; not counted"),
    ] = None,
    contact: Annotated[
        str, typer.Option("--contact", metavar="TEXT", help="联系方式，封存 / a contact; it is sealed")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Enter the words of a paper form; it is marked as such wherever it is shown."""
    receipt = receipt_code(secrets.token_bytes(RECEIPT_BYTES))
    with open_office() as office:
        message = PaperMessage(
            receipt=receipt,
            post_id=post,
            topic=topic,
            grade=Grade(grade) if grade else None,
            comment=comment,
            sealed_contact=seal_if_left(
                contact, contact_key_of(office.settings), subject_id=receipt, entropy=secrets.token_bytes
            ),
        )
        entered = enter_paper_message(office.register, office.authority(), message)
    show(
        Outcome(
            zh=f"纸质意见已录入，回执编号 {entered.id}，请写在原表上。",
            en=f"The form is entered as {entered.id}; write that on the form.",
            facts={"receipt": entered.id, "post": entered.post_id, "channel": entered.channel.value},
        ),
        as_json=as_json,
    )


def contact(
    *,
    receipt: Receipt,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="查看理由，记入台账 / why; logged")],
    key: KeyFile,
    as_json: AsJson = False,
) -> None:
    """Open the contact left with a message; that it was read is on record first."""
    opening = _opening_key(key)
    with open_office() as office:
        told = answering.read_contact(
            office.register, office.authority(), receipt, reason=reason, key=opening
        )
    show(
        Outcome(
            zh=f"联系方式：{told}\n本次查看已记入台账。",
            en="Reading it is on record.",
            facts={"receipt": receipt.strip().upper(), "contact": told},
        ),
        as_json=as_json,
    )


def _opening_key(path: Path) -> OpeningKey:
    try:
        return OpeningKey.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(key="--key", problem_zh=f"文件无法读取（{error}）", problem_en=str(error)) from error


def make_key(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="密钥文件 / where to put the key")],
    as_json: AsJson = False,
) -> None:
    """Make the key that contacts are sealed to: the file opens them, the setting printed seals them."""
    made = OpeningKey(raw=secrets.token_bytes(KEY_BYTES))
    _write_secret(out, made.text)
    show(
        Outcome(
            zh=f"密钥已存入 {out}，仅党委办公室保管并另行备份；丢失后已封存的联系方式无法打开。\n"
            f"请在服务器上设置 GANGPAI_CONTACT_KEY={made.sealing}",
            en=f"The key is in {out}: keep it, and a copy, with the committee office alone. "
            "Set GANGPAI_CONTACT_KEY as above where messages are taken.",
            facts={"file": str(out), "contact_key": str(made.sealing)},
        ),
        as_json=as_json,
    )


def _write_secret(path: Path, text: str) -> None:
    """Write a file nobody else may read; what is there already is never overwritten."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        problem = error.strerror or str(error)
        raise BadSetting(key="--out", problem_zh=f"文件无法新建（{problem}）", problem_en=problem) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
