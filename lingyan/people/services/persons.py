"""Persons come into being, are shut out and let in again, and a masked number is shown for a reason."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from lingyan.kernel.access import one, require
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.access import manages, visible_persons
from lingyan.people.identifiers import checked_name, normalized_mobile, normalized_username
from lingyan.people.models import Person
from lingyan.people.services.memberships import grant_membership
from lingyan.people.services.sessions import end_all_sessions

LONGEST_REASON = 200


def builtin_person(which: str) -> Person:
    """The built-in person 系统 or 匿名, made at first need; the name is Chinese, whatever the language of the page that needs them first."""
    with override(settings.LANGUAGE_CODE):
        name = str(Person.Builtin(which).label)
    person, _made = Person.objects.get_or_create(builtin=which, defaults={"name": name, "created_at": now(), "password": "!"})
    return person


def create_person(
    *, actor: Person, name: str, username: str | None = None, mobile: str | None = None, password: str | None = None, is_persona: bool = False
) -> Person:
    """Make a person. Without a password they cannot sign in until they follow an invitation.

    Raises Refused when the name is empty or too long, or the user name or mobile number is taken or malformed.
    """
    if actor.builtin != Person.Builtin.SYSTEM:
        require(actor, "people.add_person")
    person = Person(
        name=checked_name(name),
        username=normalized_username(username) if username and username.strip() else None,
        mobile=normalized_mobile(mobile) if mobile and mobile.strip() else None,
        created_at=now(),
        is_persona=is_persona,
    )
    if password:
        person.set_password(password)  # slow on purpose, so before the transaction, which would keep everybody else from writing
    else:
        person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
            record(actor=actor, verb="person.created", target=person, fields={"name": person.name})
    except IntegrityError as error:
        taken = "username" if Person.objects.filter(username=person.username).exclude(username=None).exists() else "mobile"
        sentence = _("用户名“%(value)s”已有人用，请换一个。") if taken == "username" else _("手机号 %(value)s 已登记在别人名下，请核对。")
        raise Refused(f"{taken}.taken", sentence % {"value": getattr(person, taken)}, field=taken) from error
    return person


@transaction.atomic
def add_person(
    *, actor: Person, name: str, role: str, scope_kind: str, scope_id: int, username: str | None = None, mobile: str | None = None, title: str = ""
) -> Person:
    """Make a person together with their first role, within what `actor` may appoint; without a role nobody would see them."""
    if not (username or "").strip() and not (mobile or "").strip():
        raise Refused("person.no_identifier", _("手机号和用户名至少填一个，登录时要用。"), field="mobile")
    person = create_person(actor=actor, name=name, username=username, mobile=mobile)
    grant_membership(actor=actor, person=person, role=role, scope_kind=scope_kind, scope_id=scope_id, title=title)
    return person


def managed_person(actor: Person, person_id: int, permission: str) -> Person:
    """The person, if `actor` holds the permission over them and could have appointed them to everything they are."""
    require(actor, permission)
    person = one(visible_persons(actor, permission).select_for_update(of=("self",)), person_id)
    if person.pk == actor.pk:
        raise Refused("person.self", _("这件事不能对自己办，请另一位有权的人来办。"))
    if not manages(actor, person):
        raise Refused("person.beyond", _("%(name)s 还有您管不到的身份，请区管理员来办。") % {"name": person.name}, status=403)
    return person


@transaction.atomic
def disable_person(*, actor: Person, person_id: int) -> Person:
    """Shut a person out at once: no sign-in, no session, no link; what they did stays theirs."""
    person = managed_person(actor, person_id, "people.grant_membership")
    if not person.is_active:
        raise Refused("person.disabled", _("%(name)s 已经停用了。") % {"name": person.name})
    person.is_active = False
    person.save(update_fields=["is_active"])
    person.invitations.filter(used_at=None, expires_at__gt=now()).update(expires_at=now())
    end_all_sessions(person)
    record(actor=actor, verb="person.disabled", target=person)
    return person


@transaction.atomic
def enable_person(*, actor: Person, person_id: int) -> Person:
    """Let a disabled person in again, with the roles and the password they had."""
    person = managed_person(actor, person_id, "people.grant_membership")
    if person.is_active:
        raise Refused("person.enabled", _("%(name)s 没有停用。") % {"name": person.name})
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(actor=actor, verb="person.enabled", target=person)
    return person


@transaction.atomic
def reveal_mobile(*, person_id: int, actor: Person, reason: str) -> str:
    """The whole mobile number of a person whom `actor` may see, for a written reason that leaves a trace."""
    require(actor, "people.reveal_mobile")
    person = one(visible_persons(actor, "people.reveal_mobile"), person_id)
    reason = reason.strip()
    if len(reason) < 2:
        raise Refused("reason.empty", _("请写一句为什么要看，会留下记录。"), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused("reason.long", _("理由最多 %(most)d 个字，现在有 %(length)d 个。") % {"most": LONGEST_REASON, "length": len(reason)}, field="reason")
    record(actor=actor, verb="person.mobile_revealed", target=person, fields={"reason": reason})
    return person.mobile or ""
