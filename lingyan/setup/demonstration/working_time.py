"""Moments told in working time before now, so that the demonstration is the same on a Tuesday, on a Sunday and in the Spring Festival."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from lingyan.calendar.reads import DAY_ENDS, DAY_STARTS, is_working_day

DAY = 510  # minutes from 09:00 to 17:30


works = cache(is_working_day)


def last_working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not works(day):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date) -> date:
    day += timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    return day


def at_clock(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def minutes_into(moment: datetime) -> float:
    """Minutes since the working day began."""
    local = timezone.localtime(moment)
    return local.hour * 60 + local.minute + local.second / 60 - DAY_STARTS.hour * 60 - DAY_STARTS.minute


def earlier(moment: datetime, minutes: float) -> datetime:
    """The moment `minutes` of working time before `moment`."""
    local = timezone.localtime(moment)
    day, into = local.date(), minutes_into(moment)
    if not works(day) or into < 0:
        day, into = last_working_day_before(day), DAY
    into = min(into, DAY) - minutes
    while into < 0:
        day, into = last_working_day_before(day), into + DAY
    return at_clock(day, DAY_STARTS) + timedelta(minutes=into)


def later(moment: datetime, minutes: float) -> datetime:
    """The moment `minutes` of working time after `moment`."""
    local = timezone.localtime(moment)
    day, into = local.date(), max(0.0, minutes_into(moment))
    if not works(day) or local.time() >= DAY_ENDS:
        day, into = working_day_after(day), 0.0
    into += minutes
    while into >= DAY:
        day, into = working_day_after(day), into - DAY
    return at_clock(day, DAY_STARTS) + timedelta(minutes=into)


def days_back(now: datetime, days: int, clock: time) -> datetime:
    """A time of day on the nth working day before today (1 is the last one before today)."""
    day = timezone.localtime(now).date()
    for _step in range(days):
        day = last_working_day_before(day)
    return at_clock(day, clock)
