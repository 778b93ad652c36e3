"""A page as its reader gets it: the words, one line for each block, and the tags as they stand."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = {
    "body", "br", "button", "dd", "div", "dt", "footer", "form", "h1", "h2", "h3", "header", "label",
    "legend", "li", "main", "p", "section", "table", "td", "textarea", "th", "title", "tr", "ul",
}  # fmt: skip
WORDLESS = {"script", "style", "svg", "template"}


@dataclass
class Page(HTMLParser):
    """A page taken apart."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = [""]
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._turn(tag)
        if tag in WORDLESS:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._turn(tag)
        if tag == self._open[-1]:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.words.append((self._open[-1], data))

    def _turn(self, tag: str) -> None:
        if tag in BLOCKS:
            self.words.append(("", "\n"))

    @property
    def text(self) -> str:
        """The words in reading order, a line for each block."""
        lines = "".join(data for within, data in self.words if within not in WORDLESS).split("\n")
        return "".join(f"{' '.join(line.split())}\n" for line in lines if line.strip())

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def within(self, tag: str) -> str:
        """Return the raw content of the first element of a tag, such as title, h1 or style."""
        _, _, rest = self.html.partition(f"<{tag}")
        assert rest, f"no <{tag}>"
        return rest.partition(">")[2].partition(f"</{tag}>")[0]
