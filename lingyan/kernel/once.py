"""A form carries its own identity (`client_uuid`, unique), so that what is sent twice is written once, also at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingyan.kernel.refusals import Refused

Words = ParamSpec("Words")
Written = TypeVar("Written")


def sent_once(service: Callable[Words, Written]) -> Callable[Words, Written]:
    """For a service in one transaction that first looks whether its `client_uuid` is written already.

    Of two that arrive at the same moment neither finds the other; the second then waits at the unique key, fails, and is asked again: now it finds what
    the first has written.
    """

    @wraps(service)
    def once(*args: Words.args, **values: Words.kwargs) -> Written:
        for last in (False, True):
            try:
                with transaction.atomic():
                    return service(*args, **values)
            except IntegrityError as error:
                if "client_uuid" not in str(error):
                    raise
                if last:
                    raise Refused("sent.by_another", _("这一页刚才已经用别的身份交过了，请重新打开再写。")) from error
        raise AssertionError("not reached")

    return once
