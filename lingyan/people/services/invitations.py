"""One-time links: how a person without a password comes in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record, via
from lingyan.people.models import Invitation, Person
from lingyan.people.services.passwords import hash_of, keep_password
from lingyan.people.services.persons import managed_person
from lingyan.people.services.sessions import end_all_sessions

VALID_FOR = timedelta(days=3)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(*, actor: Person, person: Person) -> str:
    """Make a link secret for a person, end the earlier ones, and return it once; only its digest is kept.

    Raises Refused when the person is something that `actor` may not appoint: the link would be a way to power that is not theirs.
    """
    if actor.builtin != Person.Builtin.SYSTEM:
        person = managed_person(actor, person.pk, "people.add_person")
    if not person.is_active:
        raise Refused("person.disabled", _("%(name)s 停用着，先恢复再发邀请。") % {"name": person.name})
    person.invitations.filter(used_at=None, expires_at__gt=now()).update(expires_at=now())
    secret = secrets.token_urlsafe(24)
    Invitation.objects.create(person=person, digest=digest_of(secret), created_by=actor, created_at=now(), expires_at=now() + VALID_FOR)
    record(actor=actor, verb="person.invited", target=person)
    return secret


def open_invitation(digest: str, *, for_update: bool = False) -> Invitation:
    """The invitation behind a link (`digest_of` its secret) that still holds, or Refused with a sentence."""
    rows = Invitation.objects.select_related("person")
    invitation = (rows.select_for_update(of=("self",)) if for_update else rows).filter(digest=digest).first()
    if invitation is None or not invitation.person.is_active:
        raise Refused("invitation.unknown", _("这个链接不对，请找给您链接的人再要一个。"), status=404)
    if invitation.used_at:
        raise Refused("invitation.used", _("这个链接已经用过了。如果不是您用的，请马上告诉社区。"))
    if invitation.expires_at <= now():
        raise Refused("invitation.expired", _("这个链接过期了，请找给您链接的人再要一个。"))
    return invitation


def redeem_invitation(*, digest: str, password: str) -> Person:
    """Use a link once: set the password of the person it names, and end whatever sessions there were."""
    hash = hash_of(open_invitation(digest).person, password)
    with transaction.atomic(), via("link"):
        invitation = open_invitation(digest, for_update=True)
        keep_password(person=invitation.person, hash=hash)
        end_all_sessions(invitation.person)
        invitation.used_at = now()
        invitation.save(update_fields=["used_at"])
    return invitation.person
