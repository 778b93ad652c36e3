"""Photos with a message: taken from a form, drawn anew, kept with it, and seen by the committee alone."""

from pathlib import Path

import httpx
import pytest

from store.acts.attachments import read_attachment
from store.records import Attachment, AttachmentContent, Feedback, ForgeryReport, Topic
from tests.office import Office
from tests.verify.pictures import HEIC, NO_PHOTOS, PLANTED, bomb, encoded, photo, picture
from tests.verify.public.plates import JSON, valid
from tests.verify.public.reading import Page
from tests.verify.public.street import Somebody
from verify import darkroom
from verify.darkroom import DarkroomFull
from verify.photos import PHOTO_BYTES_MOST, PHOTOS_MOST
from verify.public.forms import FIELDS_MOST, FILES_READ_MOST, FORM_BYTES_MOST, PHOTO_FORM_BYTES_MOST

WORDS = {"grade": "2", "comment": "地面湿滑", "topic": "complaint"}
Files = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
def path(office: Office) -> str:
    return f"/{valid(office).code}/feedback"


def files(*contents: bytes, name: str = "IMG_13800138000.jpg") -> Files:
    return [("photos", (name, content, "image/jpeg")) for content in contents]


def kept(office: Office) -> list[bytes]:
    found = office.register.find(Attachment)
    return [read_attachment(office.register, office.by(), each.id)[1] for each in found]


def test_f25_photos_come_with_a_message_and_only_their_pixels_are_kept(
    client: httpx.Client, office: Office, path: str, tmp_path: Path
) -> None:
    sent = files(photo(), encoded(picture(), "PNG"), encoded(picture(), "WEBP"))
    answer = client.post(path, data=WORDS, files=sent)
    assert answer.status_code == 303
    [feedback] = office.register.find(Feedback)
    assert (feedback.comment, feedback.topic) == ("地面湿滑", Topic.COMPLAINT)
    assert len(kept(office)) == 3
    assert all(each.startswith(b"\xff\xd8\xff") for each in kept(office))
    names = [each.file_name for each in office.register.find(Attachment)]
    assert len(set(names)) == 3
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for trace in (PLANTED, "13800138000"):
        assert trace.encode() not in stored
        assert not any(trace.encode() in each for each in kept(office))
    page = Page(client.get(answer.headers["location"]).text)
    assert "照片\n3" in page.text
    assert "img" not in {tag for tag, _ in page.tags}


@pytest.mark.parametrize("where", ["receipt", "forgery"])
def test_photos_are_taken_wherever_something_is_said(
    client: httpx.Client, office: Office, path: str, where: str
) -> None:
    receipt = client.post(path, data={"grade": "5"}).headers["location"]
    address = f"{receipt}/addition" if where == "receipt" else "/forgery"
    answer = client.post(address, data={"place": "北门"}, files=files(photo()))
    assert answer.status_code == 303
    assert len(kept(office)) == 1


def test_where_no_photo_was_chosen_none_is_missed(client: httpx.Client, office: Office, path: str) -> None:
    nothing = [("photos", ("", b"", "application/octet-stream"))]
    assert client.post(path, data=WORDS, files=nothing).status_code == 303
    assert kept(office) == []


REFUSED = {
    "HEIC": (files(HEIC), "第1张照片是HEIC格式"),
    "second of two": (files(photo(), b"GIF89a"), "第2个文件不是能打开的照片"),
    "too many": (files(*[photo()] * (PHOTOS_MOST + 1)), "最多可附3张照片"),
    "too large": (files(photo() + bytes(PHOTO_BYTES_MOST)), "超过10MB"),
    "bomb": (files(bomb()), "像素过多"),
    "cut off": (files(NO_PHOTOS["JPEG cut off"]), "不是能打开的照片"),
    "empty but named": (files(b""), "不是能打开的照片"),
}


@pytest.mark.parametrize(("sent", "zh"), REFUSED.values(), ids=REFUSED)
def test_refused_photos_leave_every_word_and_have_to_be_chosen_again(
    client: httpx.Client, office: Office, path: str, sent: Files, zh: str
) -> None:
    answer = client.post(path, data=WORDS, files=sent)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert zh in page.text
    assert "请重新选择照片。" in page.text
    assert page.within("textarea") == WORDS["comment"]
    assert [tag["value"] for _, tag in page.tags if "checked" in tag] == ["2", "complaint"]
    assert any(tag == "details" and "open" in attributes for tag, attributes in page.tags)
    machine = client.post(path, data=WORDS, files=sent, headers=JSON)
    assert zh in machine.json()["zh"]
    assert (office.register.count(Feedback), office.register.count(AttachmentContent)) == (0, 0)


