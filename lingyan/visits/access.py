"""Which notes a person sees: those of their community. Enterprises and departments never see them."""

from __future__ import annotations

from django.db.models import QuerySet

from lingyan.people.models import Person
from lingyan.registry.access import communities_of
from lingyan.visits.models import FieldNote


def visible_notes(actor: Person) -> QuerySet[FieldNote]:
    return FieldNote.objects.filter(community_id__in=communities_of(actor, "visits.view_note").values("pk"))
