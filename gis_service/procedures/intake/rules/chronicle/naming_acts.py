"""How the acts of a history are entered: a number of their own each, an issuer, a kind, a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from gis_service.procedures.intake.rules.chronicle.values import Act, Step

_ISSUER = re.compile(r"^(?P<issuer>\S{2,40}?)(?:关于|对|批转|转发|印发|公布|《)")
_GOVERNMENT = re.compile(
    r"(?P<issuer>国务院|民政部|内务部|全国人民代表大会(?:常务委员会)?"
    r"|[^，。；：、日月年经由\d\s]{2,9}?(?:省|自治区|市|州|盟|地区)(?:人民政府|革命委员会|民政厅|民政局))"
)
_KINDS = ("决定", "通知", "公告")
_TITLE, _SHOWN = 40, 24


@dataclass(frozen=True, slots=True)
class NamedAct:
    """An act as it is entered. `kind` is one of 批复, 决定, 通知, 公告."""

    number: str
    kind: str
    title: str
    issuer: str
    issued_on: date
    issued_edtf: str | None
    text: str | None


def name_acts(
    steps: Iterable[Step], source: str, taken: Mapping[str, tuple[str, date]]
) -> dict[Act, NamedAct]:
    """Every act of these steps. `taken` are numbers in the register, with issuer and day."""
    named: dict[Act, NamedAct] = {}
    by_number: dict[str, NamedAct] = {}
    for act, step in _mentioned(steps):
        issued_on = act.day.last or step.ends
        edtf = None if act.day.exact else (act.day.edtf or step.edtf)
        title, issuer = _title(act), _issuer(act, source)
        number = _number(act, step)
        known = by_number.get(number)
        if known is not None and (known.title, known.issued_on) == (title, issued_on):
            named[act] = known
            continue
        if known is not None or taken.get(number, (issuer, issued_on)) != (issuer, issued_on):
            number = f"{number}（{title[:_SHOWN]}，{_digest(act, step)}）"
        entered = NamedAct(number, _kind(act), title, issuer, issued_on, edtf, _text(act))
        named[act] = by_number[number] = entered
    return named


def numbers_of(steps: Iterable[Step]) -> set[str]:
    """The numbers under which acts would be entered, had no other act taken them."""
    return {_number(act, step) for act, step in _mentioned(steps)}


def _mentioned(steps: Iterable[Step]) -> Iterator[tuple[Act, Step]]:
    seen: dict[Act, Step] = {}
    for step in steps:
        for change in step.changes or ():
            for act in change.acts:
                seen.setdefault(act, step)
    yield from seen.items()


def _number(act: Act, step: Step) -> str:
    """As printed; one without gets its title or the beginning of its wording, and the digest of the whole."""
    if act.number:
        return act.number
    return f"无文号：{_title(act)[:_SHOWN]}〔{step.after.year}，{_digest(act, step)}〕"


def _digest(act: Act, step: Step) -> str:
    content = f"{step.before.year}-{step.after.year}\n{act.title}\n{act.number}\n{act.text}"
    return sha256(content.encode()).hexdigest()[:8]


def _title(act: Act) -> str:
    if act.title:
        return act.title
    first = next((line for line in act.text.splitlines() if line.strip()), "")
    return (first[:_TITLE] + "…") if len(first) > _TITLE else first or act.number or "未载明依据的变更"


def _issuer(act: Act, source: str) -> str:
    found = _ISSUER.match(act.title) or _GOVERNMENT.search(act.title) or _GOVERNMENT.search(act.text)
    return found["issuer"] if found else (act.source or source)


def _kind(act: Act) -> str:
    return next((kind for kind in _KINDS if kind in act.title), "批复")


def _text(act: Act) -> str | None:
    source = f"来源：{act.source}" if act.source else ""
    return "\n".join(filter(None, (act.text, source))) or None
