"""Where somebody is signed in: listed in words, ended one by one or all others, out at the next request."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from lingyan.ledger.models import Entry
from lingyan.people.devices import device_in_words
from lingyan.people.tests.conftest import PASSWORD

SESSIONS = "/people/me/sessions/"
PHONE = "Mozilla/5.0 (Linux; Android 14; Mobile) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"


def signed_in(agent=PHONE):
    browser = Client(headers={"user-agent": agent})
    browser.post("/people/sign-in/", {"username": "zhoujing", "password": PASSWORD})
    return browser


def test_the_list_says_device_and_time(social_worker):
    here = signed_in("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36")
    signed_in()

    body = here.get(SESSIONS).content.decode()

    assert "安卓手机·微信" in body and "Windows 电脑·Chrome" in body and "今天" in body
    assert body.count("让它退出</button>") == 1


def test_one_session_is_ended_and_out_at_its_next_request(social_worker):
    here, elsewhere = signed_in(), signed_in()
    row = UserSession.objects.get(session_key=elsewhere.session.session_key)

    here.post(reverse("people:session_end", args=[row.pk]))

    assert elsewhere.get("/people/me/").status_code == 302 and here.get("/people/me/").status_code == 200
    assert Entry.objects.filter(verb="person.session_revoked", actor_id=social_worker.pk).count() == 1


def test_all_others_are_ended_at_once(social_worker):
    here, second, third = signed_in(), signed_in(), signed_in()

    here.post("/people/me/sessions/end-others/")

    assert [browser.get("/people/me/").status_code for browser in (here, second, third)] == [200, 302, 302]
    assert Entry.objects.filter(verb="person.session_revoked").count() == 2 and UserSession.objects.count() == 1


def test_somebody_elses_session_cannot_be_seen_or_ended(client, secretary, social_worker):
    elsewhere = signed_in()
    row = UserSession.objects.get(user=social_worker)
    client.force_login(secretary)

    assert client.post(reverse("people:session_end", args=[row.pk])).status_code == 404

    assert elsewhere.get("/people/me/").status_code == 200 and not Entry.objects.filter(verb="person.session_revoked").exists()


def test_sessions_that_are_over_are_not_listed(social_worker):
    here, over = signed_in(), signed_in()
    over.post("/people/sign-out/")

    body = here.get(SESSIONS).content.decode()

    assert "让它退出</button>" not in body and UserSession.objects.count() == 1


@pytest.mark.parametrize(
    "agent, words",
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "苹果手机·Safari"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) HuaweiBrowser/15 Mobile", "鸿蒙手机·华为浏览器"),
        ("Mozilla/5.0 (Macintosh) Edg/126", "苹果电脑·Edge"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0", "Linux 电脑·Firefox"),
        ("", "说不清的设备"),
    ],
)
def test_a_device_in_words(agent, words):
    assert device_in_words(agent) == words
