"""Every benchmark runs on a small piece of the sample and finds what its baseline does; times go unjudged."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine

from benchmarks import topology
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.figures import Disagreement, Figure, Timings, agree
from benchmarks.scene import SMALL, Scene
from benchmarks.table import COLUMNS, cells, markdown

FIGURES = {
    "topology": 1,
    "romanizing": 1,
    "loading": 2,
    "between": 6,
    "sheets": 1,
    "forms": 2,
    "listing": 1,
    "enactment": 1,
    "proofs": 1,
    "history": 4,
    "ground": 5,
    "time": 6,
    "markers": 2,
    "names": 6,
}

_NO_NEEDS = {"topology", "romanizing", "loading", "names"}  # names stand on a database of their own


@pytest.fixture
def scene(fresh_engine: Engine, tmp_path: Path) -> Scene:
    """Four cities of two provinces and an empty database."""
    return Scene(SMALL, tmp_path, fresh_engine, runs=1, say=lambda _message: None)


def test_all_benchmarks_agree_with_their_baselines_one_after_another(scene: Scene) -> None:
    found = {name: list(measure(scene)) for name, measure in BENCHMARKS.items()}
    assert {name: len(figures) for name, figures in found.items()} == FIGURES
    assert all(figure.ours_s > 0 and figure.baseline_s > 0 for each in found.values() for figure in each)


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name not in _NO_NEEDS])
def test_any_benchmark_loads_what_it_needs_by_itself(scene: Scene, name: str) -> None:
    assert len(list(BENCHMARKS[name](scene))) == FIGURES[name]


def test_run_stops_where_the_two_results_differ(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    true_length = shapely.length
    monkeypatch.setattr(topology.shapely, "length", lambda lines: true_length(lines) + len(lines))
    with pytest.raises(Disagreement, match="lengths of shared borders"):
        list(topology.measure(scene))


def test_results_that_agree_pass() -> None:
    agree(True, "nothing to say")


def test_unknown_benchmark_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["no-such-benchmark"])
    assert stopped.value.code == 2
    assert "no-such-benchmark" in capsys.readouterr().err


def _figure(ours_s: float, *, peak_mb: float = 100.0) -> Figure:
    return Figure(
        "what", "size", ours_s, "bare", 0.5, runs=3, target_s=2.0, peak_mb=peak_mb, target_mb=4000.0
    )


def test_targets_are_kept_only_in_time_and_in_room() -> None:
    assert _figure(1.9).holds
    assert not _figure(2.1).holds
    assert not _figure(1.9, peak_mb=4100.0).holds


def test_table_says_ratio_and_verdict_of_every_figure() -> None:
    row = dict(zip(COLUMNS, cells(_figure(3.0)), strict=True))
    assert row["ratio"] == "6.00"
    assert row["target"] == "< 2 s, < 4 GB: MISSED"
    assert (
        markdown([_figure(1.0)]).splitlines()[2].startswith("| what | size | 1.00 s | 0.50 s — bare | 2.00 |")
    )


def test_p95_is_the_value_that_95_in_100_do_not_exceed() -> None:
    timings = Timings(tuple(float(second) for second in range(1, 101)))
    assert timings.p95 == 95.0
    assert timings.median == 50.5
