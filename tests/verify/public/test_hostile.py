"""Texts and addresses meant to do harm: shown as text or refused in words, never obeyed, never a crash."""

from dataclasses import replace

import httpx
import pytest

from store.acts.apply import apply_roster
from store.acts.approve import approve
from store.acts.issue import issue_copies
from store.records import Copy, Feedback, Post
from tests.office import Office
from tests.verify.public.plates import plate_of, valid
from tests.verify.public.reading import Page

TEXTS = {
    "script": "<script>alert(1)</script>",
    "closing": "</textarea></title></style><img src=x onerror=alert(1)>",
    "quotes": "\"' onmouseover=alert(1) x='\"",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "entity": "&lt;b&gt; &amp; &#60;",
    "backwards": "\u202e效有\u202c\u2066x\u2069",
    "zero width": "有\u200b效\ufeff",
    "emoji": "👍🏽🇨🇳",
    "rare": "䶮𬱖𣲗㼆",
    "formula": '=HYPERLINK("http://evil.example")',
    "lines": "一\r\n二\n三",
}


def elements(html: str) -> list[str]:
    return [tag for tag, _ in Page(html).tags]


def as_shown(text: str) -> str:
    """Return a text as a page shows it, where line breaks are blanks."""
    return " ".join(text.split())


def named(office: Office, text: str) -> Copy:
    """Return a copy on which the office wrote a text wherever it can write one."""
    row = office.row(text, duties=text, place=text, commitment=text)
    apply_roster(office.register, office.by(), [row])
    posts = len(office.register.find(Post))
    approve(office.register, office.by(), f"2026-{posts:03d}", document="1号")
    plain = office.copy(f"2026-{posts:03d}")
    face = replace(plain.face, post_name=text, duties=text, branch_name=text, issuer=text)
    copy = replace(plain, face=face, place=text)
    issue_copies(office.register, office.by(), [copy])
    return copy


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_comment_comes_back_as_text(client: httpx.Client, office: Office, text: str) -> None:
    path = f"/{valid(office).code}/feedback"
    plain = client.post(path, data={"comment": "言" * 600})
    answer = client.post(path, data={"comment": text + "言" * 600})
    assert answer.status_code == plain.status_code == 422
    assert elements(answer.text) == elements(plain.text)
    assert as_shown(text) in as_shown(Page(answer.text).text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_comment_is_kept_letter_for_letter(client: httpx.Client, office: Office, text: str) -> None:
    path = f"/{valid(office).code}/feedback"
    assert client.post(path, json={"comment": text}).status_code == 201
    [feedback] = office.register.find(Feedback)
    assert feedback.comment == text.strip()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_post_is_shown_as_text(client: httpx.Client, office: Office, text: str) -> None:
    plain, hostile = (client.get(f"/{named(office, each).code}") for each in ("财务室", text))
    assert hostile.status_code == 200
    assert elements(hostile.text) == elements(plain.text)
    assert as_shown(Page(hostile.text).text).count(as_shown(text)) >= 6
    assert as_shown(text) in as_shown(Page(client.get("/notice").text).text)


BODIES = {
    "half a character": b'{"grade": 5, "comment": "\\ud800"}',
    "half a grade": b'{"grade": "\\ud83d"}',
    "half a key": b'{"\\udfff": 5}',
    "NUL": b'{"comment": "a\\u0000b"}',
    "NUL grade": b'{"grade": "5\\u0000"}',
    "not a number": b'{"grade": NaN}',
    "endless": b'{"grade": 1e999}',
    "deep": b"[" * 50_000,
    "cut off": b'{"grade": 5',
    "not UTF-8": b'{"comment": "\xff\xfe"}',
    "UTF-16": '{"grade": 5}'.encode("utf-16"),
    "empty": b"",
    "huge number": b'{"grade": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_hostile_json_is_refused_in_words(client: httpx.Client, office: Office, body: bytes) -> None:
    path = f"/{valid(office).code}/feedback"
    for accept in ("text/html", "application/json", "*/*"):
        headers = {"Content-Type": "application/json", "Accept": accept}
        answer = client.post(path, content=body, headers=headers)
        assert answer.status_code == 422
        assert "。" in answer.text
    assert office.register.find(Feedback) == []


@pytest.mark.parametrize(
    "form",
    [b"comment=%ff%fe&grade=%00", b"grade=%zz", b"&&&===", b"grade=5;grade=1", b"comment=%00", b"\xff=\xff"],
)
def test_a_hostile_form_is_refused_in_words(client: httpx.Client, office: Office, form: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(f"/{valid(office).code}/feedback", content=form, headers=headers)
    assert answer.status_code == 422
    assert office.register.find(Feedback) == []


@pytest.mark.parametrize(
    "path",
    [
        "/%00", "/%00/plate.png", "/%00/live", "/..%2f..%2fetc%2fpasswd", "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py", "/static/%00", "/%ff%fe", "/%ed%a0%80", "/" + "A" * 60_000,
        "/number/%00", "/number/" + "1" * 60_000, "/number/%ff", "/number/٢٠٢٦-001-01-49", "/receipt/%00",
        "/receipt/" + "A" * 60_000, "/receipt/%ed%a0%80", "/<script>alert(1)</script>", "/{{7*7}}",
        "/api/v1/plates/%00", "/number?number=%00", "/number?number=%ff", "/number?number=" + "1" * 60_000,
    ],
    ids=lambda path: path[:30],
)  # fmt: skip
def test_a_hostile_address_gets_a_clear_refusal(client: httpx.Client, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, path)
        assert 400 <= answer.status_code < 500
        assert "<script>alert" not in answer.text
        assert len(answer.content) < 20_000


@pytest.mark.parametrize("accept", ["", "*", "application/json;q=0", "\xff", "a" * 10_000, "text/html, */*"])
def test_a_strange_wish_gets_the_page(client: httpx.Client, office: Office, accept: str) -> None:
    answer = client.get(f"/{valid(office).code}", headers={b"Accept": accept.encode("latin-1")})
    assert answer.status_code == 200


def test_a_forged_host_changes_nothing_on_the_page(client: httpx.Client, office: Office) -> None:
    plate = plate_of(valid(office))
    honest = client.get(plate.paths[0]).text
    assert client.get(plate.paths[0], headers={"Host": "evil.example"}).text == honest
