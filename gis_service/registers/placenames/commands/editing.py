"""Editing features: all or nothing, as they were seen, from a day on by an instrument."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from gis_service.foundation.transaction import Transaction
from gis_service.registers.placenames.commands import edit_names, edit_rows
from gis_service.registers.placenames.commands.edits import (
    AddName,
    CorrectName,
    Edit,
    EditReport,
    EndFeature,
    EndName,
    MoveName,
    Relate,
    Rename,
    Reshape,
    Restate,
    Unrelate,
)
from gis_service.registers.placenames.commands.hand import Hand, InHand, take_in_hand
from gis_service.registers.placenames.commands.requiring import (
    require_classes,
    require_codes_free,
    require_shapes,
    require_units,
)
from gis_service.registers.placenames.events import FeaturesChanged

_HOW: Mapping[type[Any], Callable[[Hand, InHand, Any], None]] = {
    Rename: edit_names.rename,
    AddName: edit_names.add_name,
    EndName: edit_names.end_name,
    CorrectName: edit_names.correct_name,
    MoveName: edit_names.move_name,
    Restate: edit_rows.restate,
    Reshape: edit_rows.reshape,
    EndFeature: edit_rows.end_feature,
    Relate: edit_rows.relate,
    Unrelate: edit_rows.unrelate,
}
_TOLD_ONE_BY_ONE = 200  # edits, above which the journal holds their number and digest alone


def edit_features(tx: Transaction, edits: Sequence[Edit], *, on: date, instrument_id: UUID) -> EditReport:
    """Make edits, in order, from a day on: all of them or none. One entry in the journal.

    Whoever calls has judged them and asked for permission; here is refused what can never stand.

    Raises:
        StaleRevision: features were edited by others since they were seen; names every one.
        NotFound: no such feature or name. InvalidInput: see `enter_features`, or a field there is not.
        Conflict: it has ended or does not begin before the day; two standard names; a unit's own name.
        IllegalMove: the process of a name knows no such move of its status.
    """
    if not edits:
        return EditReport({})
    hand = take_in_hand(tx, [edit.seen for edit in edits], on=on, instrument_id=instrument_id)
    _require(tx, edits, on=on)
    with tx.session.no_autoflush:
        for edit in edits:
            feature = hand.features[edit.seen.feature_id]
            feature.version(on)
            _HOW[type(edit)](hand, feature, edit)
    changed = [each.feature for each in hand.features.values() if each.changed]
    hand.write()
    if changed:
        _tell(tx, edits, on=on, instrument_id=instrument_id)
        tx.publish(FeaturesChanged(tuple(row.id for row in changed), instrument_id))
    unchanged = tuple(id_ for id_, each in hand.features.items() if not each.changed)
    return EditReport({row.id: row.revision for row in changed}, unchanged)


def _require(tx: Transaction, edits: Sequence[Edit], *, on: date) -> None:
    restated = [edit for edit in edits if isinstance(edit, Restate)]
    require_classes(edit.class_code for edit in restated if edit.class_code is not None)
    require_units(tx, {unit for edit in restated for unit in edit.division_ids or ()}, on=on)
    require_codes_free(tx, edit_rows.new_codes(tx, restated))
    require_shapes([edit.shape for edit in edits if isinstance(edit, Reshape)])


def _tell(tx: Transaction, edits: Sequence[Edit], *, on: date, instrument_id: UUID) -> None:
    """How many of what, a digest, and every one of them where they are few."""
    features = {edit.seen.feature_id for edit in edits}
    told = [_told(edit) for edit in edits]
    counts = Counter(type(edit).__name__ for edit in edits)
    digest = sha256("\n".join(map(repr, told)).encode()).hexdigest()
    subject = str(next(iter(features))) if len(features) == 1 else str(instrument_id)
    tx.journal(
        "placenames.edit",
        subject,
        instrument_id=instrument_id,
        after={"features": len(features), "edits": counts, "digest": digest},
        on=on,
        edits=told if len(told) <= _TOLD_ONE_BY_ONE else None,
    )


def _told(edit: Edit) -> dict[str, Any]:
    """An edit as plain values, for the journal."""
    known = {name: getattr(edit, name) for name in edit.__slots__ if name != "seen"}
    plain = {name: _plain(value) for name, value in known.items() if value is not None}
    return {"edit": type(edit).__name__, "feature": edit.seen.feature_id, **plain}


def _plain(value: Any) -> Any:
    if hasattr(value, "geom"):
        return {"role": value.role, "wkt": value.geom.wkt[:200]}
    if hasattr(value, "text"):
        return {name: getattr(value, name) for name in ("id", "kind", "text", "process", "status")}
    return dict(value) if isinstance(value, Mapping) else value
