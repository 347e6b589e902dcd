"""The register of place names in a notebook: GeoDataFrame in, GeoDataFrame out, over HTTP alone.

from gis_service.client import Gazetteer

names = Gazetteer("http://127.0.0.1:8000", token="…")
villages = names.names(within="320116", class_="22200")
"""

from gis_service.client.asking import (
    Conflicting,
    NotAllowed,
    NotSignedIn,
    Refused,
    ServiceAway,
    Unacceptable,
)
from gis_service.client.gazetteer import Gazetteer
from gis_service.client.pushing import Pushed

__all__ = [
    "Conflicting",
    "Gazetteer",
    "NotAllowed",
    "NotSignedIn",
    "Pushed",
    "Refused",
    "ServiceAway",
    "Unacceptable",
]
