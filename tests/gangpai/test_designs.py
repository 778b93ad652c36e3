"""Designs at the command line: listed, begun, examined and shown."""

import tomllib
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from plaques.design.library import DesignLibrary
from store.records import Product
from tests.gangpai.desk import Command

SHIPPED = DesignLibrary.shipped()
WHOLE = (Path(__file__).parent.parent / "plaques" / "designs" / "badge.toml").read_text("utf-8")
OWN = WHOLE.replace("red-gold", "ours").replace("default = true\n", "").replace("红底金字", "本单位")
MORE = """
product = "badge"
name = "more"
title_zh = "又一种"
title_en = "One more"
extends = "ours"
"""


@pytest.fixture
def folder(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the organisation's own designs."""
    own = desk / "designs"
    own.mkdir()
    (own / "badges").mkdir()
    (own / "badges" / "ours.toml").write_text(OWN, "utf-8")
    monkeypatch.setenv("GANGPAI_DESIGNS", "designs")
    return own


def test_the_list_names_every_design_with_its_sizes_the_default_first(gangpai: Command) -> None:
    rows = gangpai("design", "list", "--json").json["designs"]
    listed = {(row["product"], row["name"]): row["sizes"] for row in rows}
    for product in SHIPPED.sources:
        for name in SHIPPED.names(product):
            assert tuple(listed[product, name]) == SHIPPED.sizes(product, name)
    assert next(row["name"] for row in rows if row["product"] == "badge") == SHIPPED.names(Product.BADGE)[0]


def test_the_list_shows_the_organisations_own_and_what_is_wrong_with_one(
    gangpai: Command, folder: Path
) -> None:
    (folder / "broken.toml").write_text("[palette", "utf-8")
    (folder / "wrong.toml").write_text("tint = 3\n" + OWN.replace("ours", "wrong"), "utf-8")
    rows = gangpai("design", "list", "--json").json["designs"]
    own = {row["file"]: row for row in rows if row["file"]}
    assert own["badges/ours.toml"]["title_zh"] == "本单位"
    assert "problem" not in own["badges/ours.toml"]
    assert "TOML" in own["broken.toml"]["problem"]
    assert "tint" in own["wrong.toml"]["problem"]
    assert "本单位 Red and gold" in gangpai("design", "list").out


def test_the_doctor_names_the_designs_that_cannot_be_used(gangpai: Command, folder: Path) -> None:
    sound = _what_the_doctor_says(gangpai)
    assert (sound["ok"], sound["found"]) == (True, "1个，均可使用")
    (folder / "broken.toml").write_text("[palette", "utf-8")
    (folder / "wrong.toml").write_text("tint = 3\n" + OWN.replace("ours", "wrong"), "utf-8")
    unsound = _what_the_doctor_says(gangpai)
    assert not unsound["ok"]
    assert all(name in unsound["found"] for name in ("broken.toml", "wrong.toml"))


def _what_the_doctor_says(gangpai: Command) -> Any:
    said = gangpai("doctor", "--json").json["doctor"]
    return next(each for each in said if each["what"] == "自有设计")


def test_a_folder_that_is_not_there_is_refused(gangpai: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANGPAI_DESIGNS", "nowhere")
    answer = gangpai("design", "list", "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, "DesignsUnreadable")


@pytest.mark.parametrize(("product", "base"), [("plaque", "white"), ("badge", "")])
def test_a_new_design_is_sound_as_it_is_written(
    gangpai: Command, desk: Path, product: str, base: str
) -> None:
    made = gangpai("design", "new", "ours-1", "--product", product, "--from", base, "--json")
    assert (made.code, made.json["file"]) == (0, "ours-1.toml")
    text = (desk / "ours-1.toml").read_text("utf-8")
    library = SHIPPED.with_files({"ours-1.toml": text.encode()})
    ours, theirs = library.design(Product(product), "ours-1"), library.design(Product(product), base)
    assert (ours.palette, ours.layout) == (theirs.palette, theirs.layout)
    assert set(tomllib.loads(text)["palette"]) == set(theirs.palette)


def test_a_new_design_never_takes_the_place_of_a_file(gangpai: Command, desk: Path) -> None:
    (desk / "ours.toml").write_text("kept", "utf-8")
    answer = gangpai("design", "new", "ours", "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, "FileExists")
    assert (desk / "ours.toml").read_text("utf-8") == "kept"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("Ours",), "BadName"),
        (("../ours",), "BadName"),
        (("ours", "--from", "none-such"), "UnknownDesign"),
        (("ours", "--out", "no/where/ours.toml"), "OutUnusable"),
    ],
)
def test_a_new_design_is_refused_under_a_bad_name_or_on_no_ground(
    gangpai: Command, arguments: tuple[str, ...], code: str
) -> None:
    answer = gangpai("design", "new", *arguments, "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, code)


def test_a_sound_file_is_fit_for_use(gangpai: Command, desk: Path) -> None:
    (desk / "ours.toml").write_text(OWN, "utf-8")
    answer = gangpai("design", "check", "ours.toml")
    assert (answer.code, answer.err) == (0, "")
    assert "可以使用" in answer.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "“product”：缺少这一项，可写：plaque、badge、desk、door"),
        ('product = "plaque\n', "“TOML”（第1行）：第18列起的写法不合 TOML"),
        ("product = [", "不合 TOML"),
        ('product = "mug"', "没有“mug”，可用：plaque、badge、desk、door"),
    ],
)
def test_a_file_that_is_hardly_begun_is_told_what_it_lacks(
    gangpai: Command, desk: Path, text: str, told: str
) -> None:
    (desk / "mine.toml").write_text(text)
    answer = gangpai("design", "check", "mine.toml")
    assert answer.code == 1
    assert told in answer.err + answer.out


