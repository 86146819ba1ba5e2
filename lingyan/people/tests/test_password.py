"""Passwords: what they must be, which do not come again, and what a change ends."""

from __future__ import annotations

import pytest
from django.test import Client

from lingyan.kernel.refusals import Refused
from lingyan.ledger.models import Entry
from lingyan.people.models import FormerPassword
from lingyan.people.services import set_password
from lingyan.people.tests.conftest import PASSWORD

CHANGE = "/people/me/password/"
NEW = "Wild-goose-77"


def change(client, password=NEW, again=None, current=PASSWORD):
    return client.post(CHANGE, {"current": current, "password": password, "again": password if again is None else again})


@pytest.mark.parametrize(
    "password, part",
    [
        ("Ab1-5678", "密码至少要 10 个字符。"),
        ("onlysmallletters", "至少要用三样"),
        ("small-and-signs", "至少要用三样"),
        ("Zhoujing-1234", "密码和用户名太像了。"),
        ("1390000000-Aa1", "密码和手机号太像了。"),
        ("Password1", "太常见"),
        ("x" * 5000, "256"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(social_worker, password, part):
    before = social_worker.password

    with pytest.raises(Refused) as refused:
        set_password(person=social_worker, password=password)

    social_worker.refresh_from_db()
    assert part in refused.value.sentence and refused.value.field == "password"
    assert social_worker.password == before and not FormerPassword.objects.exists()


@pytest.mark.parametrize("password", ["Geese2026fly", "大雁南飞-2026-abc", "correct Horse 9", "密码密码密码密码A1"])
def test_three_kinds_of_ten_characters_will_do(social_worker, password):
    set_password(person=social_worker, password=password)

    assert social_worker.check_password(password)


def test_the_last_five_do_not_come_again_and_the_sixth_does(social_worker):
    passwords = [f"Geese-fly-{number}x" for number in range(5)]
    for password in passwords:
        set_password(person=social_worker, password=password)

    for password in passwords:
        with pytest.raises(Refused):
            set_password(person=social_worker, password=password)
    set_password(person=social_worker, password=PASSWORD)

    assert FormerPassword.objects.filter(person=social_worker).count() == 5


def test_a_change_keeps_this_session_and_ends_the_others(client, social_worker):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD})

    response = change(client)

    assert response.status_code == 302 and response["Location"] == "/people/me/"
    assert client.get("/people/me/").status_code == 200
    assert elsewhere.get("/people/me/").status_code == 302
    verbs = list(Entry.objects.filter(actor_id=social_worker.pk).values_list("verb", flat=True))
    assert verbs.count("person.password_set") == 1 and verbs.count("person.session_revoked") == 1


def test_a_wrong_present_password_changes_nothing(client, social_worker):
    client.force_login(social_worker)

    response = change(client, current="wrong")

    social_worker.refresh_from_db()
    assert response.status_code == 422 and "现在的密码不对" in response.content.decode()
    assert social_worker.check_password(PASSWORD)
    assert not Entry.objects.filter(verb="person.password_set").exists()


def test_guessing_the_present_password_counts_as_at_the_door(client, social_worker):
    client.force_login(social_worker)
    for _time in range(5):
        response = change(client, current="wrong")

    assert "登录停到" in response.content.decode()
    assert "登录停到" in change(client).content.decode()
    assert Client().post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD}).status_code == 429
    social_worker.refresh_from_db()
    assert social_worker.check_password(PASSWORD)


def test_two_different_spellings_are_refused(client, social_worker):
    client.force_login(social_worker)

    response = change(client, again="Wild-goose-78")

    social_worker.refresh_from_db()
    assert "两遍写得不一样" in response.content.decode() and social_worker.check_password(PASSWORD)


def test_no_password_is_ever_sent_back(client, social_worker):
    client.force_login(social_worker)

    body = change(client, password="weak", current="my-own-secret").content.decode()

    assert "my-own-secret" not in body and 'value="weak"' not in body
