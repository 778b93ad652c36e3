"""Designs are data: complete, in known colours and faces; refused by file, key and line when they are not."""

import pickle
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plaques.design.faults import BadDesign
from plaques.design.file import parse_toml
from plaques.design.library import DesignLibrary, Source, UnknownDesign, load_design
from plaques.design.toml_lines import lines_of
from plaques.marks import Color
from store.records import Product

SHIPPED = DesignLibrary.shipped()
ALL = [(product, name) for product, designs in SHIPPED.sources.items() for name in designs]
BADGE = (Path(__file__).parent / "designs" / "badge.toml").read_text("utf-8")
BASE = DesignLibrary(sources={Product.BADGE: {"red-gold": Source(file="badge.toml", text=BADGE)}})
OWN_BADGE = BADGE.replace('name = "red-gold"', 'name = "ours"').replace("default = true\n", "")
EXTENDING = """
product = "badge"
name = "ours"
title_zh = "本单位"
title_en = "Our own"
extends = "red-gold"
"""


def with_own(**texts: str) -> DesignLibrary:
    return BASE.with_files({f"{name}.toml": text.encode() for name, text in texts.items()})


def refusal_of(text: str) -> BadDesign:
    library = with_own(ours=text)
    with pytest.raises(BadDesign) as refused:
        raise (library.unusable or (_use(library),))[0]
    return refused.value


def _use(library: DesignLibrary) -> BadDesign:
    with pytest.raises(BadDesign) as refused:
        library.design(Product.BADGE, "ours")
    return refused.value


@pytest.mark.parametrize(("product", "size"), [(Product.PLAQUE, "400x300"), (Product.BADGE, "id-1")])
def test_a_product_has_a_default_design_and_size(product: Product, size: str) -> None:
    design = load_design(product)
    assert (design.product, design.name, design.size) == (product, "red-gold", size)
    assert design.layout == load_design(product, "red-gold", size).layout


@pytest.mark.parametrize("product", SHIPPED.sources)
def test_every_product_has_one_default(product: Product) -> None:
    defaults = [each for each in SHIPPED.sources[product].values() if each.table.get("default")]
    assert len(defaults) == 1
    assert SHIPPED.names(product)[0] == defaults[0].table["name"]


@pytest.mark.parametrize(("product", "name"), ALL)
def test_every_shipped_design_is_sound_in_every_size_and_lies_under_its_own_name(
    product: Product, name: str
) -> None:
    assert SHIPPED.file(product, name).name == name
    assert SHIPPED.file(product, name).product is product
    for size in SHIPPED.sizes(product, name):
        assert SHIPPED.design(product, name, size).size == size


def test_a_design_travels_to_another_process_as_it_is() -> None:
    design = load_design(Product.PLAQUE, "white", "a4")
    arrived = pickle.loads(pickle.dumps(design))  # noqa: S301 - what was pickled here
    assert (arrived.layout, arrived.palette) == (design.layout, design.palette)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ((Product.PLAQUE, "blue", ""), "red-gold"),
        ((Product.PLAQUE, "white", "a0"), "400x300"),
    ],
)
def test_an_unknown_design_is_refused_with_those_there_are(
    asked: tuple[Product, str, str], known: str
) -> None:
    with pytest.raises(UnknownDesign, match="Choose one of") as refused:
        load_design(*asked)
    assert known in str(refused.value.facts["known"])


