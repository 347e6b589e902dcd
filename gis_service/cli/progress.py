"""Signs of life during long work, on standard error; silent where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gis_service.cli.console import err

Item = TypeVar("Item")


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Show that something is under way; yields a function that says what is being done now."""
    with err.status(title) as status:
        yield lambda now: status.update(f"{title}：{now}")


def counted(title: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """Go through items with a bar and the time it takes."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        yield from progress.track(items, total=total, description=title)
