"""What one application says otherwise than another, field by field, in words an officer reads."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from store.records import CollectiveKind, Member, PostContent, PostKind
from store.terms import COLLECTIVE_ZH, FIELD_ZH, KIND_ZH


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field of a post that was given otherwise before; an empty text is a field left empty."""

    field: str
    before: str
    after: str

    @property
    def zh(self) -> str:
        """The difference in Chinese: the field, what it said and what it is to say."""
        return f"{FIELD_ZH[self.field]}：{self.before or '（空）'} → {self.after or '（空）'}"


def differences_between(before: PostContent, after: PostContent) -> Iterator[Difference]:
    """Yield each field whose words differ."""
    for field in fields(PostContent):
        old, new = (_shown(getattr(content, field.name)) for content in (before, after))
        if old != new:
            yield Difference(field=field.name, before=old, after=new)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(_shown(each) for each in value)
    if isinstance(value, Member):
        return f"{value.name}（{value.title}）" if value.title else value.name
    if isinstance(value, PostKind):
        return KIND_ZH[value]
    if isinstance(value, CollectiveKind):
        return COLLECTIVE_ZH[value]
    return "" if value is None else str(value)
