"""The one menu, drawn from permissions: the side menu on a desk, the dock on a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lingyan.cases.reads import to_do
from lingyan.notices.reads import unread
from lingyan.people.models import Person
from lingyan.people.reads import persons_with, role_line


@dataclass(frozen=True)
class Entry:
    """One place of the menu. `needs`: any of these permissions; empty means everybody."""

    label: Any
    icon: str
    route: str
    needs: tuple[str, ...] = ()
    group: Any = ""
    prefix: str = ""  # addresses below this count as "here"
    count: Callable[[Person], QuerySet[Any]] | None = None  # the rows to be counted
    dock_label: Any = ""
    is_write: bool = False
    scoped: bool = False  # only for whoever holds the permission over more than their own rows


ENTRIES = [
    Entry(_("首页"), "layout-dashboard", "overview:home", dock_label=_("首页")),
    Entry(_("收件与派单"), "inbox", "cases:list", ("cases.dispatch_case",), prefix="/cases/", count=to_do, dock_label=_("诉求"), scoped=True),
    Entry(_("派来的单"), "inbox", "cases:list", ("cases.answer_dispatch",), prefix="/cases/", count=to_do, dock_label=_("来单"), scoped=True),
    Entry(
        _("诉求"), "inbox", "cases:list", ("cases.resolve_on_site", "cases.answer_feedback"), prefix="/cases/", count=to_do, dock_label=_("诉求"), scoped=True
    ),
    Entry(_("我的诉求"), "inbox", "cases:list", ("cases.raise_request",), prefix="/cases/", count=to_do, dock_label=_("诉求")),
    Entry(_("企业"), "factory", "registry:enterprises", ("registry.view_enterprise",), prefix="/registry/enterprises/", dock_label=_("企业")),
    Entry(_("走访笔记"), "footprints", "visits:list", ("visits.view_note",), prefix="/visits/", dock_label=_("笔记")),
    Entry(_("社区和网格"), "map", "registry:communities", ("registry.view_community",), group=_("统管"), prefix="/registry/communities/"),
    Entry(_("部门"), "landmark", "registry:departments", ("registry.view_department",), group=_("统管"), prefix="/registry/departments/"),
    Entry(_("人员"), "users", "people:list", ("people.view_person",), group=_("统管"), prefix="/people/persons/"),
    Entry(_("意见与投诉"), "message-square-warning", "cases:feedback_inbox", ("cases.answer_feedback",), group=_("统管"), prefix="/cases/feedback/inbox/"),
    Entry(_("流水账"), "notebook-tabs", "ledger:list", ("ledger.view_entry",), group=_("统管"), prefix="/ledger/", dock_label=_("流水")),
    Entry(_("消息"), "bell", "notices:inbox", group=_("我的"), prefix="/notices/", count=unread, dock_label=_("消息")),
    Entry(_("我"), "user-round", "people:me", group=_("我的"), prefix="/people/me/", dock_label=_("我")),
]
WRITE_NOTE = Entry(_("记一笔"), "pen-line", "visits:write", ("visits.write_note",), prefix="/visits/write/", is_write=True)
RAISE = Entry(_("提一件"), "pen-line", "cases:raise", ("cases.raise_request",), prefix="/cases/raise/", is_write=True)


def may_enter(person: Person, entry: Entry) -> bool:
    if not entry.needs:
        return True
    if entry.scoped:
        return any(person.scopes(permission).ids for permission in entry.needs if any(person.scopes(permission).ids.values()))
    return any(person.may(permission) for permission in entry.needs)


def places_for(person: Person) -> list[Entry]:
    """The entries this person may enter, one for each address."""
    taken: set[str] = set()
    places = []
    for entry in ENTRIES:
        if entry.route not in taken and may_enter(person, entry):
            taken.add(entry.route)
            places.append(entry)
    return places


def counts_of(person: Person, entries: list[Entry]) -> dict[str, int]:
    """Route → number, all in one query."""
    counted = {entry.route: entry.count(person) for entry in entries if entry.count}
    if not counted:
        return {}
    numbers = {
        f"n{position}": Coalesce(Subquery(rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")), 0)
        for position, rows in enumerate(counted.values())
    }
    found = persons_with([person.pk]).annotate(**numbers).values(*numbers).get()
    return {route: found[f"n{position}"] for position, route in enumerate(counted)}


def role_line_of(request: HttpRequest, person: Person) -> str:
    """What the person is, kept in the session until their roles or the language change."""
    key = [get_language(), *(membership.pk for membership in person.active_memberships)]
    kept = request.session.get("role_line")
    if not kept or kept["key"] != key:
        kept = request.session["role_line"] = {"key": key, "line": role_line(person)}
    return str(kept["line"])


def item(entry: Entry, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "label": entry.label,
        "icon": entry.icon,
        "url": reverse(entry.route),
        "prefix": entry.prefix,
        "current": False,
        "count": counts.get(entry.route),
        "is_write": entry.is_write,
        "in_dock": bool(entry.dock_label),
    }


def mark_current(items: list[dict[str, Any]], here: str) -> None:
    """Exactly the deepest place whose address begins the present one is current."""
    candidates = [entry for entry in items if here == entry["url"] or (entry["prefix"] and here.startswith(entry["prefix"]))]
    if candidates:
        max(candidates, key=lambda entry: len(entry["prefix"] or entry["url"]))["current"] = True


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `menu` in groups, `dock` of at most five, `me`, `unread`. Nothing for a stranger."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person | SimpleLazyObject) or not getattr(person, "is_authenticated", False):
        return {"menu": [], "dock": [], "me": None}
    here = request.path
    places = places_for(person)
    counts = counts_of(person, places)
    counted = [(entry, item(entry, counts)) for entry in places]
    mark_current([shown for _entry, shown in counted], here)
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry, shown in counted:
        groups.setdefault(str(entry.group), []).append(shown)
    write = next((entry for entry in (WRITE_NOTE, RAISE) if may_enter(person, entry)), None)
    docked = [shown | {"label": entry.dock_label} for entry, shown in counted if entry.dock_label]
    mine = [shown for shown in docked if shown["url"] == reverse("people:me")]
    others = [shown for shown in docked if shown["url"] != reverse("people:me")]
    if write:
        writing = item(write, counts)
        writing["current"] = here.startswith(write.prefix)
        dock = [*others[:2], writing, *others[2:3], *mine]
    else:
        dock = [*others[:4], *mine]
    return {
        "menu": [{"label": label, "items": shown} for label, shown in groups.items()],
        "dock": dock,
        "me": {"name": person.name, "role_line": role_line_of(request, person)},
        "unread": counts.get("notices:inbox", 0),
    }
