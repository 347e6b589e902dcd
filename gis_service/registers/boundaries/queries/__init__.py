"""Boundaries as they stood on a day: who borders whom, along which edges, and the area of each unit."""

from gis_service.registers.boundaries.queries.along import (
    Along,
    Drawn,
    EdgeAlong,
    Stretch,
    drawn,
    drawn_each,
    edges_along,
    faces_under,
    sides_of,
    stretches_of,
)
from gis_service.registers.boundaries.queries.areas import (
    areas_on,
    extents_on,
    measured_on,
    measured_otherwise,
)
from gis_service.registers.boundaries.queries.beside import (
    Beside,
    Enclave,
    claims_on,
    descents_of,
    enclaves_on,
    indicators_on,
    uses_on,
)
from gis_service.registers.boundaries.queries.between import border_between, merged, neighbours_of
from gis_service.registers.boundaries.queries.comparing import ActOnDay, Changed, Comparison, compare
from gis_service.registers.boundaries.queries.courses import (
    course_on,
    courses_along,
    courses_on,
    eastward_of,
    records_on,
)
from gis_service.registers.boundaries.queries.edges import EdgeOnDate, Where, edge_on, edges_on
from gis_service.registers.boundaries.queries.holding import units_holding, units_with_extent
from gis_service.registers.boundaries.queries.line_files import (
    LineFile,
    RecordOnDay,
    line_file_on,
    record_facts,
)
from gis_service.registers.boundaries.queries.lines import (
    LineOnDate,
    LinesChanged,
    classification_of,
    lines_along,
    lines_changed,
    measured,
)
from gis_service.registers.boundaries.queries.named import line_named, read_line_reference
from gis_service.registers.boundaries.queries.pairs import bordering_pairs, with_all_below
from gis_service.registers.boundaries.queries.shared_areas import shared_areas
from gis_service.registers.boundaries.queries.standing import (
    AnyLine,
    LineInForce,
    lines_by_id,
    lines_in_force,
)
from gis_service.registers.boundaries.queries.statements import statement_on_areas, statement_on_edges
from gis_service.registers.boundaries.queries.tracing import (
    Followed,
    Heir,
    Revision,
    Step,
    Trace,
    follow_all,
    trace,
)
from gis_service.registers.boundaries.queries.units import UnitOnGround, unit_on_ground, units_on_ground
from gis_service.registers.boundaries.queries.walking import (
    Walked,
    surveys_on,
    walked_on,
    walked_whole,
)

__all__ = [
    "ActOnDay",
    "Along",
    "AnyLine",
    "Beside",
    "Changed",
    "Comparison",
    "Drawn",
    "EdgeAlong",
    "EdgeOnDate",
    "Enclave",
    "Followed",
    "Heir",
    "LineFile",
    "LineInForce",
    "LineOnDate",
    "LinesChanged",
    "RecordOnDay",
    "Revision",
    "Step",
    "Stretch",
    "Trace",
    "UnitOnGround",
    "Walked",
    "Where",
    "areas_on",
    "border_between",
    "bordering_pairs",
    "claims_on",
    "classification_of",
    "compare",
    "course_on",
    "courses_along",
    "courses_on",
    "descents_of",
    "drawn",
    "drawn_each",
    "eastward_of",
    "edge_on",
    "edges_along",
    "edges_on",
    "enclaves_on",
    "extents_on",
    "faces_under",
    "follow_all",
    "indicators_on",
    "line_file_on",
    "line_named",
    "lines_along",
    "lines_by_id",
    "lines_changed",
    "lines_in_force",
    "measured",
    "measured_on",
    "measured_otherwise",
    "merged",
    "neighbours_of",
    "read_line_reference",
    "record_facts",
    "records_on",
    "shared_areas",
    "sides_of",
    "statement_on_areas",
    "statement_on_edges",
    "stretches_of",
    "surveys_on",
    "trace",
    "unit_on_ground",
    "units_holding",
    "units_on_ground",
    "units_with_extent",
    "uses_on",
    "walked_on",
    "walked_whole",
    "with_all_below",
]
