"""Questions about the notebook."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from lingyan.cases.access import visible_cases
from lingyan.cases.models import Case
from lingyan.kernel.clock import today
from lingyan.kernel.templatetags.ui import clock_time, when_day
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.reads import members, persons_with
from lingyan.registry.models import Enterprise
from lingyan.visits.access import visible_notes
from lingyan.visits.models import FieldNote


def with_rows(notes: QuerySet[FieldNote]) -> QuerySet[FieldNote]:
    """The notes with all that a row shows, in the same query."""
    through = FieldNote.requests.through.objects.filter(fieldnote=OuterRef("pk")).order_by().values("fieldnote")
    matters = Coalesce(Subquery(through.annotate(n=Count("pk")).values("n")), 0)
    return notes.select_related("enterprise", "author").annotate(matter_count=matters)


def row_of(note: FieldNote, *, with_day: bool = True) -> dict[str, Any]:
    """One note of `with_rows` in the shape of ui/row.html."""
    count = note.matter_count  # type: ignore[attr-defined]
    first = next((text for text in (note.heard, note.seen, note.thought) if text), "")
    return {
        "margin": f"{when_day(note.visited_at)}\n{clock_time(note.visited_at)}" if with_day else clock_time(note.visited_at),
        "title": note.enterprise.short_name,
        "aside": note.author.name,
        "lines": [first if len(first) <= 80 else first[:79] + "…"] if first else [],
        "url": reverse("visits:detail", args=[note.pk]),
        "state": {"kind": "wait", "icon": "inbox", "text": _("%(n)d 件诉求") % {"n": count}} if count else None,
    }


def notes_of_today(actor: Person) -> list[dict[str, Any]]:
    """What the actor wrote today, earliest first."""
    notes = with_rows(visible_notes(actor).filter(author=actor, visited_at__date=today())).order_by("visited_at")
    return [row_of(note, with_day=False) for note in notes[:20]]


def enterprise_panel(actor: Person, enterprise: Enterprise) -> dict[str, Any] | None:
    """The latest notes at an enterprise for its page; None for whoever sees no notes."""
    if not actor.may("visits.view_note"):
        return None
    notes = with_rows(visible_notes(actor).filter(enterprise=enterprise)).order_by("-visited_at", "-pk")[:6]
    return {
        "title": _("走访笔记"),
        "count": "",
        "rows": [row_of(note) | {"title": note.author.name, "aside": ""} for note in notes],
        "url": f"{reverse('visits:list')}?enterprise={enterprise.pk}",
        "empty": _("还没走访过。"),
    }


def companions_for(actor: Person, enterprise: Enterprise) -> QuerySet[Person]:
    """Who may have come along: the community's staff and posted cadres, without the actor."""
    staff = members(roles=[Role.SECRETARY, Role.SOCIAL_WORKER, Role.POSTED_CADRE], scope_kind=ScopeKind.COMMUNITY, scope_ids=[enterprise.community_id])
    return persons_with(staff.values("person_id")).exclude(pk=actor.pk).order_by("name")


def cases_of(note: FieldNote, actor: Person) -> QuerySet[Case]:
    """The visible cases that arose from a note."""
    return visible_cases(actor).filter(requests__in=note.requests.values("pk")).order_by("pk")


def last_visit_at_enterprise() -> Subquery:
    """When the outer enterprise was visited last, for annotation; null when never."""
    return Subquery(FieldNote.objects.filter(enterprise=OuterRef("pk")).order_by().values("enterprise").annotate(last=Max("visited_at")).values("last"))
