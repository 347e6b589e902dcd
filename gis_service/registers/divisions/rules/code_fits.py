"""Whether a code is a code, and whether its digits fit the type of the unit (R-COD-01 to R-COD-04)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules.code_tables import (
    Bands,
    Edition,
    bands,
    edition_on,
    editions,
    is_direct,
    is_municipality,
    is_whole_only,
    known_codes,
    provinces,
    tables,
    within,
)
from gis_service.registers.divisions.rules.codes import (
    is_code,
    is_summary_code,
    level_of_code,
    superior_code,
)
from gis_service.registers.divisions.rules.holders import Holder, judge_holders
from gis_service.registers.divisions.rules.levels import DivisionLevel, DivisionType

R_COD_01 = Rule("R-COD-01", "代码为六位数字（县以下九位、十二位），并以省级代码开头", "GB/T 2260-2007")
R_COD_02 = Rule("R-COD-02", "代码各段与行政区划类型相符", "GB/T 2260-2007 及第1号修改单（2017-01-01施行）")
R_COD_03 = Rule("R-COD-03", "九位代码第三段与乡级类型相符", "GB/T 10114-2003")
R_COD_04 = Rule("R-COD-04", "下级代码以上级代码开头；直辖市所辖区县和省直辖单位隶属于省级", "GB/T 2260-2007")

_ASK = "请核对民政部门公布的代码，改正后重新提交"


def judge_code(
    code: str,
    name: str,
    type_: DivisionType | None,
    *,
    on: date,
    superior: str | None = None,
    holders: Iterable[Holder] = (),
) -> list[Finding]:
    """Everything R-COD-01 to R-COD-06 have to say about one unit's code on a day.

    `superior` is the superior's code as the source states it, None when it states none; `holders` are the
    holdings of the same code by other units.
    """
    shape = judge_shape(code, name)
    if shape:
        return shape
    return [
        *judge_fit(code, name, type_, on=on),
        *(judge_superior(code, name, superior) if superior is not None else ()),
        *judge_holders(code, name, on=on, holders=holders),
    ]


def judge_shape(code: str, name: str) -> list[Finding]:
    """R-COD-01."""
    if not is_code(code):
        why = f"代码“{code}”不是六位（九位、十二位）数字"
    elif code[:2] not in provinces():
        why = f"代码 {code} 的前两位 {code[:2]} 不是省级代码"
    elif is_summary_code(code):
        why = f"代码 {code} 是汇总码，不代表行政区划"
    else:
        return []
    return [R_COD_01.finding(Severity.blocking, f"{code} {name}", why, suggestion=_ASK)]


def judge_fit(code: str, name: str, type_: DivisionType | None, *, on: date) -> list[Finding]:
    """R-COD-02 for six digits, R-COD-03 for nine; `code` must be well formed."""
    level = level_of_code(code)
    if level is DivisionLevel.village:
        return []
    if level is DivisionLevel.township:
        return _judge_township(code, name, type_)
    return _judge_six_digits(code, name, type_, on)


def _judge_six_digits(code: str, name: str, type_: DivisionType | None, on: date) -> list[Finding]:
    subject = f"{code} {name}"
    if is_whole_only(code) and not code.endswith("0000"):
        why = f"GB/T 2260 未规定{provinces()[code[:2]]}以下的代码，{code} 为来源自编，未作码段检查"
        return [R_COD_02.finding(Severity.warning, subject, why, suggestion="请勿作为法定代码引用")]
    why = _misfit(code, name, type_, on)
    if not why:
        return []
    known = known_codes().get((code, name))
    if known:
        return [R_COD_02.finding(Severity.warning, subject, f"{why}（已知例外：{known}）", suggestion=_ASK)]
    severity = Severity.blocking if edition_on(on) else Severity.warning
    return [R_COD_02.finding(severity, subject, why, suggestion=_ASK)]


def _misfit(code: str, name: str, type_: DivisionType | None, on: date) -> str:
    """Why code and type do not fit, in Chinese; empty when they do."""
    level = level_of_code(code)
    if type_ is None:
        return f"“{name}”的通名不属于法定行政区划类型"
    if type_.level is not level:
        at = level.word if level else "未知"
        return f"代码 {code} 是{at}代码，“{type_.value}”属{type_.level.word}"
    if level is DivisionLevel.prefecture:
        return _prefecture_misfit(code, type_)
    return (
        _county_misfit(code, type_, edition_on(on) or editions()[0]) if level is DivisionLevel.county else ""
    )


def _prefecture_misfit(code: str, type_: DivisionType) -> str:
    pairs = tables()["second_pair"]
    wanted = "prefecture_city" if type_ is DivisionType.prefecture_city else "prefecture"
    if within(int(code[2:4]), bands(pairs[wanted])):
        return ""
    return f"{type_.value}代码第三、四位应在 {_say(bands(pairs[wanted]))} 内，现为 {code[2:4]}"


def _county_misfit(code: str, type_: DivisionType, edition: Edition) -> str:
    allowed = allowed_third_pair(code, type_, edition)
    if allowed is None:
        return f"代码 {code} 的第三、四位 {code[2:4]} 下不设{type_.value}"
    if within(int(code[4:]), allowed):
        return ""
    return f"{type_.value}代码末两位应在 {_say(allowed)} 内（{edition.name}），现为 {code[4:]}"


def allowed_third_pair(code: str, type_: DivisionType, edition: Edition) -> Bands | None:
    """Bands of the last two digits; None where the second pair allows no such unit."""
    in_city, in_prefecture = _kind_of_second_pair(code)
    in_direct = is_direct(code)
    if not (in_city or in_prefecture or in_direct):
        return None
    if type_ is DivisionType.district:
        return edition.district if in_city else None
    if type_ is DivisionType.county_city:
        return edition.city_of_prefecture_city if in_city else edition.city_elsewhere
    if type_ is DivisionType.special_district and in_city:
        return edition.district
    return edition.county


def _kind_of_second_pair(code: str) -> tuple[bool, bool]:
    """Whether the second pair stands for a city (or a municipality's table), or for 地区, 自治州, 盟."""
    number = int(code[2:4])
    if is_municipality(code):
        return number in tables()["municipality"]["second_pairs"], False
    pairs = tables()["second_pair"]
    return within(number, bands(pairs["prefecture_city"])), within(number, bands(pairs["prefecture"]))


def _judge_township(code: str, name: str, type_: DivisionType | None) -> list[Finding]:
    third = int(code[6:9])
    table = tables()["township"]
    if within(third, bands(table["special"])):
        return []
    allowed = bands(table.get(type_.value, [])) if type_ else ()
    if within(third, allowed):
        return []
    if not allowed:
        why = f"“{name}”的通名不属于乡级类型，第三段 {code[6:9]} 也不在 400-599 内"
    else:
        why = f"{type_.value if type_ else ''}代码第三段应在 {_say(allowed, 3)} 内，现为 {code[6:9]}"
    return [
        R_COD_03.finding(Severity.warning, f"{code} {name}", why, suggestion="请核对；已有例外可照旧使用")
    ]


def judge_superior(code: str, name: str, superior: str) -> list[Finding]:
    """R-COD-04: `superior` is the superior's code as stated by the source or the case."""
    expected = superior_code(code)
    if superior == (expected or ""):
        return []
    subject = f"{code} {name}"
    if is_summary_code(superior) and code.startswith(superior[:4]):
        why = f"所填上级代码 {superior} 是汇总码，{name}直接隶属于 {expected}"
        return [R_COD_04.finding(Severity.warning, subject, why, suggestion=f"上级请填 {expected}")]
    why = f"所填上级代码 {superior or '空'} 与代码 {code} 不符，应为 {expected or '无'}"
    return [R_COD_04.finding(Severity.blocking, subject, why, suggestion=_ASK)]


def _say(allowed: Bands, width: int = 2) -> str:
    return "、".join(f"{band.start:0{width}}-{band.stop - 1:0{width}}" for band in allowed)
