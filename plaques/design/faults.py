"""What is said about a design file that cannot be used: where, what is wrong, what is allowed.

Knows the wording of each finding. Leaves out how it was found (design/file.py, design/rules.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong at a key, such as `sizes.a4.captions[2].size_pt`; `line` 0 is none in this file."""

    key: str
    zh: str
    en: str
    line: int = 0

    @property
    def where_zh(self) -> str:
        """The place in Chinese."""
        return f"“{self.key}”（第{self.line}行）" if self.line else f"“{self.key}”"

    @property
    def where_en(self) -> str:
        """The place in English."""
        return f"{self.key} (line {self.line})" if self.line else self.key


class BadDesign(Refusal):
    """A design file cannot be used. Remedy: correct every key named."""

    reason_zh = "设计文件“{file}”有{count}处有误——{faults_zh}。"
    reason_en = "The design file {file!r} has {count} faults: {faults_en}."
    remedy_zh = "请逐项改正（各项含义见 docs/designs.md），再用 gangpai design check 核对。"
    remedy_en = "Correct each (docs/designs.md explains every key), then try gangpai design check."

    def __init__(self, *, file: str, faults: tuple[Fault, ...]) -> None:
        """Keep the faults, in the order in which they stand in the file."""
        self.faults = faults
        super().__init__(
            file=file,
            count=len(faults),
            faults_zh="；".join(f"{each.where_zh}：{each.zh}" for each in faults),
            faults_en="; ".join(f"{each.where_en}: {each.en}" for each in faults),
        )


def told(kind: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return what one kind of finding of pydantic's says, in Chinese and in English."""
    zh, en = _TOLD.get(kind, ("不是可用的值", kind.replace("_", " ")))
    named = {**facts, "choices": _choices(facts.get("expected", ""))}
    return zh.format_map(named), en.format_map(named)


def nearest(name: str, known: Sequence[str]) -> tuple[str, str]:
    """Say that a name is none of those known."""
    return f"没有“{name}”，可用：{'、'.join(known)}", f"no {name!r} here; one of: {', '.join(known)}"


def _choices(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "")


_A_TABLE = ("应为一个表（[…] 或 {{…}}）", "a table is expected")
_TOLD = {
    "missing": ("缺少这一项", "missing"),
    "unexpected_keyword_argument": ("没有这一项", "there is no such key"),
    "extra_forbidden": ("没有这一项", "there is no such key"),
    "float_type": ("应为数", "a number is expected"),
    "finite_number": ("应为有限的数", "a finite number is expected"),
    "greater_than": ("应大于 {gt:g}", "must be more than {gt:g}"),
    "greater_than_equal": ("不得小于 {ge:g}", "must not be less than {ge:g}"),
    "bool_type": ("应为 true 或 false", "true or false is expected"),
    "string_type": ("应为文字", "a text is expected"),
    "string_pattern_mismatch": ("应合乎 {pattern}", "must match {pattern}"),
    "string_too_short": ("不得为空", "must not be empty"),
    "literal_error": ("应为其中之一：{choices}", "one of these is expected: {choices}"),
    "enum": ("应为其中之一：{choices}", "one of these is expected: {choices}"),
    "tuple_type": ("应为一个数组（[…]）", "an array is expected"),
    "too_short": ("应有 {min_length} 项", "{min_length} entries are expected"),
    "too_long": ("最多 {max_length} 项", "there are more than {max_length} entries"),
    "dict_type": _A_TABLE,
    "mapping_type": _A_TABLE,
    "dataclass_type": _A_TABLE,
    "dataclass_exact_type": _A_TABLE,
    "design": ("{zh}", "{en}"),
}
