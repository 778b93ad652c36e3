"""What is due once a year: the branches' summaries (F29)."""

from collections.abc import Iterator
from datetime import date

from store.duties.books import Books, Words, the_branch
from store.duties.duty import Duty, DutyKind
from store.records import YearSummary

_LAST_DAY = (12, 31)


def summaries_to_file(books: Books) -> Iterator[Duty]:
    """Yield the branches that had posts this year or last, and have not summed that year up (F29)."""
    for year in (books.today.year - 1, books.today.year):
        filed = {each.branch_id for each in books.reader.find(YearSummary, year=year)}
        active = {each.branch.id for each in books.posts if each.post.year <= year}
        for branch in books.branches:
            if branch.id in active - filed:
                words = Words(f"尚未报送{year}年创建工作总结", f"no summary of {year} yet")
                subject = the_branch(branch, year)
                yield books.duty(DutyKind.YEAR_SUMMARY, subject, date(year, *_LAST_DAY), words)
