"""A person sees only their own messages."""

from __future__ import annotations

from django.db.models import QuerySet

from lingyan.notices.models import Notice
from lingyan.people.models import Person


def visible_notices(actor: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=actor)
