"""Over what a person holds a permission: scopes belong to role × permission, and are united inside one permission only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SCOPE = "scope"  # the permission reaches the whole scope of the membership
OWN = "own"  # the permission reaches only what is the person's own


@dataclass(frozen=True)
class Scopes:
    """Ids by kind of scope, and whether the person's own rows are included. Empty means nothing at all."""

    ids: Mapping[str, frozenset[int]] = field(default_factory=dict)
    own: bool = False

    def of(self, kind: str) -> frozenset[int]:
        """The ids held of this kind: `actor.scopes("cases.view_case").of("community")`."""
        return self.ids.get(kind, frozenset())

    def __bool__(self) -> bool:
        return self.own or any(self.ids.values())

    @staticmethod
    def union_of(memberships: Iterable[Any], roles: Mapping[str, Mapping[str, str]]) -> dict[str, Scopes]:
        """Permission → scopes, for these memberships under this table of roles (role → permission → SCOPE or OWN)."""
        ids: dict[str, dict[str, set[int]]] = {}
        own: set[str] = set()
        for membership in memberships:
            for permission, reach in roles.get(membership.role, {}).items():
                held = ids.setdefault(permission, {})
                if reach == OWN:
                    own.add(permission)
                else:
                    held.setdefault(membership.scope_kind, set()).add(membership.scope_id)
        return {permission: Scopes({kind: frozenset(found) for kind, found in held.items()}, permission in own) for permission, held in ids.items()}
