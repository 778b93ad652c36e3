"""A page filled into its skeleton is the page rendered anew, byte for byte, whatever its texts are."""

import gzip
from collections.abc import Callable
from typing import Any, get_type_hints

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.records import Product, Stage
from store.standing import STANDS, Verdict
from tests.verify.public.test_hostile import TEXTS
from verify.languages import Language, languages
from verify.plate import Deed, PlateView
from verify.public.plates import plain_page
from verify.site import Site
from verify.skeleton import Hole, Skeletons

MARKS = ("\x001\x00", "\x00", "0", "{{ view.path }}", "&#0;", "%s", "\\1", "x" * 70_000)
_ANY = st.one_of(st.sampled_from([*TEXTS.values(), *MARKS, ""]), st.text(max_size=20).filter(str.isprintable))
TITLED = {"number", "branch", "path", "checked_at", "checked_at_utc"}


@pytest.fixture
def site(app: FastAPI) -> Site:
    kept: Site = app.state.site
    return kept


@st.composite
def views(draw: st.DrawFn) -> PlateView:
    """Draw a view as plate_view makes them: what a verdict hides is empty."""
    verdict = draw(st.sampled_from(Verdict))
    known, stands = verdict not in {Verdict.UNKNOWN, Verdict.UNVERIFIABLE}, verdict in STANDS
    texts = {name: draw(_ANY) for name, hint in get_type_hints(PlateView).items() if hint is str}
    shown = {name: text or "-" if name in TITLED else text for name, text in texts.items()}
    if not known:
        shown = {name: text if name.startswith(("path", "checked")) else "" for name, text in shown.items()}
    names = tuple(draw(st.lists(_ANY, max_size=4))) if stands else ()
    deeds = draw(st.lists(st.builds(Deed, title=_ANY, text=_ANY), max_size=2)) if stands else []
    return PlateView(
        language=draw(st.sampled_from(languages())),
        verdict=verdict,
        stands=stands,
        is_proof=verdict is Verdict.UNKNOWN and draw(st.booleans()),
        product=draw(st.sampled_from(Product)) if known else None,
        stage=draw(st.sampled_from(Stage)) if known else None,
        member_count=len(names),
        picture_height=draw(st.sampled_from([0, 679])) if stands else 0,
        names=names,
        deeds=tuple(deeds),
        **shown,
    )


def test_a_filled_skeleton_is_the_page_rendered_anew(site: Site) -> None:
    skeletons = Skeletons()

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(views())
    def check(view: PlateView) -> None:
        anew = plain_page(site, view).encode()
        for _ in range(2):
            assert skeletons.page(view, lambda each: plain_page(site, each)) == anew
        compressed = skeletons.page(view, lambda each: plain_page(site, each), compressed=True)
        assert gzip.decompress(compressed) == anew

    check()


def any_view(language: Language, **others: Any) -> PlateView:
    texts = {"path": "/x", "checked_at": "now", "checked_at_utc": "now", "number": "1", "branch": "b"}
    choices: dict[str, Any] = {"verdict": Verdict.VALID, "stands": True, "is_proof": False}
    return PlateView(language=language, **(texts | choices | others))


def counted(site: Site, skeletons: Skeletons) -> Callable[[PlateView], int]:
    """Return how many pages were laid out, after one more view was filled in."""
    laid_out = []

    def lay_out(view: PlateView) -> str:
        laid_out.append(view)
        return view.path.__html__() if isinstance(view.path, Hole) else view.path

    def fill(view: PlateView) -> int:
        skeletons.page(view, lay_out)
        return len(laid_out)

    assert site
    return fill


def test_texts_share_a_layout_and_choices_do_not(site: Site) -> None:
    zh, en = languages()
    view, fill = any_view(zh), counted(site, Skeletons())
    same = [view._replace(path=f"/{number}", branch="another") for number in range(5)]
    assert [fill(each) for each in (view, *same)] == [1] * 6
    others = [
        view._replace(language=en),
        view._replace(verdict=Verdict.CREATING),
        view._replace(place="here"),
        view._replace(names=("a",)),
        view._replace(names=("",)),
        view._replace(deeds=(Deed(title="a", text=""),)),
        view._replace(product=Product.BADGE),
        view._replace(picture_height=5),
        view._replace(member_count=2),
    ]
    assert [fill(each) for each in others] == list(range(2, 2 + len(others)))


def test_only_so_many_layouts_are_kept(site: Site) -> None:
    zh, _ = languages()
    skeletons = Skeletons(most=3)
    fill = counted(site, skeletons)
    views = [any_view(zh)._replace(member_count=number) for number in range(5)]
    assert [fill(each) for each in (*views, views[4], views[0])] == [1, 2, 3, 4, 5, 5, 6]
    assert len(skeletons._kept) == 3  # noqa: SLF001 - its own test


MISUSES: list[Callable[[Any], object]] = [
    str,
    len,
    list,
    hash,
    "".__add__,
    lambda hole: hole == "x",
    lambda hole: hole + "x",
    lambda hole: "x" in hole,
    lambda hole: hole[:2],
    lambda hole: f"{hole}",
    lambda hole: hole < "x",
    lambda hole: hole % 1,
]


@pytest.mark.parametrize("misuse", MISUSES)
def test_a_template_that_does_more_with_a_text_is_caught(misuse: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        misuse(Hole(1))
    assert Hole(1)


def test_the_server_s_time_is_that_of_each_scan(client: httpx.Client, clock: Any) -> None:
    path = "/" + "Z" * 26
    before = client.get(path).text
    clock.forward(seconds=3)
    after = client.get(path).text
    assert before.replace("15:48:07", "15:48:10").replace("07:48:07", "07:48:10") == after != before
