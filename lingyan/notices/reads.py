"""Questions about a person's inbox."""

from __future__ import annotations

from lingyan.notices.access import visible_notices
from lingyan.people.models import Person


def unread_count(person: Person) -> int:
    """How many messages this person has not opened."""
    return visible_notices(person).filter(read_at=None).count()