def test_every_fault_of_every_file_is_told_with_its_line(gangpai: Command, desk: Path) -> None:
    (desk / "one.toml").write_text(f"tint = 3\nshade = 4\n{OWN.replace('ours', 'one')}", "utf-8")
    (desk / "two.toml").write_text("[palette\nb = 1", "utf-8")
    answer = gangpai("design", "check", "one.toml", "two.toml")
    assert (answer.code, answer.out) == (1, "")
    assert all(
        f"“{key}”（第{line}行）" in answer.err for key, line in (("tint", 1), ("shade", 2), ("TOML", 1))
    )
    checked = gangpai("design", "check", "one.toml", "two.toml", "--json").json["files"]
    assert [len(each["faults"]) for each in checked] == [2, 1]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("drawing.svg", "NotADesignFile"),
        ("none.toml", "DesignsUnreadable"),
        ("folder.toml", "DesignsUnreadable"),
    ],
)
def test_what_is_no_design_file_is_refused(gangpai: Command, desk: Path, file: str, code: str) -> None:
    (desk / "drawing.svg").write_text("<svg/>", "utf-8")
    (desk / "folder.toml").mkdir()
    answer = gangpai("design", "check", file, "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, code)


def test_a_plate_that_a_design_cannot_hold_is_told_by_its_size(gangpai: Command, desk: Path) -> None:
    (desk / "ours.toml").write_text(OWN.replace("module_min_mm = 0.4", "module_min_mm = 0.8"), "utf-8")
    answer = gangpai("design", "check", "ours.toml", "--json")
    (checked,) = answer.json["files"]
    assert answer.code == 1
    (fault,) = checked["faults"]
    assert fault["key"] == "sizes.id-1"
    assert fault["zh"].startswith("全部样张：二维码单元")


def test_a_drawing_that_cannot_be_printed_is_told(gangpai: Command, desk: Path) -> None:
    art = 'artworks = [{ file = "a.svg", role = "background", box = [0, 0, 10, 10] }]\nshapes ='
    (desk / "ours.toml").write_text(OWN.replace("shapes =", art), "utf-8")
    (desk / "a.svg").write_bytes(b"\x89PNG")
    (checked,) = gangpai("design", "check", "ours.toml", "--json").json["files"]
    assert [fault["key"] for fault in checked["faults"]] == ["sizes.id-1.artworks"]


def test_a_file_in_the_organisations_folder_may_extend_another_there(gangpai: Command, folder: Path) -> None:
    (folder / "more.toml").write_text(MORE, "utf-8")
    assert gangpai("design", "check", folder / "more.toml").code == 0


def test_a_preview_is_a_picture_and_a_proof_of_every_size(gangpai: Command, desk: Path, folder: Path) -> None:
    assert folder.is_dir()
    answer = gangpai("design", "preview", "ours", "--stage", "creation", "--out", "shown", "--json")
    names = ["badge-ours-id-1-creation.png", "badge-ours-id-1-creation.pdf"]
    assert [Path(file).name for file in answer.json["files"]] == names
    with Image.open(desk / "shown" / names[0]) as picture:
        assert picture.width == 1600
    with pypdfium2.PdfDocument(desk / "shown" / names[1]) as document:
        text = document[0].get_textpage().get_text_range()
    assert "样 张" in text
    assert "创建共产党员示范岗" in text


def test_a_preview_shows_a_file_in_one_size(gangpai: Command, desk: Path) -> None:
    (desk / "ours.toml").write_text(OWN, "utf-8")
    answer = gangpai("design", "preview", "ours.toml", "--size", "id-1", "--json")
    assert len(answer.json["files"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("none-such",), "UnknownDesign"),
        (("white", "--size", "a0"), "UnknownDesign"),
        (("none-such.toml",), "DesignsUnreadable"),
        (("broken.toml",), "BadDesign"),
    ],
)
def test_a_preview_of_what_is_no_design_is_refused(
    gangpai: Command, desk: Path, arguments: tuple[str, ...], code: str
) -> None:
    (desk / "broken.toml").write_text("[palette", "utf-8")
    answer = gangpai("design", "preview", *arguments, "--json")
    assert (answer.code, answer.json["refused"]["code"]) == (1, code)


def test_the_organisations_own_design_is_printed(gangpai: Command, folder: Path) -> None:
    assert folder.is_dir()
    assert gangpai("import", Path(__file__).parent.parent / "data" / "roster-2026.xlsx").code == 0
    answer = gangpai("print", "badge", "2026-001", "--proof", "--design", "ours", "--out", "out", "--json")
    assert answer.code == 0, answer.out
