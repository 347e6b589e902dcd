"""GeoPackage: one table of a file that may hold several."""

from __future__ import annotations

from pathlib import Path

from gis_service.procedures.intake.formats.layers import choose_layer, crs_text, layers_of, read_layer
from gis_service.procedures.intake.formats.limits import size_refused
from gis_service.procedures.intake.formats.local import refuse_content
from gis_service.procedures.intake.formats.reading import Reading, ReadOptions, sha256_of, unreadable

NAME = "geopackage"
SUFFIXES = (".gpkg",)


def read(path: Path, options: ReadOptions) -> Reading:
    """Read one layer of a GeoPackage; text in it is UTF-8 by its standard."""
    refused = size_refused(path, options) or refuse_content(path, b"SQLite format 3\0")
    if refused:
        return unreadable(path, NAME, refused)
    names, refused = layers_of(path)
    if refused:
        return unreadable(path, NAME, refused)
    layer, refused = choose_layer(path, names, options)
    if layer is None:
        return unreadable(path, NAME, refused)
    frame, findings = read_layer(path, layer)
    return Reading(
        source=path.name,
        format=NAME,
        sha256=sha256_of([path]),
        frame=frame,
        crs=None if frame is None else crs_text(frame),
        layer=layer,
        encoding="UTF-8",
        encoding_basis="GeoPackage 标准规定",
        findings=tuple(findings),
    )
