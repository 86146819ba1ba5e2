"""Which rows of the registry a person sees."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingyan.people.models import Person
from lingyan.registry.models import Department, District, Enterprise, EnterpriseContact, Grid, IndustrialCommunity, MicroGrid


def communities_of(actor: Person, permission: str) -> QuerySet[IndustrialCommunity]:
    """The communities over which `actor` holds `permission`, by community or by district."""
    scopes = actor.scopes(permission)
    return IndustrialCommunity.objects.filter(Q(pk__in=scopes.of("community")) | Q(district_id__in=scopes.of("district")))


def visible_communities(actor: Person) -> QuerySet[IndustrialCommunity]:
    return communities_of(actor, "registry.view_community")


def visible_districts(actor: Person) -> QuerySet[District]:
    return District.objects.filter(pk__in=actor.scopes("registry.view_community").of("district"))


def grids_of(actor: Person, permission: str) -> QuerySet[Grid]:
    return Grid.objects.filter(community_id__in=communities_of(actor, permission).values("pk"))


def visible_grids(actor: Person) -> QuerySet[Grid]:
    return grids_of(actor, "registry.view_community")


def enterprises_of(actor: Person, permission: str) -> QuerySet[Enterprise]:
    """The enterprises over which `actor` holds `permission`: by district, community or enterprise."""
    scopes = actor.scopes(permission)
    return Enterprise.objects.filter(Q(community_id__in=communities_of(actor, permission).values("pk")) | Q(pk__in=scopes.of("enterprise")))


def visible_enterprises(actor: Person) -> QuerySet[Enterprise]:
    return enterprises_of(actor, "registry.view_enterprise")


def holds_over(actor: Person, permission: str, enterprise: Enterprise) -> bool:
    """Whether `actor` holds `permission` over this enterprise (its community is loaded): the same question as `enterprises_of`, without a query."""
    scopes = actor.scopes(permission)
    return (
        enterprise.pk in scopes.of("enterprise")
        or enterprise.community_id in scopes.of("community")
        or enterprise.community.district_id in scopes.of("district")
    )


def contacts_of(actor: Person, permission: str) -> QuerySet[EnterpriseContact]:
    """The contacts of the enterprises over which `actor` holds `permission`."""
    return EnterpriseContact.objects.filter(Exists(enterprises_of(actor, permission).filter(pk=OuterRef("enterprise_id"))))


def visible_contacts(actor: Person) -> QuerySet[EnterpriseContact]:
    return contacts_of(actor, "registry.view_contact")


def visible_micro_grids(actor: Person) -> QuerySet[MicroGrid]:
    own = actor.scopes("registry.view_enterprise").of("micro_grid")
    return MicroGrid.objects.filter(Q(pk__in=own) | Q(enterprise_id__in=visible_enterprises(actor).values("pk")))


def departments_of(actor: Person, permission: str) -> QuerySet[Department]:
    """The departments over which `actor` holds `permission`: all of the district of a community, or the one they work in."""
    scopes = actor.scopes(permission)
    districts = IndustrialCommunity.objects.filter(pk__in=scopes.of("community")).values("district_id")
    return Department.objects.filter(Q(district_id__in=scopes.of("district")) | Q(district_id__in=districts) | Q(pk__in=scopes.of("department")))


def visible_departments(actor: Person) -> QuerySet[Department]:
    return departments_of(actor, "registry.view_department")
