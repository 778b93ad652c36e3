"""The darkroom: a process of its own for each photo, in which a picture from outside is decoded.

Both ends of the pipe: `Darkroom.developed` starts the process and awaits its end, `main` runs in it and
bounds itself before it reads a byte: so much memory, so much time, no file, no child. Whatever a picture
breaks there ends with it; no other photo, no secret and no register was in its reach. Leaves out which
photos are taken and what is kept of them (photos.py).
"""

import resource
import subprocess
import sys
from threading import BoundedSemaphore
from typing import BinaryIO

from store.refusals import Refusal
from verify.photos import PHOTO_BYTES_MOST, NotAPhoto, TooManyPixels, check_beginning, drawn_anew

MEMORY_BYTES = 512 * 1024**2
CPU_S = 5
PATIENCE_S = 30
AT_ONCE = 2
WAITING_MOST = 8
LIMITS = {
    resource.RLIMIT_AS: MEMORY_BYTES,
    resource.RLIMIT_CPU: CPU_S,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_CORE: 0,
}
REFUSED: dict[int, type[Refusal]] = {3: NotAPhoto, 4: TooManyPixels}
"""The exit statuses by which the process says why there is no picture; any other says that it broke."""


class DarkroomFull(Refusal):
    """Too many photos are being worked on. Remedy: send the message again soon, or without photos."""

    clause_id = "F25"
    reason_zh = "同时上传照片的人较多，您的照片没有处理。"
    reason_en = "Many people are sending photos; yours were not dealt with."
    remedy_zh = "请过一会儿再提交，或先不附照片；文字不必重填，照片需重新选择。"
    remedy_en = "Send it again soon, or without photos; the words are kept, photos must be chosen again."


class Darkroom:
    """Has room for a few photos at a time, and for a few more that wait."""

    def __init__(self) -> None:
        self._waiting = BoundedSemaphore(AT_ONCE + WAITING_MOST)
        self._working = BoundedSemaphore(AT_ONCE)

    def developed(self, photo: BinaryIO, number: int) -> bytes:
        """Return a photo drawn anew, as a JPEG; `number` counts the files of a form, for the refusals.

        It is read when its turn has come, so that no more photos are in memory than are worked on.

        Raises:
            PhotoTooLarge, HeicPhoto, NotAPhoto, TooManyPixels: it is not taken.
            DarkroomFull: there is no room, or the machine is too busy.

        """
        if not self._waiting.acquire(blocking=False):
            raise DarkroomFull
        try:
            with self._working:
                content = photo.read(PHOTO_BYTES_MOST + 1)
                check_beginning(content, number)
                return _drawn_elsewhere(content, number)
        finally:
            self._waiting.release()


def _drawn_elsewhere(content: bytes, number: int) -> bytes:
    command = [sys.executable, "-I", "-m", "verify.darkroom"]
    try:
        ended = subprocess.run(  # noqa: S603 -- our own program, with nothing of the visitor's in its words
            command, input=content, capture_output=True, timeout=PATIENCE_S, check=False, env={}, cwd="/"
        )
    except subprocess.TimeoutExpired as error:  # it had not even used up its time: others have the machine
        raise DarkroomFull from error
    if ended.returncode:
        raise REFUSED.get(ended.returncode, NotAPhoto)(number=number)
    return ended.stdout


def main() -> int:
    """Draw the photo on the standard input anew, within limits; return 0, or why there is none."""
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    try:
        picture = drawn_anew(sys.stdin.buffer.read(), number=1)
    except Refusal as refusal:
        return next(status for status, kind in REFUSED.items() if isinstance(refusal, kind))
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
