"""Bad input: a sentence in Chinese, what was typed kept, nothing half-written; a script stays text."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.matrix.rows import arguments, query, sent
from tests.matrix.table import TABLE
from tests.matrix.test_matrix import everything

pytestmark = pytest.mark.django_db

# Where people write words of their own.
WRITTEN = {
    "cases:raise": "text",
    "cases:register": "text title asker_name asker_mobile",
    "cases:dispatch": "dispatch-message",
    "cases:support": "support-message",
    "cases:on_site": "on_site-text",
    "cases:confirm": "confirm-comment",
    "cases:refuse": "refuse-reason",
    "cases:rate": "rate-comment",
    "cases:remark": "remark-text",
    "cases:asker": "asker-reason",
    "cases:answer": "answer-text",
    "cases:return": "return-reason",
    "cases:feedback": "text way_back",
    "cases:feedback_answer": "text",
    "visits:write_at": "heard seen thought",
    "registry:enterprise_create": "name short_name credit_code industry address headcount",
    "registry:enterprise_change": "name short_name credit_code industry address headcount",
    "registry:micro_grid_create": "name",
    "registry:contacts": "name mobile remark",
    "registry:mobile_reveal": "reason",
    "registry:community_create": "name short_name subdistrict telephone address",
    "registry:community_change": "name subdistrict telephone address",
    "registry:grid_create": "name",
    "registry:grid_change": "name",
    "registry:department_change": "telephone",
    "people:add": "name mobile username title",
    "people:grant": "title",
    "people:mobile": "reason",
}
# What people choose; left alone it is empty.
CHOSEN = {"cases:dispatch": "dispatch-lead_department", "cases:support": "support-department", "people:add": "scope", "cases:rate": "rate-grade"}
# An empty form of these says something: no telephone, no comment, no title.
MAY_BE_EMPTY = {"registry:department_change", "cases:confirm", "people:grant"}
FIELDS = [(route, field) for route, fields in WRITTEN.items() for field in fields.split()]
CHINESE = re.compile(r"[一-鿿]{3,}")
SAID = re.compile(r'<p class="err"[^>]*>.*?<span>(.*?)</span>|class="strip strip-over[^"]*"[^>]*>(.*?)</div>', re.DOTALL)


def first_who_may(route: str) -> tuple[str, str]:
    """A row and a person from whom the form would be taken."""
    for row, who in TABLE[route]["POST"].items():
        names = who.get("yes", "") if isinstance(who, dict) else who
        if row not in {403, "stranger"} and names:
            return row, names.split()[0]
    raise LookupError(route)


def client_for(world: Any, route: str) -> Client:
    client = Client()
    client.force_login(getattr(world, first_who_may(route)[1]))
    return client


def send(client: Client, world: Any, route: str, change: dict[str, str]) -> Any:
    """The form as it would be taken, with something changed."""
    row, person = first_who_may(route)
    address = reverse(route, args=arguments(world, row)) + query(world, route, person)
    return client.post(address, sent(world, route, row, person) | change)


def sentences(response: Any) -> list[str]:
    return [re.sub("<[^>]+>", "", one or two).strip() for one, two in SAID.findall(response.content.decode())]


@pytest.mark.parametrize("route, field", FIELDS)
def test_ten_thousand_characters_are_refused_with_a_sentence_and_kept(world, route, field):
    client, text = client_for(world, route), "长" * 10_000
    before = everything()

    response = send(client, world, route, {field: text})

    assert response.status_code == 422
    assert everything() == before
    assert any(CHINESE.search(sentence) for sentence in sentences(response))
    assert text in response.content.decode()


@pytest.mark.parametrize("route, field", FIELDS)
def test_a_script_and_an_emoji_are_text(world, route, field):
    """Taken and shown as they were written, or refused with a sentence and kept."""
    client, text = client_for(world, route), "<script>alert('坏')</script>😀"
    before = everything()

    response = send(client, world, route, {field: text})

    pages = [response.content.decode()]
    if response.status_code == 302:
        pages = [client.get(address).content.decode() for address in (response["Location"], "/", "/notices/")]
        assert everything() != before
    elif response.status_code == 422:
        assert everything() == before
        assert any(CHINESE.search(sentence) for sentence in sentences(response))
        assert escape(text) in pages[0]
    else:
        assert response.status_code == 200
    assert not any("<script>alert" in page for page in pages)


@pytest.mark.parametrize("route, field", FIELDS)
def test_a_character_that_no_database_takes_is_no_crash(world, route, field):
    assert send(client_for(world, route), world, route, {field: "门口\x00货车"}).status_code in {200, 302, 422}


@pytest.mark.parametrize("route", [route for route in WRITTEN if route not in MAY_BE_EMPTY])
def test_an_empty_form_is_refused_with_a_sentence(world, route):
    client = client_for(world, route)
    before = everything()

    response = send(client, world, route, dict.fromkeys([*WRITTEN[route].split(), CHOSEN.get(route, "-")], ""))

    assert response.status_code == 422
    assert everything() == before
    assert any(CHINESE.search(sentence) for sentence in sentences(response)), sentences(response)
    assert "这个字段" not in response.content.decode(), "Django's own words are not the house's"


@pytest.mark.parametrize("person", ["secretary", "auditor"])
@pytest.mark.parametrize("value", ["99999999999999999999999", "-1", "x", "%00", "٣", "%", "长" * 300])
def test_nonsense_in_an_address_is_no_crash(world, person, value):
    """Whatever stands behind the question mark of a list."""
    client = Client()
    client.force_login(getattr(world, person))
    names = ["q", "page", "tab", "grid", "department", "nature", "enterprise", "role", "who", "target", "rows", "scope_q"]
    lists = [route for route, methods in TABLE.items() if person in str(methods.get("GET", {}).get("-", "")).split()]

    for route in lists:
        for chosen in (names, names[1:]):
            answer = client.get(reverse(route) + "?" + "&".join(f"{name}={value}" for name in chosen))
            assert answer.status_code in {200, 302, 404, 503}, (route, answer.status_code)


@pytest.mark.parametrize("route", ["cases:detail", "visits:detail", "registry:enterprise", "people:detail", "notices:open", "registry:community"])
def test_a_number_too_long_for_any_row_is_not_there(world, route):
    client = Client()
    client.force_login(world.secretary)

    assert client.get(reverse(route, args=[10**30])).status_code == 404
