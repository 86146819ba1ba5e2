"""What must travel upward. A lower module asks `kernel.wires.wire(name)`; nothing below imports from here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lingyan.config.roles import APPOINTS, ROLES

__all__ = [
    "ACTOR_IDS",
    "ACTOR_NAMES",
    "APPOINTS",
    "ENTERPRISE_ACTIONS",
    "ENTERPRISE_PANELS",
    "FILE_TARGETS",
    "HOMES",
    "PERIODIC",
    "PERSONA_LINES",
    "ROLES",
    "SCOPE_FINDERS",
]

# A scope (kind, id) → the scopes around it, and its name. People knows no registry.
SCOPE_FINDERS = "lingyan.registry.reads:ScopeFinders"

# Who may read a file that hangs on a row: model label → the rows this person sees.
FILE_TARGETS: dict[str, str] = {
    "cases.case": "lingyan.cases.access:visible_cases",
    "cases.progress": "lingyan.cases.access:visible_progress",
    "visits.fieldnote": "lingyan.visits.access:visible_notes",
}

# Who did it, for the ledger's page: ids of persons → their names, and words or a number → ids of persons. The ledger knows no persons.
ACTOR_NAMES = "lingyan.people.reads:names_of"
ACTOR_IDS = "lingyan.people.reads:ids_named"

# What other modules show on an enterprise's page: function(actor, enterprise) → {title, count, rows, url, more, empty} or None when there is nothing to see.
ENTERPRISE_PANELS: list[str] = ["lingyan.cases.reads:enterprise_panel", "lingyan.visits.reads:enterprise_panel"]

# What one can begin from there: label, icon, route (opened with ?enterprise=<id>), permission that the actor holds over the enterprise.
ENTERPRISE_ACTIONS: list[dict[str, Any]] = [
    {"label": _("记一笔"), "icon": "pen-line", "route": "visits:write", "permission": "visits.write_note"},
]

# The home of a person: the first role in this order that they hold decides. Role → (template, what it shows).
HOMES: dict[str, tuple[str, str]] = {
    "secretary": ("overview/home_secretary.html", "lingyan.overview.homes:secretary"),
    "social_worker": ("overview/home_social_worker.html", "lingyan.overview.homes:social_worker"),
    "department_officer": ("overview/home_officer.html", "lingyan.overview.homes:officer"),
    "posted_cadre": ("overview/home_posted_cadre.html", "lingyan.overview.homes:posted_cadre"),
    "district_administrator": ("overview/home_district.html", "lingyan.overview.homes:district"),
    "enterprise_contact": ("overview/home_asker.html", "lingyan.overview.homes:asker"),
    "auditor": ("overview/home_auditor.html", "lingyan.overview.homes:auditor"),
    "lawyer": ("overview/home_asker.html", "lingyan.overview.homes:asker"),
    "micro_grid_member": ("overview/home_asker.html", "lingyan.overview.homes:asker"),
    "volunteer": ("overview/home_asker.html", "lingyan.overview.homes:asker"),
    "worker": ("overview/home_asker.html", "lingyan.overview.homes:asker"),
}

# What the sign-in page of the demonstration says about each persona: function(persons) → {person key: {line, icon}}.
PERSONA_LINES = "lingyan.setup.reads:lines_for"

# Name, function, every how many minutes. Each is safe to run twice.
PERIODIC: list[tuple[str, str, int]] = [
    ("ledger.seal", "lingyan.ledger.services:seal", 1),
    ("files.sweep", "lingyan.files.services:sweep_incoming", 60),
]
