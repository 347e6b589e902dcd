"""Rules on lines: values in, findings out."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from gis_service.foundation.findings import Finding
from gis_service.registers.boundaries.rules import (
    SECTIONS_BY,
    Agreed,
    AlongFeature,
    EdgeFacts,
    LengthEvidence,
    RecordEvidence,
    SourceOfLine,
    UseEvidence,
    course_of,
    explained,
    judge_change_of_indicator,
    judge_moved,
    judge_record,
    judge_shape,
    judge_states,
    judge_use,
    line_code,
    line_name,
    placed_along,
    sections_of,
)
from gis_service.registers.divisions.rules import DivisionLevel

AGREED = Agreed(date(2000, 1, 5), "江苏省人民政府", date(2000, 6, 1))
PROPER = RecordEvidence(
    subject="常州—镇江线",
    by_rule=("0411", "常州—镇江线"),
    stored=(None, None),
    agreed=AGREED,
    levels=("prefecture", "prefecture"),
    shares_an_edge=True,
)


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.severity.value) for finding in findings]


def test_published_lines_are_coded_and_named_by_rule() -> None:
    assert line_code(DivisionLevel.prefecture, "321100", "320400") == "0411"
    assert line_code(DivisionLevel.province, "340000", "320000") == "3234"
    assert line_name(DivisionLevel.province, ("340000", "安徽省"), ("320000", "江苏省")) == "苏皖线"


def test_a_proper_record_is_let_in_silently() -> None:
    assert judge_record(PROPER) == []


def altered(**changes: object) -> RecordEvidence:
    return RecordEvidence(**{**{n: getattr(PROPER, n) for n in PROPER.__slots__}, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stored": ("0411", "常州—镇江线")}, []),
        ({"stored": ("0412", None)}, [("R-BND-02", "warning")]),
        ({"stored": ("041", None)}, [("R-BND-02", "blocking")]),
        ({"stored": (None, "常镇线")}, [("R-BND-01", "warning")]),
        ({"stored": ("0411", None), "namesakes": ("另一线",)}, [("R-BND-02", "warning")]),
        ({"agreed": Agreed(date(2000, 1, 5))}, [("R-BND-05", "blocking")]),
        ({"agreed": Agreed()}, []),
        ({"agreed": Agreed(), "settled_km": 1.0}, [("R-BND-05", "blocking")]),
        ({"agreed": Agreed(date(2000, 1, 5), "某府", date(1999, 1, 1))}, [("R-BND-05", "warning")]),
        ({"levels": ("prefecture", "county")}, [("R-BND-03", "blocking")]),
        ({"levels": ("prefecture",)}, [("R-BND-03", "blocking")]),
        ({"shares_an_edge": False}, [("R-BND-03", "blocking")]),
    ],
)
def test_records_are_judged(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert told(judge_record(altered(**changes))) == expected


def test_only_what_is_agreed_and_approved_is_settled() -> None:
    assert judge_states("某线", ["已定界", "争议"], AGREED) == []
    assert judge_states("某线", ["未定界", "争议", "习惯线", "未说明"], Agreed()) == []
    [found] = judge_states("某线", ["已定界"], Agreed(date(2000, 1, 5)))
    assert "批准机关、批准日期" in found.message


def test_a_moved_river_moves_no_line() -> None:
    stays, moves = judge_moved(
        "某线", "秦淮河", [AlongFeature(0, 10, None), AlongFeature(10, 20, "协议一号")]
    )
    assert "不随之移动" in stays.message
    assert "变更案卷" in moves.suggestion
    assert not stays.blocking


def test_an_indicator_changes_by_a_survey_and_a_filing() -> None:
    assert judge_change_of_indicator("某线 某渠", resurveyed=True, filed=True) == []
    [found] = judge_change_of_indicator("某线 某渠", resurveyed=False, filed=False)
    assert found.blocking
    assert "修测结果、备案文件" in found.message


@pytest.mark.parametrize(
    ("kind", "consents", "decided", "filed", "said"),
    [
        ("跨界使用", 2, False, True, None),
        ("跨界使用", 1, False, True, "只有 1 份"),
        ("跨界使用", 2, False, False, "备案"),
        ("飞地", 0, True, False, None),
        ("插花地", 2, False, True, "决定"),
    ],
)
def test_uses_beyond_a_line_lack_what_they_lack(
    kind: str, consents: int, decided: bool, filed: bool, said: str | None
) -> None:
    found = judge_use(UseEvidence("某地", kind, consents, decided, filed))
    assert [finding.severity.value for finding in found] == (["warning"] if said else [])
    assert said is None or said in found[0].message


def test_lengths_that_differ_are_explained_and_never_mended() -> None:
    coarse = SourceOfLine("全国概括数据", 500.0, 60.0, 120)
    lengths = explained(LengthEvidence(60.0, 73.1, (coarse,), (800.0,), ("某县",)))
    assert lengths.derived_km == 60.0
    assert lengths.difference_km == pytest.approx(-13.1)
    assert lengths.difference_share == pytest.approx(-13.1 / 73.1)
    words = "；".join(lengths.reasons)
    assert "全国概括数据" in words
    assert "平均每 500 米一个折点" in words
    assert "0.800 千米" in words
    assert "某县" in words
    assert "视为一致" in explained(LengthEvidence(73.0, 73.1, (coarse,))).reasons[0]
    assert "没有登记" in explained(LengthEvidence(73.0, None, (coarse,))).reasons[0]
    assert "口径" in explained(LengthEvidence(80.0, 73.1, (coarse,))).reasons[0]
    fine = SourceOfLine("勘界成果", 1.0, 60.0, 9000)
    assert "核对" in explained(LengthEvidence(60.0, 73.1, (fine,))).reasons[0]


def test_small_gaps_and_slivers_are_reported_with_their_place() -> None:
    broken = course_of([LineString([(119, 32), (119.1, 32)]), LineString([(119.10001, 32), (119.2, 32)])])
    [gap] = judge_shape("某线", broken)
    assert gap.place is not None
    sliver = [(119.3, 32), (119.4, 32.00003), (119.3, 32.00005), (119.3, 32)]
    [found] = judge_shape("某线", course_of([LineString(sliver)]))
    assert "碎块" in found.message
    far = course_of([LineString([(119, 32), (119.1, 32)]), LineString([(119.2, 32), (119.3, 32)])])
    assert judge_shape("某线", far) == []


@given(
    cuts=st.lists(st.integers(1, 38), unique=True, max_size=8),
    states=st.lists(st.sampled_from(["已定界", "争议", "未定界"]), min_size=9, max_size=9),
    turned=st.lists(st.booleans(), min_size=9, max_size=9),
    by=st.sampled_from(sorted(SECTIONS_BY)),
)
def test_sections_partition_the_line(cuts: list[int], states: list[str], turned: list[bool], by: str) -> None:
    xy = [(119 + 0.01 * step, 32 + 0.002 * (step % 3)) for step in range(40)]
    bounds = [0, *sorted(cuts), 39]
    edges: dict[UUID, LineString] = {}
    facts: dict[UUID, EdgeFacts] = {}
    for (one, other), state, turn in zip(pairwise(bounds), states, turned, strict=False):
        edge, part = uuid4(), LineString(xy[one : other + 1])
        edges[edge] = part.reverse() if turn else part
        facts[edge] = EdgeFacts("320102", "340103", state, "未说明", None, False, None, None, "某源")
    course = course_of(edges.values())
    placed = placed_along(course, edges)
    assert [place.edge for place in placed] == list(edges)
    assert [not place.forward for place in placed] == turned[: len(placed)]
    sections = sections_of([(place, facts[place.edge]) for place in placed], SECTIONS_BY[by])
    assert sections[0].from_m == 0.0
    assert sections[-1].to_m == pytest.approx(course.length_m)
    assert all(one.to_m == other.from_m for one, other in pairwise(sections))
    assert [edge for section in sections for edge in section.edges] == list(edges)
    if by == "state":
        assert all(a.common["legal_state"] != b.common["legal_state"] for a, b in pairwise(sections))
