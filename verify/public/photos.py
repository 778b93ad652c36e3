"""Photos that come with a message: made ready to be kept, under names that say nothing."""

from collections.abc import Iterator, Sequence

from starlette.datastructures import UploadFile

from store.acts.attachments import File
from verify.photos import PHOTOS_MOST, TooManyPhotos
from verify.site import Site


def made_ready(site: Site, chosen: Sequence[UploadFile]) -> tuple[File, ...]:
    """Return the photos somebody chose, drawn anew; nothing of the files themselves is kept.

    Raises:
        TooManyPhotos, PhotoTooLarge, HeicPhoto, NotAPhoto, TooManyPixels, DarkroomFull: they are not taken.

    """
    if len(chosen) > PHOTOS_MOST:
        raise TooManyPhotos(most=PHOTOS_MOST)
    return tuple(_drawn(site, chosen))


def _drawn(site: Site, chosen: Sequence[UploadFile]) -> Iterator[File]:
    for number, photo in enumerate(chosen, 1):
        content = site.darkroom.developed(photo.file, number)
        yield File(name=f"{site.entropy(8).hex()}.jpg", content=content)
