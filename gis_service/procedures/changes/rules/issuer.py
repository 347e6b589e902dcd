"""R-CHG-01 on an act: whether who issued it is the lawful approver, under any of the usual spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.changes.rules.approver import R_CHG_01, Approver, Lawful
from gis_service.registers.divisions.rules import DivisionLevel

SPELT_OTHERWISE = "written_otherwise"  # the class of findings that somebody may set aside with a reason
_OF_THE_COUNTRY = {
    Approver.congress: ("全国人民代表大会", "全国人大", "全国人民代表大会常务委员会", "全国人大常委会"),
    Approver.state_council: ("国务院", "中华人民共和国国务院"),
}
_OTHER_PLACES = "市县区州盟旗乡镇"
_ENDINGS = (
    "特别行政区",
    *(f"{people}自治区" for people in ("壮族", "回族", "维吾尔", "")),
    *("自治州", "省", "市", "地区", "盟"),
)


@dataclass(frozen=True, slots=True)
class Government:
    """A division above a unit that changes, whose government may be the approver."""

    id: UUID
    name: str
    level: DivisionLevel


def governments_of(approver: Approver, above: Iterable[Government]) -> tuple[Government, ...]:
    """Which of the governments above a change may approve it as this approver."""
    return tuple(each for each in above if each.level in approver.levels)


def judge_issuer(issuer: str, lawful: Lawful, above: Sequence[Government]) -> list[Finding]:
    """Blocking unless the lawful approver issued the act; a higher one only warns."""
    issuer = "".join(issuer.split())
    if issuer in set(_spellings(lawful.approver, above)):
        return []
    subject = f"制发机关 {issuer}"
    basis = f"依{lawful.legal_basis}，须由{_called(lawful.approver, above)}批准"
    if any(issuer in set(_spellings(each, above)) for each in Approver if each.is_above(lawful.approver)):
        message = f"{basis}；此文件由更高的机关制发"
        return [R_CHG_01.finding(Severity.warning, subject, message, suggestion="请核对文件")]
    if _may_be_meant(issuer, lawful.approver, above):
        message = f"{basis}；“{issuer}”不是通常的写法"
        suggestion = "请改用通常的写法，或申明理由"
        return [
            R_CHG_01.finding(
                Severity.blocking, subject, message, suggestion=suggestion, class_=SPELT_OTHERWISE
            )
        ]
    message = f"{basis}；{issuer}无权批准"
    return [R_CHG_01.finding(Severity.blocking, subject, message, suggestion="请报法定机关批准")]


def issued_by(issuer: str, lawful: Lawful, above: Sequence[Government]) -> tuple[Government, ...]:
    """The governments on whose level an approval is recorded, capped at the province.

    For an approver of the whole country, and where the issuer is not recognised, all that may be meant.
    """
    provinces = governments_of(Approver.province, above)
    if not lawful.approver.levels:
        return provinces
    if lawful.approver is Approver.province or issuer in set(_spellings(Approver.state_council, above)):
        return provinces
    known = governments_of(lawful.approver, above)
    named = tuple(each for each in known if "".join(issuer.split()) in set(_names(each, above)))
    return named or known


def _called(approver: Approver, above: Sequence[Government]) -> str:
    names = "、".join(f"{each.name}人民政府" for each in governments_of(approver, above))
    return f"{approver.word}（{names}）" if names else approver.word


def _spellings(approver: Approver, above: Sequence[Government]) -> Iterator[str]:
    yield from _OF_THE_COUNTRY.get(approver, ())
    for each in governments_of(approver, above):
        yield from _names(each, above)


def _names(government: Government, above: Iterable[Government]) -> Iterator[str]:
    """江苏省人民政府, 江苏省政府, 省政府; of a city also with its province before it."""
    before = [each.name for each in above if each.level.rank < government.level.rank]
    for place in (government.name, *(name + government.name for name in before)):
        yield from (f"{place}人民政府", f"{place}政府")
    if government.level is DivisionLevel.province:
        for word in ("省", "自治区"):
            if government.name.endswith(word):
                yield from (f"{word}人民政府", f"{word}政府")


def _may_be_meant(issuer: str, approver: Approver, above: Sequence[Government]) -> bool:
    """Whether a text names the approver in other words: its place and "government", and no other place."""
    if approver is Approver.state_council:
        return "国务院" in issuer
    for each in governments_of(approver, above):
        rest = _without_place(issuer, each)
        if rest is not None and ("政府" in rest or not rest) and not set(rest) & set(_OTHER_PLACES):
            return True
    return False


def _without_place(issuer: str, government: Government) -> str | None:
    """What is left of a text without a place's name, in full or in short; None where it names another."""
    short = next(
        (government.name.removesuffix(word) for word in _ENDINGS if government.name.endswith(word)),
        government.name,
    )
    for place in (government.name, short):
        if place in issuer:
            return issuer.replace(place, "", 1)
    return None
