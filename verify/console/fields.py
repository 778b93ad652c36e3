"""Fields of the console's forms, read as what they have to be."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from store.refusals import Refusal

E = TypeVar("E", bound=StrEnum)
NUMBER_LONGEST = 9


class NotADate(Refusal):
    """A date is missing or not written as one. Remedy: choose it in the calendar of the field."""

    reason_zh = "“{text}”不是日期。"
    reason_en = "{text!r} is not a date."
    remedy_zh = "请按 2026-07-01 的样式填写。"
    remedy_en = "Write it as 2026-07-01."


class NotANumber(Refusal):
    """A whole number is missing or not written as one. Remedy: digits only."""

    reason_zh = "“{text}”不是整数（{what_zh}）。"
    reason_en = "{text!r} is not a whole number ({what_en})."
    remedy_zh = "请只填数字；没有的填0。"
    remedy_en = "Use digits only; 0 where there is none."


class NoChoice(Refusal):
    """Nothing was chosen where one of several is to be. Remedy: choose one."""

    reason_zh = "没有选择{what_zh}。"
    reason_en = "No {what_en} was chosen."
    remedy_zh = "请选择一项。"
    remedy_en = "Choose one."


def day_of(text: str) -> date:
    """Return the date a field says.

    Raises:
        NotADate: it says none.

    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotADate(text=text[:20]) from error


def number_of(text: str, *, what_zh: str, what_en: str) -> int:
    """Return the whole number a field says; full-width digits are read as well.

    Raises:
        NotANumber: it says none, or one beyond counting.

    """
    if not text.isdecimal() or len(text) > NUMBER_LONGEST:
        raise NotANumber(text=text[:20], what_zh=what_zh, what_en=what_en)
    return int(text)


def choice_of(kind: type[E], text: str, *, what_zh: str, what_en: str) -> E:
    """Return the member of an enumeration a field names.

    Raises:
        NoChoice: it names none.

    """
    if text not in set(kind):
        raise NoChoice(what_zh=what_zh, what_en=what_en)
    return kind(text)
