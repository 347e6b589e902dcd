"""Reading the register of place names. Every question says which day."""

from gis_service.registers.placenames.queries.histories import (
    FeatureHistory,
    derived_from,
    feature_named,
    feature_on,
    history_of,
    latest_names,
)
from gis_service.registers.placenames.queries.readings import StoredName, names_on_record
from gis_service.registers.placenames.queries.records import (
    Record,
    Validity,
    Wanted,
    each_record,
    records_on,
)

__all__ = [
    "FeatureHistory",
    "Record",
    "StoredName",
    "Validity",
    "Wanted",
    "derived_from",
    "each_record",
    "feature_named",
    "feature_on",
    "history_of",
    "latest_names",
    "names_on_record",
    "records_on",
]