def test_where_the_darkroom_is_full_the_words_are_kept(
    client: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: bytes, number: int) -> bytes:  # noqa: ARG001 - as it is called
        raise DarkroomFull

    monkeypatch.setattr(darkroom, "_drawn_elsewhere", full)
    answer = client.post(path, data=WORDS, files=files(photo()))
    assert answer.status_code == 503
    assert WORDS["comment"] in answer.text
    assert client.post(path, data=WORDS).status_code == 303


def test_only_forms_with_photos_may_be_large(client: httpx.Client, office: Office, path: str) -> None:
    assert client.post(path, data=WORDS, files=files(photo() + bytes(2 * FORM_BYTES_MOST))).status_code == 303
    for address, kind in (
        (path, "application/x-www-form-urlencoded"),
        (path, "application/json"),
        ("/console/sign-in", "multipart/form-data; boundary=x"),
        ("/receipt/ABCDEFGHJKMN/rating", "multipart/form-data; boundary=x"),
        ("/console/feedback", "multipart/form-data; boundary=x"),
        ("/console/feedback/R1/settle", "multipart/form-data; boundary=x"),
    ):
        headers = {"Content-Type": kind}
        assert client.post(address, content=b"a" * (FORM_BYTES_MOST + 1), headers=headers).status_code == 413
    assert office.register.count(Feedback) == 1


def test_more_than_three_photos_can_weigh_is_refused_and_said_why(
    client: httpx.Client, office: Office, path: str
) -> None:
    answer = client.post(path, data=WORDS, files=files(bytes(PHOTO_FORM_BYTES_MOST)))
    assert answer.status_code == 413
    assert "少选几张照片" in answer.text
    assert office.register.count(Feedback) == 0


IN_PARTS = "multipart/form-data; boundary=x"
UNFINISHED = b'--x\r\nContent-Disposition: form-data; name="comment"\r\n\r\na'
MALFORMED = {
    "no boundary": ("multipart/form-data", b""),
    "empty boundary": ("multipart/form-data; boundary=", b"--\r\n"),
    "long boundary": ("multipart/form-data; boundary=" + "x" * 5000, b""),
    "another boundary": (IN_PARTS, b"--y\r\n\r\n"),
    "cut off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="comment"\r\n\r\na',
    ),
    "no name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
    ),
    "no header": (IN_PARTS, b"--x\r\n\r\na\r\n--x--\r\n"),
    "long header": (IN_PARTS, b"--x\r\nContent-Disposition: " + b"a" * 60_000),
    "many headers": (IN_PARTS, b"--x\r\n" + b"a: b\r\n" * 9000),
    "other letters": ("multipart/form-data; boundary=x; charset=utf-7", b"--x--\r\n"),
    "NUL": (IN_PARTS, b"\0" * 100),
}


@pytest.mark.parametrize(("kind", "body"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_form_is_refused_in_words(
    client: httpx.Client, office: Office, path: str, kind: str, body: bytes
) -> None:
    answer = client.post(path, content=body, headers={"Content-Type": kind})
    assert answer.status_code in {400, 415, 422}
    assert "。" in answer.text
    assert office.register.count(Feedback) == 0


def test_many_fields_and_many_files_are_not_read_to_the_end(
    client: httpx.Client, office: Office, path: str
) -> None:
    many = {f"f{number}": "x" for number in range(FIELDS_MOST + 1)}
    assert client.post(path, data=many, files=files(photo())).status_code == 400
    assert client.post(path, data=WORDS, files=files(*[b"x"] * (FILES_READ_MOST + 1))).status_code == 400
    assert client.post(path, data={}, files=[("comment", ("a", b"x", "text/plain"))]).status_code == 422
    assert office.register.count(Feedback) == 0


def test_f25_nobody_but_the_committee_is_handed_a_photo(somebody: Somebody, office: Office) -> None:
    somebody().post("/forgery", data={"place": "北门"}, files=files(photo()))
    [attachment] = office.register.find(Attachment)
    [report] = office.register.find(ForgeryReport)
    for address in (f"/console/feedback/photos/{attachment.id}", f"/forgery/{report.id}/{attachment.id}"):
        assert somebody().get(address).status_code in {303, 404}
