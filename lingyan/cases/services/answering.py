"""What a department does with a dispatch: sign for it, answer it, or return it with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lingyan.cases.access import answerable_dispatches
from lingyan.cases.models import Case, Dispatch, Progress
from lingyan.cases.services.writing import called, checked_text, locked, refresh, tell_askers, tell_staff, write_line
from lingyan.files.services import Checked, attach_all
from lingyan.kernel.access import one
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person


def dispatch_for_change(actor: Person, dispatch_id: int) -> Dispatch:
    """The dispatch with its case locked, so that two officers, or an officer and the asker, come one after the other."""
    dispatch = one(answerable_dispatches(actor), dispatch_id)
    case = locked(Case.objects.all(), dispatch.case_id)
    dispatch = Dispatch.objects.select_related("department").get(pk=dispatch.pk)
    dispatch.case = case
    return dispatch


@transaction.atomic
def acknowledge_dispatch(*, dispatch_id: int, actor: Person, at: datetime | None = None) -> Dispatch:
    """Sign for a dispatch: from now on this officer has it."""
    at = at or now()
    dispatch = dispatch_for_change(actor, dispatch_id)
    if dispatch.state == Dispatch.State.ACKNOWLEDGED and dispatch.handler_id == actor.pk:
        return dispatch  # a second tap
    dispatch.move("acknowledge")
    dispatch.handler, dispatch.acknowledged_at = actor, at
    dispatch.save(update_fields=["state", "handler", "acknowledged_at"])
    write_line(dispatch.case, Progress.Kind.ACKNOWLEDGED, actor=actor, at=at, dispatch=dispatch, departments=[dispatch.department])
    refresh(dispatch.case, at=at)
    record(actor=actor, verb="dispatch.acknowledged", target=dispatch, community_id=dispatch.case.community_id)
    if dispatch.part == Dispatch.Part.LEAD:
        sentence = _("%(number)s %(department)s%(person)s已签收") % {"number": dispatch.case.number, "department": dispatch.department, "person": actor}
        tell_askers(dispatch.case, sentence, actor=actor, key=f"acknowledged:{dispatch.pk}")
    return dispatch


@transaction.atomic
def answer_dispatch(
    *, dispatch_id: int, actor: Person, text: str, outcome: str = Case.Outcome.SOLVED, files: Sequence[Checked] = (), at: datetime | None = None
) -> Dispatch:
    """Answer: a lead department says it is done (办结) and the asker is asked; a supporting one hands its part to the lead.

    `outcome`: SOLVED, or EXPLAINED when it cannot be solved and the text says why.
    """
    at = at or now()
    dispatch = dispatch_for_change(actor, dispatch_id)
    text = checked_text(text, field="text", empty=_("请写下怎么办的，或者为什么办不了，提的人会看到。"))
    dispatch.move("answer")
    dispatch.answer, dispatch.answer_outcome, dispatch.answered_at, dispatch.handler = text, Case.Outcome(outcome), at, actor
    dispatch.save(update_fields=["state", "answer", "answer_outcome", "answered_at", "handler"])
    is_lead = dispatch.part == Dispatch.Part.LEAD
    kind = Progress.Kind.ANSWERED if is_lead else Progress.Kind.SUPPORTED
    line = write_line(dispatch.case, kind, actor=actor, at=at, text=text, dispatch=dispatch, departments=[dispatch.department])
    refresh(dispatch.case, at=at)
    attach_all(actor=actor, target=line, uploads=files)
    record(actor=actor, verb="dispatch.answered", target=dispatch, community_id=dispatch.case.community_id, fields={"outcome": outcome})
    if is_lead:
        case, key = dispatch.case, f"answered:{dispatch.pk}:{dispatch.case.redo_count}"
        tell_askers(
            case, _("%(number)s %(department)s答复了，请您看看解决没有") % {"number": case.number, "department": dispatch.department}, actor=actor, key=key
        )
        tell_staff(
            case,
            _("%(number)s %(department)s答复了，等提的人确认") % {"number": case.number, "department": dispatch.department},
            actor=actor,
            key=f"staff:{key}",
        )
    return dispatch


@transaction.atomic
def return_dispatch(*, dispatch_id: int, actor: Person, reason: str, at: datetime | None = None) -> Dispatch:
    """Send a dispatch back because it is not this department's, with the reason; the community dispatches anew."""
    at = at or now()
    dispatch = dispatch_for_change(actor, dispatch_id)
    reason = checked_text(reason, field="reason", empty=_("请写为什么不归您这里，最好写上该归谁。"))
    dispatch.move("return_order")
    dispatch.save(update_fields=["state"])
    if dispatch.case.stage == Case.Stage.CLOSED:
        raise Refused("case.closed", _("这件已经结案，不用退单。"))
    write_line(
        dispatch.case,
        Progress.Kind.RETURNED,
        actor=actor,
        at=at,
        text=reason,
        dispatch=dispatch,
        departments=[dispatch.department],
        is_for_asker=dispatch.part == Dispatch.Part.LEAD,
    )
    refresh(dispatch.case, at=at)
    record(actor=actor, verb="dispatch.returned", target=dispatch, community_id=dispatch.case.community_id)
    sentence = _("%(department)s退单：%(case)s") % {"department": dispatch.department, "case": called(dispatch.case)}
    tell_staff(dispatch.case, sentence, actor=actor, key=f"returned:{dispatch.pk}")
    return dispatch
