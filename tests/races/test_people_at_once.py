"""Appointing, inviting and registering at the same moment."""

from __future__ import annotations

import pytest

from lingyan.kernel.refusals import Refused
from lingyan.ledger.models import Entry
from lingyan.people.models import Membership, Role, ScopeKind
from lingyan.people.services import end_membership, grant_membership, invite, redeem_invitation
from lingyan.people.services.invitations import digest_of
from lingyan.registry.models import Enterprise, EnterpriseContact
from lingyan.registry.services import register_contact, register_enterprise
from tests.cast import CODES
from tests.races.conftest import at_once

pytestmark = pytest.mark.postgres
AGAIN = pytest.mark.parametrize("attempt", range(3))


def codes(results) -> list[str]:
    return [result.code for result in results if isinstance(result, Refused)]


@AGAIN
def test_the_same_role_given_twice_at_once_is_held_once(cast, attempt):
    words = {"person": cast.worker, "role": Role.VOLUNTEER, "scope_kind": ScopeKind.COMMUNITY, "scope_id": cast.lingfeng.pk}
    before = Entry.objects.filter(verb="membership.granted").count()

    results = at_once(*[lambda actor=actor: grant_membership(actor=actor, **words) for actor in (cast.secretary, cast.administrator)])

    assert codes(results) == []
    assert len({result.pk for result in results}) == 1
    assert Entry.objects.filter(verb="membership.granted").count() == before + 1


@AGAIN
def test_a_role_ended_twice_at_once_ends_once(cast, attempt):
    membership = Membership.objects.get(person=cast.volunteer)

    results = at_once(*[lambda actor=actor: end_membership(actor=actor, membership_id=membership.pk) for actor in (cast.secretary, cast.administrator)])

    assert codes(results) == ["membership.ended"]
    assert Entry.objects.filter(verb="membership.ended").count() == 1


@AGAIN
def test_a_link_used_twice_at_once_opens_once(cast, attempt):
    digest = digest_of(invite(actor=cast.secretary, person=cast.volunteer))

    results = at_once(*[lambda password=password: redeem_invitation(digest=digest, password=password) for password in ("Goose-fly-2026", "Swan-fly-2027")])

    assert codes(results) == ["invitation.used"]


@AGAIN
def test_the_same_enterprise_registered_twice_at_once_is_there_once(cast, attempt):
    words = {"community_id": cast.lingfeng.pk, "name": "宁波新来有限公司", "short_name": "新来", "credit_code": CODES[3]}

    results = at_once(*[lambda actor=actor: register_enterprise(actor=actor, **words) for actor in (cast.secretary, cast.social_worker)])

    assert codes(results) == ["enterprise.known"]
    assert Enterprise.objects.filter(credit_code=CODES[3]).count() == 1


@AGAIN
def test_the_same_contact_written_down_twice_at_once_is_there_once(cast, attempt):
    """The second is told that the number is registered already, or finds the contact there."""
    words = {"enterprise_id": cast.lanshi.pk, "name": "吕平", "mobile": "13911112222", "capacity": "owner"}

    results = at_once(*[lambda actor=actor: register_contact(actor=actor, **words) for actor in (cast.secretary, cast.social_worker)])

    assert set(codes(results)) <= {"contact.known_mobile", "mobile.taken"}
    assert EnterpriseContact.objects.filter(enterprise=cast.lanshi, capacity="owner").count() == 1
