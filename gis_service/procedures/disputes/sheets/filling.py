"""What stands in the rows of an assessment's table, whatever it is drawn as."""

from __future__ import annotations

from collections.abc import Iterator

from gis_service.procedures.disputes.schemas.assessments import PeaceAssessmentOut

HEAD = ("序号", "考核项目", "满分", "所拟分值", "评定分值", "依据的登记事项", "改动的理由")


def title_of(told: PeaceAssessmentOut) -> str:
    """The heading of a sheet."""
    return f"{told.year} 年度平安边界考核表"


def about(told: PeaceAssessmentOut) -> list[tuple[str, str]]:
    """Whose year it is, by what it was judged, and whether it is signed."""
    catalogue = told.catalogue
    signed = f"{told.signed_on} {told.signed_by}" if told.signed_on else "未签署"
    facts = [
        ("界线", f"{told.line.code} {told.line.name}"),
        ("被考核单位", f"{told.side} {told.side_name}"),
        ("编号", f"{told.number}（第 {told.version} 版，{told.state}）"),
        ("登记事项截至", str(told.as_of)),
        ("考核项目", f"{catalogue['version']} 版，{catalogue['source']}（可靠程度 {catalogue['mark']}）"),
        ("签署", signed),
        ("密级", told.classification.value),
    ]
    return facts + ([("更正理由", told.correction)] if told.correction else [])


def rows_of(
    told: PeaceAssessmentOut,
) -> Iterator[tuple[str, str, float, float | None, float | None, str, str]]:
    """The items, one by one."""
    for number, item in enumerate(told.items, 1):
        evidence = "；".join(item.evidence)
        yield str(number), item.title, item.full, item.proposed, item.points, evidence, item.reason


def vetoes_of(told: PeaceAssessmentOut) -> Iterator[tuple[str, str, str, str]]:
    """What would fail the year, and whether it was the case."""
    for veto in told.vetoes:
        yield veto.title, "有" if veto.held else "无", "；".join(veto.evidence), veto.reason


def result_of(told: PeaceAssessmentOut) -> str:
    """The outcome in one line."""
    vetoed = "（一票否决）" if any(veto.held for veto in told.vetoes) else ""
    return f"总分 {told.points:g}（满分 {told.catalogue['full']:g}），等次：{told.grade}{vetoed}"
