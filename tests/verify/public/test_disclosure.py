"""What a scan gives away: names only while a plate stands, the code never, and nothing about guesses."""

import re
from datetime import date

import httpx
import pytest

from store.acts.publicity import Promise, commit
from store.records import Product
from store.standing import STANDS, Standing, Verdict
from tests.office import Office
from tests.verify.public.plates import (
    COMMITMENT,
    DEED,
    FACTS,
    JSON,
    NOBODYS,
    POST,
    WAYS,
    FailingRegister,
    bring_to,
    plate_of,
    revoked,
    valid,
)
from tests.verify.public.reading import Page
from tests.verify.public.street import Scene

NAMES = ("曾晓明", "高赟", "汪雪琳")
OF_THE_FACE = (*NAMES, "办理报销与核算", "6号楼299室", "场站管理中心党委", COMMITMENT, "plate.png")


def betrayed(client: httpx.Client, path: str, *secrets: str) -> set[str]:
    """Return those of the words that the page or the JSON at a path holds."""
    told = client.get(path).text + client.get(path, headers=JSON).text
    return {secret for secret in secrets if secret in told}


def test_names_and_duties_show_only_while_the_plate_stands(scene: Scene) -> None:
    secrets = (*NAMES, "办理报销与核算", COMMITMENT)
    for path in scene.plate.paths:
        found = betrayed(scene.client, path, *secrets)
        assert found == (set(secrets) if scene.verdict in STANDS else set())


def test_a_revoked_plate_tells_neither_whose_it_was_nor_why(client: httpx.Client, office: Office) -> None:
    plate = plate_of(revoked(office))
    for path in plate.paths:
        assert betrayed(client, path, *OF_THE_FACE, "财务室", FACTS, "事故") == set()
    assert client.get(f"/{plate.code}/plate.png").status_code == 404


def test_f36_a_deed_shows_on_a_valid_plate_and_is_gone_with_the_title(
    client: httpx.Client, office: Office
) -> None:
    plate = plate_of(valid(office))
    for path in plate.paths:
        assert betrayed(client, path, DEED.title, DEED.text) == {DEED.title, DEED.text}
    office.vetoed(POST)
    for path in plate.paths:
        assert betrayed(client, path, DEED.title, DEED.text) == set()


def test_f34_the_latest_commitment_shows_on_the_page_and_to_machines(
    client: httpx.Client, office: Office
) -> None:
    plate = plate_of(valid(office))
    promise = Promise(text="当日办结，不过夜", made_on=date(2026, 6, 15))
    commit(office.register, office.by(), POST, promise)
    for path in plate.paths:
        assert promise.text in Page(client.get(path).text).text
        assert client.get(path, headers=JSON).json()["plate"]["commitment"] == promise.text
        assert betrayed(client, path, COMMITMENT) == set()


def test_a_view_that_takes_every_plate_as_standing_is_caught(
    client: httpx.Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate = plate_of(revoked(office))
    monkeypatch.setattr(Standing, "stands", True)
    assert betrayed(client, plate.paths[0], *OF_THE_FACE) == set(OF_THE_FACE)


def test_a_picture_shows_only_while_the_plate_stands(scene: Scene) -> None:
    answer = scene.client.get(f"/{scene.plate.code}/plate.png")
    expected = {Verdict.UNVERIFIABLE: 503} | dict.fromkeys(STANDS, 200)
    assert answer.status_code == expected.get(scene.verdict, 404)
    assert answer.content.startswith(b"\x89PNG") == (scene.verdict in STANDS)


def test_a_number_leads_neither_to_the_code_nor_to_the_picture(scene: Scene) -> None:
    _, path = scene.plate.paths
    assert betrayed(scene.client, path, scene.plate.code, scene.plate.code.lower(), "plate.png") == set()
    for picture in (f"{path}/plate.png", f"/{scene.plate.number}/plate.png"):
        assert scene.client.get(picture).status_code in {404, 503}


def test_a_replaced_plate_leads_to_the_new_one_by_number_only(client: httpx.Client, office: Office) -> None:
    old = WAYS[Verdict.REPLACED](office)
    [new] = office.register.find(type(old), replaces=old.id)
    page = client.get(f"/{old.code}").text
    assert f"/number/{new.id}" in Page(page).attributes("href")
    assert new.code not in page


@pytest.mark.parametrize(
    "guess", ["x", "0" * 25, "U" * 26, "12345678901234567890123456七", NOBODYS.text + "0", "favicon.ico", "-"]
)
def test_a_malformed_code_reads_as_one_that_nobody_carries(
    client: httpx.Client, office: Office, guess: str
) -> None:
    valid(office)
    unknown, malformed = client.get(f"/{NOBODYS.text}"), client.get(f"/{guess}")
    assert malformed.status_code == unknown.status_code == 404
    assert malformed.text == unknown.text
    assert client.get(f"/{guess}", headers=JSON).json() == client.get(f"/{NOBODYS.text}", headers=JSON).json()


def test_a_proof_says_that_it_is_one(client: httpx.Client) -> None:
    answer = client.get("/" + "0" * 26)
    page = Page(answer.text)
    assert answer.status_code == 404
    assert "样张" in page.within("title")
    assert "这是样张，不是标牌" in page.text
    assert client.get("/" + "o" * 26).text == answer.text


def test_only_a_demonstration_wears_its_band(
    client: httpx.Client, demonstration: httpx.Client, office: Office
) -> None:
    code = valid(office).code
    for path in ("/", f"/{code}", "/notice", "/number", f"/{NOBODYS.text}"):
        assert "演示 · 样张" not in client.get(path).text
        assert "演示 · 样张" in demonstration.get(path).text


def test_the_notice_board_names_posts_and_never_persons(client: httpx.Client, office: Office) -> None:
    valid(office)
    page = Page(client.get("/notice").text).text
    assert "财务室" in page
    assert "已命名" in page
    assert not [name for name in NAMES if name in page]


def test_the_notice_board_does_not_name_a_revoked_post(client: httpx.Client, office: Office) -> None:
    revoked(office)
    page = Page(client.get("/notice").text).text
    assert "财务室" not in page
    assert "已撤销 1 个" in page


def test_f19_the_notice_board_leaves_out_a_post_that_ended(client: httpx.Client, office: Office) -> None:
    WAYS[Verdict.ENDED](office)
    page = Page(client.get("/notice").text).text
    assert "财务室" not in page
    assert "已撤销" not in page


def test_a_badge_shows_its_holder_while_it_stands(client: httpx.Client, office: Office) -> None:
    valid(office)
    copy = office.issued(POST, Product.BADGE)
    assert "曾晓明" in Page(client.get(f"/{copy.code}").text).text
    assert client.get(f"/{copy.code}", headers=JSON).json()["plate"]["holder"] == "曾晓明"


def test_what_the_register_kept_is_not_shown_once_it_failed(
    client: httpx.Client, office: Office, register: FailingRegister
) -> None:
    plate = bring_to(office, register, Verdict.UNVERIFIABLE)
    for path in plate.paths:
        shown = betrayed(client, path, *NAMES, "财务室", "畜牧站党总支", "plate.png")
        assert shown == set()
        assert not re.search("有效(?!标牌|无法)", Page(client.get(path).text).text.replace("是否有效", ""))
