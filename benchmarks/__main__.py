"""`python -m benchmarks [NAME …]`: run them, print the table; the exit code tells if a target is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from time import perf_counter

from rich.console import Console

from benchmarks import (
    between,
    enactment,
    forms,
    ground,
    history,
    listing,
    loading,
    markers,
    names,
    proofs,
    romanizing,
    sheets,
    times,
    topology,
)
from benchmarks.figures import Figure
from benchmarks.scene import NATION, SMALL, Scene, scene
from benchmarks.table import machine, markdown, show

# In this order: what comes later finds the registers as the former left them.
BENCHMARKS: dict[str, Callable[[Scene], Iterator[Figure]]] = {
    "topology": topology.measure,
    "romanizing": romanizing.measure,
    "loading": loading.measure,
    "between": between.measure,
    "sheets": sheets.measure,
    "forms": forms.measure,
    "listing": listing.measure,
    "ground": ground.measure,
    "enactment": enactment.measure,
    "proofs": proofs.measure,
    "history": history.measure,
    "time": times.measure,
    "markers": markers.measure,
    "names": names.measure,
}
DATA = {"nation": NATION, "small": SMALL}

WIDTH = 180  # of the table: a narrower one cannot be read

progress = Console(stderr=True, highlight=False, soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 when a target was missed."""
    asked = _parsed(arguments)
    begun = perf_counter()

    def say(message: str) -> None:
        progress.print(f"[dim]{perf_counter() - begun:6.1f} s  {message}[/]")

    with scene(DATA[asked.data], runs=asked.runs, say=say) as stage:
        stage.names = asked.count
        say(f"{stage.data.title}: {stage.size}")
        figures = [figure for name in asked.names or BENCHMARKS for figure in _run(name, stage)]
        show(figures, Console(highlight=False, width=max(WIDTH, progress.width)))
        if asked.markdown:
            asked.markdown.write_text(_page(figures, stage), encoding="utf-8")
        say("done")
    return 0 if all(figure.holds for figure in figures) else 1


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--data", choices=DATA, default="nation", help="what to measure on")
    parser.add_argument("--runs", type=int, default=5, help="how often to repeat what can be repeated")
    parser.add_argument(
        "--names", type=int, default=1_000_000, dest="count", help="how many place names to search"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the page of figures here")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    return asked


def _run(name: str, stage: Scene) -> Iterator[Figure]:
    stage.say(name)
    for figure in BENCHMARKS[name](stage):
        stage.say(f"{name}: {figure.what}: {figure.ours_s:.3f} s, baseline {figure.baseline_s:.3f} s")
        yield figure


def _page(figures: Sequence[Figure], stage: Scene) -> str:
    template = files(__package__).joinpath("page.md").read_text(encoding="utf-8")
    return Template(template).substitute(
        machine=machine(stage.engine), data=stage.data.title, size=stage.size, table=markdown(figures)
    )


if __name__ == "__main__":
    sys.exit(main())
