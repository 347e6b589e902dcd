"""Lists of the service in GeoJSON, as GeoDataFrames."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from gis_service.client.asking import Asking
from gis_service.client.frames import CRS
from gis_service.client.progress import Bar


def collected(asking: Asking, path: str, asked: Mapping[str, Any], *, shown: bool) -> Any:
    """All pages of a list; the id of each feature stands in the column `id`."""
    found: list[dict[str, Any]] = []
    with Bar("读取图形", shown=shown) as bar:
        for page in asking.pages(path, format="geojson", **asked):
            found.extend(page["features"])
            bar.reach(len(found))
    rows = [{"id": each.get("id"), **(each.get("properties") or {})} for each in found]
    texts = [json.dumps(shape) if (shape := each.get("geometry")) else None for each in found]
    shapes = shapely.from_geojson(np.array(texts, dtype=object))
    return geopandas.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=CRS)
