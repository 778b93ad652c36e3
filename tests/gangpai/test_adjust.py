"""A departure is entered whatever it leaves behind, and says what the post falls short of (F4, F19)."""

from gangpai.office import Office
from gangpai.practice import hang_plates
from tests.gangpai.desk import Command


def test_a_departure_that_leaves_too_few_members_says_so(gangpai: Command, office: Office) -> None:
    [copy] = hang_plates(office)
    answer = gangpai("adjust", copy.post_id, "--left", copy.face.names[0], "--json")
    assert (answer.code, answer.json["falls_short"]) == (0, "TooFewMembers")
    assert "已登记" in (said := gangpai("adjust", copy.post_id, "--left", copy.face.names[1]).out)
    assert "必须要有3名以上共产党员" in said
