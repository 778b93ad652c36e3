"""A change is told field by field, in words; equal contents tell nothing."""

from dataclasses import replace

import pytest

from store.differences import Difference, differences_between
from store.records import CollectiveKind, Member, PostContent, PostKind

CONTENT = PostContent(
    name="财务室",
    kind=PostKind.COLLECTIVE,
    collective_kind=CollectiveKind.OFFICE,
    place="1号楼",
    duties="branch",
    members=(Member(name="高赟"), Member(name="汪雪琳", title="岗长")),
)


def test_equal_contents_differ_in_nothing() -> None:
    assert list(differences_between(CONTENT, replace(CONTENT))) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"place": "2号楼"}, ("place", "1号楼", "2号楼")),
        ({"commitment": "当日办结"}, ("commitment", "", "当日办结")),
        ({"collective_kind": CollectiveKind.BRANCH}, ("collective_kind", "办公室", "支部")),
        ({"members": CONTENT.members[1:]}, ("members", "高赟、汪雪琳（岗长）", "汪雪琳（岗长）")),
        ({"other_staff": ("龙轩", "熊蕾")}, ("other_staff", "", "龙轩、熊蕾")),
        ({"duties": "office"}, ("duties", "branch", "office")),
    ],
)
def test_a_changed_field_is_told_in_words(changes: dict[str, object], told: tuple[str, str, str]) -> None:
    changed = replace(CONTENT, **changes)  # type: ignore[arg-type]
    field, before, after = told
    assert list(differences_between(CONTENT, changed)) == [
        Difference(field=field, before=before, after=after)
    ]
