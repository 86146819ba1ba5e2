"""What every change to a case does: take the row, write the line, compute the stage, tell people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lingyan.calendar.reads import Limit
from lingyan.cases.limits import dispatch_limit, near_at
from lingyan.cases.models import TEXT_LIMIT, Case, Dispatch, Progress
from lingyan.cases.stages import active_lead, stage_of
from lingyan.kernel.access import one
from lingyan.kernel.refusals import Refused
from lingyan.notices.services import notify
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.reads import members, persons_in
from lingyan.registry.models import Department


def locked(cases: QuerySet[Case], case_id: int) -> Case:
    """The case for change, or NotVisible; nobody else changes it before this transaction ends."""
    return one(cases.select_for_update(of=("self",)), case_id)


def checked_text(text: str, *, field: str, empty: str) -> str:
    """The text without outer blanks, or Refused: `empty` when there is nothing, a length when there is too much."""
    text = text.strip().replace("\x00", "")
    if not text:
        raise Refused(f"{field}.empty", empty, field=field)
    if len(text) > TEXT_LIMIT:
        raise Refused(
            f"{field}.long", _("最多写 %(limit)d 字，这里有 %(length)d 字，请分开写或删减。") % {"limit": TEXT_LIMIT, "length": len(text)}, field=field
        )
    return text


def write_line(
    case: Case,
    kind: Progress.Kind,
    *,
    actor: Person,
    at: datetime,
    text: str = "",
    dispatch: Dispatch | None = None,
    departments: Iterable[Department] = (),
    is_for_asker: bool = True,
    is_by_asker: bool = False,
) -> Progress:
    return Progress.objects.create(
        case=case,
        kind=kind,
        actor=actor,
        at=at,
        text=text,
        dispatch=dispatch,
        departments=[department.short_name for department in departments],
        is_for_asker=is_for_asker,
        is_by_asker=is_by_asker,
    )


def refresh(case: Case, *, at: datetime) -> Case:
    """Compute stage, lead and limit of a case from its dispatches and ending, and save it."""
    dispatches = list(case.dispatches.select_related("department", "handler")) if case.pk else []
    lead = active_lead(dispatches)
    before = case.stage
    case.stage = stage_of(case, dispatches)
    case.lead_department, case.lead_handler = (lead.department, lead.handler) if lead else (None, None)
    if case.stage != before:
        case.waiting_since = at
    limit: Limit | None = None
    start = case.waiting_since
    if case.stage == Case.Stage.WAITING:
        limit = dispatch_limit(case.waiting_since, case.urgency)
    elif lead and case.stage in {Case.Stage.SENT, Case.Stage.IN_HAND}:
        limit = Limit(lead.due_at, lead.due_is_provisional)
        start = lead.sent_at if not case.redo_count else case.waiting_since
    case.due_at = limit.at if limit else None
    case.near_at = near_at(start, limit.at) if limit else None
    case.due_is_provisional = limit.is_provisional if limit else False
    case.closed_at = at if case.stage == Case.Stage.CLOSED else None
    case.save()
    return case


def called(case: Case) -> str:
    """A case in a message: number and title, the number alone when it is confidential (a locked screen shows messages)."""
    return case.number if case.is_confidential else f"{case.number} {case.title}"


def tell_askers(case: Case, sentence: str, *, actor: Person, key: str) -> None:
    """A notice to those who asked: the asker, and the contacts of the enterprise in whose name it was asked."""
    people: dict[int, Person] = {}
    for request in case.requests.select_related("asker"):
        if request.asker:
            people[request.asker_id] = request.asker
        if request.for_enterprise_id:
            for person in persons_in(role=Role.ENTERPRISE_CONTACT, scope_kind=ScopeKind.ENTERPRISE, scope_id=request.for_enterprise_id):
                people[person.pk] = person
    tell(people.values(), case, sentence, actor=actor, key=key)


def tell_department(dispatch: Dispatch, sentence: str, *, actor: Person, key: str) -> None:
    """A notice to the officers of the dispatch's department (or of the community, when it handles the matter itself)."""
    if dispatch.department.kind == Department.Kind.COMMUNITY:
        people = staff_of(dispatch.case.community_id)
    else:
        people = persons_in(role=Role.DEPARTMENT_OFFICER, scope_kind=ScopeKind.DEPARTMENT, scope_id=dispatch.department_id)
    tell(people, dispatch.case, sentence, actor=actor, key=key)


def tell_staff(case: Case, sentence: str, *, actor: Person, key: str) -> None:
    """A notice to whoever registered the case, or to the community's staff when the asker did it themselves."""
    staff = staff_of(case.community_id)
    mine = [person for person in staff if person.pk == case.opened_by_id]
    tell(mine or staff, case, sentence, actor=actor, key=key)


def staff_of(community_id: int) -> list[Person]:
    """The secretary and the social workers of a community."""
    rows = members(roles=[Role.SECRETARY, Role.SOCIAL_WORKER], scope_kind=ScopeKind.COMMUNITY, scope_ids=[community_id])
    return list({row.person_id: row.person for row in rows}.values())


def tell(people: Iterable[Person], case: Case, sentence: str, *, actor: Person, key: str) -> None:
    url = reverse("cases:detail", args=[case.pk])
    for person in people:
        if person.pk != actor.pk:
            notify(person=person, sentence=sentence, url=url, key=f"case:{case.pk}:{key}:{person.pk}")
