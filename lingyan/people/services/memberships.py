"""Appointing: who gives whom which role over which scope."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lingyan.kernel.access import one
from lingyan.kernel.clock import now
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.access import grantor_scopes, may_appoint, visible_memberships
from lingyan.people.models import Membership, Person, Role, ScopeKind

LONGEST_TITLE = 40


def appointable_roles(actor: Person) -> list[Role]:
    """The roles this person may give to others, in the order of the table."""
    return [role for role in Role if grantor_scopes(actor, role)]


@transaction.atomic
def grant_membership(*, actor: Person, person: Person, role: str, scope_kind: str, scope_id: int, title: str = "") -> Membership:
    """Give `person` a role over a scope; the same again changes nothing.

    Raises Refused when the grantor would grant beyond their own roles or scope, or would appoint themselves.
    """
    role, scope_kind, title = Role(role), ScopeKind(scope_kind), title.strip()
    if len(title) > LONGEST_TITLE:
        raise Refused("membership.title", _("职务最多 %(most)d 个字，现在有 %(length)d 个。") % {"most": LONGEST_TITLE, "length": len(title)}, field="title")
    if actor.builtin != Person.Builtin.SYSTEM:
        if person.pk == actor.pk:
            raise Refused("membership.self", _("不能给自己授予身份，请另一位有权的人来办。"))
        if not grantor_scopes(actor, role):
            raise Refused("membership.role", _("您的身份不能授予“%(role)s”。") % {"role": role.label}, field="role", status=403)
        if not may_appoint(actor, role, scope_kind, scope_id):
            raise Refused("membership.scope", _("授予的范围超出了您自己的范围。"), field="scope", status=403)
    membership, made = Membership.objects.get_or_create(
        person=person,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        ended_at=None,
        defaults={"title": title, "granted_by": actor, "started_at": now()},
    )
    if made:
        person.forget_memberships()
        record(actor=actor, verb="membership.granted", target=membership, fields={"role": role, "scope": f"{scope_kind}:{scope_id}"})
    return membership


@transaction.atomic
def end_membership(*, actor: Person, membership_id: int) -> Membership:
    """End a role; the person keeps their account and other roles."""
    membership = one(visible_memberships(actor).select_for_update(of=("self",)), membership_id)
    if not may_appoint(actor, membership.role, membership.scope_kind, membership.scope_id):
        raise Refused("membership.role", _("您的身份不能结束“%(role)s”。") % {"role": membership.get_role_display()}, status=403)
    if membership.person_id == actor.pk:
        raise Refused("membership.self", _("不能结束自己的身份，请另一位有权的人来办。"))
    if membership.ended_at is not None:
        raise Refused("membership.ended", _("这个身份已经结束了。"))
    membership.ended_at = now()
    membership.save(update_fields=["ended_at"])
    record(actor=actor, verb="membership.ended", target=membership, fields={"role": membership.role})
    return membership
