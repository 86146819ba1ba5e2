"""Pages of a list that never count the whole table: a total is shown only where somebody already knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Page:
    """One page of rows, numbered from 1; `total` is None where it was not counted."""

    object_list: Sequence[Any]
    number: int
    size: int
    has_next: bool
    total: int | None = None

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def start_index(self) -> int:
        return (self.number - 1) * self.size + 1 if self.object_list else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * self.size + len(self.object_list)

    @property
    def paginator(self) -> Page:
        """Templates written for Django's own page ask `page.paginator.count`."""
        return self

    @property
    def count(self) -> int | None:
        return self.total

    def __iter__(self) -> Any:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)


def page_of(rows: QuerySet[Any], wanted: str | None, size: int, *, count: int | None = None) -> Page:
    """Page `wanted` (text of an address, forgiving) of `rows`, in one query: one row more than shown tells whether there is a next page."""
    number = int(wanted) if wanted and wanted.isdecimal() and len(wanted) < 7 else 1
    number = max(number, 1)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    if not found and number > 1:
        return page_of(rows, "1", size, count=count)
    return Page(found[:size], number, size, len(found) > size, count)
