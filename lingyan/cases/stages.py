"""The stage of a case as a pure function of its ending and its dispatches."""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.cases.models import Case, Dispatch

STAGE_OF_LEAD = {
    Dispatch.State.SENT: Case.Stage.SENT,
    Dispatch.State.ACKNOWLEDGED: Case.Stage.IN_HAND,
    Dispatch.State.ANSWERED: Case.Stage.ANSWERED,
}


def active_lead(dispatches: Iterable[Dispatch]) -> Dispatch | None:
    """The lead dispatch that counts: the one that was not returned."""
    return next((dispatch for dispatch in dispatches if dispatch.part == Dispatch.Part.LEAD and dispatch.state in STAGE_OF_LEAD), None)


def stage_of(case: Case, dispatches: Iterable[Dispatch]) -> Case.Stage:
    """Closed when there is an outcome; else as far as the lead department is; else waiting to be dispatched."""
    if case.outcome:
        return Case.Stage.CLOSED
    lead = active_lead(dispatches)
    return STAGE_OF_LEAD[Dispatch.State(lead.state)] if lead else Case.Stage.WAITING
