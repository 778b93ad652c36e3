"""What kinds of files are read, how encodings are told apart, and that no file does worse than be refused."""

import io
import warnings
import zipfile
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.refusals import Refusal
from store.roster import delimited
from store.roster import workbook as excel
from store.roster.cells import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from tests.rosters import HEADER, SAMPLES, csv_text, faults, filled, good, read, sample, saved, workbook

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return an archive with every part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def with_sheet(xml: str, encoding: str = "utf-8") -> bytes:
    """Return a workbook whose only sheet is this."""
    sheet = xml.encode(encoding)
    return repacked(workbook(HEADER, good()), lambda name, part: sheet if name == SHEET else part)


def outcome(data: bytes, filename: str) -> object:
    """Return the rows, or the faults; anything else but a refusal fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return read(data, filename).rows
        except Refusal as refusal:
            return refusal.zh, refusal.facts, str(refusal)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_csv_reads_equal_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = (("申报表，请核对；谢谢",), HEADER, good(党员姓名="周䶮,李𬱖;王𣲗\n赵㼆", 岗位地点="一楼　一室"))
    expected = read(csv_text(*rows).encode(), "名册.csv").rows
    assert len(expected[0].content.members) == 4
    assert read(csv_text(*rows, delimiter=delimiter).encode(encoding), "名册.csv").rows == expected


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_sample_of_persons_reads_equal_in_every_encoding(encoding: str) -> None:
    original = sample("members-2026.csv")
    again = original.decode("gb18030").encode(encoding)
    assert read(again, "members.csv").rows == read(original, "members.csv").rows


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["roster-2026.xlsx", "roster-faulty.xlsx"])
def test_samples_saved_as_csv_read_as_the_workbook_does(name: str, encoding: str) -> None:
    cells = excel.read_workbook(sample(name))[0].cells
    rows = [[cells.get(row, {}).get(column) for column in range(1, 11)] for row in range(1, max(cells) + 1)]
    text = csv_text(*([cell.text if cell else "" for cell in row] for row in rows))
    if "\n" not in "".join(cell.text for row in cells.values() for cell in row.values()):
        assert faults(text.encode(encoding), "名册.csv") == faults(sample(name))
    if not faults(sample(name)):
        contents = [row.content for row in read(text.encode(encoding), "名册.csv").rows]
        assert contents == [row.content for row in read(sample(name)).rows]


def test_old_gbk_bytes_of_a_rare_name_arrive_as_the_character() -> None:
    data = csv_text(HEADER, good(党员姓名="周X、王芳、李娜")).encode("gb18030").replace(b"X", b"\xfe\x9f")
    assert read(data, "名册.csv").rows[0].content.members[0].name == "周䶮"
    private = csv_text(HEADER, good(党员姓名="周\ue863、王芳、李娜")).encode("utf-8")
    assert read(private, "名册.csv").rows[0].content.members[0].name == "周䶮"


ENGLISH = "branch,post,duties\r\n"
EVEN_RUNS = "管理,服务,管理服务\r\n"


def damaged_but_valid_gb18030() -> list[bytes]:
    """Cut two bytes out of UTF-8 wherever what is left still decodes as GB 18030."""
    whole = (ENGLISH + EVEN_RUNS * 9).encode()
    cut = (whole[:position] + whole[position + 2 :] for position in range(len(ENGLISH), len(whole) - 2))
    return [data for data in cut if _fits(data, "gb18030") and not _fits(data, "utf-8")]


def test_utf8_with_damage_is_refused_rather_than_read_as_gb18030() -> None:
    damaged = damaged_but_valid_gb18030()
    assert len(damaged) > 20
    for data in damaged:
        with pytest.raises(delimited.UnknownEncoding):
            delimited.decode(data)


def test_a_decoder_that_guesses_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the decoder so that it takes any GB 18030, and see the mojibake that the true one refuses."""
    monkeypatch.setattr(delimited, "_refuse_damaged_utf8", lambda _: None)
    assert "管理,服务,管理服务\r\n" * 9 not in delimited.decode(damaged_but_valid_gb18030()[0])


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("data", "filename", "what"),
    [
        (b"", "名册.xlsx", "文件是空的"),
        (b" \r\n", "名册.csv", "文件是空的"),
        (OLE, "名册.xls", "旧格式 .xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "名册.xlsx", "设有打开密码"),
        (b"PK\x03\x04 damaged", "名册.xlsx", "打不开"),
        (b"%PDF-1.7", "名册.xlsx", "打不开"),
        (b"\x00\x01" * MOST_BYTES, "名册.csv", "超过10 MB"),
        (b"\xff\xfe\x00\xd8", "名册.csv", "认不出文件的文字编码"),
        (b"a,b\x00\x00", "名册.csv", "认不出文件的文字编码"),
        (b"\xef\xbb\xbfa,b\x00", "名册.csv", "认不出文件的文字编码"),
        ('党总支,岗位名称,岗位类型\n园艺场,"苗圃,集体'.encode(), "名册.csv", "第2行：从这一行起引号不配对"),
    ],
)
def test_files_that_are_no_roster_are_refused_with_the_way_out(data: bytes, filename: str, what: str) -> None:
    (fault,) = faults(data, filename)
    assert what in fault
    assert "；请" in fault


def test_the_content_decides_what_a_file_is() -> None:
    assert read(workbook(HEADER, good()), "名册.csv").rows == read(workbook(HEADER, good())).rows


