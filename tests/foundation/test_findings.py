"""Findings: one shape everywhere, the gravest first, and a blocking one stops with all of them told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.findings import (
    SEVERITY_ZH,
    Finding,
    Rule,
    RuleViolated,
    Severity,
    in_order_of_weight,
    refuse_if_blocking,
)

RULE = Rule("R-TST-01", "事情须如此", "某条例第一条", status="D", version="2026-1")
KEYS = [
    "rule",
    "severity",
    "subject",
    "class",
    "message",
    "legal_basis",
    "place",
    "suggestion",
    "rule_version",
]

findings = st.builds(
    Finding,
    rule=st.just("R-TST-01"),
    severity=st.sampled_from(Severity),
    subject=st.text(),
    message=st.text(),
)


def test_a_finding_carries_its_rule_and_the_law_behind_it() -> None:
    finding = RULE.finding(Severity.warning, "320602 崇川区", "不符", suggestion="请核对", class_="甲")
    assert (finding.rule, finding.rule_version) == ("R-TST-01", "2026-1")
    assert finding.legal_basis == "某条例第一条"


def test_a_finding_is_the_same_json_everywhere() -> None:
    place = {"type": "Point", "coordinates": [119.0, 32.0]}
    told = RULE.finding(Severity.blocking, "崇川区", "不符", place=place, class_="甲").as_json()
    assert list(told) == KEYS
    assert json.loads(json.dumps(told)) == told
    assert (told["severity"], told["class"], told["place"]) == ("blocking", "甲", place)


@given(st.lists(findings))
def test_blocking_findings_come_first_and_the_order_within_stays(given_: list[Finding]) -> None:
    ordered = in_order_of_weight(given_)
    for severity in Severity:
        assert [f for f in ordered if f.severity is severity] == [f for f in given_ if f.severity is severity]
    weights = [list(Severity).index(finding.severity) for finding in ordered]
    assert weights == sorted(weights)


@given(st.lists(findings))
def test_only_a_blocking_finding_stops_and_none_is_hidden(given_: list[Finding]) -> None:
    if not any(finding.severity is Severity.blocking for finding in given_):
        refuse_if_blocking(given_, "不能办理")
        return
    with pytest.raises(RuleViolated, match="不能办理（先改正）") as refused:
        refuse_if_blocking(given_, "不能办理", way_out="先改正")
    assert refused.value.findings == tuple(in_order_of_weight(given_))


def test_every_severity_has_a_chinese_word() -> None:
    assert set(SEVERITY_ZH) == set(Severity)
    assert len(set(SEVERITY_ZH.values())) == len(Severity)
