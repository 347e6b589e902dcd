"""A page of counties as GeoJSON through the whole web service, beside the same rows by the driver alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient

from benchmarks.figures import Figure, agree, repeated
from benchmarks.scene import ON, Scene
from gis_service.foundation.settings import Settings
from gis_service.main import create_app

PAGE = 100
_ROWS = """
SELECT v.code, v.name, e.area_km2, ST_AsGeoJSON(ST_ForcePolygonCCW(e.geom), 7, 0)
FROM division_version v JOIN extent e ON e.division_id = v.division_id AND e.valid @> %(on)s::date
WHERE v.level = 'county' AND v.valid @> %(on)s::date ORDER BY v.code LIMIT %(limit)s
"""


def measure(scene: Scene) -> Iterator[Figure]:
    """GET /divisions in process, from the request to the last byte of the answer."""
    scene.loaded()
    wanted = {"level": "county", "on": str(ON), "limit": str(PAGE), "format": "geojson"}
    with TestClient(create_app(Settings(home=scene.home), scene.engine)) as client:

        def ours() -> bytes:
            return client.get("/divisions", params=wanted).raise_for_status().content

        ours()
        served, content = repeated(ours, scene.runs)
    bare, text = repeated(lambda: _bare(scene), scene.runs)
    features, rows = json.loads(content)["features"], json.loads(text)["features"]
    same = [_key(feature) for feature in features] == [_key(feature) for feature in rows]
    agree(same, "codes, names and geometries of the page")
    yield Figure(
        what=f"GET /divisions?level=county&limit={PAGE} as GeoJSON",
        size=f"{len(features)} features, {len(content) / 1e6:.1f} MB",
        ours_s=served.median,
        baseline="psycopg2 alone: one statement, features joined as text",
        baseline_s=bare.median,
        runs=scene.runs,
    )


def _bare(scene: Scene) -> str:
    rows = scene.answer(_ROWS, {"on": ON, "limit": PAGE})
    features = (
        f'{{"type":"Feature","properties":{json.dumps({"code": code, "name": name, "area_km2": area})},'
        f'"geometry":{geometry}}}'
        for code, name, area, geometry in rows
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def _key(feature: Any) -> tuple[str, str, Any]:
    properties = feature["properties"]
    return properties["code"], properties["name"], feature["geometry"]
