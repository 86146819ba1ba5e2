"""Questions others may ask of the registry."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import CharField, Count, F, Model, Q, QuerySet, Sum, Value

from lingyan.kernel.figures import tally
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.reads import persons_in
from lingyan.people.scopes import Scopes
from lingyan.registry.credit_code import normalized
from lingyan.registry.models import Department, District, Enterprise, EnterpriseContact, Grid, IndustrialCommunity, MicroGrid

# Who may lead a grid: those who work in its community.
LEADING_ROLES = (Role.SOCIAL_WORKER, Role.SECRETARY, Role.POSTED_CADRE)

SCOPE_MODELS: dict[str, tuple[type[Model], str]] = {
    "district": (District, "name"),
    "community": (IndustrialCommunity, "name"),
    "department": (Department, "short_name"),
    "enterprise": (Enterprise, "short_name"),
    "micro_grid": (MicroGrid, "name"),
}


def named_rows(kind: str) -> QuerySet[Any]:
    """The rows of one kind of scope as (kind, key, name), so that several kinds unite in one query."""
    model, name = SCOPE_MODELS[kind]
    return model._default_manager.order_by().annotate(scope_kind=Value(kind, output_field=CharField()), label=F(name))


class ScopeFinders:
    """How scopes lie inside one another: district ⊃ community ⊃ enterprise ⊃ micro-grid; district ⊃ department."""

    @staticmethod
    def ids_within(scopes: Scopes) -> dict[str, Any]:
        """Kind of scope → the rows (querysets of ids, or a set) inside these scopes."""
        districts = scopes.of("district")
        communities = IndustrialCommunity.objects.filter(pk__in=scopes.of("community")) | IndustrialCommunity.objects.filter(district_id__in=districts)
        enterprises = Enterprise.objects.filter(community_id__in=communities.values("pk")) | Enterprise.objects.filter(pk__in=scopes.of("enterprise"))
        micro_grids = MicroGrid.objects.filter(enterprise_id__in=enterprises.values("pk")) | MicroGrid.objects.filter(pk__in=scopes.of("micro_grid"))
        departments = Department.objects.filter(pk__in=scopes.of("department")) | Department.objects.filter(district_id__in=districts)
        return {
            "district": districts,
            "community": communities.values("pk"),
            "department": departments.values("pk"),
            "enterprise": enterprises.values("pk"),
            "micro_grid": micro_grids.values("pk"),
        }

    @staticmethod
    def name_of(kind: str, scope_id: int) -> str:
        """The name of a scope for people, empty when it is gone."""
        model = {"district": District, "community": IndustrialCommunity, "department": Department, "enterprise": Enterprise, "micro_grid": MicroGrid}[kind]
        found = model.objects.filter(pk=scope_id).first()
        return str(found) if found else ""

    @staticmethod
    def names_of(pairs: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """The names of many scopes, (kind, id) → name, in one query; those that are gone are left out."""
        queries = []
        for kind in SCOPE_MODELS:
            ids = [pk for found, pk in pairs if found == kind]
            if ids:
                queries.append(named_rows(kind).filter(pk__in=ids).values_list("scope_kind", "pk", "label"))
        rows = queries[0].union(*queries[1:], all=True) if queries else []
        return {(kind, pk): label for kind, pk, label in rows}

    @staticmethod
    def choices_within(scopes: Scopes, kinds: Sequence[str], words: str = "", most: int = 200) -> list[tuple[str, int, str]]:
        """(kind, id, name) of the scopes of these kinds that lie inside `scopes`, by kind and name, narrowed by `words`, at most `most`."""
        inside = ScopeFinders.ids_within(scopes)
        found: list[tuple[str, int, str]] = []
        for kind in kinds:
            rows = named_rows(kind).filter(pk__in=inside[kind])
            if words.strip():
                rows = rows.filter(label__icontains=words.strip())
            if kind == "micro_grid":
                rows = rows.select_related("enterprise").order_by("enterprise__short_name", "label")
                found += [(kind, row.pk, f"{row.enterprise.short_name}·{row.label}") for row in rows[: most - len(found)]]
            else:
                found += list(rows.order_by("label", "pk").values_list("scope_kind", "pk", "label")[: most - len(found)])
            if len(found) >= most:
                break
        return found

    @staticmethod
    def place_name() -> str:
        """What this installation calls itself before anybody has signed in: its one community, otherwise its district."""
        communities = list(IndustrialCommunity.objects.order_by("pk").values_list("name", flat=True)[:2])
        if len(communities) == 1:
            return communities[0]
        return District.objects.order_by("pk").values_list("name", flat=True).first() or ""


def has_district() -> bool:
    """Whether this installation has been set up at all."""
    return District.objects.exists()


def enterprises_matching(rows: QuerySet[Enterprise], words: str) -> QuerySet[Enterprise]:
    """Those whose name or short name holds these words, or whose credit code begins or ends with them."""
    words = words.strip()
    if not words:
        return rows
    condition = Q(name__icontains=words) | Q(short_name__icontains=words)
    code = normalized(words)
    if len(code) >= 4:
        condition |= Q(credit_code__startswith=code) | Q(credit_code__endswith=code)
    return rows.filter(condition)


def with_figures(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """Communities (`key` "community") or grids ("grid") with `enterprise_count` and `worker_count`."""
    return rows.annotate(
        enterprise_count=tally(Enterprise.objects.all(), key, Count("pk")),
        worker_count=tally(Enterprise.objects.all(), key, Sum("headcount")),
    )


def communities_with_figures(rows: QuerySet[IndustrialCommunity]) -> QuerySet[IndustrialCommunity]:
    """These communities with the number of their grids, enterprises and workers, in one query."""
    return with_figures(rows, "community").annotate(grid_count=tally(Grid.objects.all(), "community", Count("pk"))).order_by("district_id", "pk")


def grids_with_figures(community: IndustrialCommunity) -> QuerySet[Grid]:
    """The grids of a community with their leaders and the number of their enterprises, workers and micro-grids, in one query."""
    micro_grids = tally(MicroGrid.objects.all(), "enterprise__grid", Count("pk"))
    return with_figures(community.grids.select_related("leader"), "grid").annotate(micro_grid_count=micro_grids).order_by("pk")


def leader_candidates(community_id: int) -> list[Person]:
    """The persons who may lead a grid of this community."""
    found = [person for role in LEADING_ROLES for person in persons_in(role=role, scope_kind=ScopeKind.COMMUNITY, scope_id=community_id)]
    return list({person.pk: person for person in found if person.is_active}.values())


def present_contacts(enterprise: Enterprise) -> list[EnterpriseContact]:
    """Who speaks for an enterprise now, with their persons, in the order of the capacities."""
    order = EnterpriseContact.Capacity.values
    rows = enterprise.contacts.filter(ended_at=None).select_related("person")
    return sorted(rows, key=lambda contact: (order.index(contact.capacity), contact.pk))


def masked_name(name: str) -> str:
    """顾*舟, 顾*, 欧**娜: enough to recognise somebody one knows."""
    if len(name) <= 1:
        return "*"
    return name[0] + "*" * (len(name) - 1) if len(name) == 2 else name[0] + "*" * min(len(name) - 2, 4) + name[-1]


def communities_around(actor: Person) -> QuerySet[IndustrialCommunity]:
    """The communities in which a person is something; for a department's or the district's people all of the district."""
    held: dict[str, set[int]] = {}
    for membership in actor.active_memberships:
        held.setdefault(membership.scope_kind, set()).add(membership.scope_id)
    districts = Department.objects.filter(pk__in=held.get("department", ())).values("district_id")
    enterprises = Enterprise.objects.filter(Q(pk__in=held.get("enterprise", ())) | Q(micro_grids__in=held.get("micro_grid", ())))
    return IndustrialCommunity.objects.filter(
        Q(pk__in=held.get("community", ()))
        | Q(pk__in=enterprises.values("community_id"))
        | Q(district_id__in=held.get("district", ()))
        | Q(district_id__in=districts)
    ).order_by("pk")


def employer_of(actor: Person, community: IndustrialCommunity) -> Enterprise | None:
    """The first enterprise a person belongs to in a community."""
    held = [membership.scope_id for membership in actor.active_memberships if membership.scope_kind == ScopeKind.ENTERPRISE]
    return Enterprise.objects.filter(pk__in=held, community=community).order_by("pk").first() if held else None


def enterprises_with(ids: Collection[int]) -> QuerySet[Enterprise]:
    """The enterprises with these keys, first registered first."""
    return Enterprise.objects.filter(pk__in=ids).order_by("pk")


def departments_of(district_id: int) -> QuerySet[Department]:
    """The addressees of a district in the order of the alliance."""
    return Department.objects.filter(district_id=district_id)


def departments_of_communities() -> QuerySet[Department]:
    """The addressees that stand for a community handling a matter itself (社区)."""
    return Department.objects.filter(kind=Department.Kind.COMMUNITY)


def first_district() -> District | None:
    """The owner of the installation, None before it is set up."""
    return District.objects.order_by("pk").first()


def enterprise_figure(key: str) -> Any:
    """How many enterprises hang on the outer row by `key`, for annotation."""
    return tally(Enterprise.objects.all(), key)
