"""Telling a person something, and noting that they saw it."""

from __future__ import annotations

from django.db import transaction

from lingyan.kernel.access import one
from lingyan.kernel.clock import now
from lingyan.notices.access import visible_notices
from lingyan.notices.models import Notice
from lingyan.people.models import Person


def notify(*, person: Person, sentence: str, url: str, key: str) -> None:
    """Put a message into a person's inbox; the same key again changes nothing."""
    sentence = sentence if len(sentence) <= 200 else sentence[:199] + "…"
    Notice.objects.bulk_create([Notice(person=person, sentence=sentence, url=url, key=key, created_at=now())], ignore_conflicts=True)


@transaction.atomic
def read_notice(*, notice_id: int, actor: Person) -> Notice:
    """Note that a person opened a message."""
    notice = one(visible_notices(actor), notice_id)
    if notice.read_at is None:
        notice.read_at = now()
        notice.save(update_fields=["read_at"])
    return notice


def read_notices_about(*, actor: Person, url: str) -> int:
    """Note that a person has seen what these messages are about; says how many were new."""
    return visible_notices(actor).filter(read_at=None, url=url).update(read_at=now())


def read_all_notices(*, actor: Person) -> int:
    """Note that a person has seen all messages; says how many were new."""
    return visible_notices(actor).filter(read_at=None).update(read_at=now())
