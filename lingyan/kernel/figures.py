"""Figures beside rows, computed in the same query."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


def tally(rows: QuerySet[Any], key: str, what: Any = None, *, outer: str = "pk") -> Coalesce:
    """A figure about the rows that hang on the outer row by `key` (a count unless `what` says otherwise), 0 when there are none.

    A subquery, so that several figures do not multiply one another: `grids.annotate(n=tally(enterprises, "grid"))`.
    """
    counted = rows.filter(**{key: OuterRef(outer)}).order_by().values(key).annotate(figure=what or Count("pk")).values("figure")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
