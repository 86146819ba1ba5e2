"""The one source of the present moment, which tests and the demonstration can move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The present as an aware datetime (UTC), or the moment the clock was moved to."""
    return _moved.get() or timezone.now()


def today() -> date:
    """The present day where the community is (Asia/Shanghai)."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Move the clock of this thread to `moment` (aware) for a while."""
    if timezone.is_naive(moment):
        raise ValueError("the clock needs an aware datetime")
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
