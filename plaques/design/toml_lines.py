"""On which line of a TOML file each key stands, which tomllib does not tell.

Takes a text that tomllib has read already, so that nothing here needs to be checked. Keys are written as
refusals name them: `sizes.a4.captions[2].size_pt`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r]+|\#[^\n]*)
    |(?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')
    |(?P<mark>\n|[\[\]{}=,.])
    |(?P<word>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_END = ""


@dataclass(frozen=True)
class _Token:
    text: str
    line: int


def lines_of(text: str) -> dict[str, int]:
    """Return the line, counted from 1, of every key and table of a well-formed TOML text."""
    return _Walk(text).lines


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "blank":
            yield _Token(match.group(), line)
        line += match.group().count("\n")
    yield _Token(_END, line)


class _Walk:
    """One pass over the tokens, keeping the line of each key met."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._tokens = _tokens(text)
        self._now = next(self._tokens)
        self._counts: Counter[str] = Counter()
        self._document()

    def _document(self) -> None:
        table = ""
        while self._now.text != _END:
            if self._now.text == "\n":
                self._take()
            elif self._now.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _take(self) -> _Token:
        taken, self._now = self._now, next(self._tokens, _Token(_END, self._now.line))
        return taken

    def _header(self) -> str:
        line = self._take().line
        is_array = self._now.text == "["
        if is_array:
            self._take()
        key = self._numbered(self._key(""), is_array=is_array)
        self.lines.setdefault(key, line)
        while self._now.text == "]":
            self._take()
        return key

    def _numbered(self, key: str, *, is_array: bool) -> str:
        """Return the key with the number of its entry, for itself and for the arrays of tables above it."""
        parts = key.split(".")
        for end in range(1, len(parts)):
            above = ".".join(parts[:end])
            if above in self._counts:
                parts[end - 1] += f"[{self._counts[above] - 1}]"
        if is_array:
            self._counts[key] += 1
            parts[-1] += f"[{self._counts[key] - 1}]"
        return ".".join(parts)

    def _key(self, table: str) -> str:
        parts = [table] if table else []
        parts.append(self._take().text.strip("\"'"))
        while self._now.text == ".":
            self._take()
            parts.append(self._take().text.strip("\"'"))
        return ".".join(parts)

    def _pair(self, table: str) -> None:
        line = self._now.line
        key = self._key(table)
        self.lines[key] = line
        self._take()  # the equals sign
        self._value(key)

    def _value(self, key: str) -> None:
        if self._now.text == "{":
            self._inline_table(key)
        elif self._now.text == "[":
            self._array(key)
        else:
            while self._now.text not in {"\n", ",", "]", "}", _END}:
                self._take()

    def _inline_table(self, key: str) -> None:
        self._take()
        while self._now.text != "}":
            if self._now.text in {",", "\n"}:
                self._take()
            else:
                self._pair(key)
        self._take()

    def _array(self, key: str) -> None:
        self._take()
        count = 0
        while self._now.text != "]":
            if self._now.text in {",", "\n"}:
                self._take()
                continue
            self.lines[f"{key}[{count}]"] = self._now.line
            self._value(f"{key}[{count}]")
            count += 1
        self._take()
