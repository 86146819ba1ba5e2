"""Questions others may ask about cases, and what the pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.calendar.reads import is_working_day, next_working_day, worked_between
from lingyan.cases import limits
from lingyan.cases.access import answerable_dispatches, confirmable_cases, handled_cases, is_staff_for, staffed_cases, visible_cases, visible_requests
from lingyan.cases.models import Case, Dispatch, Nature, Progress, Request
from lingyan.cases.stages import active_lead
from lingyan.kernel.clock import now
from lingyan.people.models import Person
from lingyan.people.reads import masked_mobile

NEAR = timedelta(hours=24)
WORKING_DAY_MINUTES = 510  # 09:00–17:30


# --- which are mine to do -----------------------------------------------------------------------------------------------


def to_do(actor: Person) -> QuerySet[Case]:
    """The visible cases that wait for this person's hand: to dispatch, to sign for, to answer, to confirm, to call back."""
    open_dispatches = answerable_dispatches(actor).filter(state__in=[Dispatch.State.SENT, Dispatch.State.ACKNOWLEDGED], case=OuterRef("pk"))
    condition = Q(Exists(open_dispatches)) & ~Q(stage=Case.Stage.CLOSED)
    condition |= Q(stage=Case.Stage.ANSWERED, pk__in=confirmable_cases(actor).values("pk"))
    condition |= Q(stage=Case.Stage.WAITING, pk__in=staffed_cases(actor, "cases.dispatch_case").values("pk"))
    return visible_cases(actor).filter(condition)


def to_do_count(actor: Person) -> int:
    return to_do(actor).count()


# --- who has it, and by when --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Holder:
    """Who has a case now, what they have to do, by when, and how that stands."""

    who: str
    doing: str
    kind: str  # kind of state for ui/state.html
    word: str
    due_at: datetime | None
    is_provisional: bool
    minutes_left: int | None  # working minutes, negative when passed

    @property
    def sentence(self) -> str:
        return f"{self.who}，{self.doing}"


def working_minutes_left(due_at: datetime, moment: datetime) -> int:
    """Working minutes from `moment` to `due_at`; negative: as many have passed since."""
    if due_at >= moment:
        return round(worked_between(moment, due_at) * WORKING_DAY_MINUTES)
    return -max(1, round(worked_between(due_at, moment) * WORKING_DAY_MINUTES))


def length_of(minutes: int) -> str:
    """A length in the words of the house: 40 分钟, 3 小时, 1 天半."""
    from lingyan.kernel.templatetags.ui import duration

    return str(duration(minutes))
