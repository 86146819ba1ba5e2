"""Signing in: password, then a code where one is asked for; in the demonstration, one tap."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.people.models import Person
from lingyan.people.services.locks import bare_attempt, count_failure, key_for, key_of, refuse_failure, refuse_if_locked
from lingyan.people.services.passwords import LONGEST
from lingyan.people.services.sessions import start_session
from lingyan.people.services.totp import has_totp, use_code

PENDING = "sign_in_pending"
MINUTES_FOR_CODE = 10


def sign_in(*, request: HttpRequest, identifier: str, password: str) -> bool:
    """Sign in with user name or mobile number and password. True when done, False when the code is still to come.

    Raises Refused, in the same words whether the person exists or not.
    """
    key, known = key_for(identifier)
    refuse_if_locked(key)
    person = authenticate(bare_attempt(key), username=identifier, password=password[: LONGEST + 1])
    if person is None:
        refuse_failure(key, known, _("用户名、手机号或密码不对。"), None)
    assert isinstance(person, Person)
    return start_or_ask_code(request=request, person=person)


def start_or_ask_code(*, request: HttpRequest, person: Person) -> bool:
    """Begin the session of somebody whose password is right, or remember that the code is still to come."""
    if not has_totp(person):
        start_session(request=request, person=person)
        return True
    request.session.cycle_key()
    request.session[PENDING] = {"person": person.pk, "password": person.get_session_auth_hash(), "at": int(now().timestamp())}
    return False


def person_awaiting_code(request: HttpRequest) -> Person | None:
    """Who has given the right password on this browser a moment ago and still owes the code."""
    pending = request.session.get(PENDING) or {}
    if int(now().timestamp()) - pending.get("at", 0) > MINUTES_FOR_CODE * 60:
        return None
    person = Person.objects.filter(pk=pending.get("person"), is_active=True).first()
    return person if person and constant_time_compare(person.get_session_auth_hash(), pending["password"]) else None


def sign_in_with_code(*, request: HttpRequest, code: str) -> Person:
    """Finish signing in with a code of the app or a recovery code. A wrong one counts as a wrong password does."""
    person = person_awaiting_code(request)
    if person is None:
        raise Refused("sign_in.too_late", _("等得太久了，请从密码重新开始。"))
    key = key_of(person)
    refuse_if_locked(key)
    if not use_code(person=person, code=code):
        count_failure(key)
        refuse_failure(key, person, _("验证码不对。请看手机上最新的六位数，或用一个没用过的恢复码。"), "code")
    request.session.pop(PENDING, None)
    start_session(request=request, person=person)
    return person


def sign_in_as_persona(*, request: HttpRequest, person_id: int) -> Person:
    """One tap of the demonstration; anywhere else there is no such thing."""
    person = Person.objects.filter(pk=person_id, is_persona=True, is_active=True).first() if settings.DEMONSTRATION else None
    if person is None:
        raise Http404
    start_session(request=request, person=person)
    return person
