"""The second step: a code from an authenticator app, or one of ten recovery codes (allauth.mfa keeps the secrets)."""

from __future__ import annotations

import unicodedata

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person
from lingyan.people.services.persons import managed_person

LAST_STEP = "last_step"


def has_totp(person: Person) -> bool:
    """Whether this person is asked for a code after the password."""
    return Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).exists()


def new_secret() -> str:
    return generate_totp_secret()


def typed(code: str) -> str:
    """The digits of a code as somebody types it: full width, with blanks or hyphens."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", code) if letter.isascii() and letter.isalnum())[:20]


def step_of(secret: str, code: str) -> int | None:
    """The step of time whose code this is: the present one, or one before or after for a clock that is not quite right. None when it is no code."""
    present = int(now().timestamp()) // app_settings.TOTP_PERIOD
    for step in range(present - app_settings.TOTP_TOLERANCE, present + app_settings.TOTP_TOLERANCE + 1):
        if secret and constant_time_compare(format_hotp_value(hotp_value(secret, step)), code):
            return step
    return None


@transaction.atomic
def enable_totp(*, actor: Person, secret: str, code: str) -> list[str]:
    """Turn the second step on once the app shows the right code, and return the recovery codes."""
    Person.objects.select_for_update().get(pk=actor.pk)
    if has_totp(actor):
        raise Refused("totp.on", _("动态验证码已经开着了。"))
    step = step_of(secret, typed(code))
    if step is None:
        raise Refused("totp.code", _("验证码不对。请看手机上最新的六位数；总不对，多半是手机时间不准。"), field="code")
    authenticator = TOTP.activate(actor, secret).instance
    authenticator.data[LAST_STEP] = step
    authenticator.save(update_fields=["data"])
    record(actor=actor, verb="person.totp_added", target=actor)
    return fresh_codes(actor)


def fresh_codes(person: Person) -> list[str]:
    Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(person).generate_codes()


@transaction.atomic
def renew_recovery_codes(*, actor: Person) -> list[str]:
    """Ten new recovery codes; the old ones no longer hold."""
    if not has_totp(actor):
        raise Refused("totp.off", _("还没有开动态验证码。"))
    record(actor=actor, verb="person.recovery_codes_renewed", target=actor)
    return fresh_codes(actor)


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes have not been used."""
    row = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(row).get_unused_codes()) if row else 0


@transaction.atomic
def use_code(*, person: Person, code: str) -> bool:
    """Whether this is a code of the app or an unused recovery code; either can be used once."""
    code = typed(code)
    totp = Authenticator.objects.select_for_update(of=("self",)).filter(user_id=person.pk, type=Authenticator.Type.TOTP).first()
    if totp is None or not code:
        return False
    step = step_of(decrypt(totp.data["secret"]), code)
    if step is not None:
        if step <= totp.data.get(LAST_STEP, -1):
            return False  # seen before: somebody may have looked over the shoulder
        totp.data[LAST_STEP] = step
        totp.last_used_at = now()
        totp.save(update_fields=["data", "last_used_at"])
        return True
    codes = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return codes is not None and RecoveryCodes(codes).validate_code(code)


@transaction.atomic
def disable_totp(*, actor: Person) -> None:
    """Turn one's own second step off; the password has been asked for."""
    if not has_totp(actor):
        raise Refused("totp.off", _("还没有开动态验证码。"))
    Authenticator.objects.filter(user_id=actor.pk).delete()
    record(actor=actor, verb="person.totp_removed", target=actor)


@transaction.atomic
def remove_totp_of(*, actor: Person, person_id: int) -> Person:
    """Take the second step off for somebody who lost phone and recovery codes."""
    person = managed_person(actor, person_id, "people.unlock_person")
    if not has_totp(person):
        raise Refused("totp.off", _("%(name)s 没有开动态验证码。") % {"name": person.name})
    Authenticator.objects.filter(user_id=person.pk).delete()
    record(actor=actor, verb="person.totp_removed", target=person)
    return person
