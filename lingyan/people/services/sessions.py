"""Where somebody is signed in: begun, seen, ended one by one or all (allauth.usersessions keeps the list)."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from lingyan.kernel.access import one
from lingyan.kernel.clock import now
from lingyan.ledger.services import record
from lingyan.people.models import Person
from lingyan.people.services.locks import key_of

SEEN = "seen_at"
NOWHERE = "0.0.0.0"
BACKEND = "lingyan.people.backends.NameOrMobileBackend"


def address_of(request: HttpRequest) -> str:
    """The network address of the browser; behind a proxy (LINGYAN_PROXY) what the proxy says. Personas are shared by strangers: none is kept for them."""
    if settings.DEMONSTRATION:
        return NOWHERE
    said = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        said = request.META.get("HTTP_X_FORWARDED_FOR", said).rpartition(",")[2].strip() or said
    with suppress(ValueError):
        return str(ipaddress.ip_address(said))
    return NOWHERE


def start_session(*, request: HttpRequest, person: Person) -> None:
    """Sign a person in on this browser, whose right to it has been checked, and write it to the ledger."""
    request.counted_under = key_of(person)  # type: ignore[attr-defined]  # django-axes forgets what was counted under this name
    with transaction.atomic():
        UserSession.objects.filter(session_key=request.session.session_key).delete()  # whoever was signed in on this browser before
        auth.login(request, person, backend=BACKEND)
        touch_session(request)
        record(actor=person, verb="person.signed_in", target=person)


def touch_session(request: HttpRequest) -> None:
    """Note that this session is in use."""
    request.session[SEEN] = int(now().timestamp())
    if request.session.session_key is None:
        request.session.save()
    seen = {"last_seen_at": now(), "ip": address_of(request), "user_agent": request.META.get("HTTP_USER_AGENT", "")[:200], "user_id": request.user.pk}
    if not UserSession.objects.filter(session_key=request.session.session_key).update(**seen):
        UserSession.objects.get_or_create(session_key=request.session.session_key, defaults=seen | {"created_at": now()})


def renew_session(*, request: HttpRequest, person: Person) -> None:
    """Keep this session through a change of password: a new key, the same place in the list."""
    before = request.session.session_key
    auth.update_session_auth_hash(request, person)
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    touch_session(request)


def leave(*, request: HttpRequest, idle: bool = False) -> None:
    """Sign out on this browser, on one's own wish or after a long silence."""
    person = request.user
    with transaction.atomic():
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        auth.logout(request)
        record(actor=None if idle else person, verb="person.signed_out", target=person)


def sessions_of(person: Person) -> QuerySet[UserSession]:
    return UserSession.objects.filter(user_id=person.pk).order_by("-last_seen_at", "-pk")


def present_sessions(person: Person) -> list[UserSession]:
    """Where this person is signed in now, last seen first; rows whose session is gone are swept away."""
    rows = list(sessions_of(person))
    gone = [row.pk for row in rows if not row.exists()]
    if gone:
        UserSession.objects.filter(pk__in=gone).delete()
    return [row for row in rows if row.pk not in gone]


@transaction.atomic
def end_session(*, actor: Person, session_id: int) -> None:
    """End one of one's own sessions: that browser is out at its next request."""
    row = one(sessions_of(actor), session_id)
    row.end()
    record(actor=actor, verb="person.session_revoked", target=actor)


@transaction.atomic
def end_other_sessions(*, actor: Person, session_key: str | None) -> int:
    """End all of one's own sessions but the present one, and say how many there were."""
    rows = list(sessions_of(actor).exclude(session_key=session_key))
    for row in rows:
        row.end()
        record(actor=actor, verb="person.session_revoked", target=actor)
    return len(rows)


def end_all_sessions(person: Person) -> None:
    """End every session of a person (shut out, or a new password by link)."""
    for row in sessions_of(person):
        row.end()
