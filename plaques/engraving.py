"""Engraving: every text of a page becomes outlines, for machines that follow lines and take no fonts.

Knows that artwork which copies share is outlined once. Leaves out the outlines themselves (outlines.py).
"""

from collections.abc import Iterable
from dataclasses import replace

from plaques.marks import Form, Group, Mark, Page, Text
from plaques.outlines import outlined


def engraved(pages: Iterable[Page]) -> list[Page]:
    """Return the pages with each text as outlines; what they share they still share."""
    engraver = _Engraver()
    return [replace(page, marks=engraver.outlined(page.marks)) for page in pages]


class _Engraver:
    def __init__(self) -> None:
        self._forms: dict[Form, Form] = {}

    def outlined(self, marks: Iterable[Mark]) -> tuple[Mark, ...]:
        return tuple(map(self._mark, marks))

    def _mark(self, mark: Mark) -> Mark:
        match mark:
            case Text():
                return outlined(mark)
            case Group():
                return replace(mark, marks=self.outlined(mark.marks))
            case Form():
                return self._form(mark)
            case _:
                return mark

    def _form(self, form: Form) -> Form:
        if form not in self._forms:
            self._forms[form] = replace(form, marks=self.outlined(form.marks))
        return self._forms[form]
