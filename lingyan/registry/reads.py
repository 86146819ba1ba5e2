"""Questions others may ask of the registry."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, Value

from lingyan.people.scopes import Scopes
from lingyan.registry.models import Department, District, Enterprise, IndustrialCommunity, MicroGrid

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
