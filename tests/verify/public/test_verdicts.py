"""Every verdict as a phone and a machine get it, by the code and by the number."""

from pathlib import Path

import httpx
import pytest

from store.codes import PROOF_CODE, PlateNumber
from store.standing import VERDICT_EN, VERDICT_ZH, Verdict
from tests.office import Office
from tests.verify.public.plates import JSON, POST, badge, plate_of
from tests.verify.public.reading import Page
from tests.verify.public.street import Scene
from verify.languages import TAGS

GOLDEN = Path(__file__).parent / "golden"
STATUS = {Verdict.UNKNOWN: 404, Verdict.UNVERIFIABLE: 503}
ANSWER = {"standing", "standing_zh", "standing_en", "checked_at", "since", "successor", "plate"}
BARE = {"number", "product", "stage", "branch"}
NAMED = BARE | {"post_name", "place", "issued_at"}
WHOLE = NAMED | {
    "heading", "duties", "member_count", "names", "holder", "holder_title", "issuer", "dated_on", "mark",
    "commitment", "deeds",
}  # fmt: skip
KEYS = {
    Verdict.CREATING: WHOLE,
    Verdict.VALID: WHOLE,
    Verdict.REVOKED: BARE,
    Verdict.REPLACED: NAMED,
    Verdict.LOST: NAMED,
    Verdict.RETURNED: NAMED,
    Verdict.LEFT: NAMED,
    Verdict.ENDED: NAMED,
    Verdict.UNKNOWN: None,
    Verdict.UNVERIFIABLE: None,
}


def test_the_page_says_its_word_in_every_place(scene: Scene) -> None:
    for path in scene.plate.paths:
        answer = scene.client.get(path)
        page = Page(answer.text)
        assert answer.status_code == STATUS.get(scene.verdict, 200)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert page.within("title").startswith(VERDICT_ZH[scene.verdict])
        assert page.within("h1") == VERDICT_ZH[scene.verdict]
        assert page.attributes("class")[0].split()[0] == scene.verdict.value
        assert VERDICT_EN[scene.verdict] in page.within("header")
        assert "2026年11月18日 15:48:07" in page.within("header")
        assert "<svg" in page.within("header")


def test_a_machine_gets_the_contract(scene: Scene) -> None:
    for path in (*scene.plate.paths, f"/api/v1/plates/{scene.plate.code}"):
        answer = scene.client.get(path, headers=JSON)
        told = answer.json()
        assert answer.status_code == STATUS.get(scene.verdict, 200)
        assert set(told) == ANSWER
        assert told["standing"] == scene.verdict.value
        assert told["checked_at"] == "2026-11-18T07:48:07.000Z"
        assert (told["plate"] and set(told["plate"])) == KEYS[scene.verdict]


def test_only_what_cannot_be_verified_is_to_be_asked_again(scene: Scene) -> None:
    for path in scene.plate.paths:
        assert ("retry-after" in scene.client.get(path).headers) == (scene.verdict is Verdict.UNVERIFIABLE)


def test_the_headers_may_be_asked_for_alone(scene: Scene) -> None:
    for path in scene.plate.paths:
        asked, read = scene.client.head(path), scene.client.get(path)
        assert asked.status_code == read.status_code == STATUS.get(scene.verdict, 200)
        assert asked.headers["content-type"] == read.headers["content-type"]


def read(client: httpx.Client, path: str, tag: str) -> str:
    return Page(client.get(path, headers={"Accept-Language": tag}).text).text


def agreed(name: str, tag: str) -> str:
    return (GOLDEN / tag / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_reads_as_agreed(scene: Scene, tag: str) -> None:
    assert read(scene.client, scene.plate.paths[0], tag) == agreed(scene.verdict, tag)


@pytest.mark.parametrize("tag", TAGS)
def test_a_badge_and_a_proof_read_as_agreed(client: httpx.Client, office: Office, tag: str) -> None:
    assert read(client, f"/{badge(office).code}", tag) == agreed("badge", tag)
    assert read(client, f"/{PROOF_CODE.text}", tag) == agreed("proof", tag)


def test_the_word_stands_in_both_languages_and_the_rest_in_one(scene: Scene) -> None:
    zh, en = VERDICT_ZH[scene.verdict], VERDICT_EN[scene.verdict]
    answer = scene.client.get(scene.plate.paths[0], headers={"Accept-Language": "en"})
    page = Page(answer.text)
    assert page.within("title").startswith(en)
    assert page.within("h1") == en
    assert f'lang="zh-CN">{zh}</span>' in page.within("header")


def test_a_code_is_read_as_hands_write_it(client: httpx.Client, office: Office) -> None:
    code = plate_of(badge(office)).code
    assert {"0", "1"} <= set(code)
    for spelled in (
        code.lower(),
        code.replace("0", "O"),
        code.replace("0", "o").replace("1", "l"),
        code.replace("1", "I"),
        f"{code[:13]}-{code[13:]}",
    ):
        assert client.get(f"/{spelled}", headers=JSON).json()["standing"] == "creating"


def test_a_number_is_read_as_hands_write_it(client: httpx.Client, office: Office) -> None:
    number = plate_of(badge(office)).number
    wide = number.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    for spelled in (number.replace("-", ""), wide, f" {number} "):
        assert client.get(f"/number/{spelled}", headers=JSON).json()["standing"] == "creating"
        led = client.get("/number", params={"number": spelled})
        assert (led.status_code, led.headers["location"]) == (303, f"/number/{number}")


@pytest.mark.parametrize("mistyped", ["2026-001-01-00", "abc", "2026-001"])
def test_a_mistyped_number_comes_back_with_the_reason(client: httpx.Client, mistyped: str) -> None:
    answer = client.get("/number", params={"number": mistyped})
    assert answer.status_code == 422
    assert mistyped in Page(answer.text).attributes("value")
    assert "校验码" in answer.text


def test_the_form_for_a_number_waits_for_one(client: httpx.Client) -> None:
    for path in ("/number", "/number?number=", "/number?number=%20"):
        assert client.get(path).status_code == 200


def test_numbers_cannot_be_counted_through(client: httpx.Client, office: Office) -> None:
    copy, other = badge(office), office.issued(POST)
    assert [client.get(f"/number/{copy.id}").status_code for _ in range(130)] == [200] * 130
    numbers = [str(PlateNumber("2026-009", serial)) for serial in range(1, 100)]
    numbers += [str(PlateNumber("2026-008", serial)) for serial in range(1, 31)]
    answers = [client.get(f"/number/{number}").status_code for number in numbers]
    assert answers == [404] * 119 + [429] * 10
    assert client.get(f"/number/{other.id}/live").status_code == 429
    assert [client.get(path).status_code for path in plate_of(copy).paths] == [200, 200]
    assert client.get("/number/mistyped").status_code == 404
