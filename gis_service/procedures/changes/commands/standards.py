"""Keeping with a case what a standard says of its units."""

from __future__ import annotations

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.in_hand import in_hand
from gis_service.procedures.changes.commands.steps import require_kept
from gis_service.procedures.changes.models import StandardVerdict
from gis_service.procedures.changes.queries import verdicts_of
from gis_service.procedures.changes.rules.figures import Verdict, judge_figures
from gis_service.procedures.changes.rules.standards import indicators, known_standards
from gis_service.procedures.changes.schemas import AttachedFiguresIn, FiguresIn, VerdictOut


def judge_unit(figures: FiguresIn) -> Verdict:
    """Compare figures with the standard of a province and a day; nothing is kept.

    Raises:
        InvalidInput: no such standard, or an indicator that no standard knows.
    """
    if figures.standard not in known_standards():
        raise InvalidInput(
            f"没有标准“{figures.standard[:40]}”", way_out=f"现有：{'、'.join(known_standards())}"
        )
    strange = [each.indicator for each in figures.figures if each.indicator not in indicators()]
    if strange:
        raise InvalidInput(
            f"没有指标“{strange[0]}”", way_out="各项指标见 changes standards list 或 GET /standards"
        )
    return judge_figures(figures.standard, figures.province[:2], figures.on, figures.told())


def attach_verdict(tx: Transaction, number: str, figures: AttachedFiguresIn) -> StandardVerdict:
    """Keep a verdict with a case: its figures, the edition of its day and what it said; older ones stay."""
    case = in_hand(tx, number, Act.record_conduct)
    require_kept(case)
    verdict = judge_unit(figures)
    kept = StandardVerdict(
        case_id=case.id,
        ordinal=len(verdicts_of(tx.session, case)) + 1,
        standard=verdict.standard,
        edition=verdict.edition.id if verdict.edition else None,
        unit=figures.unit,
        judged_for=verdict.on,
        verdict=verdict.verdict.value,
        figures=[each.model_dump(mode="json") for each in figures.figures],
        told=VerdictOut.of(verdict).model_dump(mode="json"),
        recorded_at=tx.at,
    )
    tx.session.add(kept)
    tx.session.flush()
    after = {"standard": kept.standard, "edition": kept.edition, "unit": kept.unit, "verdict": kept.verdict}
    tx.journal("changes.standard_verdict", number, after=after)
    return kept
