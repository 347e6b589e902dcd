"""Operators' commands. `gis-service --help` is the manual; every command takes `--json` where it answers."""

from __future__ import annotations

import typer

from gis_service.cli.accounts import app as accounts
from gis_service.cli.archives import app as archives
from gis_service.cli.archives_kept import add_to as add_filing
from gis_service.cli.backup import add_to as add_backup
from gis_service.cli.boundaries import app as boundaries
from gis_service.cli.boundary_markers import add_to as add_markers
from gis_service.cli.changes import app as changes
from gis_service.cli.coordinates import app as coordinates
from gis_service.cli.database import app as database
from gis_service.cli.desk_check import add_to as add_check
from gis_service.cli.disputes import app as disputes
from gis_service.cli.division_times import add_to as add_times
from gis_service.cli.divisions import app as divisions
from gis_service.cli.forms import add_to as add_forms
from gis_service.cli.instruments import app as instruments
from gis_service.cli.intake import app as intake
from gis_service.cli.journal import app as journal
from gis_service.cli.marker_entries import add_to as add_marker_entries
from gis_service.cli.markers import app as markers
from gis_service.cli.markers import nearest_command
from gis_service.cli.markers_kept import add_to as add_keeping
from gis_service.cli.names import app as names
from gis_service.cli.peace import app as peace
from gis_service.cli.peace_assessments import add_to as add_assessments
from gis_service.cli.peace_templates import add_to as add_templates
from gis_service.cli.resurveys import app as resurveys
from gis_service.cli.seats import app as seats
from gis_service.cli.service import add_to
from gis_service.cli.settlements import app as settlements
from gis_service.cli.sheets import app as sheets
from gis_service.cli.tri_point_entries import add_to as add_tri_points
from gis_service.cli.user_tables import add_to as add_tables

app = typer.Typer(
    name="gis-service",
    help="行政区划、界线与地名登记：导入、变更、制图、核查。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(intake, name="intake")
app.add_typer(divisions, name="divisions")
app.add_typer(boundaries, name="boundaries")
app.add_typer(markers, name="markers")
app.add_typer(archives, name="archives")
app.add_typer(coordinates, name="coordinates")
app.add_typer(instruments, name="instruments")
app.add_typer(changes, name="changes")
app.add_typer(settlements, name="settlements")
app.add_typer(resurveys, name="resurveys")
app.add_typer(seats, name="seats")
app.add_typer(disputes, name="disputes")
app.add_typer(peace, name="peace")
app.add_typer(sheets, name="sheets")
app.add_typer(accounts, name="accounts")
app.add_typer(names, name="names")
app.add_typer(journal, name="journal")
app.add_typer(database, name="database")
app.command("nearest")(nearest_command)
add_keeping(markers)
add_marker_entries(markers)
add_tri_points(markers)
add_filing(archives)
add_forms(boundaries)
add_check(boundaries)
add_times(divisions)
add_markers(boundaries)
add_templates(peace)
add_assessments(peace)
add_tables(divisions)
add_to(app)
add_backup(app)


def main() -> None:
    """Entry point of `gis-service`."""
    app()
