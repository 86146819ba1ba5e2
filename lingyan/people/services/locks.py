"""Wrong passwords and wrong codes are counted for each person, in the database (django-axes); five in a row shut the door for a quarter of an hour.

One row for each person, or for each word that names nobody: a digest of it, so that no typed password or number is kept. The row does not
depend on address or browser, so that changing them opens nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.kernel.access import one, require
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.access import visible_persons
from lingyan.people.identifiers import compact
from lingyan.people.models import Person
from lingyan.people.reads import person_called


def key_of(person: Person) -> str:
    return f"person:{person.pk}"


def key_for(identifier: str) -> tuple[str, Person | None]:
    """The name of the counter for what somebody typed, and the person it means, if any."""
    person = person_called(identifier)
    return (key_of(person), person) if person else ("nobody:" + hashlib.sha256(compact(identifier).encode()).hexdigest()[:40], None)


def bare_attempt(key: str) -> HttpRequest:
    """A request for django-axes that carries nothing but the name of the counter and the time: what was typed never reaches its table."""
    attempt = HttpRequest()
    AxesProxyHandler.update_request(attempt)
    attempt.axes_attempt_time = now()  # type: ignore[attr-defined]
    attempt.axes_ip_address, attempt.axes_user_agent, attempt.axes_http_accept = "0.0.0.0", "", ""  # type: ignore[attr-defined]
    attempt.counted_under = key  # type: ignore[attr-defined]
    return attempt


def counted_under(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """For django-axes: the name of the counter of this request."""
    return getattr(request, "counted_under", None) or key_for((credentials or {}).get("username") or "")[0]


def attempts(key: str) -> AccessAttempt | None:
    since = now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(username=key, attempt_time__gt=since).order_by("-failures_since_start").first()


def locked_until(key: str) -> datetime | None:
    """Until when this counter keeps the door shut, None when it is open."""
    row = attempts(key)
    return row.attempt_time + settings.AXES_COOLOFF_TIME if row and row.failures_since_start >= settings.AXES_FAILURE_LIMIT else None


def refuse_if_locked(key: str) -> None:
    """Raises Refused, with a sentence that says until when and who can help."""
    until = locked_until(key)
    if until:
        raise Refused(
            "sign_in.locked",
            _("连错 %(times)d 次，登录停到 %(until)s。等不及的话，请社区书记或区管理员在“人员”里解锁。")
            % {"times": settings.AXES_FAILURE_LIMIT, "until": f"{timezone.localtime(until):%H:%M}"},
            status=429,
        )


def count_failure(key: str) -> None:
    """One more wrong code or password that `authenticate` has not counted itself."""
    AxesProxyHandler.user_login_failed(sender=None, credentials={"username": key}, request=bare_attempt(key))


def refuse_failure(key: str, person: Person | None, sentence: str, field: str | None) -> None:
    """Write a counted failure to the ledger, without what was typed, and refuse: with `sentence`, or because the door is shut now."""
    with transaction.atomic():
        record(actor=None, verb="person.sign_in_failed", target=person)
        if locked_until(key):
            record(actor=None, verb="person.locked", target=person)
    refuse_if_locked(key)
    row = attempts(key)
    left = settings.AXES_FAILURE_LIMIT - (row.failures_since_start if row else 0)
    if left <= 2:
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        sentence += _("再错 %(left)d 次，登录要停 %(minutes)d 分钟。") % {"left": left, "minutes": minutes}
    raise Refused("sign_in.wrong", sentence, field=field, status=422)


@transaction.atomic
def unlock_person(*, actor: Person, person_id: int) -> Person:
    """Open the door again for somebody who mistyped too often."""
    require(actor, "people.unlock_person")
    person = one(visible_persons(actor, "people.unlock_person"), person_id)
    if not locked_until(key_of(person)):
        raise Refused("person.not_locked", _("%(name)s 没有被锁，可以登录。") % {"name": person.name})
    AccessAttempt.objects.filter(username=key_of(person)).delete()
    record(actor=actor, verb="person.unlocked", target=person)
    return person
