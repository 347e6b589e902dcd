"""Laying a scan on the ground by control points; each fit is a record of its own, and so is its image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

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
)


@dataclass(frozen=True, slots=True)
class Control:
    """Control points as they were handed in, in what system, and by which function they are to be fitted."""

    rows: Sequence[Mapping[str, Any]]
    given: Given
    method: FitMethod = FitMethod.affine


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
    points = read_control(control.rows, control.given)
    fit = fitted(points, control.method.value)
    subject = f"{item.number} {scan.name}"
    findings = judge_fit(subject, points, fit)
    refuse_if_blocking(findings, f"{subject} 没有校正", way_out="请补充控制点")
    made = rectified(read_scan(how.store.read(scan.sha256)), fit)
    stem = scan.name.rpartition(".")[0] or scan.name
    image = NewFile(f"{stem}-校正.tif", made, made_from=scan.sha256)
    keep_file(tx, item, image, how)
    _record(tx, item, Laid(points, fit, image, findings), control, made_on=made_on, how=how)
    return Laid(points, fit, image, findings)


def _record(
    tx: Transaction, item: ArchiveItem, laid: Laid, control: Control, *, made_on: date, how: Keeping
) -> None:
    given = control.given.as_json() | {"points": [asdict(point) for point in laid.points]}
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