# What is wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("width_mm = 85.6", "width_mm = '85.6'", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "width_mm = true", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "width_mm = nan", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "width_mm = -1", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "", "sizes.id-1.width_mm"),
        ("width_mm = 85.6", "width_mm = 85.6\nweight_g = 5", "sizes.id-1.weight_g"),
        ("box = [56.2, 18, 25, 25]\nlevel", "box = [56.2, 18, 25]\nlevel", "sizes.id-1.code.box[3]"),
        ("box = [56.2, 18, 25, 25]\nlevel", "box = [56.2, 18, 25, 20]\nlevel", "sizes.id-1.code.box"),
        ("box = [56.2, 18, 25, 25]\nlevel", "box = [66.2, 18, 25, 25]\nlevel", "sizes.id-1.code.box"),
        ("box = [5, 43.2, 49, 3.4]", "box = [2, 43.2, 49, 3.4]", "sizes.id-1.captions[3].box"),
        ("box = [5, 28.3, 49, 13.6]", "box = [5, 28.3, 49, 33.6]", "sizes.id-1.column.box"),
        ("center_mm = [29.5, 34.5]", "center_mm = 29.5", "sizes.id-1.stamp.center_mm"),
        ('level = "M"', 'level = "H"', "sizes.id-1.code.level"),
        ('kind = "clauses"', 'kind = "poem"', "sizes.id-1.column.items[1].kind"),
        ("size_pt = 25, floor_pt = 6.5", "size_pt = 25, floor_pt = 3.5", "sizes.id-1.captions[1].floor_pt"),
        ("size_pt = 25, floor_pt = 6.5", "size_pt = 6, floor_pt = 6.5", "sizes.id-1.captions[1].floor_pt"),
        ('after = "name"', 'after = "number"', "sizes.id-1.captions[2].after"),
        ('part = "branch"', 'part = "name"', "sizes.id-1.captions[3].part"),
        ('default_size = "id-1"', "default_size = 1", "default_size"),
        ('default_size = "id-1"', 'default_size = "a4"', "default_size"),
        ('product = "badge"', 'product = "mug"', "product"),
        ('name = "ours"', 'name = "Ours!"', "name"),
        ('name = "ours"', 'name = "red-gold"', "name"),
        ('name = "ours"', 'name = "ours"\ndefault = true', "default"),
        ('name = "ours"', 'name = "ours"\nextends = "nothing"', "extends"),
        ("[palette]", "[palette", "TOML"),
        ('face = "kai"', 'face = "comic"', "sizes.id-1.captions[1].face"),
        ('text = "{branch}"', 'text = "{brunch}"', "sizes.id-1.captions[3].text"),
        ('text = "{branch}"', 'text = "{branch"', "sizes.id-1.captions[3].text"),
        ('text = "{branch}"', 'text = "{heading_en}"', "words.heading_en"),
        ('text = "{duties}"', 'text = "{number}"', "sizes.id-1.column.items[1].text"),
        ('band = "#9E0B14"', 'band = "red"', "palette.band"),
        ('band = "#9E0B14"', 'band = { rgb = "#9E0B14", cmyk = [0, 100, 100] }', "palette.band"),
        ('band = "#9E0B14"', 'band = { rgb = "#9E0B14", cmyk = [0, 101, 100, 0] }', "palette.band"),
        ('band = "#9E0B14"', 'band = { rgb = "#9E0B14", pantone = "485" }', "palette.band"),
        ('code = "#14100F"', 'code = "#A30D16"', "palette.code"),
        ('code = "#14100F"', 'code = "none"', "palette.code"),
        ('ink = "#231815"', 'ink = "none"', "palette.ink"),
        ("[palette]", "outlines = true\n[palette]", "palette"),
        ('kind = "block", box = [0, 0,', 'kind = "path", box = [0, 0,', "sizes.id-1.shapes[0].path_mm"),
        ('kind = "block", box = [0, 0,', 'kind = "frame", box = [0, 0,', "sizes.id-1.shapes[0].stroke_mm"),
        ('kind = "block"', 'kind = "path", path_mm = "M 0 0 L 1"', "sizes.id-1.shapes[0].path_mm"),
        ('kind = "block", box = [0,', 'kind = "block", box = [1,', "sizes.id-1.shapes[0].box"),
    ],
)
def test_one_thing_wrong_is_refused_by_file_and_key(right: str, wrong: str, key: str) -> None:
    assert right in OWN_BADGE
    text = OWN_BADGE.replace(right, wrong, 1)
    refusal = refusal_of(text)
    assert refusal.facts["file"] == "ours.toml"
    assert key in {fault.key for fault in refusal.faults}


def test_a_color_that_no_palette_has_is_refused_where_it_is_used() -> None:
    refusal = refusal_of(OWN_BADGE.replace('band = "#9E0B14"\n', ""))
    (fault,) = refusal.faults
    assert fault.key == "sizes.id-1.shapes[1].color"
    assert "ground" in fault.zh
    assert "ground" in fault.en


def test_every_fault_of_a_file_is_told_at_once_with_its_line() -> None:
    text = OWN_BADGE
    for right, wrong in (("clear_mm = 3", "clear_mm = '3'"), ("turn_deg = 14", "turn_deg = 14\ntint = 3")):
        text = text.replace(right, wrong)
    refusal = refusal_of(text)
    lines = text.splitlines()
    assert [fault.key for fault in refusal.faults] == ["sizes.id-1.clear_mm", "sizes.id-1.stamp.tint"]
    assert [lines[fault.line - 1] for fault in refusal.faults] == ["clear_mm = '3'", "tint = 3"]
    assert all(each in refusal.zh for each in ("有2处有误", "应为数", "没有“tint”，可用：face、size_pt"))
    assert all(each in refusal.en for each in ("2 faults", "a number is expected", "one of: face, size_pt"))


