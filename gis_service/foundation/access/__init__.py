"""Who acts, what he may do, how much he may know: plain values and one table; no database, no web.

Decision 0014 says how the walls stand behind one another.
"""

from gis_service.foundation.access.actors import ANONYMOUS, Actor, Grant, Reach, operator
from gis_service.foundation.access.acts import TABLE, Act, Permission, permission_for
from gis_service.foundation.access.classification import Classification, highest
from gis_service.foundation.access.permitting import may, require
from gis_service.foundation.access.roles import ROLE_WORDS, Role, read_role

__all__ = [
    "ANONYMOUS",
    "ROLE_WORDS",
    "TABLE",
    "Act",
    "Actor",
    "Classification",
    "Grant",
    "Permission",
    "Reach",
    "Role",
    "highest",
    "may",
    "operator",
    "permission_for",
    "read_role",
    "require",
]
