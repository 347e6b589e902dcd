"""How far it is: a bar in a notebook or a terminal, nothing where nobody looks."""

from __future__ import annotations

import sys
from html import escape
from typing import Any


class Bar:
    """`with Bar("读取地名") as bar: bar.reach(1000)`. `total` may be unknown."""

    def __init__(self, title: str, total: int | None = None, *, shown: bool = True) -> None:
        self.title, self.total = title, total
        self._display: Any = _display() if shown else None
        self._terminal = shown and self._display is None and sys.stderr.isatty()
        self._handle: Any = None

    def __enter__(self) -> Bar:
        self.reach(0)
        return self

    def reach(self, done: int) -> None:
        """Show that so many are done."""
        if self._display is not None:
            self._show(self._html(done))
        elif self._terminal:
            sys.stderr.write(f"\r{self.title} {self._counted(done)}")
            sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": "", "text/html": ""}, raw=True)
        elif self._terminal:
            sys.stderr.write("\r\033[K")

    def _counted(self, done: int) -> str:
        return f"{done:,}" if self.total is None else f"{done:,}/{self.total:,}"

    def _html(self, done: int) -> str:
        value = "" if self.total is None else f' value="{done}" max="{max(self.total, 1)}"'
        return f"{escape(self.title)} <progress{value}></progress> {self._counted(done)}"

    def _show(self, html: str) -> None:
        shown = {"text/plain": "", "text/html": html}
        if self._handle is None:
            self._handle = self._display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)


def _display() -> Any:
    """How a notebook shows things; None outside of one."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython
    from IPython.display import display

    shell = get_ipython()
    return display if shell is not None and hasattr(shell, "kernel") else None
