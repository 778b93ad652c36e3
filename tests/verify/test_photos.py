"""What is taken of a photo from outside, and that nothing of it is kept but its pixels."""

import random
from io import BytesIO

import pytest
from PIL import Image

from tests.verify.pictures import (
    HEIC,
    NO_PHOTOS,
    PLANTED,
    animated,
    bomb,
    broken,
    chunk,
    encoded,
    photo,
    picture,
    png,
)
from verify.photos import (
    KEPT_BYTES_MOST,
    PHOTO_BYTES_MOST,
    PIXELS_HELD_MOST,
    PIXELS_MOST,
    SIDE_PX,
    HeicPhoto,
    NotAPhoto,
    PhotoTooLarge,
    TooManyPixels,
    check_beginning,
    drawn_anew,
)


def shown(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=["JPEG"])


def test_a_photo_is_turned_as_its_camera_meant_it() -> None:
    kept = shown(drawn_anew(photo(), 1))
    assert kept.size == (300, 400)
    left, right = kept.getpixel((20, 200)), kept.getpixel((280, 200))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[2] > left[0], right[0] > right[2]) == (True, True)


def test_nothing_but_pixels_is_kept() -> None:
    assert PLANTED.encode() in photo()
    kept = drawn_anew(photo(), 1)
    assert PLANTED.encode() not in kept
    facts = shown(kept)
    assert dict(facts.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & facts.info.keys()


def test_a_colour_profile_and_hidden_texts_are_dropped() -> None:
    with_profile = encoded(picture(), "PNG", icc_profile=PLANTED.encode() * 10)
    noted = png(8, 8, pixels=bytes(8 * 25), more=chunk(b"tEXt", b"Comment\0" + PLANTED.encode()))
    for content in (with_profile, noted):
        assert PLANTED.encode() not in drawn_anew(content, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_format_taken_becomes_a_bounded_jpeg(kind: str) -> None:
    noise = Image.effect_noise((2400, 1200), 90).convert("RGB")
    kept = drawn_anew(encoded(noise, kind), 1)
    assert shown(kept).size == (SIDE_PX, SIDE_PX // 2)
    assert len(kept) <= KEPT_BYTES_MOST


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16", "LA"])
def test_every_kind_of_pixel_is_drawn(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    source = Image.new(mode, (30, 20)) if mode in {"I;16", "LA"} else picture(30, 20).convert(mode)
    assert shown(drawn_anew(encoded(source, kind), 1)).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert shown(drawn_anew(encoded(clear, "PNG"), 1)).getpixel((10, 10)) == (255, 255, 255)


def test_of_what_moves_the_first_picture_is_kept() -> None:
    assert getattr(shown(drawn_anew(animated(), 1)), "n_frames", 1) == 1


def test_pixels_are_counted_before_any_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_: pytest.fail("decoded"))
    side = int(PIXELS_HELD_MOST**0.5) + 1
    for content in (bomb(), png(side, side), png(65535, 65535), png(1, PIXELS_HELD_MOST + 1)):
        with pytest.raises(TooManyPixels):
            drawn_anew(content, 1)


def test_a_jpeg_may_have_more_pixels_since_fewer_are_decoded() -> None:
    wide = encoded(Image.new("L", (16_500, 1000)), quality=20)
    assert PIXELS_HELD_MOST < 16_500 * 1000 < PIXELS_MOST
    assert shown(drawn_anew(wide, 1)).width == SIDE_PX


@pytest.mark.parametrize("content", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises((NotAPhoto, TooManyPixels)):
        drawn_anew(content, 1)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_photo_with_senseless_facts_is_still_a_photo() -> None:
    assert drawn_anew(encoded(picture(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"), 1)


def test_broken_pictures_are_drawn_or_refused() -> None:
    chance = random.Random(7)  # noqa: S311 - the same breakages in every run
    for _ in range(150):
        try:
            assert shown(drawn_anew(broken(chance), 1)).format == "JPEG"
        except (NotAPhoto, TooManyPixels):
            continue


@pytest.mark.parametrize(
    ("content", "refusal", "word"),
    [
        (HEIC, HeicPhoto, "第2张照片是HEIC格式"),
        (HEIC.replace(b"heic", b"avif"), HeicPhoto, "兼容性最佳"),
        (b"GIF89a", NotAPhoto, "第2个文件不是能打开的照片"),
        (b"\xff\xd8\xff" + bytes(PHOTO_BYTES_MOST), PhotoTooLarge, "超过10MB"),
    ],
)
def test_a_file_that_does_not_begin_like_a_photo_is_told_why(
    content: bytes, refusal: type[Exception], word: str
) -> None:
    with pytest.raises(refusal) as refused:
        check_beginning(content, 2)
    assert word in getattr(refused.value, "zh", "")
