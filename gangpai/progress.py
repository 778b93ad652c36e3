"""How far a print run has come, on a terminal: copies, rate, time left.

Knows the posts asked for and those done; how many copies the others will have is reckoned from these. Shows
nothing where standard error is no terminal: a script reads the outcome.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Tell = Callable[[int, int], None]
"""Takes how many posts and how many copies were done since the last time."""


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


@contextmanager
def progress(posts: int) -> Iterator[Tell]:
    """Show the progress of a run over so many posts for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield _silently
        return
    from rich.console import Console  # noqa: PLC0415 -- costs 0.1 s, needed on a terminal only
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415 -- the same

    # Drawn when told only: a thread that did it by the clock would be there when processes are forked.
    bar = Progress(
        BarColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
    )
    with bar:
        task = bar.add_task("…", total=posts)
        yield _Teller(
            posts,
            lambda pace: bar.update(task, completed=pace.posts_done, description=str(pace), refresh=True),
        )


def _silently(_posts: int, _copies: int) -> None:
    return


class _Teller:
    """Adds up what it is told, and shows the pace each time."""

    def __init__(self, posts: int, show: Callable[[Pace], None]) -> None:
        self._posts, self._show = posts, show
        self._posts_done = self._copies_done = 0
        self._began_s = time.monotonic()

    def __call__(self, posts: int, copies: int) -> None:
        self._posts_done += posts
        self._copies_done += copies
        self._show(
            Pace(
                posts=self._posts,
                posts_done=self._posts_done,
                copies_done=self._copies_done,
                elapsed_s=time.monotonic() - self._began_s,
            )
        )
