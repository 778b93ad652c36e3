"""From the creation plate to the title plate: every creation copy still out is called back (F12, F16)."""

from collections.abc import Callable

from store.acts.circulation import return_copy
from store.acts.issue import issue_copies
from store.recalls import outstanding, recalls
from store.records import Copy, Product, RecallCause, Stage
from store.standing import Verdict
from tests.office import Office

Measure = Callable[[Callable[[], object]], dict[str, int]]


def test_f16_the_first_title_plate_calls_every_creation_copy_back(office: Office, added: Measure) -> None:
    post_id = office.approved()
    plaque, door = office.issued(post_id), office.issued(post_id, Product.DOOR)
    badge, back = office.issued(post_id, Product.BADGE), office.issued(post_id, Product.BADGE)
    return_copy(office.register, office.by(), back.id)
    office.awarded(post_id)
    assert not list(recalls(office.register, post_id=post_id))
    title = office.copy(post_id, replaces=plaque.id)
    written = added(lambda: issue_copies(office.register, office.by(), [title]))
    assert written == {"Copy": 1, "RecallLine": 3, "LogEntry": 1}
    lines = list(recalls(office.register, post_id=post_id))
    assert {each.copy.id for each in lines} == {plaque.id, door.id, badge.id}
    assert {each.line.cause for each in lines} == {RecallCause.REPLACEMENT}
    assert [office.verdict(each) for each in (plaque, badge)] == [Verdict.REPLACED, Verdict.CREATING]


def test_f16_no_creation_copy_is_out_and_uncalled_once_a_title_copy_exists(office: Office) -> None:
    post_id = office.approved()
    for product in (Product.PLAQUE, Product.BADGE, Product.BADGE, Product.DESK):
        office.issued(post_id, product)
    office.awarded(post_id)
    office.issued(post_id, Product.BADGE)
    of_creation = [each for each in office.register.find(Copy) if each.stage is Stage.CREATION]
    called_back = {each.copy.id for each in recalls(office.register, post_id=post_id) if each.is_open}
    assert {each.id for each in outstanding(office.register, of_creation)} <= called_back


def test_f16_a_badge_swapped_later_is_called_back_once(office: Office) -> None:
    post_id = office.approved()
    badge = office.issued(post_id, Product.BADGE)
    office.awarded(post_id)
    office.issued(post_id)
    office.issued(post_id, Product.BADGE, replaces=badge.id)
    assert len(list(recalls(office.register, copy_id=badge.id))) == 1
    assert office.verdict(badge) is Verdict.REPLACED


def test_f12_a_creation_copy_never_reads_as_a_holder_of_the_title(office: Office) -> None:
    post_id = office.approved()
    plaque = office.issued(post_id)
    office.awarded(post_id)
    assert office.verdict(plaque) is Verdict.CREATING
