"""What is wrong with a request, in Chinese: the validation errors of pydantic as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity

READABLE = Rule(
    id="R-WEB-01",
    title="请求的参数和内容须能识别",
    legal_basis="本服务接口手册（/docs）",
    status="D",
)
MOST_FINDINGS = 50

_WORDS: Mapping[str, str] = {
    "refused": "{message}",
    "missing": "缺少此项",
    "extra_forbidden": "不认识此项",
    "json_invalid": "不是合法的 JSON",
    "json_type": "应为 JSON",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "int_from_float": "应为整数",
    "float_type": "应为数",
    "float_parsing": "应为数",
    "finite_number": "应为有限的数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "enum": "不在可选值之内，可选：{expected}",
    "literal_error": "不在可选值之内，可选：{expected}",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "date_type": "应为 YYYY-MM-DD 的日期",
    "date_parsing": "应为 YYYY-MM-DD 的日期",
    "date_from_datetime_parsing": "应为 YYYY-MM-DD 的日期",
    "date_from_datetime_inexact": "应为 YYYY-MM-DD 的日期，不带时刻",
    "datetime_parsing": "应为带时区的时刻",
    "datetime_from_date_parsing": "应为带时区的时刻",
    "timezone_aware": "时刻须带时区",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "至多 {max_length} 个字符",
    "string_pattern_mismatch": "写法不符合要求（{pattern}）",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "union_tag_invalid": "种类“{tag}”不在可选值之内，可选：{expected_tags}",
    "union_tag_not_found": "没有写明种类（{discriminator}）",
}


def findings_of(errors: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """One blocking finding per error; its subject is the parameter, or the path into the body.

    A parameter that two dependencies ask for is reported once.
    """
    findings = (_finding(error) for error in errors[:MOST_FINDINGS])
    return list({(finding.subject, finding.message): finding for finding in findings}.values())


def _finding(error: Mapping[str, Any]) -> Finding:
    told = error.get("ctx", {})
    return READABLE.finding(
        Severity.blocking,
        _subject(error["loc"]),
        _message(error, told),
        suggestion=str(told.get("way_out", "请对照 /docs 中该接口的说明改正")),
    )


def _subject(location: Sequence[str | int]) -> str:
    """`("query", "on")` → `on`; `("body", "units", 0, "code")` → `units.0.code`."""
    parts = [str(part)[:80] for part in location]
    return ".".join(parts[1:] if len(parts) > 1 else parts)


def _listed(expected: str) -> str:
    """`'a', 'b' or 'c'` → `a、b、c`."""
    return expected.replace(" or ", "、").replace(", ", "、").replace("'", "")


def _message(error: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    words = _WORDS.get(error["type"])
    if words is None:
        return f"无法识别（{error['msg']}）"
    message = words.format(**dict(told) | {"expected": _listed(str(told.get("expected", "")))})
    value = error.get("input")
    shown = isinstance(value, str | int | float) and error["type"] != "refused"
    return f"“{str(value)[:40]}”{message}" if shown and value != "" else message
