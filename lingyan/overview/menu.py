"""The one menu, drawn from permissions: the side menu on a desk, the dock on a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from lingyan.cases.reads import to_do_count
from lingyan.notices.reads import unread_count
from lingyan.people.models import Person
from lingyan.people.reads import role_line


@dataclass(frozen=True)
class Entry:
    """One place of the menu. `needs`: any of these permissions; empty means everybody."""

    label: Any
    icon: str
    route: str
    needs: tuple[str, ...] = ()
    group: Any = ""
    prefix: str = ""  # addresses below this count as "here"
    count: Callable[[Person], int] | None = None
    dock_label: Any = ""
    is_write: bool = False
    scoped: bool = False  # only for whoever holds the permission over more than their own rows


ENTRIES = [
    Entry(_("首页"), "layout-dashboard", "overview:home", dock_label=_("首页")),
    Entry(_("收件与派单"), "inbox", "cases:list", ("cases.view_case",), prefix="/cases/", count=to_do_count, dock_label=_("诉求"), scoped=True),
    Entry(_("我的诉求"), "inbox", "cases:list", ("cases.raise_request",), prefix="/cases/", count=to_do_count, dock_label=_("诉求")),
    Entry(_("企业"), "factory", "registry:enterprises", ("registry.view_enterprise",), prefix="/registry/enterprises/", dock_label=_("企业")),
    Entry(_("走访笔记"), "footprints", "visits:list", ("visits.view_note",), prefix="/visits/", dock_label=_("笔记")),
    Entry(_("社区和网格"), "map", "registry:communities", ("registry.view_community",), group=_("统管"), prefix="/registry/communities/"),
    Entry(_("部门"), "landmark", "registry:departments", ("registry.view_department",), group=_("统管"), prefix="/registry/departments/"),
    Entry(_("人员"), "users", "people:list", ("people.view_person",), group=_("统管"), prefix="/people/persons/"),
    Entry(_("意见与投诉"), "message-square-warning", "cases:feedback_inbox", ("cases.answer_feedback",), group=_("统管"), prefix="/cases/feedback/inbox/"),
    Entry(_("流水账"), "notebook-tabs", "ledger:list", ("ledger.view_entry",), group=_("统管"), prefix="/ledger/", dock_label=_("流水")),
    Entry(_("消息"), "bell", "notices:inbox", group=_("我的"), prefix="/notices/", count=unread_count, dock_label=_("消息")),
    Entry(_("我"), "user-round", "people:me", group=_("我的"), prefix="/people/me/", dock_label=_("我")),
]
WRITE_NOTE = Entry(_("记一笔"), "pencil-line", "visits:write", ("visits.write_note",), prefix="/visits/write/", is_write=True)
RAISE = Entry(_("提一件"), "pencil-line", "cases:raise", ("cases.raise_request",), prefix="/cases/raise/", is_write=True)


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


def item(entry: Entry, *, here: str, person: Person, label: Any = "") -> dict[str, Any]:
    return {
        "label": label or entry.label,
        "icon": entry.icon,
        "url": reverse(entry.route),
        "prefix": entry.prefix,
        "current": False,
        "count": entry.count(person) if entry.count else None,
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
    counted = [(entry, item(entry, here=here, person=person)) for entry in places]
    mark_current([shown for _entry, shown in counted], here)
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry, shown in counted:
        groups.setdefault(str(entry.group), []).append(shown)
    write = next((entry for entry in (WRITE_NOTE, RAISE) if may_enter(person, entry)), None)
    docked = [shown | {"label": entry.dock_label} for entry, shown in counted if entry.dock_label]
    mine = [shown for shown in docked if shown["url"] == reverse("people:me")]
    others = [shown for shown in docked if shown["url"] != reverse("people:me")]
    if write:
        writing = item(write, here=here, person=person)
        writing["current"] = here.startswith(write.prefix)
        dock = [*others[:2], writing, *others[2:3], *mine]
    else:
        dock = [*others[:4], *mine]
    return {
        "menu": [{"label": label, "items": shown} for label, shown in groups.items()],
        "dock": dock,
        "me": {"name": person.name, "role_line": role_line(person)},
        "unread": next((shown["count"] for entry, shown in counted if entry.route == "notices:inbox"), 0),
    }