def test_a_workbook_that_unpacks_to_more_than_its_bound_is_refused_before_it_is_opened() -> None:
    bomb = with_sheet("<worksheet>" + " " * excel.MOST_UNPACKED_BYTES)
    assert len(bomb) < 100_000
    (fault,) = faults(bomb)
    assert "解开后太大" in fault


@pytest.mark.parametrize(
    "rows",
    [
        "<row>" + "<c/>" * excel.MOST_TAGS + "</row>",
        "<a>" * excel.MOST_TAGS,
    ],
)
def test_a_small_archive_of_countless_tags_is_refused_before_it_is_opened(rows: str) -> None:
    bomb = with_sheet(f"<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>")
    assert len(bomb) < 100_000
    (fault,) = faults(bomb)
    assert "解开后太大" in fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY a "aaaaaaaa">]>'
    (fault,) = faults(with_sheet(f"{declared}<worksheet {NAMESPACE}>&a;</worksheet>", encoding))
    assert "打不开" in fault


def test_a_merged_area_as_large_as_the_sheet_costs_nothing() -> None:
    sheet = filled(HEADER, good())
    data = repacked(
        saved(sheet),
        lambda name, part: (
            part.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="K1:XFD1048576"/></mergeCells>'
            )
            if name == SHEET
            else part
        ),
    )
    assert len(read(data).rows) == 1


def test_overlapping_merged_areas_are_bounded() -> None:
    areas = '<mergeCell ref="A1:CV20000"/>' * 1000
    row = '<row r="20000"><c r="A20000"><v>1</v></c></row>'
    data = with_sheet(
        f"<worksheet {NAMESPACE}><sheetData>{row}</sheetData><mergeCells>{areas}</mergeCells></worksheet>"
    )
    (fault,) = faults(data)
    assert "表格太大" in fault


def test_more_rows_or_columns_than_a_roster_has_are_refused() -> None:
    tall = csv_text(HEADER, *([["x"]] * MOST_ROWS)).encode()
    wide = csv_text([*HEADER, *(["x"] * MOST_COLUMNS)]).encode()
    wide_book = workbook([*HEADER, *(["x"] * MOST_COLUMNS)])
    for data, name in ((tall, "名册.csv"), (wide, "名册.csv"), (wide_book, "名册.xlsx")):
        (fault,) = faults(data, name)
        assert "最多20000行、100列" in fault


def test_formatting_far_outside_the_table_does_not_matter() -> None:
    sheet = filled(HEADER, good())
    sheet["XFD900000"].number_format = "@"
    assert len(read(saved(sheet)).rows) == 1


@settings(deadline=None)
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx", ""]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    outcome(data, name)


@settings(deadline=None)
@given(
    data=st.binary(max_size=200),
    magic=st.sampled_from([b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", OLE]),
)
def test_any_bytes_behind_a_known_beginning_are_read_or_refused(data: bytes, magic: bytes) -> None:
    outcome(magic + data, "a.xlsx")
    outcome(magic + data, "a.csv")


@settings(deadline=None)
@given(text=st.text(alphabet="张伟王芳·、,;\t\n\r'\"=()（）3等 \u3000\u200b\ufffd\ue863\ud800<", max_size=60))
def test_any_text_in_any_cell_is_read_or_refused(text: str) -> None:
    for column in range(len(HEADER)):
        row = list(good())
        row[column] = text
        data = csv_text(HEADER, row).encode("utf-8", "surrogatepass")
        outcome(data, "a.csv")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0), name=st.sampled_from(SAMPLES))
def test_a_sample_with_bytes_changed_is_read_or_refused(seed: int, name: str) -> None:
    outcome(mutated(sample(name), Random(seed)), name)  # noqa: S311 -- a repeatable mutation, no secret


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0), name=st.sampled_from(SAMPLES[:2]))
def test_a_workbook_with_parts_changed_is_read_or_refused(seed: int, name: str) -> None:
    dice = Random(seed)  # noqa: S311 -- a repeatable mutation, no secret
    victim = dice.choice(zipfile.ZipFile(io.BytesIO(sample(name))).namelist())
    outcome(repacked(sample(name), lambda part, old: mutated(old, dice) if part == victim else old), name)


def mutated(data: bytes, dice: Random) -> bytes:
    """Return the data with a few bytes changed, cut out or repeated."""
    for _ in range(dice.randint(1, 8)):
        start = dice.randrange(len(data) + 1)
        stop = min(len(data), start + dice.randint(0, 40))
        middle = dice.choice(
            (b"", data[start:stop] * 2, dice.randbytes(3), b"=", b"\0", b'"', b"<", b"99999999999")
        )
        data = data[:start] + middle + data[stop:]
    return data


def test_a_workbook_locked_part_by_part_is_refused() -> None:
    data = bytearray(workbook(HEADER, good()))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    (fault,) = faults(bytes(data))
    assert "设有打开密码" in fault


def test_an_array_formula_is_a_formula() -> None:
    cell = '<c r="A1"><f t="array" ref="A1">1+1</f><v>2</v></c><c r="B1" t="n"><v>1e300</v></c>'
    data = with_sheet(f'<worksheet {NAMESPACE}><sheetData><row r="1">{cell}</row></sheetData></worksheet>')
    (fault,) = faults(data)
    assert "“=1+1”" in fault


def test_a_merged_area_without_rows_is_damage() -> None:
    merged = '<mergeCells><mergeCell ref="A:B"/></mergeCells>'
    (fault,) = faults(with_sheet(f"<worksheet {NAMESPACE}><sheetData/>{merged}</worksheet>"))
    assert "打不开" in fault
