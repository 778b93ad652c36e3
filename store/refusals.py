"""Refusals: the one way a rule says no.

Knows how a refusal is worded: the reason and the way out, in Chinese and in English, with the clause
of the founding plan it rests on. Knows no particular rule: each room defines the refusals it raises.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar

from store.calendar import chinese_time, plain_time
from store.clauses import CLAUSES, Clause


class Refusal(Exception):
    """An act or input that a rule does not allow; nothing was changed.

    A subclass is one reason. Its facts become attributes and fill the `{}` fields of its texts;
    a moment among them is read on the office's clock, in each language its own way.
    """

    clause_id: ClassVar[str] = ""
    reason_zh: ClassVar[str] = "不能办理。"
    reason_en: ClassVar[str] = "This cannot be done."
    remedy_zh: ClassVar[str] = ""
    remedy_en: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        """Keep the facts under their names."""
        self.facts = facts
        self.__dict__.update(facts)
        super().__init__(self.en)

    def __reduce__(self) -> "tuple[object, tuple[type[Refusal], dict[str, object]]]":
        """Let a refusal travel from the process it was met in to the one that reports it."""
        return _met_again, (type(self), self.facts)

    @property
    def code(self) -> str:
        """The reason as a stable word for machines: the class name."""
        return type(self).__name__

    @property
    def clause(self) -> Clause | None:
        """The clause of the founding plan this refusal rests on, if it rests on one."""
        return CLAUSES.get(self.clause_id)

    @property
    def zh(self) -> str:
        """Reason, clause and remedy in Chinese, one line."""
        quoted = f"依据：{self.clause.zh}" if self.clause else ""
        return _joined(self.reason_zh, quoted, self.remedy_zh, _told(self.facts, chinese_time))

    @property
    def en(self) -> str:
        """Reason, clause and remedy in English, one line."""
        quoted = f"Clause {self.clause.id}. " if self.clause else ""
        return _joined(self.reason_en + " ", quoted, self.remedy_en, _told(self.facts, plain_time)).strip()


def _met_again(kind: type[Refusal], facts: dict[str, object]) -> Refusal:
    refusal = kind.__new__(kind)
    Refusal.__init__(refusal, **facts)
    return refusal


def _told(facts: Mapping[str, object], as_time: Callable[[datetime], str]) -> dict[str, object]:
    return {name: as_time(fact) if isinstance(fact, datetime) else fact for name, fact in facts.items()}


def _joined(reason: str, quoted: str, remedy: str, facts: Mapping[str, object]) -> str:
    return reason.format(**facts) + quoted + remedy.format(**facts)
