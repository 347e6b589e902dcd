"""Laying a scan on the ground by control points; each fit is a record of its own, and so is its image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.archives.commands.keeping import Keeping, NewFile, keep_file
from gis_service.registers.archives.commands.reaching import require_reach_of_item
from gis_service.registers.archives.models import ArchiveFile, ArchiveItem, FitMethod, Georeference
from gis_service.registers.archives.rules import (
    ControlPoint,
    Fit,
    Given,
    fitted,
    judge_fit,
    read_control,
    read_scan,
    rectified,
    world_rows,
)


@dataclass(frozen=True, slots=True)
class Control:
    """Control points as they were handed in, in what system, and by which function they are to be fitted.

    `scale` is the denominator of the map that was scanned, `page` of a scan that has several. A world file is
    taken in the place of points; a polynomial follows what its system bends.
    """

    rows: Sequence[Mapping[str, Any]]
    given: Given
    method: FitMethod = FitMethod.affine
    scale: int | None = None
    page: int = 1
    world: str | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A scan laid on the ground: its control points, the fit, the image that was made, what was found."""

    points: list[ControlPoint]
    fit: Fit
    image: NewFile
    findings: list[Finding]


def georeference_scan(
    tx: Transaction, item: ArchiveItem, scan: ArchiveFile, control: Control, *, made_on: date, how: Keeping
) -> Laid:
    """Fit a scan of an item to the ground, and keep the fit and the image made by it.

    Raises:
        InvalidInput: control points that cannot be read or fix nothing; a file that is no picture.
        RuleViolated: too few control points.
        NotPermitted: see `require_reach`.
    """
    require_reach_of_item(tx, item.id)
    picture = read_scan(how.store.read(scan.sha256), control.page)
    control = _with_rows(control, width=picture.shape[1], height=picture.shape[0])
    points = read_control(control.rows, control.given)
    fit = fitted(points, control.method.value)
    subject = f"{item.number} {scan.name}"
    findings = judge_fit(subject, points, fit, control.scale)
    refuse_if_blocking(findings, f"{subject} 没有校正", way_out="请补充控制点")
    stem = scan.name.rpartition(".")[0] or scan.name
    leaf = f"-{control.page}" if control.page > 1 else ""
    image = NewFile(f"{stem}{leaf}-校正.tif", rectified(picture, fit), made_from=scan.sha256)
    keep_file(tx, item, image, how)
    _record(tx, item, Laid(points, fit, image, findings), control, made_on=made_on, how=how)
    return Laid(points, fit, image, findings)


def _with_rows(control: Control, *, width: int, height: int) -> Control:
    """A world file as control points, now that the size of the picture is known.

    Raises:
        InvalidInput: both are given, or a world file that cannot be read.
    """
    if control.world is None:
        return control
    if control.rows:
        raise InvalidInput("控制点和坐标文件只能给出一种", way_out="请去掉其中一种")
    rows = world_rows(control.world, width, height)
    return replace(control, rows=rows, method=FitMethod.polynomial)


def _record(
    tx: Transaction, item: ArchiveItem, laid: Laid, control: Control, *, made_on: date, how: Keeping
) -> None:
    given = control.given.as_json() | {"points": [asdict(point) for point in laid.points]}
    given |= {"scale": control.scale, "page": control.page, "world": control.world}
    tx.session.add(
        Georeference(
            item_id=item.id,
            sha256=laid.image.made_from,
            made_sha256=laid.image.sha256,
            made_on=made_on,
            method=control.method.value,
            control=given | {"rows": [dict(row) for row in control.rows]},
            fit=laid.fit.as_json(),
            rms_m=laid.fit.rms_m,
            worst_m=max(laid.fit.residuals_m),
            instrument_id=how.instrument_id,
            recorded_at=tx.at,
        )
    )
    tx.session.flush()
    after = {"method": control.method.value, "control": given, "rms_m": laid.fit.rms_m}
    tx.journal(
        "archives.georeference", item.number, instrument_id=how.instrument_id, after=after, item=item.id
    )
