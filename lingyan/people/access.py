"""Which persons and memberships somebody sees: those who are something within their scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingyan.kernel.wires import wire
from lingyan.people.models import Membership, Person
from lingyan.people.scopes import Scopes


def within(scopes: Scopes) -> Q:
    """Memberships whose scope lies inside these scopes."""
    inside: Mapping[str, Any] = wire("SCOPE_FINDERS").ids_within(scopes)
    condition = Q(pk__in=[])
    for kind, ids in inside.items():
        condition |= Q(scope_kind=kind, scope_id__in=ids)
    return condition


def covers(outer_kind: str, outer_id: int, inner_kind: str, inner_id: int) -> bool:
    """Whether the inner scope exists and lies inside the outer one (a scope covers itself)."""
    inside = wire("SCOPE_FINDERS").ids_within(Scopes({outer_kind: frozenset({outer_id})}))
    ids = inside.get(inner_kind)
    return ids is not None and (inner_id in ids if isinstance(ids, (set, frozenset)) else ids.filter(pk=inner_id).exists())


def visible_memberships(actor: Person, permission: str = "people.view_person") -> QuerySet[Membership]:
    """The memberships within the scopes over which `actor` holds `permission`."""
    return Membership.objects.filter(within(actor.scopes(permission)))


def visible_persons(actor: Person, permission: str = "people.view_person") -> QuerySet[Person]:
    """Persons with an active role within the actor's scopes, those without any role who had one there, and the actor."""
    inside = visible_memberships(actor, permission).filter(person=OuterRef("pk"))
    active = Membership.objects.filter(person=OuterRef("pk"), ended_at__isnull=True)
    here = Exists(inside.filter(ended_at__isnull=True))
    formerly_here = Exists(inside) & ~Exists(active)
    return Person.objects.filter(builtin__isnull=True).filter(here | formerly_here | Q(pk=actor.pk))


def appoints(membership: Membership, role: str) -> bool:
    """Whether this membership lets its holder give that role to others."""
    return role in wire("APPOINTS").get(membership.role, ())


def grantor_scopes(actor: Person, role: str) -> Scopes:
    """The scopes inside which `actor` may give this role to others; empty when they may not at all."""
    ids: dict[str, set[int]] = {}
    for membership in actor.active_memberships:
        if appoints(membership, role):
            ids.setdefault(membership.scope_kind, set()).add(membership.scope_id)
    return Scopes({kind: frozenset(found) for kind, found in ids.items()})


def may_appoint(actor: Person, role: str, scope_kind: str, scope_id: int) -> bool:
    """Whether `actor` may give, and take away, this role over this scope."""
    return any(appoints(held, role) and covers(held.scope_kind, held.scope_id, scope_kind, scope_id) for held in actor.active_memberships)


def manages(actor: Person, person: Person) -> bool:
    """Whether `actor` could have appointed this person to everything they are.

    Only then may they make a way in for the person or shut the person out: otherwise a link made for somebody mightier would be a way to their power.
    """
    if actor.builtin == Person.Builtin.SYSTEM:
        return True
    return actor.pk != person.pk and all(may_appoint(actor, held.role, held.scope_kind, held.scope_id) for held in person.active_memberships)
