"""Engraving: every text of a page becomes outlines, for machines that follow lines and take no fonts.

Knows that artwork which copies share is outlined once. Leaves out the outlines themselves (outlines.py).
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from plaques.drawing.outlines import outlined
from plaques.marks import Fill, Form, Group, Mark, Page, Text


class Engraver:
    """Outlines the texts of one page after another; what the pages share they still share."""

    def __init__(self) -> None:
        self._forms: dict[Form, Form] = {}

    def engraved(self, page: Page) -> Page:
        """Return the page with each text as outlines."""
        return replace(page, marks=self._outlined(page.marks))

    def _outlined(self, marks: Iterable[Mark]) -> tuple[Mark, ...]:
        return tuple(chain.from_iterable(map(self._made, marks)))

    def _made(self, mark: Mark) -> Iterable[Mark]:
        return map(outlined, mark.marks) if isinstance(mark, Fill) else (self._mark(mark),)

    def _mark(self, mark: Mark) -> Mark:
        match mark:
            case Text():
                return outlined(mark)
            case Group():
                return replace(mark, marks=self._outlined(mark.marks))
            case Form():
                return self._form(mark)
            case _:
                return mark

    def _form(self, form: Form) -> Form:
        if form not in self._forms:
            self._forms[form] = replace(form, marks=self._outlined(form.marks))
        return self._forms[form]
