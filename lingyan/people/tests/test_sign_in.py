"""Signing in: who gets in by which words, who never does, and what the door remembers."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.kernel import clock
from lingyan.ledger.models import Entry
from lingyan.people.tests.conftest import PASSWORD

SIGN_IN = "/people/sign-in/"


def try_in(client, username, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"username": username, "password": password} | extra)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("spelling", ["zhoujing", " ZhouJing ", "ｚｈｏｕｊｉｎｇ", "13900000001", "139 0000 0001", "１３９０００００００１", "+8613900000001"])
def test_user_name_and_mobile_open_the_door_in_any_spelling(client, social_worker, spelling):
    response = try_in(client, spelling)

    assert response.status_code == 302 and response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(social_worker.pk)
    assert Entry.objects.filter(verb="person.signed_in", actor_id=social_worker.pk).count() == 1


def test_nobody_and_a_wrong_password_get_the_same_answer(client, social_worker):
    known, unknown = try_in(client, "zhoujing", "wrong"), try_in(client, "nobody-here", "wrong")

    assert known.status_code == unknown.status_code == 422
    sentence = "用户名、手机号或密码不对。"
    assert sentence in known.content.decode() and sentence in unknown.content.decode()
    assert not is_in(client)


def test_as_much_is_reckoned_for_nobody_as_for_somebody(client, social_worker, monkeypatch):
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(1) or encode(self, password, salt))

    try_in(client, "zhoujing", "wrong")
    for_somebody = len(hashed)
    try_in(client, "nobody-here", "wrong")

    assert for_somebody and len(hashed) == 2 * for_somebody


def test_a_disabled_person_stays_out(client, social_worker):
    social_worker.is_active = False
    social_worker.save()

    assert try_in(client, "zhoujing").status_code == 422
    assert not is_in(client)


def test_a_person_without_a_password_stays_out(client, contact):
    for password in ("", "!", contact.password):
        assert try_in(client, "13900000003", password).status_code == 422
    assert not is_in(client)


def test_the_built_in_persons_stay_out(client, system):
    system.username = "xitong"
    system.set_password(PASSWORD)
    system.save()

    assert try_in(client, "xitong").status_code == 422
    assert not is_in(client)


def test_a_failure_is_in_the_ledger_without_what_was_typed(client, social_worker):
    try_in(client, "zhoujing", "my-secret-word")
    try_in(client, "13811112222", "my-secret-word")

    first, second = Entry.objects.filter(verb="person.sign_in_failed").order_by("pk")
    assert (first.actor_id, first.target_id) == (None, social_worker.pk)
    assert (second.actor_id, second.target_id, second.fields) == (None, None, {})
    kept = str(list(AccessAttempt.objects.values()))
    assert "13811112222" not in kept and "my-secret-word" not in kept and "zhoujing" not in kept


def test_five_failures_lock_the_person_whatever_the_spelling(client, social_worker):
    for spelling in ["zhoujing", "ＺＨＯＵＪＩＮＧ", "13900000001", "139-0000-0001", " zhou jing "]:
        response = try_in(client, spelling, "wrong", HTTP_USER_AGENT=spelling)

    assert response.status_code == 429
    assert try_in(client, "zhoujing").status_code == 429
    body = try_in(client, "13900000001").content.decode()
    assert "登录停到" in body and "社区书记或区管理员" in body
    assert not is_in(client)
    assert Entry.objects.filter(verb="person.sign_in_failed").count() == 5
    assert Entry.objects.filter(verb="person.locked", target_id=social_worker.pk).count() == 1


def test_somebody_who_does_not_exist_is_locked_in_the_same_way(client, social_worker):
    for _time in range(5):
        response = try_in(client, "nobody-here", "wrong")

    assert response.status_code == 429 and "登录停到" in response.content.decode()
    assert try_in(client, "zhoujing").status_code == 302


def test_the_sentence_says_how_many_tries_are_left(client, social_worker):
    bodies = [try_in(client, "zhoujing", "wrong").content.decode() for _time in range(4)]

    assert "再错" not in bodies[1]
    assert "再错 2 次" in bodies[2] and "再错 1 次，登录要停 15 分钟。" in bodies[3]


def test_the_lock_opens_by_itself_after_a_quarter_of_an_hour(client, social_worker):
    for _time in range(5):
        try_in(client, "zhoujing", "wrong")

    with clock.at(clock.now() + timedelta(minutes=14)):
        assert try_in(client, "zhoujing").status_code == 429
    with clock.at(clock.now() + timedelta(minutes=15, seconds=2)):
        assert try_in(client, "zhoujing").status_code == 302


def test_trying_while_locked_does_not_lengthen_the_lock(client, social_worker):
    for _time in range(5):
        try_in(client, "zhoujing", "wrong")
    begun = clock.now()
    with clock.at(begun + timedelta(minutes=10)):
        try_in(client, "zhoujing", "wrong")

    with clock.at(begun + timedelta(minutes=15, seconds=2)):
        assert try_in(client, "zhoujing").status_code == 302
    assert Entry.objects.filter(verb="person.sign_in_failed").count() == 5


def test_success_forgets_the_failures(client, social_worker):
    for _time in range(4):
        try_in(client, "zhoujing", "wrong")
    try_in(client, "zhoujing")
    client.post("/people/sign-out/")

    assert "再错" not in try_in(client, "zhoujing", "wrong").content.decode()


@pytest.mark.parametrize(
    "wanted, got",
    [
        ("/people/me/?a=1", "/people/me/?a=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/people/sign-in/code/", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_an_address_of_this_house(client, social_worker, wanted, got):
    assert try_in(client, "zhoujing", next=wanted)["Location"] == got


def test_a_wrong_password_keeps_where_one_wanted_to_go(client, social_worker):
    response = try_in(client, "zhoujing", "wrong", next="/people/me/")

    assert b'name="next" value="/people/me/"' in response.content
    assert b'value="zhoujing"' in response.content


@pytest.mark.parametrize("words", ["x" * 10_000, "<script>alert(1)</script>", "🦢", "a\x00b", "💥" * 3000])
def test_odd_words_get_a_sentence(client, social_worker, words):
    response = try_in(client, words, words)

    assert response.status_code == 422
    assert b"<script>alert" not in response.content


def test_signing_out_ends_the_session_and_is_in_the_ledger(client, social_worker):
    try_in(client, "zhoujing")

    assert client.get("/people/sign-out/").status_code == 405 and is_in(client)
    assert client.post("/people/sign-out/")["Location"] == SIGN_IN

    assert not is_in(client)
    assert Entry.objects.filter(verb="person.signed_out", target_id=social_worker.pk).exists()


def test_somebody_signed_in_does_not_see_the_door(client, social_worker):
    client.force_login(social_worker)

    assert client.get(SIGN_IN + "?next=/people/me/")["Location"] == "/people/me/"


# --- what somebody who is out gets to see ---------------------------------------------------------------------------


def test_a_page_sends_a_stranger_to_the_door_and_back(client, db):
    location = urlsplit(client.get("/people/me/?x=1")["Location"])

    assert location.path == SIGN_IN and parse_qs(location.query)["next"] == ["/people/me/?x=1"]


def test_a_form_sent_after_the_session_ended_leads_back_to_the_page_of_the_form(client, social_worker):
    response = client.post("/people/me/password/", {"current": "a"}, HTTP_REFERER="http://testserver/people/me/password/?b=2")

    assert parse_qs(urlsplit(response["Location"]).query)["next"] == ["/people/me/password/?b=2"]


def test_a_form_from_elsewhere_leads_home(client, db):
    response = client.post("/people/me/password/", {}, HTTP_REFERER="https://evil.example/x")

    assert parse_qs(urlsplit(response["Location"]).query)["next"] == ["/"]


def test_a_fragment_gets_a_sentence_and_a_way_back(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/people/me/password/"}
    response = client.post("/people/me/password/", {}, headers=headers)

    assert response.status_code == 401 and "HX-Redirect" not in response
    assert "登录过期了，写的字还在，请重新登录" in response.content.decode()
    assert "next=%2Fpeople%2Fme%2Fpassword%2F" in response.content.decode()


def test_a_program_gets_401(client, db, settings):
    from django.http import HttpResponse
    from django.test import RequestFactory

    from lingyan.people.middleware import SignInRequiredMiddleware

    request = RequestFactory().get("/api/persons")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    response = SignInRequiredMiddleware(lambda _request: HttpResponse()).process_view(request, lambda: None, (), {})

    assert response is not None and response.status_code == 401 and response["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", ["sign_in", "invitation_open"])
def test_public_pages_need_nobody(client, db, name):
    assert client.get(reverse(f"people:{name}")).status_code in {200, 404}


# --- silence --------------------------------------------------------------------------------------------------------


def test_a_long_silence_signs_out_and_says_so(client, social_worker, settings):
    settings.IDLE_MINUTES = 30
    try_in(client, "zhoujing")

    with clock.at(clock.now() + timedelta(minutes=31)):
        response = client.get("/people/me/")

    assert not is_in(client)
    assert "idle=1" in response["Location"]
    assert "替您退出了" in client.get(response["Location"]).content.decode()
    assert Entry.objects.filter(verb="person.signed_out", actor_id=None, target_id=social_worker.pk).exists()


def test_whoever_goes_on_working_stays_in(client, social_worker, settings):
    settings.IDLE_MINUTES = 30
    try_in(client, "zhoujing")
    begun = clock.now()

    for minutes in (20, 40, 60):
        with clock.at(begun + timedelta(minutes=minutes)):
            assert client.get("/people/me/").status_code == 200


def test_a_session_is_written_at_most_once_a_minute(client, social_worker):
    try_in(client, "zhoujing")
    client.get("/people/me/password/")  # the menu notes down what it says about the person
    begun = clock.now()

    def writes(seconds):
        with (
            clock.at(begun + timedelta(seconds=seconds)),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            client.get("/people/me/password/")
        return [query["sql"] for query in seen if query["sql"].startswith(("UPDATE", "INSERT"))]

    assert writes(10) == [] and writes(50) == []
    assert writes(70)
    assert writes(80) == []
