"""Documents of the application file."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import event

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.uploads import require_fit
from gis_service.procedures.changes.commands.follow_ups import require_enacted
from gis_service.procedures.changes.commands.in_hand import locked
from gis_service.procedures.changes.commands.steps import require_kept
from gis_service.procedures.changes.models import STATE_WORDS, CaseState, ChangeCase, Material
from gis_service.procedures.changes.queries import follow_up_of, materials_of
from gis_service.procedures.changes.rules import required_materials
from gis_service.procedures.changes.rules.archive import DUTY, material_titles


def add_material(
    tx: Transaction, number: str, *, kind: str, name: str, content: bytes, store: FileStore
) -> Material:
    """Put a document into the file of a case; what is in it already is not put twice.

    Documents of the application come in before the decision; what shows its conduct, also later.
    The content is kept when the transaction commits, so that a dry run leaves none.

    Raises:
        InvalidInput: unknown kind, or a file that must not be filed.
        Conflict: too late for a document of this kind.
    """
    tx.require(Act.draft_change)
    if kind not in kinds_to_add():
        raise InvalidInput(f"未知的材料种类“{kind}”", way_out=f"应为：{'、'.join(kinds_to_add())}")
    require_fit(name, content)
    case = locked(tx, number, Act.draft_change)
    if kind in required_materials() and case.state not in {CaseState.draft.value, CaseState.submitted.value}:
        raise Conflict(
            f"案卷 {number} 现为“{STATE_WORDS[CaseState(case.state)]}”，不能再加材料",
            way_out="材料须在批准之前收入案卷",
        )
    require_kept(case)
    return _file(tx, case, kind=kind, name=name, content=content, store=store)


def kinds_to_add() -> Mapping[str, str]:
    """Kind → Chinese title of what may be put into a file on its own; documents of duties come with them."""
    return {kind: title for kind, title in material_titles().items() if not kind.startswith(DUTY)}


def add_duty_document(
    tx: Transaction, number: str, duty: str, *, name: str, content: bytes, store: FileStore
) -> Material:
    """Put a document into the file that shows how a duty was done: a survey, a notice, a report.

    Raises:
        Conflict: the change is not enacted.
        NotFound: the case has no such duty.
        InvalidInput: a file that must not be filed.
    """
    require_fit(name, content)
    case = locked(tx, number, Act.follow_up_change)
    require_enacted(case)
    follow_up_of(tx.session, case, duty)
    return _file(tx, case, kind=f"{DUTY}{duty}", name=name, content=content, store=store)


def _file(
    tx: Transaction, case: ChangeCase, *, kind: str, name: str, content: bytes, store: FileStore
) -> Material:
    digest = sha256(content).hexdigest()
    known = [each for each in materials_of(tx.session, case) if (each.kind, each.sha256) == (kind, digest)]
    if known:
        return known[0]
    case.revision += 1
    material = Material(
        case_id=case.id, kind=kind, name=name, sha256=digest, size_bytes=len(content), added_at=tx.at
    )
    event.listen(tx.session, "before_commit", lambda _: store.keep(content), once=True)
    tx.session.add(material)
    tx.session.flush()
    tx.journal("changes.add_material", case.number, after={"kind": kind, "name": name, "sha256": digest})
    return material
