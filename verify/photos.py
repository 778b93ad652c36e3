"""Photos from outside: which are taken, and what is kept of them.

Knows the formats, how many pixels are decoded at all, and how a photo is made small and bare: turned as its
camera meant it, without the place, the device and the time it carries. Decoding is not for the server itself:
darkroom.py does it in a process of its own. Imports little, since that process starts for every photo.
"""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps

from store.refusals import Refusal

PHOTOS_MOST = 3
PHOTO_BYTES_MOST = 10 * 1024 * 1024
"""What a phone's best camera makes of one scene, with room to spare."""

PIXELS_MOST = 50_000_000
"""How many pixels a JPEG may have: its decoder leaves out what is not needed."""

PIXELS_HELD_MOST = 16_000_000
"""How many pixels the others may have: they are decoded whole, at up to four bytes each."""

SIDE_PX = 1600
KEPT_BYTES_MOST = 600 * 1024
_QUALITIES = (80, 65, 50, 35, 20)
_FORMATS = ("JPEG", "PNG", "WEBP")
_WHITE = (255, 255, 255)
_BRANDS_OF_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"avif")


class PhotoTooLarge(Refusal):
    """A photo has more bytes than are taken. Remedy: send a smaller one."""

    clause_id = "F25"
    reason_zh = "第{number}张照片超过{most_mb}MB。"
    reason_en = "Photo {number} is larger than {most_mb} MB."
    remedy_zh = "请改用截屏，或在相册里缩小后再选；文字不必重填，照片需重新选择。"
    remedy_en = (
        "Take a screenshot of it, or make it smaller; the words are kept, photos must be chosen again."
    )


class TooManyPhotos(Refusal):
    """More photos were chosen than are taken. Remedy: choose fewer."""

    clause_id = "F25"
    reason_zh = "最多可附{most}张照片。"
    reason_en = "At most {most} photos are taken."
    remedy_zh = "请重新选择照片；文字不必重填。"
    remedy_en = "Choose the photos again; the words are kept."


class HeicPhoto(Refusal):
    """A photo is in the format of some phones that nothing else reads. Remedy: send it as JPEG."""

    clause_id = "F25"
    reason_zh = "第{number}张照片是HEIC格式，无法打开。"
    reason_en = "Photo {number} is in the HEIC format, which cannot be opened."
    remedy_zh = (
        "请截屏后选截屏，或在手机“设置—相机—格式”中选“兼容性最佳”后重拍；文字不必重填，照片需重新选择。"
    )
    remedy_en = (
        "Choose a screenshot of it, or set the camera to “Most Compatible” and take it anew; "
        "the words are kept, photos must be chosen again."
    )


class NotAPhoto(Refusal):
    """A file is no photo that can be read. Remedy: send another."""

    clause_id = "F25"
    reason_zh = "第{number}个文件不是能打开的照片。"
    reason_en = "File {number} is no photo that can be opened."
    remedy_zh = "请选JPG、PNG或WebP格式的照片；文字不必重填，照片需重新选择。"
    remedy_en = "Choose a JPG, PNG or WebP photo; the words are kept, photos must be chosen again."


class TooManyPixels(Refusal):
    """A picture has more pixels than are decoded. Remedy: make it smaller."""

    clause_id = "F25"
    reason_zh = "第{number}张照片的像素过多。"
    reason_en = "Photo {number} has too many pixels."
    remedy_zh = "请改用截屏，或在相册里缩小后再选；文字不必重填，照片需重新选择。"
    remedy_en = (
        "Take a screenshot of it, or make it smaller; the words are kept, photos must be chosen again."
    )


def check_beginning(content: bytes, number: int) -> None:
    """Let a file pass that begins like a photo and is not too large; `number` counts the files of a form.

    Raises:
        PhotoTooLarge, HeicPhoto, NotAPhoto: it is not taken.

    """
    if len(content) > PHOTO_BYTES_MOST:
        raise PhotoTooLarge(number=number, most_mb=PHOTO_BYTES_MOST // 1024**2)
    if content[4:8] == b"ftyp" and content[8:12] in _BRANDS_OF_HEIF:
        raise HeicPhoto(number=number)
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if not (is_webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))):
        raise NotAPhoto(number=number)


def drawn_anew(content: bytes, number: int) -> bytes:
    """Return a photo as a JPEG of at most SIDE_PX a side and KEPT_BYTES_MOST, with nothing but its pixels.

    Of what moves only the first picture is kept.

    Raises:
        TooManyPixels: it would take too much to decode; nothing has been decoded.
        NotAPhoto: it cannot be decoded.

    """
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as found:
            _check_pixels(found, number)
            found.draft("RGB", (SIDE_PX, SIDE_PX))
            found.thumbnail((SIDE_PX, SIDE_PX))
            picture = _on_white(_turned(found))
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(number=number) from error
    except Exception as error:  # decoders raise whatever a broken file makes them raise
        raise NotAPhoto(number=number) from error
    return next(kept for kept in _ever_smaller(picture) if len(kept) <= KEPT_BYTES_MOST)


def _check_pixels(found: Image.Image, number: int) -> None:
    most = PIXELS_MOST if found.format == "JPEG" else PIXELS_HELD_MOST
    if found.width * found.height > most:
        raise TooManyPixels(number=number)


def _turned(picture: Image.Image) -> Image.Image:
    """Return the picture as its camera was held, or as it is where that is spelled wrongly."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - a photo is good without what is said about it
        return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture without transparency, and as an image that carries no facts about itself."""
    solid = picture.convert("RGBA")
    ground = Image.new("RGB", solid.size, _WHITE)
    ground.paste(solid, mask=solid.getchannel("A"))
    return ground


def _ever_smaller(picture: Image.Image) -> Iterator[bytes]:
    while True:
        for quality in _QUALITIES:
            out = BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True)
            yield out.getvalue()
        picture.thumbnail((picture.width // 2, picture.height // 2))
