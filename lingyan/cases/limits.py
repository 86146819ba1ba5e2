"""By when, in working days. Local defaults of this installation, not a rule of law; every page that shows one says so.

They follow the middle of what communities and cities publish (上海静安大宁路 2019: 咨询、建议 1 个工作日，求助、投诉 5 个工作日; 泉州 2022: 协办 3 个工作日).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from lingyan.calendar.reads import Limit, limit_after, worked_between, working_time_before
from lingyan.cases.models import Nature, Urgency

WORKING_DAY_MINUTES = 510  # 09:00–17:30
DISPATCH_WITHIN = 1
URGENT_DISPATCH = timedelta(hours=2)  # by the clock, day and night
SIGN_WITHIN = 1
SUPPORT_WITHIN = 3
REDO_WITHIN = 3
FINISH_WITHIN = {
    Nature.INQUIRY: 1,
    Nature.SUGGESTION: 1,
    Nature.PRAISE: 1,
    Nature.HELP: 5,
    Nature.COMPLAINT: 5,
    Nature.REPORT: 5,
}
URGENT_WITHIN = {Urgency.URGENT: 1, Urgency.PRESSING: 3}


def finish_days(nature: str, urgency: str) -> int:
    """Working days the lead department has, from the moment of dispatch: what the nature asks for, less when it presses."""
    return min(FINISH_WITHIN[Nature(nature)], URGENT_WITHIN.get(Urgency(urgency), 99))


def dispatch_limit(start: datetime, urgency: str) -> Limit:
    """By when a case must have been dispatched: two hours by the clock when it is urgent, else one working day."""
    return Limit(start + URGENT_DISPATCH, False) if urgency == Urgency.URGENT else limit_after(start, DISPATCH_WITHIN)


def near_at(start: datetime, due_at: datetime) -> datetime:
    """From when a limit is near: the last working day, or the last half of a shorter time."""
    worked = worked_between(start, due_at)
    if worked < 0.5:  # an urgent one, by the clock
        return start + (due_at - start) / 2
    return working_time_before(due_at, WORKING_DAY_MINUTES if worked > 1.5 else WORKING_DAY_MINUTES // 2)


def finish_limit(start: datetime, nature: str, urgency: str) -> Limit:
    return limit_after(start, finish_days(nature, urgency))
