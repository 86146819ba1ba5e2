"""A case goes to a lead department, with supporting ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.calendar.reads import limit_after
from lingyan.cases.access import staffed_cases
from lingyan.cases.limits import SIGN_WITHIN, SUPPORT_WITHIN, finish_limit
from lingyan.cases.models import Case, Dispatch, Progress
from lingyan.cases.services.writing import called, checked_text, locked, refresh, tell_askers, tell_department, write_line
from lingyan.kernel.access import require
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person
from lingyan.registry.models import Department
from lingyan.registry.reads import departments_of


@transaction.atomic
def dispatch_case(
    *, case_id: int, actor: Person, lead_department_id: int, support_department_ids: Sequence[int] = (), message: str = "", at: datetime | None = None
) -> Case:
    """Send a waiting case to one lead department and any number of supporting ones.

    Raises Refused when somebody was faster (the sentence says who and where to), or lead and support are the same.
    """
    at = at or now()
    require(actor, "cases.dispatch_case")
    case = locked(staffed_cases(actor, "cases.dispatch_case"), case_id)
    refuse_unless_waiting(case)
    lead, support = chosen_departments(case, lead_department_id, support_department_ids)
    message = checked_text(message, field="message", empty="") if message.strip() else ""
    finish = finish_limit(at, case.nature, case.urgency)
    dispatches = [send(case, lead, Dispatch.Part.LEAD, actor=actor, at=at, due_at=finish.at, is_provisional=finish.is_provisional)]
    supporting = limit_after(at, SUPPORT_WITHIN)
    due_at = min(supporting.at, finish.at)
    dispatches += [
        send(case, department, Dispatch.Part.SUPPORT, actor=actor, at=at, due_at=due_at, is_provisional=supporting.is_provisional) for department in support
    ]
    write_line(case, Progress.Kind.DISPATCHED, actor=actor, at=at, text=message, dispatch=dispatches[0], departments=[lead, *support])
    refresh(case, at=at)
    record(
        actor=actor,
        verb="case.dispatched",
        target=case,
        fields={"lead": lead.short_name, "support": "、".join(department.short_name for department in support)},
    )
    for dispatch in dispatches:
        tell_department(
            dispatch,
            _("派来%(part)s：%(case)s") % {"part": dispatch.get_part_display(), "case": called(case)},
            actor=actor,
            key=f"sent:{dispatch.pk}",
        )
    tell_askers(case, _("%(number)s 已派给%(department)s") % {"number": case.number, "department": lead}, actor=actor, key=f"sent:{dispatches[0].pk}")
    return case


@transaction.atomic
def add_support(*, case_id: int, actor: Person, department_id: int, message: str = "", at: datetime | None = None) -> Dispatch:
    """Ask one more department to support a case that is under way."""
    at = at or now()
    require(actor, "cases.dispatch_case")
    case = locked(staffed_cases(actor, "cases.dispatch_case"), case_id)
    if case.stage not in {Case.Stage.SENT, Case.Stage.IN_HAND}:
        raise Refused("case.not_under_way", _("现在是“%(stage)s”，不能加协办。") % {"stage": case.get_stage_display()})
    department = departments_of(case.community.district_id).filter(pk=department_id).first()
    if department is None:
        raise Refused("department.unknown", _("没有这个部门，请重新选。"), field="department")
    if case.dispatches.exclude(state=Dispatch.State.RETURNED).filter(department=department).exists():
        raise Refused("department.twice", _("%(department)s已经在办这件了。") % {"department": department}, field="department")
    message = checked_text(message, field="message", empty="") if message.strip() else ""
    limit = limit_after(at, SUPPORT_WITHIN)
    dispatch = send(case, department, Dispatch.Part.SUPPORT, actor=actor, at=at, due_at=limit.at, is_provisional=limit.is_provisional)
    write_line(case, Progress.Kind.DISPATCHED, actor=actor, at=at, text=message, dispatch=dispatch, departments=[department])
    record(actor=actor, verb="case.dispatched", target=case, fields={"support": department.short_name})
    tell_department(dispatch, _("请协办：%(case)s") % {"case": called(case)}, actor=actor, key=f"sent:{dispatch.pk}")
    return dispatch


@transaction.atomic
def remind_department(*, case_id: int, actor: Person, at: datetime | None = None) -> Case:
    """A friendly nudge (催办) to the lead department; once a day, so that it stays one."""
    at = at or now()
    require(actor, "cases.remind_department")
    case = locked(staffed_cases(actor, "cases.remind_department"), case_id)
    lead = case.dispatches.filter(part=Dispatch.Part.LEAD, state__in=[Dispatch.State.SENT, Dispatch.State.ACKNOWLEDGED]).select_related("department").first()
    if lead is None:
        raise Refused("case.not_under_way", _("现在是“%(stage)s”，没有可催的部门。") % {"stage": case.get_stage_display()})
    last = case.progress.filter(kind=Progress.Kind.REMINDED).order_by("-at").first()
    if last and at - last.at < timedelta(hours=20):
        raise Refused("case.reminded", _("今天催过了，明天再催；真卡住了，请直接打电话。"))
    line = write_line(case, Progress.Kind.REMINDED, actor=actor, at=at, dispatch=lead, departments=[lead.department])
    record(actor=actor, verb="case.reminded", target=case)
    lead.case = case
    tell_department(lead, _("社区催办：%(case)s") % {"case": called(case)}, actor=actor, key=f"reminded:{line.pk}")
    return case


def refuse_unless_waiting(case: Case) -> None:
    """Say who was faster when a case is no longer waiting."""
    if case.stage == Case.Stage.WAITING:
        return
    if case.stage == Case.Stage.CLOSED:
        raise Refused("case.closed", _("这件已经结案，不用再派。"))
    lead = case.dispatches.filter(part=Dispatch.Part.LEAD).exclude(state=Dispatch.State.RETURNED).select_related("department", "sent_by").get()
    raise Refused(
        "case.dispatched",
        _("%(time)s %(person)s已派给%(department)s，这次没有再派。")
        % {"time": timezone.localtime(lead.sent_at).strftime("%H:%M"), "person": lead.sent_by, "department": lead.department},
    )


def chosen_departments(case: Case, lead_id: int, support_ids: Sequence[int]) -> tuple[Department, list[Department]]:
    """The departments of the case's district by id, lead first; Refused when one is unknown or named twice."""
    wanted = [lead_id, *dict.fromkeys(support_ids)]
    found = departments_of(case.community.district_id).in_bulk(wanted)
    if lead_id not in found:
        raise Refused("department.unknown", _("请选主办部门。"), field="lead_department")
    if len(found) != len(set(wanted)):
        raise Refused("department.unknown", _("有一个部门不在名单里，请重新选。"), field="support_departments")
    if lead_id in support_ids:
        raise Refused("department.twice", _("%(department)s已是主办，不用再选作协办。") % {"department": found[lead_id]}, field="support_departments")
    return found[lead_id], [found[pk] for pk in wanted[1:]]


def send(case: Case, department: Department, part: Dispatch.Part, *, actor: Person, at: datetime, due_at: datetime, is_provisional: bool) -> Dispatch:
    return Dispatch.objects.create(
        case=case,
        department=department,
        part=part,
        sent_by=actor,
        sent_at=at,
        sign_by=limit_after(at, SIGN_WITHIN).at,
        due_at=due_at,
        due_is_provisional=is_provisional,
    )
