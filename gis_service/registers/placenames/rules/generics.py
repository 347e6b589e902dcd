"""R-NAM-01: a name is 专名 and 通名, and the 通名 fits the class of what it names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from gis_service.foundation.findings import Finding, Rule, Severity

R_NAM_01 = Rule("R-NAM-01", "地名由专名和通名组成，通名符合其类别", "地名管理条例第九条", status="V")


@cache
def generics() -> Mapping[str, frozenset[str]]:
    """The generic terms of classes, by the beginning of the class code."""
    told = tomllib.loads(files(__package__).joinpath("generics.toml").read_text(encoding="utf-8"))
    return {prefix: frozenset(words.split()) for prefix, words in told["classes"].items()}


@cache
def generics_of(class_code: str) -> frozenset[str]:
    """The generic terms that names of a class are known to end in; none where the table tells none."""
    prefixes = (class_code[:n] for n in range(len(class_code), 1, -1))
    return next((generics()[prefix] for prefix in prefixes if prefix in generics()), frozenset())


@cache
def _all() -> frozenset[str]:
    return frozenset().union(*generics().values())


def judge_split(
    subject: str, name: str, specific: str | None, generic: str | None, class_code: str
) -> list[Finding]:
    """What is wrong with how a name is split: parts that do not make the name block, the rest warns."""
    if (specific or generic) and f"{specific or ''}{generic or ''}" != name:
        message = f"专名“{specific or ''}”与通名“{generic or ''}”合不成“{name}”"
        return [R_NAM_01.finding(Severity.blocking, subject, message, suggestion="请核对专名和通名")]
    known = generics_of(class_code)
    if not known:
        return []
    if generic:
        return _of_generic(subject, generic, known)
    if not any(name.endswith(word) and name != word for word in known):
        message = f"看不出“{name}”的通名"
        return [R_NAM_01.finding(Severity.warning, subject, message, suggestion="请填写专名和通名")]
    return []


def _of_generic(subject: str, generic: str, known: frozenset[str]) -> list[Finding]:
    if generic in known:
        return []
    is_of_others = generic in _all()
    message = f"通名“{generic}”通常不用于此类地理实体" if is_of_others else f"通名表未收“{generic}”"
    return [R_NAM_01.finding(Severity.warning, subject, message, suggestion="请核对通名和类别；属实的照登")]
