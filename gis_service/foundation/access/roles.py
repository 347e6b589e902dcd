"""The roles somebody can hold within a jurisdiction."""

from __future__ import annotations

from enum import StrEnum

from gis_service.foundation.errors import InvalidInput


class Role(StrEnum):
    """What somebody does for an authority. The word in `ROLE_WORDS` is what officials read."""

    viewer = "viewer"
    surveyor = "surveyor"
    editor = "editor"
    naming_officer = "naming_officer"
    boundary_officer = "boundary_officer"
    registrar = "registrar"
    administrator = "administrator"
    auditor = "auditor"


ROLE_WORDS = {
    Role.viewer: "查阅员",
    Role.surveyor: "勘测员",
    Role.editor: "地名编辑员",
    Role.naming_officer: "地名审批员",
    Role.boundary_officer: "界线管理员",
    Role.registrar: "区划登记员",
    Role.administrator: "系统管理员",
    Role.auditor: "审计员",
}

_OTHER_SPELLINGS = {"gazetteer_editor": Role.editor, "admin": Role.administrator}


def read_role(text: str) -> Role:
    """A role as people write it: `naming-officer`, `gazetteer editor`, 地名审批员.

    Raises:
        InvalidInput: no such role; names all there are.
    """
    written = text.strip().lower().replace("-", "_").replace(" ", "_")
    known = {**_OTHER_SPELLINGS, **{role.value: role for role in Role}}
    known |= {word: role for role, word in ROLE_WORDS.items()}
    if written not in known:
        listed = "、".join(f"{role.value}（{word}）" for role, word in ROLE_WORDS.items())
        raise InvalidInput(f"没有角色“{text[:40]}”", way_out=f"可选：{listed}")
    return known[written]
