"""How a case ends: solved on the spot, or by the asker's word; or it goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingyan.calendar.reads import limit_after
from lingyan.cases.access import confirmable_cases, staffed_cases
from lingyan.cases.limits import REDO_WITHIN
from lingyan.cases.models import Case, Dispatch, Progress, Rating
from lingyan.cases.services.dispatching import refuse_unless_waiting
from lingyan.cases.services.writing import called, checked_text, locked, refresh, tell_askers, tell_department, tell_staff, write_line
from lingyan.cases.stages import active_lead
from lingyan.files.services import Checked, attach_all
from lingyan.kernel.access import require
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import NotVisible, Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person


@transaction.atomic
def resolve_on_site(
    *, case_id: int, actor: Person, text: str, outcome: str = Case.Outcome.SOLVED, files: Sequence[Checked] = (), at: datetime | None = None
) -> Case:
    """Close a waiting case with the answer given on the spot. The asker may still say that it is not solved."""
    at = at or now()
    require(actor, "cases.resolve_on_site")
    case = locked(staffed_cases(actor, "cases.resolve_on_site"), case_id)
    refuse_unless_waiting(case)
    text = checked_text(text, field="text", empty=_("请写下当场是怎么答复的。"))
    case.outcome, case.is_on_site = Case.Outcome(outcome), True
    line = write_line(case, Progress.Kind.RESOLVED_ON_SITE, actor=actor, at=at, text=text)
    refresh(case, at=at)
    attach_all(actor=actor, target=line, uploads=files)
    record(actor=actor, verb="case.resolved_on_site", target=case, fields={"outcome": outcome})
    tell_askers(case, _("%(number)s 已当场答复，没解决请告诉我们") % {"number": case.number}, actor=actor, key=f"on_site:{case.redo_count}")
    return case


def case_for_the_askers_word(actor: Person, case_id: int) -> tuple[Case, bool]:
    """The case locked, and whether the actor speaks for the asker after a call-back; NotVisible for anybody else."""
    if confirmable_cases(actor).filter(pk=case_id).exists():
        return locked(Case.objects.all(), case_id), False
    if actor.may("cases.call_back"):
        return locked(staffed_cases(actor, "cases.call_back"), case_id), True
    raise NotVisible


@transaction.atomic
def confirm_answer(
    *, case_id: int, actor: Person, outcome: str = Case.Outcome.SOLVED, grade: int | None = None, comment: str = "", at: datetime | None = None
) -> Case:
    """The asker says it is solved, or explained and understood; that closes the case. Without a grade it stays unrated."""
    at = at or now()
    case, by_call_back = case_for_the_askers_word(actor, case_id)
    if case.stage != Case.Stage.ANSWERED:
        raise Refused("case.not_answered", _("现在是“%(stage)s”，还不能确认。") % {"stage": case.get_stage_display()})
    comment = checked_text(comment, field="comment", empty="") if comment.strip() else ""
    case.outcome = Case.Outcome(outcome)
    write_line(case, Progress.Kind.CONFIRMED, actor=actor, at=at, text=comment, is_by_asker=not by_call_back)
    for dispatch in case.dispatches.filter(state__in=[Dispatch.State.SENT, Dispatch.State.ACKNOWLEDGED]):
        dispatch.move("drop")
        dispatch.save(update_fields=["state"])
    refresh(case, at=at)
    record(actor=None if case.is_confidential and not by_call_back else actor, verb="case.confirmed", target=case, fields={"outcome": outcome})
    if grade is not None:
        rate_case(case_id=case_id, actor=actor, grade=grade, comment=comment, at=at)
    lead = active_lead(case.dispatches.select_related("department"))
    sentence = _("%(number)s 提的人确认：%(outcome)s") % {"number": case.number, "outcome": case.get_outcome_display()}
    if lead:
        lead.case = case
        tell_department(lead, sentence, actor=actor, key="confirmed")
    tell_staff(case, sentence, actor=actor, key="confirmed")
    return case


@transaction.atomic
def refuse_answer(*, case_id: int, actor: Person, reason: str, at: datetime | None = None) -> Case:
    """The asker says it is not solved: an answered case goes back to its lead department, one closed on the spot waits to be dispatched."""
    at = at or now()
    case, by_call_back = case_for_the_askers_word(actor, case_id)
    reason = checked_text(reason, field="reason", empty=_("请写一句哪里没解决，好让他们重办。"))
    lead = active_lead(case.dispatches.select_related("department"))
    if case.stage == Case.Stage.ANSWERED and lead:
        limit = limit_after(at, REDO_WITHIN)
        lead.move("redo")
        lead.due_at, lead.due_is_provisional, lead.answered_at = limit.at, limit.is_provisional, None
        lead.save(update_fields=["state", "due_at", "due_is_provisional", "answered_at"])
    elif case.stage == Case.Stage.CLOSED and case.is_on_site and not Rating.objects.filter(case=case).exists():
        case.outcome, case.is_on_site = "", False
    else:
        raise Refused("case.not_answered", _("现在是“%(stage)s”，没有等您确认的答复。") % {"stage": case.get_stage_display()})
    case.redo_count += 1
    write_line(case, Progress.Kind.REFUSED, actor=actor, at=at, text=reason, dispatch=lead, is_by_asker=not by_call_back)
    refresh(case, at=at)
    record(actor=None if case.is_confidential and not by_call_back else actor, verb="case.refused", target=case)
    sentence = _("提的人说没解决，请重办：%(case)s") % {"case": called(case)}
    if lead:
        lead.case = case
        tell_department(lead, sentence, actor=actor, key=f"refused:{case.redo_count}")
    tell_staff(case, sentence, actor=actor, key=f"refused:{case.redo_count}")
    return case


@transaction.atomic
def rate_case(*, case_id: int, actor: Person, grade: int, comment: str = "", at: datetime | None = None) -> Rating:
    """One rating in five grades for a closed case, by the asker or after a call-back."""
    at = at or now()
    case, by_call_back = case_for_the_askers_word(actor, case_id)
    if case.stage != Case.Stage.CLOSED:
        raise Refused("case.not_closed", _("还没结案，办完再评。"))
    comment = checked_text(comment, field="comment", empty="") if comment.strip() else ""
    if grade not in Rating.Grade.values:
        raise Refused("grade.unknown", _("请从五档里选一档。"), field="grade")
    try:
        with transaction.atomic():
            rating = Rating.objects.create(case=case, grade=grade, comment=comment, rated_by=actor, by_call_back=by_call_back, rated_at=at)
    except IntegrityError as error:
        raise Refused("case.rated", _("这件已经评过了。")) from error
    write_line(case, Progress.Kind.RATED, actor=actor, at=at, text=rating.get_grade_display(), is_by_asker=not by_call_back)
    record(actor=None if case.is_confidential and not by_call_back else actor, verb="case.rated", target=case, fields={"grade": grade})
    return rating
