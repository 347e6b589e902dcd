"""Divisions as they stood on a day. Every question says which day; none guesses today."""

from gis_service.registers.divisions.queries.history import (
    History,
    Link,
    VersionRow,
    histories_of,
    note_history,
)
from gis_service.registers.divisions.queries.named import (
    division_named,
    ids_ever_named,
    read_reference,
)
from gis_service.registers.divisions.queries.seats import SeatKnown, seats_of
from gis_service.registers.divisions.queries.sought import SOUGHT, Sought
from gis_service.registers.divisions.queries.standing import (
    division_by_code,
    division_by_id,
    divisions_by_id,
    divisions_on,
    find_by_code,
    find_by_codes,
    holders_of_code,
    holders_of_codes,
    ids_by_code,
    in_force,
    inferiors_of_each,
    inferiors_on,
    last_known,
    lineage_of,
    subtree,
    superiors_of,
    versions_of,
    with_later_history,
)

__all__ = [
    "SOUGHT",
    "History",
    "Link",
    "SeatKnown",
    "Sought",
    "VersionRow",
    "division_by_code",
    "division_by_id",
    "division_named",
    "divisions_by_id",
    "divisions_on",
    "find_by_code",
    "find_by_codes",
    "histories_of",
    "holders_of_code",
    "holders_of_codes",
    "ids_by_code",
    "ids_ever_named",
    "in_force",
    "inferiors_of_each",
    "inferiors_on",
    "last_known",
    "lineage_of",
    "note_history",
    "read_reference",
    "seats_of",
    "subtree",
    "superiors_of",
    "versions_of",
    "with_later_history",
]
