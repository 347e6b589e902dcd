"""Documents of the application file."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import event

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.uploads import require_fit
from gis_service.procedures.changes.commands.in_hand import locked
from gis_service.procedures.changes.models import STATE_WORDS, CaseState, Material
from gis_service.procedures.changes.queries import materials_of
from gis_service.procedures.changes.rules import required_materials


def add_material(
    tx: Transaction, number: str, *, kind: str, name: str, content: bytes, store: FileStore
) -> Material:
    """Put a document into the file of a case that is not decided yet; what is in it already is not put twice.

    The content is kept when the transaction commits, so that a dry run leaves none.

    Raises:
        InvalidInput: unknown kind, or a file that must not be filed.
        Conflict: the case is decided.
    """
    tx.require(Act.draft_change)
    if kind not in required_materials():
        raise InvalidInput(f"未知的材料种类“{kind}”", way_out=f"应为：{'、'.join(required_materials())}")
    require_fit(name, content)
    case = locked(tx, number, Act.draft_change)
    if case.state not in {CaseState.draft.value, CaseState.submitted.value}:
        raise Conflict(
            f"案卷 {number} 现为“{STATE_WORDS[CaseState(case.state)]}”，不能再加材料",
            way_out="材料须在批准之前收入案卷",
        )
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
    tx.journal("changes.add_material", number, after={"kind": kind, "name": name, "sha256": digest})
    return material
