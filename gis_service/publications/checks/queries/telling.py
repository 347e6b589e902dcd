"""What a desk check found, told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from shapely.geometry import mapping

from gis_service.foundation.findings import Finding
from gis_service.publications.checks.schemas import (
    EditionOut,
    EncroachmentOut,
    FormerLineOut,
    LocatedOut,
    MatchOut,
    RuleOut,
    StretchOut,
)
from gis_service.registers.boundaries.queries.editions import FormerEdition
from gis_service.registers.boundaries.rules import (
    RULES,
    Apart,
    Course,
    Edition,
    Encroachment,
    Match,
    threshold,
)
from gis_service.registers.markers.rules import RULES as MARKER_RULES


def rules_told(findings: Iterable[tuple[Finding, float | None]]) -> list[RuleOut]:
    """Every rule that was asked, and how often it found something."""
    found = Counter(finding.rule for finding, _ in findings)
    asked = {
        rule.id: rule.title for rule in (*RULES, *MARKER_RULES) if rule.id.startswith(("R-BND", "R-MRK"))
    }
    return [RuleOut(rule=rule, title=title, found=found[rule]) for rule, title in sorted(asked.items())]


def located(finding: Finding, at: float | None) -> LocatedOut:
    """A finding with its chainage."""
    return LocatedOut(**finding.as_json(), chainage_m=None if at is None else round(at, 1))


def _stretch(each: Apart) -> StretchOut:
    return StretchOut(from_m=round(each.from_m, 1), to_m=round(each.to_m, 1), max_m=round(each.max_m, 3))


def match_told(source: str, match: Match) -> MatchOut:
    """A certificate of how two drawings of the line meet."""
    return MatchOut(
        source=source,
        same=match.is_same,
        max_m=round(match.hausdorff_m, 3),
        mean_m=round(match.mean_m, 3),
        farthest=dict(mapping(match.farthest)),
        covered_km=round(match.covered_m / 1000.0, 6),
        vertices=match.vertices,
        shared_vertices=match.shared,
        tolerance_m=threshold("matching", "tolerance_m"),
        apart=[_stretch(each) for each in match.apart],
        lacking=[_stretch(each) for each in match.lacking],
        ours_sha256=match.ours_sha256,
        theirs_sha256=match.theirs_sha256,
    )


def edition_told(former: FormerEdition, edition: Edition, course: Course) -> EditionOut:
    """The line beside its former edition."""
    before = edition.before_km
    return EditionOut(
        since=edition.since,
        lines=[FormerLineOut(id=each.id, code=each.code, name=each.name) for each in former.lines],
        before_km=None if before is None else round(before, 6),
        difference_km=None if before is None else round(course.length_m / 1000.0 - before, 6),
        match=None if edition.match is None else match_told(edition.told, edition.match),
        reason=edition.reason,
    )


def encroachment_told(each: Encroachment) -> EncroachmentOut:
    """A candidate, in round figures."""
    return EncroachmentOut(
        parcel=each.parcel,
        own=each.own.name,
        beyond=each.beyond.name,
        own_m2=round(each.own_m2, 1),
        beyond_m2=round(each.beyond_m2, 1),
        depth_m=round(each.depth_m, 1),
        place=dict(mapping(each.place)),
        certain=each.certain,
    )
