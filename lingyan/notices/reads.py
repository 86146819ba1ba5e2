"""Questions about a person's inbox."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lingyan.kernel.templatetags.ui import clock_time, when_day
from lingyan.notices.access import visible_notices
from lingyan.notices.models import Notice
from lingyan.people.models import Person


def inbox_row(notice: Notice) -> dict[str, Any]:
    """One message as a row of a list (`ui/row.html`): a new one says so with a glyph and a word, one that was seen steps back."""
    is_new = notice.read_at is None
    return {
        "margin": f"{when_day(notice.created_at)}\n{clock_time(notice.created_at)}",
        "title": notice.sentence,
        "url": reverse("notices:open", args=[notice.pk]),
        "state": {"kind": "hand", "icon": "circle-dot", "text": _("没看过")} if is_new else None,
        "past": not is_new,
    }


def unread(person: Person) -> QuerySet[Notice]:
    """The messages this person has not opened."""
    return visible_notices(person).filter(read_at=None)
