"""The demonstration's one tap, and that there is no such thing anywhere else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lingyan.ledger.models import Entry
from lingyan.people.models import Role


@pytest.fixture
def persona(make_person):
    return make_person("周小婧", Role.SOCIAL_WORKER, username="persona", is_persona=True)


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True


def tap(client, person, **values):
    return client.post(reverse("people:sign_in_persona", args=[person.pk]), values)


def test_one_tap_signs_in_and_leads_on(client, persona, demonstration):
    response = tap(client, persona, next="/people/me/")

    assert response["Location"] == "/people/me/"
    assert client.session["_auth_user_id"] == str(persona.pk)
    assert Entry.objects.filter(verb="person.signed_in", actor_id=persona.pk).exists()


def test_the_page_lists_the_personas_with_what_they_are(client, persona, demonstration):
    body = client.get("/people/sign-in/").content.decode()

    assert "今天您是哪一位？" in body and "周小婧" in body and "社工·灵峰工业社区" in body
    assert "用自己的账号登录" in body and 'name="password"' in body


def test_the_page_asks_few_questions_however_many_personas(client, make_person, demonstration, django_assert_max_num_queries):
    for number in range(12):
        make_person(f"人物{number}", Role.SOCIAL_WORKER, is_persona=True)

    with django_assert_max_num_queries(6):
        client.get("/people/sign-in/")


def test_what_waits_for_a_persona_comes_from_above(client, persona, demonstration, monkeypatch):
    from lingyan.people import reads

    monkeypatch.setattr(reads, "persona_lines", lambda persons: {person.pk: {"line": "今天要走三家", "icon": "inbox"} for person in persons})

    assert "今天要走三家" in client.get("/people/sign-in/").content.decode()


def test_a_tap_is_a_post(client, persona, demonstration):
    assert client.get(reverse("people:sign_in_persona", args=[persona.pk])).status_code == 405
    assert "_auth_user_id" not in client.session


def test_outside_the_demonstration_there_is_no_such_page(client, persona):
    assert tap(client, persona).status_code == 404
    assert "周小婧" not in client.get("/people/sign-in/").content.decode()
    assert "_auth_user_id" not in client.session


def test_somebody_who_is_no_persona_is_not_tapped_in(client, social_worker, demonstration):
    assert tap(client, social_worker).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_disabled_persona_is_neither_shown_nor_tapped_in(client, persona, demonstration):
    persona.is_active = False
    persona.save()

    assert tap(client, persona).status_code == 404
    assert "周小婧" not in client.get("/people/sign-in/").content.decode()


def test_another_persona_takes_over_the_browser(client, persona, make_person, demonstration):
    second = make_person("宋小岚", Role.SECRETARY, username="second", is_persona=True)
    tap(client, persona)

    tap(client, second)

    assert client.session["_auth_user_id"] == str(second.pk)
