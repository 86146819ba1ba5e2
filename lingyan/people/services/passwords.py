"""Passwords are set here and nowhere else."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.models import FormerPassword, Person
from lingyan.people.services.locks import count_failure, key_of, refuse_failure, refuse_if_locked
from lingyan.people.services.sessions import end_other_sessions, renew_session

KEPT = 5
LONGEST = 256


def set_password(*, person: Person, password: str) -> None:
    """Set a password that satisfies the rules, keep the hash of the old one, and write it to the ledger."""
    keep_password(person=person, hash=hash_of(person, password))


def hash_of(person: Person, password: str) -> str:
    """The hash of a password that satisfies the rules, or Refused. It takes a tenth of a second and more: call it before the write transaction."""
    if len(password) > LONGEST:
        raise Refused("password.long", _("密码最多 %(most)d 个字符。") % {"most": LONGEST}, field="password")
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("password.weak", " ".join(error.messages), field="password") from error
    return make_password(password)


@transaction.atomic
def keep_password(*, person: Person, hash: str) -> None:
    """Put a hash made by `hash_of` in the place of the old one, which is kept for a while so that it is not taken again."""
    if person.has_usable_password():
        FormerPassword.objects.create(person=person, hash=person.password, replaced_at=now())
        kept = person.former_passwords.order_by("-replaced_at", "-pk").values_list("pk", flat=True)[:KEPT]
        person.former_passwords.exclude(pk__in=list(kept)).delete()
    person.password = hash
    person.save(update_fields=["password"])
    record(actor=person, verb="person.password_set", target=person)


def check_own_password(*, person: Person, password: str, field: str = "current") -> None:
    """Somebody signed in shows that it is they. A wrong password counts as one at the door does."""
    key = key_of(person)
    refuse_if_locked(key)
    if len(password) > LONGEST or not person.check_password(password):
        count_failure(key)
        refuse_failure(key, person, _("现在的密码不对。"), field)


def change_password(*, request: HttpRequest, person: Person, current: str, password: str) -> int:
    """Change one's own password, keep this session, end all others, and say how many they were."""
    check_own_password(person=person, password=current)
    hash = hash_of(person, password)
    with transaction.atomic():
        keep_password(person=person, hash=hash)
        renew_session(request=request, person=person)
        return end_other_sessions(actor=person, session_key=request.session.session_key)
