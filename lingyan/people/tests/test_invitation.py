"""Invitations: a link for one person, once, for three days; nobody makes a way to power that is not theirs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.kernel import clock
from lingyan.ledger.models import Entry
from lingyan.people.models import Invitation, Role, ScopeKind
from lingyan.people.services import disable_person, invite
from lingyan.people.tests.conftest import with_password

NEW = "Wild-goose-77"


def open_link(client, secret):
    return client.get(reverse("people:invitation", args=[secret]), follow=True)


def set_by_link(client, secret, password=NEW, again=None):
    open_link(client, secret)
    return client.post("/people/invitation/", {"password": password, "again": again or password})


def test_a_link_lets_its_person_set_a_password_and_leads_home(client, system, contact):
    secret = invite(actor=system, person=contact)

    page = open_link(client, secret)
    response = client.post("/people/invitation/", {"password": NEW, "again": NEW})

    assert page.status_code == 200 and "沈洁，您好" in page.content.decode()
    assert response["Location"] == "/" and client.session["_auth_user_id"] == str(contact.pk)
    contact.refresh_from_db()
    assert contact.check_password(NEW)
    assert Entry.objects.filter(verb="person.password_set", target_id=contact.pk, via="link").exists()


def test_the_secret_is_out_of_the_address_before_anything_is_shown(client, system, contact):
    secret = invite(actor=system, person=contact)

    response = client.get(reverse("people:invitation", args=[secret]))

    assert response["Location"] == "/people/invitation/" and response["Referrer-Policy"] == "no-referrer"
    assert secret not in client.get("/people/invitation/").content.decode()
    assert not Invitation.objects.filter(digest__contains=secret).exists()


def test_a_link_holds_once(client, system, contact):
    secret = invite(actor=system, person=contact)
    set_by_link(client, secret)

    page = open_link(Client(), secret)

    assert page.status_code == 409 and "已经用过了" in page.content.decode()
    assert set_by_link(Client(), secret, "Other-goose-88").status_code == 409
    contact.refresh_from_db()
    assert contact.check_password(NEW)


def test_a_link_holds_three_days(client, system, contact):
    secret = invite(actor=system, person=contact)

    with clock.at(clock.now() + timedelta(days=3, seconds=1)):
        page = open_link(client, secret)

    assert page.status_code == 409 and "过期了" in page.content.decode()


def test_a_wrong_link_gets_a_sentence(client, db):
    page = open_link(client, "nothing")

    assert page.status_code == 404 and "这个链接不对" in page.content.decode()


def test_a_new_link_ends_the_one_before(client, system, contact):
    first = invite(actor=system, person=contact)
    invite(actor=system, person=contact)

    assert open_link(client, first).status_code == 409


def test_a_weak_password_leaves_the_link_as_it_was(client, system, contact):
    secret = invite(actor=system, person=contact)

    response = set_by_link(client, secret, "weak")

    assert response.status_code == 422
    contact.refresh_from_db()
    assert not contact.has_usable_password() and Invitation.objects.get().used_at is None
    assert set_by_link(client, secret).status_code == 302


def test_a_link_for_somebody_disabled_holds_no_longer(client, cast, administrator, contact):
    secret = invite(actor=cast.system, person=contact)
    disable_person(actor=cast.secretary, person_id=contact.pk)

    assert open_link(client, secret).status_code in {404, 409}


def test_a_new_password_by_link_ends_all_sessions(client, system, social_worker):
    client.post("/people/sign-in/", {"username": "zhoujing", "password": "Geese-fly-2026"})
    secret = invite(actor=system, person=social_worker)

    set_by_link(Client(), secret)

    assert client.get("/people/me/").status_code == 302


def test_a_new_password_by_link_opens_a_locked_door(client, system, social_worker):
    for _time in range(5):
        client.post("/people/sign-in/", {"username": "zhoujing", "password": "wrong"})
    secret = invite(actor=system, person=social_worker)

    set_by_link(client, secret)

    assert Client().post("/people/sign-in/", {"username": "zhoujing", "password": NEW}).status_code == 302


def test_the_page_shows_link_and_picture_once(client, social_worker, contact):
    client.force_login(social_worker)

    page = client.post(reverse("people:invite", args=[contact.pk])).content.decode()
    address = re.search(r"http://testserver(/people/invitation/[\w-]+/)", page)

    assert address and "<svg" in page
    assert Client().get(address[1]).status_code == 302
    assert address[1] not in client.get(reverse("people:detail", args=[contact.pk])).content.decode()
    assert Entry.objects.filter(verb="person.invited", actor_id=social_worker.pk, target_id=contact.pk).exists()


@pytest.mark.parametrize("whom", ["secretary", "second_worker", "administrator", "outsider", "elsewhere"])
def test_nobody_makes_a_way_to_power_that_is_not_theirs(client, cast, make_person, whom):
    actor = with_password(cast.social_worker)
    person = make_person("两处", Role.ENTERPRISE_CONTACT, ScopeKind.ENTERPRISE, cast.elsewhere.pk) if whom == "elsewhere" else getattr(cast, whom)
    client.force_login(actor)

    response = client.post(reverse("people:invite", args=[person.pk]))

    assert response.status_code in {403, 404}
    assert not Invitation.objects.exists() and not Entry.objects.filter(verb="person.invited").exists()


def test_a_contact_with_another_role_elsewhere_is_beyond_the_social_worker(client, cast, make_person):
    person = make_person("两处", Role.ENTERPRISE_CONTACT, ScopeKind.ENTERPRISE, cast.lanshi.pk)
    from lingyan.people.services import grant_membership

    grant_membership(actor=cast.system, person=person, role=Role.ENTERPRISE_CONTACT, scope_kind=ScopeKind.ENTERPRISE, scope_id=cast.elsewhere.pk)
    client.force_login(cast.social_worker)

    response = client.post(reverse("people:invite", args=[person.pk]))

    assert response.status_code == 403 and "区管理员" in response.content.decode()
    assert not Invitation.objects.exists()


def test_with_a_second_step_the_link_is_not_enough(client, system, social_worker):
    from lingyan.people.tests.test_totp import turn_on

    turn_on(social_worker)
    secret = invite(actor=system, person=social_worker)

    response = set_by_link(client, secret)

    assert response["Location"] == "/people/sign-in/code/"
    assert "_auth_user_id" not in client.session