@pytest.mark.parametrize(
    ("where", "known"),
    [
        ("[words]", "heading_en"),
        ("[sizes.id-1.code]", "module_min_mm"),
        ("[sizes.id-1.back]", "captions"),
        ("[sizes.id-1.back.code]", "module_min_mm"),
        ("[[sizes.id-1.back.captions]]", "after_gap_mm"),
    ],
)
def test_a_key_that_is_unknown_is_told_with_those_that_are(where: str, known: str) -> None:
    refusal = refusal_of(f"{EXTENDING}{where}\ntint = 3\n")
    (fault,) = (each for each in refusal.faults if each.key.endswith(".tint"))
    assert known in fault.zh
    assert fault.line


@pytest.mark.parametrize(("product", "name"), ALL)
def test_every_key_is_found_on_its_line(product: Product, name: str) -> None:
    text = SHIPPED.source(product, name).text
    lines, written = lines_of(text), text.splitlines()
    for key, value in _leaves(tomllib.loads(text), ""):
        assert key in lines
        assert _shown(value) in written[lines[key] - 1]


def _leaves(entry: Any, key: str) -> list[tuple[str, Any]]:
    if isinstance(entry, dict):
        return [each for name, one in entry.items() for each in _leaves(one, f"{key}.{name}".lstrip("."))]
    if isinstance(entry, list):
        return [each for at, one in enumerate(entry) for each in _leaves(one, f"{key}[{at}]")]
    return [(key, entry)]


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def test_lines_are_found_through_comments_strings_and_arrays_of_tables() -> None:
    text = (
        '# [no]\na = "x # ] }"\n\n[[t]]\nb.c = [\n  1, # one\n  { d = """\n""", e = 2 },\n]\n'
        "[t.u]\nf = 1\n[[t]]\nb = 2\n"
    )
    lines = lines_of(text)
    assert set(parse_toml(text, "a.toml")) == {"a", "t"}
    assert lines == {
        "a": 2, "t[0]": 4, "t[0].b.c": 5, "t[0].b.c[0]": 6, "t[0].b.c[1]": 7, "t[0].b.c[1].d": 7,
        "t[0].b.c[1].e": 8, "t[0].u": 10, "t[0].u.f": 11, "t[1]": 12, "t[1].b": 13,
    }  # fmt: skip


# What is taken from elsewhere ---------------------------------------------------------------------------


def test_a_design_takes_what_it_does_not_say_from_the_one_it_extends() -> None:
    ours = with_own(ours=f'{EXTENDING}[palette]\nband = "#004488"\n').design(Product.BADGE, "ours")
    shipped = BASE.design(Product.BADGE)
    assert ours.layout == shipped.layout
    assert ours.palette == {**shipped.palette, "band": Color("#004488")}
    assert (ours.title_zh, ours.title_en) == ("本单位", "Our own")


def test_what_a_design_says_of_a_size_lies_over_what_it_extends() -> None:
    text = f"{EXTENDING}[sizes.id-1.stamp]\nsize_pt = 40\n[sizes.id-1.code]\nmodule_min_mm = 0.5\n"
    library = with_own(ours=text)
    ours, shipped = (library.design(Product.BADGE, name).layout for name in ("ours", "red-gold"))
    assert (ours.stamp.size_pt, ours.stamp.face) == (40, shipped.stamp.face)
    assert (ours.code.module_min_mm, ours.code.box) == (0.5, shipped.code.box)


def test_a_color_is_replaced_whole() -> None:
    printed = 'gold = { rgb = "#E3BC6A", cmyk = [10, 25, 65, 0], spot = "GOLD" }'
    first = f"{EXTENDING}[palette]\n{printed}\n"
    second = (
        EXTENDING.replace("ours", "theirs").replace('"red-gold"', '"ours"') + '[palette]\ngold = "#d0a040"\n'
    )
    library = with_own(ours=first, theirs=second)
    assert library.design(Product.BADGE, "ours").palette["gold"] == Color("#E3BC6A", (10, 25, 65, 0), "GOLD")
    assert library.design(Product.BADGE, "theirs").palette["gold"] == Color("#D0A040")


def test_designs_that_extend_each_other_are_refused() -> None:
    library = with_own(
        ours=EXTENDING.replace('"red-gold"', '"theirs"'),
        theirs=EXTENDING.replace("ours", "theirs").replace('"red-gold"', '"ours"'),
    )
    with pytest.raises(BadDesign, match="extends") as refused:
        library.design(Product.BADGE, "ours")
    assert refused.value.facts["file"] == "theirs.toml"


def test_a_role_that_is_none_is_not_drawn() -> None:
    ours = with_own(ours=f'{EXTENDING}[palette]\nband = "none"\n').design(Product.BADGE, "ours")
    assert ours.palette["band"] is None


