"""Which records the selectors of a step mean: each exactly one, the nearest of its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_02, bad_line
from gis_service.procedures.intake.rules.chronicle.values import Change, Link, Selector, Step, Table

PARENT, SAME_NAME, SAME_CODE = "..", "_", "."
_LISTED = 5


class Names:
    """The records of a table by name, alone or behind the names of its superiors."""

    def __init__(self, table: Table) -> None:
        self.table = table

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code in self.table.units:
            for name in self._called(code):
                found[name].append(code)
        return found

    def _called(self, code: str) -> set[str]:
        """区 alone, 市区, 省区, 省市区."""
        names = [self.table.units[code]]
        above = self.table.superior(code)
        while above is not None and above in self.table.units:
            names.append(self.table.units[above])
            above = self.table.superior(above)
        own, higher = names[0], names[1:]
        chains = {"".join(reversed(names)), *(upper + own for upper in higher)}
        return {own, *chains, *(one + two + own for two, one in pairwise(higher))}

    def nearest(self, name: str, code: str) -> list[str]:
        """Of the records called so, those nearest to a code: under the same second level, then province."""
        called = self._by_name.get(name, [])
        for digits in (4, 2):
            near = [each for each in called if each[:digits] == code[:digits]]
            if near:
                return near
        return called


def links_of(step: Step) -> tuple[list[Link], list[Finding]]:
    """What the changes of a step say of areas, and which selectors mean nothing or too much."""
    names = {True: Names(step.after), False: Names(step.before)}
    links: list[Link] = []
    findings: list[Finding] = []
    for change in step.changes or ():
        own = step.before if change.forward else step.after
        if change.code not in own.units:
            continue  # told by `adds_up`
        for selector in change.selectors:
            meant = _meant(change, selector, own, names[change.forward])
            if len(meant) == 1:
                links.append(_link(change, selector, meant[0]))
            else:
                findings += _not_one(change, selector, meant, names[change.forward].table)
    return _merged(links), findings


def _meant(change: Change, selector: Selector, own: Table, names: Names) -> list[str]:
    if selector.text == PARENT:
        above = own.superior(change.code)
        return [above] if above is not None and above in names.table.units else []
    if selector.text == SAME_CODE:
        return [change.code] if change.code in names.table.units else []
    name = change.name if selector.text == SAME_NAME else selector.text
    return names.nearest(name, change.code)


def _link(change: Change, selector: Selector, meant: str) -> Link:
    old, new = (change.code, meant) if change.forward else (meant, change.code)
    return Link(old, new, selector.trust, change.acts, selector.text)


def _not_one(change: Change, selector: Selector, meant: list[str], table: Table) -> Iterator[Finding]:
    if selector.text == PARENT and change.code.endswith("0000"):
        message = f"{change.place}：{change.code} {change.name}来自本表以外，没有前身"
        yield R_HIS_02.finding(Severity.info, str(change.place), message)
        return
    what = f"{change.code} {change.name}的选择符“{selector.text}”"
    if selector.trust == "存疑" and not meant:
        message = f"{change.place}：{what}存疑，在 {table.year} 年代码表中找不到，未取用"
        yield R_HIS_02.finding(Severity.warning, str(change.place), message, suggestion="请核实")
    elif not meant:
        yield bad_line(change.place, f"{what}在 {table.year} 年代码表中没有记录", rule=R_HIS_02)
    else:
        listed = "、".join(f"{code} {table.units[code]}" for code in meant[:_LISTED])
        why = f"{what}在 {table.year} 年代码表中有 {len(meant)} 条：{listed}"
        yield bad_line(change.place, why, rule=R_HIS_02, way_out="请在名称前加上级名称")


def _merged(links: list[Link]) -> list[Link]:
    """One link per pair of records; told from both sides it stands by the acts of both, and surest trust."""
    found: dict[tuple[str, str], Link] = {}
    order = {"确定": 0, "推定": 1, "存疑": 2, "随下级": 3}
    for link in links:
        known = found.get((link.old, link.new))
        if known is None:
            found[link.old, link.new] = link
            continue
        surest = min(known, link, key=lambda each: order[each.trust])
        acts = tuple(dict.fromkeys((*known.acts, *link.acts)))
        word = next((w for w in (known.word, link.word) if w in {SAME_CODE, SAME_NAME}), known.word)
        found[link.old, link.new] = Link(link.old, link.new, surest.trust, acts, word)
    return list(found.values())
