"""Who acts: a name, an authority, and what was granted to him where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from gis_service.foundation.access.acts import Act, permission_for
from gis_service.foundation.access.classification import Classification
from gis_service.foundation.access.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a division and all below it; everywhere, where no division is named."""

    role: Role
    division_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may do something: everywhere, or within these divisions and all below them."""

    everywhere: bool = False
    roots: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        """Whether he may do it anywhere at all."""
        return self.everywhere or bool(self.roots)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts and for which authority (机关).

    `scope` narrows what a service token may do; None means all that the roles allow. `is_operator` is the
    person at the keyboard of the machine itself, who could reach the database without this program.
    """

    name: str
    authority: str
    account_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    clearance: Classification = Classification.public
    second_factor: bool = False
    scope: frozenset[Act] | None = None
    is_operator: bool = False

    @property
    def is_anonymous(self) -> bool:
        """Whether this is somebody of the public who has not signed in."""
        return self.account_id is None and not self.is_operator

    def reach(self, act: Act) -> Reach:
        """Where the actor may do something by his roles and the scope of his token, second factor aside."""
        if self.is_operator:
            return Reach(everywhere=True)
        if not self.has_in_scope(act):
            return Reach()
        places = list(self._places_of(act))
        everywhere = None in places
        return Reach(everywhere, frozenset() if everywhere else frozenset(filter(None, places)))

    def has_in_scope(self, act: Act) -> bool:
        """Whether the token he shows is for this act, too; what is public needs none."""
        return self.scope is None or act in self.scope or permission_for(act).is_public

    def _places_of(self, act: Act) -> Iterator[UUID | None]:
        permission = permission_for(act)
        if permission.is_public or (permission.is_for_all_accounts and not self.is_anonymous):
            yield None
        for grant in self.grants:
            if grant.role in permission.roles:
                yield grant.division_id if permission.within_jurisdiction else None


ANONYMOUS = Actor("未登录", "未登录")


def operator(name: str, authority: str) -> Actor:
    """The person at the keyboard of the machine: reaches everything, and is named in the journal."""
    return Actor(name, authority, clearance=Classification.secret, second_factor=True, is_operator=True)
