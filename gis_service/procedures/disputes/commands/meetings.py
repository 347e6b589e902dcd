"""Entering joint meetings, and that what they resolved was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput, NotPermitted
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.peace_ground import (
    WAY_OUT,
    act_named,
    entered_by,
    in_hand,
    kept_as,
    take_numbers,
)
from gis_service.procedures.disputes.models import JointMeeting, JointMeetingLine, MeetingResolution
from gis_service.procedures.disputes.queries import case_numbered
from gis_service.procedures.disputes.queries.meetings import (
    lines_of_meetings,
    meetings_of_year,
    resolution_of,
)
from gis_service.procedures.disputes.queries.peace_ground import next_peace_number, side_of
from gis_service.procedures.disputes.rules import MeetingEvidence, ResolutionFacts, judge_meeting
from gis_service.procedures.disputes.schemas.meetings import JointMeetingIn, ResolutionDoneIn
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.queries import LineInForce, line_named, read_line_reference
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id


def enter_meeting(tx: Transaction, sent: JointMeetingIn) -> tuple[JointMeeting, list[Finding]]:
    """Enter a joint meeting that was held, with what it resolved.

    Raises:
        NotFound: no such line, unit or case that day; the minutes are not registered.
        NotPermitted: no side of a line lies in the jurisdiction of the actor; names the lines.
        RuleViolated: a blocking finding (R-PEA-02); nothing is written.
    """
    tx.require(Act.keep_peace)
    named = [line_named(tx.session, read_line_reference(each), on=sent.held_on) for each in sent.lines]
    lines = list({line.id: line for line in named}.values())
    _require_reach(tx, lines)
    units = {
        code: division_by_code(tx.session, code, on=sent.held_on)
        for code in (sent.convener, *(each.responsible for each in sent.resolutions))
    }
    take_numbers(tx)
    findings = judge_meeting(_evidence(tx, lines, sent, units))
    refuse_if_blocking(findings, "此次联席会议不能登记", way_out=WAY_OUT)
    return _entered(tx, lines, sent, units), findings


def _require_reach(tx: Transaction, lines: Sequence[LineInForce]) -> None:
    reach = tx.actor.reach(Act.keep_peace)
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    within = covered(tx.session, reach, sides, on=tx.today)
    if beyond := [line.name for line in lines if not within & {line.first_id, line.second_id}]:
        raise NotPermitted(
            f"{'、'.join(beyond)}的两侧都不在您的辖区", way_out="请由任一侧的机关办理，或只登记辖区的界线"
        )


def _evidence(
    tx: Transaction, lines: Sequence[LineInForce], sent: JointMeetingIn, units: dict[str, DivisionVersion]
) -> MeetingEvidence:
    sides = [side for line in lines for side in (line.first_id, line.second_id)]
    of = {code: side_of(tx.session, unit, sides, on=sent.held_on) for code, unit in units.items()}
    own = of[sent.convener]
    called = divisions_by_id(tx.session, [own] if own else [], on=sent.held_on)
    cases = [case_numbered(tx.session, number, on=tx.today) for number in dict.fromkeys(sent.cases)]
    ids = {line.id for line in lines}
    return MeetingEvidence(
        subject="、".join(line.name for line in lines),
        held_on=sent.held_on,
        today=tx.today,
        convener=called[own].name if own in called else units[sent.convener].name,
        convener_is_of_a_side=own is not None,
        resolutions=tuple(
            ResolutionFacts(units[each.responsible].name, of[each.responsible] is not None, each.due_on)
            for each in sent.resolutions
        ),
        convened_before=tuple(_convened_before(tx, lines, own, sent)),
        cases_elsewhere=tuple(case.number for case in cases if case.line_id not in ids),
    )


def _convened_before(
    tx: Transaction, lines: Iterable[LineInForce], side: UUID | None, sent: JointMeetingIn
) -> Iterable[str]:
    """Lines on which the same side, and no other, convened the meetings of the year before."""
    for line in lines:
        sides = (line.first_id, line.second_id)
        if side not in sides:
            continue
        conveners = {
            each.convener_id for each in meetings_of_year(tx.session, line.id, sent.held_on.year - 1)
        }
        units = divisions_by_id(tx.session, conveners, on=sent.held_on).values()
        if {side_of(tx.session, unit, sides, on=sent.held_on) for unit in units} == {side}:
            yield line.name


def _entered(
    tx: Transaction, lines: Sequence[LineInForce], sent: JointMeetingIn, units: dict[str, DivisionVersion]
) -> JointMeeting:
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    act = act_named(tx, sent.instrument, sent.acts, sides)
    kept = kept_as(tx, sent.classification, lines, act)
    plain = sent.model_dump(include={"held_on", "place", "attendants", "matters", "minutes_sha256"})
    meeting = JointMeeting(
        **plain,
        number=next_peace_number(tx.session, JointMeeting, tx.today.year),
        convener_id=units[sent.convener].division_id,
        cases=list(dict.fromkeys(sent.cases)),
        instrument_id=act.id if act else None,
        classification=kept,
        **entered_by(tx),
    )
    tx.session.add(meeting)
    tx.session.flush()
    for line in lines:
        own = {"line_id": line.id, "first_id": line.first_id, "second_id": line.second_id}
        tx.session.add(JointMeetingLine(meeting_id=meeting.id, classification=kept, **own))
    for ordinal, each in enumerate(sent.resolutions, 1):
        tx.session.add(
            MeetingResolution(
                meeting_id=meeting.id,
                ordinal=ordinal,
                words=each.words,
                responsible_id=units[each.responsible].division_id,
                due_on=each.due_on,
            )
        )
    tx.session.flush()
    after = sent.model_dump(mode="json", exclude={"acts"})
    tx.journal("peace.meet", meeting.number, after=after, instrument_id=meeting.instrument_id)
    return meeting


def finish_resolution(
    tx: Transaction, number: str, ordinal: int, sent: ResolutionDoneIn
) -> tuple[JointMeeting, list[Finding]]:
    """Record that a resolution was done, in words and by day.

    Raises:
        NotFound: no such meeting or resolution, or not for the actor.
        NotPermitted: no side lies in the jurisdiction of the actor.
        Conflict: it is done.
        InvalidInput: a day to come, or before the meeting.
    """
    tx.require(Act.keep_peace)
    meeting = in_hand(tx, JointMeeting, number)
    lines = lines_of_meetings(tx.session, [meeting])[meeting.id]
    sides = {side for line in lines for side in (line.first_id, line.second_id)}
    if not covered(tx.session, tx.actor.reach(Act.keep_peace), sides, on=tx.today):
        raise NotPermitted(f"会议 {number} 所涉界线的两侧都不在您的辖区", way_out="请由任一侧的机关办理")
    resolution = resolution_of(tx.session, meeting, ordinal)
    if resolution.done_on is not None:
        raise Conflict(
            f"会议 {number} 第 {ordinal} 项已于 {resolution.done_on} 办结", way_out="请用 peace meeting 查看"
        )
    if not meeting.held_on <= sent.on <= tx.today:
        raise InvalidInput(
            f"办结日期 {sent.on} 不在会议日期 {meeting.held_on} 至今天之间", way_out="请核对日期"
        )
    resolution.done_on, resolution.done_words = sent.on, sent.words
    tx.session.flush()
    after = {"resolution": ordinal, "done_on": sent.on, "words": sent.words}
    tx.journal("peace.resolution_done", number, before={"done_on": None}, after=after)
    return meeting, []
