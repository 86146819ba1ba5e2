"""The second step: turned on with a code, asked at the door, used once, taken off with the password or by somebody who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from lingyan.kernel import clock
from lingyan.ledger.models import Entry
from lingyan.people.services import enable_totp
from lingyan.people.services.totp import has_totp, new_secret, recovery_codes_left, use_code
from lingyan.people.tests.conftest import PASSWORD

TOTP = "/people/me/totp/"


def code_at(secret, moment=None):
    return format_hotp_value(hotp_value(secret, int((moment or clock.now()).timestamp()) // 30))


def turn_on(person):
    """Turn the second step on a minute ago, so that the present code has not been used."""
    secret = new_secret()
    with clock.at(clock.now() - timedelta(minutes=2)):
        return secret, enable_totp(actor=person, secret=secret, code=code_at(secret))


def password_given(client):
    return client.post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD, "next": "/people/me/"})


def give_code(client, code, page="/people/me/"):
    return client.post("/people/sign-in/code/", {"code": code, "next": page})


def is_in(client):
    return "_auth_user_id" in client.session


def test_turned_on_with_code_and_password(client, social_worker):
    client.force_login(social_worker)
    page = client.get(TOTP).content.decode()
    secret = client.session["totp_secret"]

    response = client.post(TOTP, {"current": PASSWORD, "code": code_at(secret)})

    assert "<svg" in page and secret[:4] in page
    assert has_totp(social_worker) and "恢复码" in response.content.decode()
    assert "totp_secret" not in client.session and recovery_codes_left(social_worker) == 10
    assert Entry.objects.filter(verb="person.totp_added", actor_id=social_worker.pk).exists()
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("current, code", [(PASSWORD, "000000"), ("wrong", None)])
def test_a_wrong_code_or_password_turns_nothing_on(client, social_worker, current, code):
    client.force_login(social_worker)
    client.get(TOTP)
    secret = client.session["totp_secret"]

    response = client.post(TOTP, {"current": current, "code": code or code_at(secret)})

    assert response.status_code == 422 and client.session["totp_secret"] == secret
    assert not Authenticator.objects.exists() and not Entry.objects.filter(verb="person.totp_added").exists()


def test_the_door_asks_for_the_code_and_leads_on(client, social_worker):
    secret, _codes = turn_on(social_worker)

    response = password_given(client)
    assert response["Location"] == "/people/sign-in/code/?next=%2Fpeople%2Fme%2F" and not is_in(client)
    assert client.get("/people/me/").status_code == 302

    assert give_code(client, " " + code_at(secret)[:3] + " " + code_at(secret)[3:])["Location"] == "/people/me/"
    assert is_in(client) and "sign_in_pending" not in client.session


def test_a_code_is_used_once(client, social_worker):
    secret, _codes = turn_on(social_worker)
    code = code_at(secret)
    assert use_code(person=social_worker, code=code)

    assert not use_code(person=social_worker, code=code)


def test_a_clock_half_a_minute_wrong_is_forgiven_and_no_more(social_worker):
    secret, _codes = turn_on(social_worker)

    assert not use_code(person=social_worker, code=code_at(secret, clock.now() - timedelta(seconds=65)))
    assert not use_code(person=social_worker, code=code_at(secret, clock.now() + timedelta(seconds=65)))
    assert use_code(person=social_worker, code=code_at(secret, clock.now() + timedelta(seconds=30)))


def test_a_recovery_code_opens_once(client, social_worker):
    _secret, codes = turn_on(social_worker)
    password_given(client)

    assert give_code(client, codes[3]).status_code == 302 and recovery_codes_left(social_worker) == 9

    again = Client()
    password_given(again)
    assert give_code(again, codes[3]).status_code == 422 and not is_in(again)


def test_wrong_codes_count_with_wrong_passwords(client, social_worker):
    secret, _codes = turn_on(social_worker)
    for _time in range(2):
        client.post("/people/sign-in/", {"username": "zhoujing", "password": "wrong"})
    password_given(client)
    for _time in range(3):
        response = give_code(client, "000000")

    assert response.status_code == 429
    assert give_code(client, code_at(secret)).status_code == 429 and not is_in(client)
    assert Entry.objects.filter(verb="person.locked", target_id=social_worker.pk).count() == 1


def test_the_right_password_alone_forgets_no_failures(client, social_worker):
    turn_on(social_worker)
    password_given(client)
    for _time in range(4):
        give_code(client, "000000")
        password_given(client)

    assert give_code(client, "000000").status_code == 429


def test_without_a_password_given_there_is_no_page_for_codes(client, social_worker):
    assert client.get("/people/sign-in/code/")["Location"] == "/people/sign-in/"
    assert client.post("/people/sign-in/code/", {"code": "1"})["Location"] == "/people/sign-in/"


def test_a_password_given_ten_minutes_ago_is_forgotten(client, social_worker):
    secret, _codes = turn_on(social_worker)
    password_given(client)

    with clock.at(clock.now() + timedelta(minutes=11)):
        assert give_code(client, code_at(secret)).status_code == 302
    assert not is_in(client)


def test_turned_off_with_the_password(client, social_worker):
    turn_on(social_worker)
    client.force_login(social_worker)

    assert client.post(TOTP + "remove/", {"off-current": "wrong"}).status_code == 422 and has_totp(social_worker)
    assert client.post(TOTP + "remove/", {"off-current": PASSWORD}).status_code == 302

    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(verb="person.totp_removed", actor_id=social_worker.pk).count() == 1


def test_new_recovery_codes_replace_the_old(client, social_worker):
    _secret, codes = turn_on(social_worker)
    client.force_login(social_worker)

    page = client.post("/people/me/recovery-codes/", {"codes-current": PASSWORD})

    assert page.status_code == 200 and codes[0] not in page.content.decode()
    assert not use_code(person=social_worker, code=codes[0]) and recovery_codes_left(social_worker) == 10


def test_the_secretary_takes_it_off_for_somebody_who_lost_the_phone(client, secretary, social_worker):
    turn_on(social_worker)
    client.force_login(secretary)

    response = client.post(reverse("people:totp_remove_of", args=[social_worker.pk]))

    assert response.status_code == 302 and not has_totp(social_worker)
    assert Entry.objects.filter(verb="person.totp_removed", actor_id=secretary.pk, target_id=social_worker.pk).exists()


def test_nobody_takes_it_off_for_somebody_mightier(client, cast, secretary, administrator):
    turn_on(administrator)
    client.force_login(secretary)

    assert client.post(reverse("people:totp_remove_of", args=[administrator.pk])).status_code == 404
    assert has_totp(administrator)


def test_a_secret_under_another_key_opens_nothing(client, social_worker, settings):
    secret, _codes = turn_on(social_worker)
    settings.SECRET_KEY = "another"

    assert not use_code(person=social_worker, code=code_at(secret))


def test_no_page_of_allauth_is_reachable():
    from django.urls import get_resolver

    assert not [name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith(("account_", "mfa_", "usersessions_"))]
