"""Working time in Asia/Shanghai: working days with public holidays and 调休.

Published holidays come from `chinesecalendar` (State Council notices). For a year not yet published, Monday to Friday count and the date is provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar
from django.utils import timezone

DAY_STARTS = time(9, 0)
DAY_ENDS = time(17, 30)


@dataclass(frozen=True)
class Limit:
    """A moment by which something is due; provisional when a year in between has no published holidays yet."""

    at: datetime
    is_provisional: bool


def is_working_day(day: date) -> bool:
    """Whether people work on this day: holidays off, make-up days on; Monday to Friday where nothing is published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def is_year_published(year: int) -> bool:
    """Whether the State Council's holidays of this year are in the table."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def limit_after(start: datetime, working_days: int) -> Limit:
    """The moment `working_days` whole working days after `start` (aware). A start outside working time counts from the next working morning."""
    local = timezone.localtime(start)
    day, clock = local.date(), local.time()
    if not is_working_day(day) or clock >= DAY_ENDS:
        day, clock = next_working_day(day), DAY_STARTS
    elif clock < DAY_STARTS:
        clock = DAY_STARTS
    for _step in range(working_days):
        day = next_working_day(day)
    due = timezone.make_aware(datetime.combine(day, clock.replace(second=0, microsecond=0)))
    return Limit(due, not all(is_year_published(year) for year in range(local.year, day.year + 1)))


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_time_before(moment: datetime, minutes: int) -> datetime:
    """The moment from which `minutes` of working time lead up to `moment` (aware)."""
    local = timezone.localtime(moment)
    day, clock = local.date(), min(max(seconds_of(local.time()), seconds_of(DAY_STARTS)), seconds_of(DAY_ENDS))
    rest = minutes * 60
    while True:
        if is_working_day(day):
            opened = clock - seconds_of(DAY_STARTS)
            if rest <= opened:
                start = timezone.make_aware(datetime.combine(day, time(0)))
                return start + timedelta(seconds=clock - rest)
            rest -= opened
        day, clock = day - timedelta(days=1), seconds_of(DAY_ENDS)


def worked_between(start: datetime, end: datetime) -> float:
    """Working days between two moments as a number (0.5 is half a working day); 0 when `end` is not after `start`. For people to read, never to decide."""
    if end <= start:
        return 0.0
    length = seconds_of(DAY_ENDS) - seconds_of(DAY_STARTS)
    first, last = timezone.localtime(start), timezone.localtime(end)
    day, total = first.date(), 0.0
    while day <= last.date():
        if is_working_day(day):
            opened = max(seconds_of(DAY_STARTS), seconds_of(first.time()) if day == first.date() else 0)
            closed = min(seconds_of(DAY_ENDS), seconds_of(last.time()) if day == last.date() else seconds_of(DAY_ENDS))
            total += max(0, closed - opened)
        day += timedelta(days=1)
    return total / length


def seconds_of(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
