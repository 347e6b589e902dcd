"""Who ever held the codes that units are to take over by a plan."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis_service.procedures.changes.rules import Held, Plan
from gis_service.registers.divisions.queries import holders_of_codes
from gis_service.registers.divisions.rules import Holder


def held_by_codes(session: Session, plan: Plan) -> Held:
    """For every code that a standing unit is to hold after a plan: by whom it was held, and when."""
    codes = {each.after.code for each in plan.revised}
    codes |= {each.changes["code"] for each in plan.corrected if "code" in each.changes}
    if not codes:
        return {}
    return {
        code: [(version.division_id, Holder(version.code, version.name, version.valid)) for version in held]
        for code, held in holders_of_codes(session, codes).items()
    }
