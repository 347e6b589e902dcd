"""Who may do what with a case: within his jurisdiction, never alone, and not below the level that decides."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete

from gis_service.foundation.access import Act
from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.models import ChangeCase, Party
from gis_service.procedures.changes.queries import endorsements_of, labels_of, parties_in, parties_of
from gis_service.procedures.changes.rules import Government, Lawful
from gis_service.procedures.changes.schemas import ProposalIn
from gis_service.registers.authorities.queries import covered, require_within

# What one side does for itself; everything else is done by somebody whose jurisdiction holds all sides.
ONE_SIDE_DOES = frozenset(
    {
        Act.draft_change,
        Act.submit_change,
        Act.endorse_change,
        Act.follow_up_change,
        Act.rehearse_change,
        Act.record_conduct,
        Act.evaluate_change,
    }
)


def require_jurisdiction(tx: Transaction, act: Act, parties: frozenset[UUID]) -> None:
    """Refuse an act on a case beyond the jurisdiction of the actor: all of its sides, or at least one.

    Raises:
        NotPermitted: names the sides beyond it.
    """
    if act not in ONE_SIDE_DOES:
        require_within(tx.session, tx.actor, act, parties, on=tx.today)
    if not tx.actor.reach(act).everywhere and not own_sides(tx, act, parties):
        names = "、".join(labels_of(tx.session, parties)[:5])
        raise NotPermitted(
            f"所涉单位（{names}）都不在您的辖区" if names else "方案所列代码在生效日都没有单位，无从确定辖区",
            way_out="请由其所在地或共同上级的机关办理" if names else "请核对代码和生效日期",
        )


def own_sides(tx: Transaction, act: Act, parties: Iterable[UUID]) -> frozenset[UUID]:
    """The sides of a case for which the actor may do something."""
    return covered(tx.session, tx.actor.reach(act), parties, on=tx.today)


def sides_without_consent(tx: Transaction, case: ChangeCase, act: Act) -> list[str]:
    """The sides for which neither the actor acts nor anybody has endorsed the case, by name."""
    parties = parties_of(tx.session, case)
    agreed = {each.division_id for each in endorsements_of(tx.session, case)}
    return labels_of(tx.session, parties - own_sides(tx, act, parties) - agreed)


def renew_parties(tx: Transaction, case: ChangeCase, proposal: ProposalIn) -> frozenset[UUID]:
    """Record the sides of a case as the registers stand now; what is gone goes last: it shows the case."""
    before, now = parties_of(tx.session, case), parties_in(tx.session, proposal)
    if before == now:
        return now
    tx.session.add_all(Party(case_id=case.id, division_id=each) for each in now - before)
    tx.session.flush()
    gone = delete(Party).where(Party.case_id == case.id, Party.division_id.in_(before - now))
    tx.session.execute(gone)
    tx.journal(
        "changes.parties", case.number, before={"parties": sorted(before)}, after={"parties": sorted(now)}
    )
    return now


def require_other_eyes(tx: Transaction, case: ChangeCase) -> dict[str, str]:
    """Refuse to let somebody decide or carry out what he drafted or submitted himself.

    Returns what the journal says about it.

    Raises:
        NotPermitted: the actor drafted or submitted the case.
    """
    if tx.actor.is_operator:
        return {"four_eyes": "本机操作"}
    if tx.actor.account_id in {case.drafted_by, case.submitted_by}:
        raise NotPermitted(
            f"案卷 {case.number} 由您起草或报请，不能再由您批准、否决或实施",
            way_out="请由另一名区划登记员办理",
        )
    return {}


def require_level(tx: Transaction, lawful: Lawful, places: Iterable[Government]) -> None:
    """Refuse to have an approval recorded below the level that gave it (capped at the province).

    Raises:
        NotPermitted: names the level.
    """
    wanted = {place.id: place for place in places}
    reached = covered(tx.session, tx.actor.reach(Act.decide_change), wanted, on=tx.today)
    lacking = [place for key, place in wanted.items() if key not in reached]
    if lacking:
        names = "、".join(f"{place.name}（{place.level.word}）" for place in lacking)
        raise NotPermitted(
            f"{lawful.approver.word}的批准须在{names}一级登记，您的辖区不及于此",
            way_out=f"请由{lacking[0].level.word}机关的区划登记员登记",
        )
