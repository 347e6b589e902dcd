"""The dataset a delivery without geometry is, and the record that it was entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.models import LoadedDelivery
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn


def source_of(
    name: str, title: str, sha256: str, *, on: date, statement: str, licence: str | None = None
) -> InstrumentIn:
    """The dataset as an instrument: its name and the digest of its content make its number."""
    return InstrumentIn(
        number=f"数据集 {name}（{sha256[:12]}）",
        kind=InstrumentKind.dataset,
        title=title,
        issuer=name,
        issued_on=on,
        statement=statement,
        licence=licence,
        sha256=sha256,
    )


def record(
    tx: Transaction,
    report: Mapping[str, Any],
    instrument_id: UUID,
    *,
    source: str,
    sha256: str,
    valid_on: date,
    units: int,
) -> None:
    """Keep that it was entered, so that loading it again changes nothing."""
    tx.session.add(
        LoadedDelivery(
            instrument_id=instrument_id,
            source=source,
            sha256=sha256,
            valid_on=valid_on,
            units=units,
            loaded_at=tx.at,
            report=dict(report),
        )
    )
    tx.session.flush()
    tx.journal("intake.load", source, instrument_id=instrument_id, units=units, sha256=sha256)
