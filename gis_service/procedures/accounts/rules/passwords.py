"""R-ACC-01 to R-ACC-04: passwords are long, and not what everybody tries first; their make-up is free."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.accounts.rules.limits import limit

_BASIS = "GB/T 22239-2019 8.1.4.1 a)；NIST SP 800-63B-4 3.1.1.2"
R_ACC_01 = Rule(id="R-ACC-01", title="口令至少 12 个字符，至多 256 字节", legal_basis=_BASIS, status="M")
R_ACC_02 = Rule(id="R-ACC-02", title="口令不含账户名", legal_basis=_BASIS, status="M")
R_ACC_03 = Rule(id="R-ACC-03", title="口令不是常见口令、单调重复或顺序字符", legal_basis=_BASIS, status="M")
R_ACC_04 = Rule(id="R-ACC-04", title="新口令与现用口令不同", legal_basis=_BASIS, status="M")

_LONGER = "请换一个；几个互不相干的词连在一起，既长又好记"


def normalised(password: str) -> str:
    """A password as it is hashed: the same whatever keyboard and system it was typed on."""
    return unicodedata.normalize("NFKC", password)


def judge_password(password: str, name: str) -> list[Finding]:
    """Whether a password, normalised, is fit for the account of this name."""
    plain = password.casefold()
    shortest, longest = limit("password", "shortest"), limit("password", "longest_bytes")
    problems = (
        (len(password) < shortest, R_ACC_01, f"口令只有 {len(password)} 个字符，至少须 {shortest} 个"),
        (len(password.encode()) > longest, R_ACC_01, f"口令过长，至多 {longest} 字节"),
        (name.casefold() in plain, R_ACC_02, "口令中含有账户名"),
        (_is_common(plain), R_ACC_03, "口令过于常见，是最先被猜的"),
        (_is_monotonous(plain), R_ACC_03, "口令只有很少几个不同的字符，或是顺序字符"),
    )
    return [_finding(rule, message) for holds, rule, message in problems if holds]


def same_again() -> Finding:
    """The new password is the present one."""
    return _finding(R_ACC_04, "新口令与现用口令相同")


def _finding(rule: Rule, message: str) -> Finding:
    return rule.finding(Severity.blocking, "password", message, suggestion=_LONGER)


@cache
def _commonest() -> frozenset[str]:
    text = files(__package__).joinpath("commonest.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if not line.startswith("#"))


def _is_common(plain: str) -> bool:
    """One of the commonest, or one of them with digits and signs around it, or several times over."""
    core = re.sub(r"[\W\d_]+", "", plain)
    return bool({plain, core, _once(plain), _once(core)} & _commonest())


def _once(text: str) -> str:
    """What a text repeats, if it is nothing but repetition."""
    again = (text + text).find(text, 1)
    return text[:again] if 0 < again < len(text) else text


def _is_monotonous(plain: str) -> bool:
    if len(set(plain)) < limit("password", "fewest_different"):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(plain)]
    even = max((steps.count(step) for step in (1, -1)), default=0)
    return bool(steps) and even >= 0.8 * len(steps)
