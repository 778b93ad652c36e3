"""The process that decodes photos: bounded in memory, time and reach, and only so many at a time."""

import resource
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.verify.pictures import bomb, photo
from tests.verify.public.serving import until
from verify import darkroom
from verify.darkroom import AT_ONCE, CPU_S, MEMORY_BYTES, WAITING_MOST, Darkroom, DarkroomFull
from verify.photos import PHOTO_BYTES_MOST, HeicPhoto, NotAPhoto, PhotoTooLarge, TooManyPixels

HUNGRY = "import verify.darkroom as d\nd.drawn_anew = lambda *_, **__: bytes({wanted})\nd.main()"


def child(program: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
    """Run the darkroom's own process with something done to it."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, input=photo(), capture_output=True, check=False, timeout=30, **more)  # type: ignore[call-overload,no-any-return] # run's


def test_a_photo_comes_back_drawn_anew() -> None:
    kept = Darkroom().developed(BytesIO(photo()), 1)
    assert Image.open(BytesIO(kept)).size == (300, 400)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(bomb(), TooManyPixels), (photo()[:700], NotAPhoto), (b"\0\0\0\x18ftypheic", HeicPhoto)],
)
def test_why_there_is_no_picture_comes_back_as_well(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match="2"):
        Darkroom().developed(BytesIO(content), 2)


def test_the_process_gets_so_much_memory_and_no_more() -> None:
    assert child(HUNGRY.format(wanted=1)).returncode == 0
    greedy = child(HUNGRY.format(wanted=MEMORY_BYTES))
    assert greedy.returncode != 0
    assert b"MemoryError" in greedy.stderr


def test_the_process_gets_so_much_time_and_no_more() -> None:
    endless = "import verify.darkroom as d\nd.LIMITS[d.resource.RLIMIT_CPU] = 1\n"
    endless += "def work(*_, **__):\n    while True: pass\nd.drawn_anew = work\nd.main()"
    assert child(endless).returncode < 0
    assert darkroom.LIMITS[resource.RLIMIT_CPU] == CPU_S


def test_the_process_writes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "written"
    write = f"pathlib.Path({str(file)!r}).write_bytes(b'x' * 9)"
    ended = child(f"import verify.darkroom as d, pathlib\nd.drawn_anew = lambda *_, **__: {write}\nd.main()")
    assert ended.returncode != 0
    assert file.stat().st_size == 0


def test_of_a_file_no_more_is_read_than_a_photo_may_have() -> None:
    room = Darkroom()
    endless = BytesIO(b"\xff\xd8\xff" + bytes(2 * PHOTO_BYTES_MOST))
    with pytest.raises(PhotoTooLarge):
        room.developed(endless, 1)
    assert endless.tell() == PHOTO_BYTES_MOST + 1


def test_nothing_of_the_server_is_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(command: list[str], **how: object) -> "subprocess.CompletedProcess[bytes]":
        seen.update(how)
        return subprocess.CompletedProcess(command, 0, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    Darkroom().developed(BytesIO(photo()), 1)
    assert (seen["env"], seen["cwd"]) == ({}, "/")


def test_a_process_that_does_not_end_is_ended_and_the_photo_may_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(darkroom, "PATIENCE_S", 0)
    with pytest.raises(DarkroomFull):
        Darkroom().developed(BytesIO(photo()), 1)


def test_there_is_room_for_a_few_and_whoever_comes_on_top_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    room, leave, inside = Darkroom(), threading.Event(), []

    def drawn(content: bytes, number: int) -> bytes:
        inside.append(number)
        leave.wait(20)
        return content

    monkeypatch.setattr(darkroom, "_drawn_elsewhere", drawn)
    people = [
        threading.Thread(target=room.developed, args=(BytesIO(photo()), number))
        for number in range(AT_ONCE + WAITING_MOST)
    ]
    for person in people:
        person.start()
    until(lambda: len(inside) == AT_ONCE)
    until(lambda: _is_full(room))
    leave.set()
    for person in people:
        person.join(20)
    assert len(inside) == AT_ONCE + WAITING_MOST
    assert room.developed(BytesIO(photo()), 1)


def _is_full(room: Darkroom) -> bool:
    try:
        room.developed(BytesIO(photo()), 1)
    except DarkroomFull:
        return True
    return False
