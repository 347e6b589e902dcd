"""Operators' commands. `gis-service --help` is the manual; every command takes `--json` where it answers.

A command imports the group it belongs to and no other: all together take longer than most of them work.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import typer

# The groups in the order of the manual: where the group is made, and what adds more commands to it.
GROUPS: dict[str, tuple[str, ...]] = {
    "intake": ("intake",),
    "divisions": ("divisions", "division_times", "user_tables"),
    "boundaries": ("boundaries", "forms", "desk_check", "boundary_markers"),
    "markers": ("markers", "markers_kept", "marker_entries", "tri_point_entries"),
    "archives": ("archives", "archives_kept"),
    "names": ("names", "romanizing", "name_records", "name_search", "name_reviews", "name_suggestions"),
    "coordinates": ("coordinates",),
    "instruments": ("instruments",),
    "changes": ("changes",),
    "settlements": ("settlements",),
    "resurveys": ("resurveys",),
    "seats": ("seats",),
    "disputes": ("disputes",),
    "peace": ("peace", "peace_templates", "peace_assessments"),
    "sheets": ("sheets",),
    "accounts": ("accounts",),
    "journal": ("journal",),
    "database": ("database",),
}
ALONE = ("nearest", "service", "backup")  # what adds commands that stand in no group


def composed(groups: Iterable[str] = GROUPS, *, alone: Iterable[str] = ALONE) -> typer.Typer:
    """The commands of some groups, and those that stand alone."""
    app = typer.Typer(
        name="gis-service",
        help="行政区划、界线与地名登记：导入、变更、制图、核查。",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name in groups:
        made, *more = GROUPS[name]
        group: typer.Typer = _module(made).app
        for module in more:
            _module(module).add_to(group)
        app.add_typer(group, name=name)
    for module in alone:
        _module(module).add_to(app)
    return app


def main() -> None:
    """Entry point of `gis-service`."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    app = composed([asked], alone=()) if asked in GROUPS else composed()
    app()


def __getattr__(name: str) -> Any:
    """`app`: all commands, made when they are asked for."""
    if name == "app":
        globals()["app"] = composed()
        return globals()["app"]
    raise AttributeError(name)


def _module(name: str) -> Any:
    return import_module(f"{__name__}.{name}")
