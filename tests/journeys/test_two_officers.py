"""Two officers veto the same post at the same moment: one wins, the other is told when (F20)."""

from contextlib import ExitStack
from multiprocessing.connection import Connection

import pytest

from gangpai.office import Office
from gangpai.practice import hang_plates
from gangpai.stores import Store
from store.acts.veto import AlreadyVetoed
from store.records import RecallLine, Veto
from tests.journeys import workers
from tests.journeys.playing import heard, started

OFFICERS = 2


def outcomes(officers: list[Connection], post_id: str) -> list[str]:
    """Let all veto the post at once and return what each was told."""
    for officer in officers:
        officer.send(post_id)
    return [heard(officer) for officer in officers]


@pytest.mark.parametrize("posts", [6, pytest.param(100, marks=pytest.mark.soak)])
def test_f20_of_two_officers_one_wins_and_the_other_is_told_the_first_s_date(
    at_work: Office, store: Store, posts: int
) -> None:
    copies = hang_plates(at_work, posts)
    with ExitStack() as stack:
        officers = [stack.enter_context(started(workers.race_to_veto, store)) for _ in range(OFFICERS)]
        assert [heard(officer) for officer in officers] == ["ready"] * OFFICERS
        told = {copy.post_id: outcomes(officers, copy.post_id) for copy in copies}
    for post_id, answers in told.items():
        [cast] = at_work.register.find(Veto, post_id=post_id)
        second = AlreadyVetoed(post_id=post_id, when=cast.cast_at)
        assert sorted(answers) == sorted(["won", second.zh])
        assert len(at_work.register.find(RecallLine, post_id=post_id)) == 1
