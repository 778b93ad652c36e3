"""How far a print run has come, on a terminal: copies, rate, time left.

Knows the posts asked for and those done; how many copies the others will have is reckoned from these. Shows
nothing where standard error is no terminal: a script reads the outcome.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What was done in how many seconds, out of how many posts."""

    posts: int
    posts_done: int
    copies_done: int
    elapsed_s: float

    @property
    def copies(self) -> int:
        """How many copies all posts will have, if the others are like those done."""
        return round(self.copies_done * self.posts / self.posts_done) if self.posts_done else 0

    @property
    def per_second(self) -> float:
        """Copies in a second."""
        return self.copies_done / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def left_s(self) -> int:
        """Seconds until the end."""
        if not self.posts_done:
            return 0
        return round(self.elapsed_s * (self.posts - self.posts_done) / self.posts_done)

    def __str__(self) -> str:
        about = "" if self.posts_done == self.posts else "≈"
        minutes, seconds = divmod(self.left_s, 60)
        return (
            f"{self.copies_done:,}/{about}{self.copies:,} 件 copies · {self.per_second:,.0f}/秒 s"
            f" · 剩余 left {minutes}:{seconds:02}"
        )


class Progress:
    """Takes what was done, and shows nothing."""

    def tell(self, posts: int, copies: int) -> None:
        """Take how many posts and how many copies were done since the last time."""

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Leave the terminal to other words for as long as the block lasts."""
        yield


@contextmanager
def progress(posts: int) -> Iterator[Progress]:
    """Show the progress of a run over so many posts for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console  # noqa: PLC0415 -- costs 0.1 s, needed on a terminal only
    from rich.progress import BarColumn, TextColumn  # noqa: PLC0415 -- the same
    from rich.progress import Progress as Bar  # noqa: PLC0415 -- the same

    bar = Bar(
        BarColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        auto_refresh=False,  # by a thread, which must not be there when processes are forked
        transient=True,
        redirect_stdout=False,  # the outcome may go to a file
        redirect_stderr=False,
    )
    with bar:
        yield _Shown(posts, bar)


class _Shown(Progress):
    """Adds up what it is told, and shows the pace each time."""

    def __init__(self, posts: int, bar: "Bar") -> None:
        self._posts, self._bar = posts, bar
        self._task = bar.add_task("…", total=posts)
        self._posts_done = self._copies_done = 0
        self._began_s = time.monotonic()

    def tell(self, posts: int, copies: int) -> None:
        self._posts_done += posts
        self._copies_done += copies
        pace = Pace(
            posts=self._posts,
            posts_done=self._posts_done,
            copies_done=self._copies_done,
            elapsed_s=time.monotonic() - self._began_s,
        )
        self._bar.update(self._task, completed=self._posts_done, description=str(pace), refresh=True)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        self._bar.stop()
        yield
        self._bar.start()