# Sizes like others --------------------------------------------------------------------------------------

DOUBLE = f'{EXTENDING}[sizes.double]\nlike = "id-1"\nscale = 2\n'


def test_a_size_like_another_is_scaled_with_all_its_measures() -> None:
    library = with_own(ours=DOUBLE)
    single, double = (library.design(Product.BADGE, "ours", size).layout for size in ("id-1", "double"))
    assert (double.width_mm, double.height_mm) == (171.2, 107.96)
    assert double.column.box.width_mm == 2 * single.column.box.width_mm
    assert double.captions[1].floor_pt == 2 * single.captions[1].floor_pt
    assert double.column.items[1].gap_max_mm == 2 * single.column.items[1].gap_max_mm
    assert double.column.items[1].leading == single.column.items[1].leading
    assert (double.clear_mm, double.raster_dpi) == (single.clear_mm, single.raster_dpi)


def test_a_size_like_another_says_anew_what_differs() -> None:
    text = (
        f"{DOUBLE}width_mm = 180\nfloors = {{ name = 9, duties = 8 }}\n[sizes.double.stamp]\nturn_deg = 20\n"
    )
    double = with_own(ours=text).design(Product.BADGE, "ours", "double").layout
    assert (double.width_mm, double.height_mm, double.stamp.turn_deg) == (180, 107.96, 20)
    assert [caption.floor_pt for caption in double.captions if caption.part == "name"] == [9]
    assert [item.floor_pt for item in double.column.items if item.part == "duties"] == [8]


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('like = "id-1"', 'like = "a4"', "sizes.double.like"),
        ('like = "id-1"', 'like = "double"', "sizes.double.like"),
        ('like = "id-1"\n', "", "sizes.double.like"),
        ("scale = 2", "scale = 0", "sizes.double.scale"),
        ("scale = 2", "scale = 0.8", "sizes.double.captions[3].floor_pt"),
        ("scale = 2", "scale = 2\nwidht_mm = 3", "sizes.double.widht_mm"),
    ],
)
def test_a_wrong_scaled_size_is_refused(right: str, wrong: str, key: str) -> None:
    refusal = refusal_of(DOUBLE.replace(right, wrong))
    assert key in {fault.key for fault in refusal.faults}
    assert all(fault.line for fault in refusal.faults)


@pytest.mark.parametrize("width_mm", [171, 171.4])
def test_what_lies_on_the_trim_lies_on_the_trim_of_a_scaled_size(width_mm: float) -> None:
    text = f"{DOUBLE}width_mm = {width_mm}\nheight_mm = 108\n"
    ground = with_own(ours=text).design(Product.BADGE, "ours", "double").layout.shapes[0].box
    assert (ground.right_mm, ground.bottom_mm) == (width_mm, 108)


def test_the_paths_of_a_scaled_size_are_scaled() -> None:
    shape = (
        '{ kind = "path", box = [10, 10, 20, 20], path_mm = "M 0 0 H 1.5 V2 C1,1 2,2 3,3Z", color = "gold" }'
    )
    shapes = f"[sizes.id-1]\nshapes = [\n{shape},\n]\n"
    ours = with_own(ours=f"{DOUBLE}{shapes}").design(Product.BADGE, "ours", "double")
    assert ours.layout.shapes[0].path_mm.replace(".0", "") == "M 0 0 H 3 V4 C2,2 4,4 6,6Z"


# The organisation's own files ---------------------------------------------------------------------------


def test_a_file_that_is_no_design_keeps_no_other_from_being_used() -> None:
    library = with_own(ours=EXTENDING, broken="[palette", nameless='product = "badge"')
    assert {refusal.facts["file"] for refusal in library.unusable} == {"broken.toml", "nameless.toml"}
    assert library.design(Product.BADGE, "ours").name == "ours"
    assert library.own == {"ours.toml": (Product.BADGE, "ours")}
    assert "ours" in library.names(Product.BADGE)
    assert "ours" not in BASE.names(Product.BADGE)


@pytest.mark.parametrize("spoil", [lambda text: b"\xef\xbb\xbf" + text.encode(), lambda text: text.encode()])
def test_a_byte_order_mark_is_passed_over(spoil: Callable[[str], bytes]) -> None:
    library = BASE.with_files({"ours.toml": spoil(EXTENDING)})
    assert library.unusable == ()


def test_a_file_in_another_encoding_is_refused() -> None:
    (refusal,) = BASE.with_files({"ours.toml": EXTENDING.encode("gb18030")}).unusable
    assert "UTF-8" in refusal.zh
