"""What is due before an award day: surveys, inspections, the naming itself (F13, F14, F16, F24)."""

from collections.abc import Iterator

from store.calendar import chinese_day
from store.dossier import Dossier, PostState
from store.duties.books import Books, Words, the_post
from store.duties.duty import Duty, DutyKind
from store.lookup import only
from store.merits import SLOTS, check_merits
from store.records import Inspection
from store.refusals import Refusal
from store.rounds import Round, round_inspected, round_of
from store.satisfaction import satisfaction_of


def surveys_to_hold(books: Books) -> Iterator[Duty]:
    """Yield the posts too few people have rated in the round whose inspections still run (F24)."""
    running = round_inspected(books.today, books.policy)
    least = books.policy.ratings_min
    for dossier in _untitled(books):
        asked = satisfaction_of(books.reader, dossier.post.id, running.first_day, books.today)
        if asked.n < least and _inspection(books, dossier, running) is None:
            words = Words(
                f"“{dossier.content.name}”本轮已收{asked.n}份，至少{least}份",
                f"{asked.n} of at least {least} ratings for the round of {running.id}",
            )
            yield books.duty(DutyKind.SURVEY, the_post(dossier, running.id), running.closes_on, words)


def inspections_to_make(books: Books) -> Iterator[Duty]:
    """Yield the posts without an inspection, or without all its evidence, before the cut-off (F13, F14)."""
    running = round_inspected(books.today, books.policy)
    for dossier in _untitled(books):
        missing = _missing(_inspection(books, dossier, running))
        if missing:
            words = Words(
                f"“{dossier.content.name}”{chinese_day(running.award_day)}命名轮次，"
                f"尚缺：{'、'.join(missing)}",
                f"the inspection for the round of {running.id} is incomplete",
            )
            yield books.duty(DutyKind.INSPECTION, the_post(dossier, running.id), running.closes_on, words)


def awards_to_make(books: Books) -> Iterator[Duty]:
    """Yield the posts whose inspection carries an award on the next award day (F16)."""
    naming = round_of(books.today, books.policy)
    for dossier in _untitled(books):
        inspection = _inspection(books, dossier, naming)
        if inspection and _carries(books, inspection):
            words = Words(
                f"“{dossier.content.name}”检查评比{inspection.points}分，可予命名",
                f"inspected with {inspection.points} points; may be named",
            )
            yield books.duty(DutyKind.AWARD, the_post(dossier, naming.id), naming.award_day, words)


def _untitled(books: Books) -> Iterator[Dossier]:
    return (each for each in books.running if each.state is PostState.APPROVED)


def _inspection(books: Books, dossier: Dossier, counted_in: Round) -> Inspection | None:
    found = books.reader.find(Inspection, post_id=dossier.post.id)
    return only([each for each in found if each.round == counted_in.id])


def _missing(inspection: Inspection | None) -> list[str]:
    return [zh for field, zh, _ in SLOTS if not getattr(inspection, field, "")]


def _carries(books: Books, inspection: Inspection) -> bool:
    try:
        check_merits(inspection, books.policy)
    except Refusal:
        return False
    return True
