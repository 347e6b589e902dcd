"""Every move of a name's status, legal and illegal, against the table."""

from __future__ import annotations

from itertools import product

import pytest

from gis_service.foundation.errors import IllegalMove
from gis_service.registers.placenames.models import NameEventKind, NameProcess, NameStatus
from gis_service.registers.placenames.rules.statuses import entry, in_use, move, moves

LEGAL = {(m.process, m.before, m.event): m for m in moves()}


def test_the_table_speaks_of_known_processes_statuses_and_events_only() -> None:
    assert {m.process for m in moves()} == set(NameProcess)
    assert {m.after for m in moves()} | {m.before for m in moves() if m.before} <= set(NameStatus)
    assert {m.event for m in moves()} <= set(NameEventKind)
    assert all(m.basis and m.mark in {"V", "P", "D"} for m in moves())
    assert len(LEGAL) + sum(1 for m in moves() if m.before is None) >= len(moves())  # a move has one outcome


def test_every_pair_of_status_and_event_moves_as_the_table_says_or_is_refused_with_what_may_be() -> None:
    refused = 0
    for process, before, event in product(NameProcess, NameStatus, NameEventKind):
        if known := LEGAL.get((process, before, event)):
            assert move(process, before, event) is known
            continue
        refused += 1
        with pytest.raises(IllegalMove) as told:
            move(process, before, event)
        allowed = [m for m in moves() if (m.process, m.before) == (process, before)]
        assert all(f"{m.event}→{m.after}" in told.value.way_out for m in allowed)
    assert refused > 150


def test_names_come_on_record_as_their_process_says() -> None:
    first = {process: (entry(process).event, entry(process).after) for process in NameProcess}
    assert first == {
        "依法命名": ("命名", "现行"),
        "行政区划": ("命名", "现行"),
        "普查登记": ("登记", "待核"),
        "民间使用": ("登记", "待核"),
        "史料记载": ("登记", "待核"),
    }
    with pytest.raises(IllegalMove, match="待核") as told:
        entry("依法命名", None, "待核")
    assert "命名→现行" in told.value.way_out


def test_what_ends_a_name_leaves_it_out_of_use() -> None:
    assert all(not in_use(m.after) for m in moves() if m.ends)
    assert all(not m.ends for m in moves() if m.before is None)
