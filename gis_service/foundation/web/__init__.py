"""The web edge: what routes of every tier need to translate between HTTP and the house.

Dependencies as annotated types (`Reading`, `Tx`, `OnDate`, `PageById`, `WantedShape`), problem+json, GeoJSON.
"""

from gis_service.foundation.web.announcing import Announcing, announce, announce_statement
from gis_service.foundation.web.contract import (
    Responses,
    Service,
    answered_with,
    geojson_content,
    operation_id,
    refusals,
    refuse_mistaken,
)
from gis_service.foundation.web.document import header
from gis_service.foundation.web.edges import guard
from gis_service.foundation.web.geojson import (
    GEOJSON,
    Feature,
    FeaturesOut,
    OneFeatureOut,
    Shape,
    WantedShape,
    feature_collection,
    one_feature,
)
from gis_service.foundation.web.ground import Ground, ground_of, stand_on
from gis_service.foundation.web.health import router as health_router
from gis_service.foundation.web.identity import Acting, Credential, act_of, permitted
from gis_service.foundation.web.manual import introduction
from gis_service.foundation.web.manual import router as manual_router
from gis_service.foundation.web.metrics import router as metrics_router
from gis_service.foundation.web.paging import (
    DEFAULT_LIMIT,
    UUID_WRITTEN,
    After,
    Limit,
    Listing,
    ListingOnDate,
    Page,
    PageById,
    PageByText,
    keyed,
)
from gis_service.foundation.web.parameters import (
    WRITTEN_BBOX,
    Bbox,
    Day,
    OnDate,
    parsed_by,
    read_bbox,
    read_day,
)
from gis_service.foundation.web.problems import PROBLEM, Problem, answer_problems
from gis_service.foundation.web.rates import count_sign_in
from gis_service.foundation.web.sessions import PublicReading, Reading, Tx

__all__ = [
    "DEFAULT_LIMIT",
    "GEOJSON",
    "PROBLEM",
    "UUID_WRITTEN",
    "WRITTEN_BBOX",
    "Acting",
    "After",
    "Announcing",
    "Bbox",
    "Credential",
    "Day",
    "Feature",
    "FeaturesOut",
    "Ground",
    "Limit",
    "Listing",
    "ListingOnDate",
    "OnDate",
    "OneFeatureOut",
    "Page",
    "PageById",
    "PageByText",
    "Problem",
    "PublicReading",
    "Reading",
    "Responses",
    "Service",
    "Shape",
    "Tx",
    "WantedShape",
    "act_of",
    "announce",
    "announce_statement",
    "answer_problems",
    "answered_with",
    "count_sign_in",
    "feature_collection",
    "geojson_content",
    "ground_of",
    "guard",
    "header",
    "health_router",
    "introduction",
    "keyed",
    "manual_router",
    "metrics_router",
    "one_feature",
    "operation_id",
    "parsed_by",
    "permitted",
    "read_bbox",
    "read_day",
    "refusals",
    "refuse_mistaken",
    "stand_on",
]
