"""The calendar of cases: what is due and overdue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis_service.agenda import due
from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading_as
from gis_service.foundation.access import Act
from gis_service.foundation.agenda import CalendarEntry, Span, Wanted, calendar_on
from gis_service.foundation.readings import note_readings
from gis_service.procedures.changes.schemas import CalendarEntryOut
from gis_service.procedures.changes.schemas.icalendars import as_icalendar
from gis_service.registers.divisions.queries import division_by_code


def show_calendar(
    within: Annotated[str | None, typer.Option(help="只列涉及此单位及其以下的案卷（代码）")] = None,
    since: Annotated[str | None, typer.Option("--from", help="期限不早于此日")] = None,
    until: Annotated[str | None, typer.Option(help="期限不晚于此日")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列已逾期的")] = False,
    on: Annotated[str | None, typer.Option("--on", help="以哪一天计；不写则为今天")] = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="另写为 iCalendar 文件，供日历软件导入")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """办理日历：各案卷、各条界线的定界、修测和隐患纠纷到期、逾期和待办的事项，依据、期限、还剩几天。"""
    with refusals(as_json=as_json), reading_as(Act.read_cases) as (session, actor, _):
        that_day = day(on)
        unit = division_by_code(session, within, on=that_day).division_id if within else None
        span = Span(day(since) if since else None, day(until) if until else None, overdue)
        entries = calendar_on(due(session, actor, Wanted(that_day, within=unit)), on=that_day, span=span)
        note_readings(session, {(entry.pending.kept, entry.pending.case) for entry in entries})
        told = [CalendarEntryOut.of(entry) for entry in entries]
        if ics is not None:
            ics.write_bytes(as_icalendar(entries, host="gis-service", on=that_day))
        if as_json:
            print_json([entry.model_dump(mode="json") for entry in told])
        else:
            _tell(entries, told)


def _tell(entries: list[CalendarEntry], told: list[CalendarEntryOut]) -> None:
    rows = [
        (entry.limit, entry.days_left, entry.state.value, entry.title, entry.case, entry.legal_basis)
        for entry in told
    ]
    print_table("办理日历", ("期限", "还剩天数", "状态", "事项", "案卷", "依据"), rows)
    out.print(f"共 {len(entries)} 项")
