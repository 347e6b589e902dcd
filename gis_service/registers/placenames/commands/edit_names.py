"""What an edit makes of the names of a feature in hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from uuid_utils.compat import uuid7

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.registers.placenames.commands.edits import (
    AddName,
    CorrectName,
    EndName,
    MoveName,
    Rename,
)
from gis_service.registers.placenames.commands.given import NewName
from gis_service.registers.placenames.commands.hand import Hand, InHand
from gis_service.registers.placenames.commands.requiring import entry_of
from gis_service.registers.placenames.models import (
    NameEvent,
    NameEventKind,
    NameKind,
    NameProcess,
    PlaceName,
)
from gis_service.registers.placenames.rules.statuses import Move, move

WORDS = (
    *("text", "specific", "generic", "language", "reading", "reading_source"),
    *("roman", "roman_source", "used", "note"),
)
_NEVER_EMPTY = frozenset({"text", "language"})
_OF_A_UNIT = "行政区划的名称随区划登记簿而变"
_BY_A_CHANGE = "请办理行政区划变更；区划登记簿改动后，地名随之改动"


def rename(hand: Hand, it: InHand, edit: Rename) -> None:
    """The standard name of the day ends, and another holds for as long as it would have."""
    refuse_for_unit(it)
    old = it.standard(hand.on)
    if old is None:
        raise Conflict(f"{it.told} 当日没有标准名称，无从更名", way_out="请增加标准名称")
    if edit.new.kind is not NameKind.standard:
        raise InvalidInput("更名须给出新的标准名称", way_out="别名、简称等请用增加名称")
    if edit.new.text == old.text:
        raise Conflict(f"新名称与现名相同：{old.text}", way_out="读音、拼写有误的，请更正")
    until = _leave(hand, it, old, move(old.process, old.status, NameEventKind.renamed), edit.reason)
    _enter(hand, it, edit.new, entry_of(edit.new, NameEventKind.renamed), edit.reason, until=until)


def add_name(hand: Hand, it: InHand, edit: AddName) -> None:
    """One name more, from the day on."""
    if not edit.new.text:
        raise InvalidInput("名称不能为空", way_out="请填写名称")
    if edit.new.kind is NameKind.standard:
        refuse_for_unit(it)
        _require_no_standard(it, hand.on)
    _enter(hand, it, edit.new, entry_of(edit.new))


def _require_no_standard(it: InHand, on: date) -> None:
    for name in it.names:
        if name.kind == NameKind.standard and (name.valid.end is None or on < name.valid.end):
            raise Conflict(f"{it.told} 已有标准名称“{name.text}”", way_out="请更名，或先停用原名")


def end_name(hand: Hand, it: InHand, edit: EndName) -> None:
    """A name no longer holds from the day on."""
    name = it.name(edit.name_id)
    made = move(name.process, name.status, edit.kind)
    if not made.ends:
        raise InvalidInput(f"“{edit.kind}”不使名称终止", way_out="请用停用、注销或不予采用")
    move_name(hand, it, MoveName(edit.seen, edit.name_id, edit.kind, edit.reason))


def move_name(hand: Hand, it: InHand, edit: MoveName) -> None:
    """The status of a name moves, and with it its period where the table says so."""
    name = it.name(edit.name_id)
    if name.process == NameProcess.unit:
        refuse_for_unit(it)
    if edit.kind is NameEventKind.renamed:
        raise InvalidInput("更名须给出新的名称", way_out="请用更名")
    made = move(name.process, name.status, edit.kind)
    if edit.kind is NameEventKind.restored:
        _restore(hand, it, name, made, edit.reason)
    elif made.ends:
        _leave(hand, it, name, made, edit.reason)
    else:
        _require_in_force(name, hand.on)
        _happen(hand, it, name, made, edit.reason)
        name.status = made.after


def _restore(hand: Hand, it: InHand, name: PlaceName, made: Move, reason: str | None) -> None:
    """A name that was given up holds again from the day on, as a row of its own."""
    if name.kind == NameKind.standard:
        _require_no_standard(it, hand.on)
    again = PlaceName(
        id=uuid7(),
        feature_id=name.feature_id,
        kind=name.kind,
        process=name.process,
        status=made.after,
        **{column: getattr(name, column) for column in WORDS},
    )
    it.names.append(again)
    hand.begin(again)
    _happen(hand, it, again, made, reason, detail={"restored": str(name.id)})


def correct_name(hand: Hand, it: InHand, edit: CorrectName) -> None:
    """What was recorded wrongly is put right for the whole period of the name."""
    name = it.name(edit.name_id)
    if unknown := edit.fields.keys() - set(WORDS):
        raise InvalidInput(
            f"名称没有可更正的字段：{'、'.join(sorted(unknown))}", way_out=f"可更正：{'、'.join(WORDS)}"
        )
    differing = {column: value for column, value in edit.fields.items() if getattr(name, column) != value}
    if any(not value for column, value in differing.items() if column in _NEVER_EMPTY):
        raise InvalidInput("名称和语种不能更正为空", way_out="没有此名称的，请不予采用或停用")
    if "text" in differing and name.process == NameProcess.unit:
        refuse_for_unit(it)
    if not differing:
        return
    detail = {column: [getattr(name, column), value] for column, value in differing.items()}
    it.changed = True
    hand.events.append(
        NameEvent(
            feature_id=name.feature_id,
            name_id=name.id,
            kind=NameEventKind.corrected.value,
            on_date=hand.on,
            from_status=name.status,
            to_status=name.status,
            instrument_id=hand.instrument_id,
            reason=edit.reason,
            detail=detail,
        )
    )
    for column, value in differing.items():
        setattr(name, column, value)


def refuse_for_unit(it: InHand) -> None:
    """Units are told by the register of divisions, and here only follow.

    Raises:
        Conflict: the feature is one.
    """
    if it.feature.division_id is not None:
        raise Conflict(f"{it.told}：{_OF_A_UNIT}", way_out=_BY_A_CHANGE)


def leave_with_feature(hand: Hand, it: InHand, name: PlaceName, reason: str | None) -> None:
    """A name ends because its feature does."""
    _leave(hand, it, name, move(name.process, name.status, NameEventKind.abolished), reason)


def _enter(
    hand: Hand, it: InHand, new: NewName, made: Move, reason: str | None = None, *, until: date | None = None
) -> None:
    row = PlaceName(
        id=new.id,
        feature_id=it.feature.id,
        kind=new.kind.value,
        process=new.process.value,
        status=made.after,
        **{column: getattr(new, column) for column in WORDS},
    )
    it.names.append(row)
    hand.begin(row, until=until)
    _happen(hand, it, row, made, reason)


def _leave(hand: Hand, it: InHand, name: PlaceName, made: Move, reason: str | None) -> date | None:
    _require_in_force(name, hand.on)
    if name.valid.start == hand.on:
        raise Conflict(f"“{name.text}”当日才登记，不能同日终止", way_out="登记有误的，请更正")
    _happen(hand, it, name, made, reason)
    return hand.end(name, it.names, status=made.after)


def _require_in_force(name: PlaceName, on: date) -> None:
    if on not in name.valid:
        spell = f"{name.valid.start} 至 {name.valid.end or '今'}"
        raise Conflict(f"“{name.text}”在 {on} 不在册（{spell}）", way_out="请核对名称和日期")


def _happen(hand: Hand, it: InHand, name: PlaceName, made: Move, reason: str | None, **more: Any) -> None:
    it.changed = True
    hand.events.append(
        NameEvent(
            feature_id=it.feature.id,
            name_id=name.id,
            kind=made.event,
            on_date=hand.on,
            from_status=made.before,
            to_status=made.after,
            instrument_id=hand.instrument_id,
            reason=reason,
            **more,
        )
    )
