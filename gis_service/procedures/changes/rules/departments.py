"""R-CHG-12: departments asked are recorded; autonomous areas need a record of consultation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.changes.rules.conduct import Conduct
from gis_service.procedures.changes.rules.evidence import Basis
from gis_service.procedures.changes.rules.steps import Opinion
from gis_service.procedures.changes.rules.versioned import table

R_CHG_12 = Rule(
    id="R-CHG-12",
    title="征求有关部门意见有记录；涉及民族自治地方的有协商记录",
    legal_basis="行政区划管理条例 第十四条",
)


def departments() -> Mapping[str, str]:
    """Id → Chinese title of every department that may be asked."""
    return {row["id"]: row["title"] for row in table("departments.toml")["department"]}


def legal_basis_of_asking() -> str:
    """The article by which departments are asked."""
    return str(table("departments.toml")["legal_basis"])


def judge_departments(conduct: Conduct) -> list[Finding]:
    """Who was asked, who has not answered, who is against it; nothing of published acts."""
    if conduct.basis is Basis.published_act:
        return []
    if not conduct.consultations and not _is_autonomous(conduct):
        return [
            _told(
                "征求部门意见", "没有征求有关部门意见的记录", "请登记所征求的部门（changes departments ask）"
            )
        ]
    return [*_answers(conduct), *_autonomy(conduct)]


def _told(subject: str, message: str, way_out: str) -> Finding:
    return R_CHG_12.finding(Severity.warning, subject, message, suggestion=way_out)


def _answers(conduct: Conduct) -> Iterator[Finding]:
    for each in conduct.consultations:
        title = departments().get(each.department, each.department)
        if each.answered_on is None:
            yield _told(title, f"{title}部门尚未答复", "请催办，并登记答复")
        elif each.opinion == Opinion.opposed:
            yield _told(title, f"{title}部门不同意", "请协商，并在申请书中说明")


def _autonomy(conduct: Conduct) -> Iterator[Finding]:
    if not _is_autonomous(conduct):
        return
    wanted = table("departments.toml")["autonomous"]
    answered = {each.department for each in conduct.consultations if each.answered_on}
    if wanted["department"] not in answered:
        yield _told(
            "民族自治地方",
            f"变更涉及民族自治地方，没有协商记录（{wanted['legal_basis']}）",
            "请与自治机关和有关民族代表协商，并登记民族部门的意见",
        )


def _is_autonomous(conduct: Conduct) -> bool:
    wanted = table("departments.toml")["autonomous"]
    types = conduct.types | {each.type for each in conduct.touched if each.type}
    return not types.isdisjoint(wanted["types"]) or not conduct.provinces.isdisjoint(wanted["provinces"])
