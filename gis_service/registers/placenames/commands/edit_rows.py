"""What an edit makes of class, units, facts, shapes and relations of a feature in hand, and of its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, NotFound
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.placenames.commands.edit_names import leave_with_feature, refuse_for_unit
from gis_service.registers.placenames.commands.edits import EndFeature, Relate, Reshape, Restate, Unrelate
from gis_service.registers.placenames.commands.hand import Hand, InHand
from gis_service.registers.placenames.models import (
    Feature,
    FeatureRelation,
    FeatureShape,
    FeatureVersion,
    RelationKind,
)
from gis_service.registers.placenames.rules.statuses import in_use


def new_codes(tx: Transaction, edits: Iterable[Restate]) -> list[str]:
    """The codes that are to be given; one that a feature has already is none."""
    wanted = {edit.seen.feature_id: edit.code for edit in edits if edit.code is not None}
    known = {id_: tx.session.get_one(Feature, id_).code for id_ in wanted}
    return [code for id_, code in wanted.items() if code != known[id_]]


def restate(hand: Hand, it: InHand, edit: Restate) -> None:
    """Class, units and facts from the day on; a code is given once and stays."""
    _give_code(it, edit.code)
    old = it.version(hand.on)
    wanted: dict[str, Any] = {
        "class_code": old.class_code if edit.class_code is None else edit.class_code,
        "division_ids": list(old.division_ids if edit.division_ids is None else edit.division_ids),
        "facts": dict(old.facts if edit.facts is None else edit.facts),
    }
    if all(getattr(old, name) == value for name, value in wanted.items()):
        return
    if (wanted["class_code"], wanted["division_ids"]) != (old.class_code, old.division_ids):
        refuse_for_unit(it)
    new = FeatureVersion(id=uuid7(), feature_id=it.feature.id, **wanted)
    hand.begin(new, until=hand.end(old, it.versions))
    it.versions.append(new)
    it.changed = True


def _give_code(it: InHand, code: str | None) -> None:
    if code is None or code == it.feature.code:
        return
    if it.feature.code is not None:
        raise Conflict(f"{it.told} 已有地名代码 {it.feature.code}", way_out="地名代码一经使用不再改变")
    it.feature.code, it.changed = code, True


def reshape(hand: Hand, it: InHand, edit: Reshape) -> None:
    """The geometry of a role from the day on, in place of the one there was."""
    given = edit.shape
    old = next((s for s in it.shapes if s.role == given.role and hand.on in s.valid), None)
    later = [s.valid.start for s in it.shapes if s.role == given.role and s.valid.start > hand.on]
    until = min(later, default=None) if old is None else hand.end(old, it.shapes)
    new = FeatureShape(
        id=uuid7(),
        feature_id=it.feature.id,
        role=given.role.value,
        geom=write_ewkb([given.geom])[0],
        system=given.system,
        given=given.given,
        method=given.method,
        accuracy_m=given.accuracy_m,
        surveyed_on=given.surveyed_on,
    )
    hand.begin(new, until=until)
    it.shapes.append(new)
    it.changed = True


def end_feature(hand: Hand, it: InHand, edit: EndFeature) -> None:
    """All that holds of it ends on the day.

    Raises:
        Conflict: something of it begins on the day or after, and would be lost.
    """
    refuse_for_unit(it)
    rows: tuple[list[Any], ...] = (it.versions, it.names, it.shapes, it.relations)
    if any(row.valid.start >= hand.on for several in rows for row in several):
        raise Conflict(f"{it.told} 在 {hand.on} 或其后另有登记，不能自该日起注销", way_out="请改为更晚的日期")
    for name in [name for name in it.names if hand.on in name.valid]:
        if in_use(name.status):
            leave_with_feature(hand, it, name, edit.reason)
        else:
            hand.end(name, it.names)
    several: tuple[list[Any], ...] = (it.versions, it.shapes, it.relations)
    for rows_of_it in several:
        for row in [row for row in rows_of_it if hand.on in row.valid]:
            hand.end(row, rows_of_it)
    it.changed = True


def relate(hand: Hand, it: InHand, edit: Relate) -> None:
    """It is part of another feature from the day on, or called after it.

    Raises:
        NotFound: there is no such feature on the day.
        Conflict: it is related so already, is the feature itself, or would be a part of itself.
    """
    if edit.other_id == it.feature.id:
        raise Conflict(f"{it.told} 不能从属或派生于自身", way_out="请核对地理实体")
    if _related(hand, it, edit) is not None:
        return
    exists = select(FeatureVersion.id).where(
        FeatureVersion.feature_id == edit.other_id, holds_on(FeatureVersion.valid, hand.on)
    )
    if hand.tx.session.scalar(exists) is None:
        raise NotFound(f"{hand.on} 没有地理实体 {edit.other_id}", way_out="请核对标识和日期")
    if edit.kind is RelationKind.part_of:
        _require_no_circle(hand, it, edit)
    new = FeatureRelation(id=uuid7(), feature_id=it.feature.id, other_id=edit.other_id, kind=edit.kind.value)
    hand.begin(new)
    it.relations.append(new)
    it.changed = True


def _require_no_circle(hand: Hand, it: InHand, edit: Relate) -> None:
    begun = [row for row in hand.begun.values() if isinstance(row, FeatureRelation)]
    at, seen = [edit.other_id], {edit.other_id}
    while at:
        above = select(FeatureRelation.other_id).where(
            FeatureRelation.feature_id.in_(at),
            FeatureRelation.kind == RelationKind.part_of.value,
            holds_on(FeatureRelation.valid, hand.on),
        )
        new = {row.other_id for row in begun if row.feature_id in at and row.kind == RelationKind.part_of}
        at = list({*hand.tx.session.scalars(above), *new} - seen)
        seen.update(at)
    if it.feature.id in seen:
        raise Conflict(f"{it.told} 将从属于自己的组成部分", way_out="请核对从属关系")


def unrelate(hand: Hand, it: InHand, edit: Unrelate) -> None:
    """It is related so no longer from the day on.

    Raises:
        NotFound: it is not related so.
    """
    known = _related(hand, it, edit)
    if known is None:
        raise NotFound(f"{it.told} 在 {hand.on} 没有此项{edit.kind}关系", way_out="请取最新内容后重试")
    hand.end(known, it.relations)
    it.changed = True


def _related(hand: Hand, it: InHand, edit: Relate | Unrelate) -> FeatureRelation | None:
    wanted = (it.feature.id, edit.other_id, edit.kind)
    return next(
        (r for r in it.relations if (r.feature_id, r.other_id, r.kind) == wanted and hand.on in r.valid), None
    )
