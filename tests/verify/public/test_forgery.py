"""Reporting a plate that may be forged: from the page of an unknown code to the receipt and the answer."""

from dataclasses import replace

import httpx
import pytest

from store.acts.forgery import LOOKS_LONGEST, PLACE_LONGEST, answer_forgery
from store.contacts import OpeningKey
from store.records import ForgeryReport
from tests.office import Office
from tests.verify.public.plates import JSON, NOBODYS
from tests.verify.public.reading import Page
from tests.verify.public.street import SETTINGS
from verify.site import WebSettings

KEY = OpeningKey(raw=bytes(range(32)))
WORDS = {"place": "北门外宣传栏", "looks": "字体不同"}


def reports(office: Office) -> list[ForgeryReport]:
    return office.register.find(ForgeryReport)


def test_f25_a_form_is_received_and_leads_to_its_receipt(client: httpx.Client, office: Office) -> None:
    page = Page(client.get("/forgery").text)
    assert {tag["name"] for _, tag in page.tags if "required" in tag} == {"place"}
    answer = client.post("/forgery", data=WORDS)
    [report] = reports(office)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/forgery/{report.id}")
    shown = Page(client.get(f"/forgery/{report.id.lower()}").text)
    assert shown.within("h1") == "已收到"
    for words in (*WORDS.values(), report.id, "我们不记录您是谁"):
        assert words in shown.text


def test_json_is_received_as_well(client: httpx.Client, office: Office) -> None:
    answer = client.post("/forgery", json=WORDS)
    [report] = reports(office)
    assert (answer.status_code, answer.json()) == (201, {"receipt": report.id})
    assert (report.place, report.looks) == tuple(WORDS.values())


def test_the_answer_is_shown_behind_the_receipt(client: httpx.Client, office: Office) -> None:
    where = client.post("/forgery", data=WORDS).headers["location"]
    answer_forgery(office.register, office.by(), where.rsplit("/", 1)[1], answer="已收走<b>核实")
    answer = client.get(where)
    assert Page(answer.text).within("h1") == "已答复"
    assert "已收走<b>核实" in Page(answer.text).text
    assert "<b>" not in answer.text


def test_what_was_scanned_comes_along_only_where_it_has_our_form(
    client: httpx.Client, office: Office
) -> None:
    page = Page(client.get(f"/forgery?scanned={NOBODYS.text.lower()}").text)
    assert NOBODYS.text in page.attributes("value")
    for foreign in ("https://evil.example/?a=13800138000", "%00", "x" * 5000, ""):
        answer = client.get("/forgery", params={"scanned": foreign})
        assert "scanned" not in Page(answer.text).attributes("name")
        client.post("/forgery", data=WORDS | {"scanned": foreign})
    client.post("/forgery", data=WORDS | {"scanned": NOBODYS.text})
    assert [each.scanned for each in reports(office)] == ["", "", "", "", NOBODYS.text]


def test_the_page_of_an_unknown_code_leads_here(client: httpx.Client) -> None:
    assert "/forgery" in Page(client.get(f"/{NOBODYS.text}").text).attributes("href")


@pytest.mark.parametrize(
    ("changes", "zh"),
    [
        ({"place": " "}, "没有填写所在地点"),
        ({"place": "地" * (PLACE_LONGEST + 1)}, f"超过{PLACE_LONGEST}个字"),
        ({"looks": "样" * (LOOKS_LONGEST + 1)}, f"超过{LOOKS_LONGEST}个字"),
        ({"looks": "看\0见"}, "不可见字符"),
        ({"contact": "13800138000"}, "不收联系方式"),
    ],
)
def test_a_refused_report_comes_back_with_the_reason_and_every_word(
    client: httpx.Client, office: Office, changes: dict[str, str], zh: str
) -> None:
    words = WORDS | changes
    answer = client.post("/forgery", data=words | {"scanned": NOBODYS.text})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert zh in page.text
    assert words["place"] in page.attributes("value")
    assert page.within("textarea") == words["looks"]
    assert NOBODYS.text in page.attributes("value")
    assert zh in client.post("/forgery", json=words, headers=JSON).json()["zh"]
    assert reports(office) == []


def test_a_receipt_nobody_has_is_not_found(client: httpx.Client) -> None:
    for receipt in ("ABCDEFGHJKMN", "%00", "A" * 5000):
        assert client.get(f"/forgery/{receipt}").status_code == 404


def test_a_foreign_page_reports_nothing(client: httpx.Client, office: Office) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/forgery", data=WORDS, headers=foreign).status_code == 403
    assert reports(office) == []


class TestContact:
    """Where the operator has set the committee's public key."""

    @pytest.fixture
    def settings(self) -> WebSettings:
        return replace(SETTINGS, contact_key=KEY.sealing)

    def test_a_contact_is_sealed_as_it_arrives(self, client: httpx.Client, office: Office) -> None:
        where = client.post("/forgery", data=WORDS | {"contact": "13800138000"}).headers["location"]
        [report] = reports(office)
        assert KEY.unseal(report.sealed_contact, subject_id=report.id) == "13800138000"
        page = Page(client.get(where).text)
        assert "已加密" in page.text
        assert "13800138000" not in page.html
