"""驻地迁移: the seat of a government moves across a next-lower unit; within one it is a change of address."""

from __future__ import annotations

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import Matter, Touched
from gis_service.procedures.changes.rules.evidence import ChangeEvidence, OperationEvidence, UnitFacts
from gis_service.procedures.changes.rules.outcome import Kind, Outcome, Takes, as_stated
from gis_service.procedures.changes.rules.plan import judge_one, told
from gis_service.procedures.changes.rules.touching import touched
from gis_service.registers.divisions.rules import R_CHG_06, DivisionLevel

TAKES: Takes = {"from": True, "seat": True, "seat_at": False}


def _judge(operation: OperationEvidence, _evidence: ChangeEvidence) -> list[Finding]:
    return judge_one("驻地迁移", operation, lambda unit: _judge_unit(unit, operation))


def _judge_unit(unit: UnitFacts, operation: OperationEvidence) -> list[Finding]:
    places, seat = operation.places, operation.stated.seat
    known = places.before is not None and places.after is not None
    problems = (
        (seat == unit.seat, Severity.blocking, f"{unit.label}的驻地没有改变", "请写明新驻地"),
        (
            places.inside is False,
            Severity.blocking,
            f"新驻地的位置不在{unit.label}的范围内",
            "请核对 seat_at 的经纬度（先经度，后纬度）",
        ),
        (
            unit.level is DivisionLevel.village,
            Severity.blocking,
            "村（居）民委员会没有政府驻地",
            "请核对代码",
        ),
        (
            known and places.before == places.after,
            Severity.blocking,
            f"新旧驻地都在{places.after}，只是办公地址变动，不需报批",
            "请作为办公地址登记，不立变更案卷",
        ),
        (
            not known,
            Severity.warning,
            "无法判定新旧驻地是否在不同的下一级单位内",
            "请核实；在同一下级单位内的只是办公地址变动，不需报批",
        ),
    )
    return told(unit.label, problems, rule=R_CHG_06)


def _outcome(operation: OperationEvidence) -> Outcome:
    return as_stated(operation, "seat")


def _touches(operation: OperationEvidence, _evidence: ChangeEvidence) -> tuple[Touched, ...]:
    return tuple(touched(Matter.seat, operation.known_units))


SEAT = Kind(
    id="seat",
    title="驻地迁移",
    explanation="人民政府（派出机关）驻地迁至另一下级单位；县级以上跨下一级单位、乡级跨村（居）的才立案",
    takes=TAKES,
    example="""\
from = ["320324"]
seat = "睢城街道"
seat_at = [117.94, 33.91]          # 新驻地的经纬度（可不写）
""",
    judge=_judge,
    outcome=_outcome,
    touches=_touches,
    followed=False,
)
