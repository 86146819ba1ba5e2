"""The personas of the demonstration: who they are, and what waits for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.cases.access import visible_feedback
from lingyan.cases.reads import tab_counts
from lingyan.kernel.clock import now
from lingyan.ledger.access import visible_entries
from lingyan.people.models import Person
from lingyan.people.reads import personas
from lingyan.setup.demonstration.script import texts
from lingyan.setup.models import DemonstrationLoad
from lingyan.visits.access import visible_notes


def is_demonstration_unfinished() -> bool:
    """Whether the loading of the demonstration was interrupted."""
    return DemonstrationLoad.objects.filter(finished_at=None).exists()


def persona_names() -> list[tuple[str, str]]:
    """Name and role of each persona, in the order of the sign-in page; nothing without a demonstration."""
    return [(row["name"], row["role_line"]) for row in persona_rows()]


def persona_lines() -> list[dict[str, Any]]:
    """What the sign-in page shows of each persona: person_id, name, role_line, line (what waits for them), icon. About two queries a persona."""
    rows = persona_rows()
    lines = lines_for([row["person"] for row in rows if not row["line"]])
    return [
        {
            "person_id": row["person"].pk,
            "name": row["name"],
            "role_line": row["role_line"],
            "line": row["line"] or lines[row["person"].pk]["line"],
            "icon": row["icon"],
        }
        for row in rows
    ]


def persona_rows() -> list[dict[str, Any]]:
    """The personas that are here (their lines only when `PERSONA_LINES` is wired), with what the texts say about them."""
    found = {row["person"].username: row for row in personas()}
    return [{**found[persona["username"]], **persona} for persona in texts("places")["personas"] if persona["username"] in found]


def lines_for(persons: Sequence[Person]) -> dict[int, dict[str, str]]:
    """For the wire PERSONA_LINES: person key → line, icon, and the role as the demonstration words it."""
    rows = {persona["username"]: persona for persona in texts("places")["personas"]}
    here = [person for person in persons if person.username in rows]
    prefetch_related_objects(here, "memberships")
    moment = now()
    lines = {}
    for person in here:
        person.active_memberships = sorted((held for held in person.memberships.all() if held.ended_at is None), key=lambda held: held.pk)
        row = rows[person.username]
        lines[person.pk] = {"line": LINES.get(person.username, asker)(person, moment), "icon": row["icon"], "role_line": row["role_line"]}
    return lines


# --- one line each ------------------------------------------------------------------------------------------------------


def walker(person: Person, moment: datetime) -> str:
    monday = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    visited = visible_notes(person).filter(author=person, visited_at__gte=monday).values("enterprise").distinct().count()
    if visited:
        return _("本周走了 %(visited)d 家，本子在手里") % {"visited": visited}
    return _("本周还没出门，本子在手里")


def overseer(person: Person, moment: datetime) -> str:
    counts = tab_counts(person, moment)
    return _("%(over)d 件超时限，%(open)d 件在办，什么卡住了") % counts


def dispatcher(person: Person, moment: datetime) -> str:
    return _("%(waiting)d 件等派单，一件一件派出去") % tab_counts(person, moment)


def asker(person: Person, moment: datetime) -> str:
    counts = tab_counts(person, moment)
    if counts["answered"]:
        return _("%(answered)d 件等您确认，提过的事在谁手上") % counts
    return _("%(open)d 件在办，在谁手上看得到") % counts if counts["open"] else _("有事就提一件，看得到在谁手上")


def officer(person: Person, moment: datetime) -> str:
    return _("%(mine)d 件要动手，只看归自己的") % tab_counts(person, moment)


def companion(person: Person, moment: datetime) -> str:
    walked = visible_notes(person).filter(companions=person).count()
    return _("陪走了 %(walked)d 趟，当场把政策讲清楚") % {"walked": walked}


def district(person: Person, moment: datetime) -> str:
    waiting = visible_feedback(person).filter(state="open").count()
    return _("%(waiting)d 条意见等答复，全区一张图") % {"waiting": waiting}


def auditor(person: Person, moment: datetime) -> str:
    return _("流水 %(entries)d 条，谁动过都对得上") % {"entries": visible_entries(person).count()}


LINES: dict[str, Callable[[Person, datetime], str]] = {
    "zhoujing": walker,
    "songlan": overseer,
    "xuke": dispatcher,
    "fugong": officer,
    "laoqin": companion,
    "quqifu": district,
    "fangshenji": auditor,
}
