"""Every role at every address: who comes in, who is told no and how; and a no changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.matrix.rows import MAY_WRITE_NOTHING, READING_WRITES, WRITES_NOTHING, arguments, query, sent
from tests.matrix.table import EVERYBODY, TABLE

pytestmark = pytest.mark.django_db
YES = {200, 302, 422}


def routes(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every address of the installation, or its pattern when it has none."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else f"/{entry.pattern}"


def test_the_table_names_every_address_and_no_other():
    assert set(TABLE) == set(routes()), "tests/matrix/table.py must say who may use each route"


def test_the_table_says_for_every_person_what_they_get():
    for route, methods in TABLE.items():
        for method, rows in methods.items():
            assert method in {"GET", "POST"}, route
            for row, who in rows.items():
                named = [name for value in (who.values() if isinstance(who, dict) else [who]) for name in str(value).split() if row != "stranger"]
                assert set(named) <= set(EVERYBODY.split()), (route, row)
                assert len(named) == len(set(named)), (route, row)
                assert row == 403 or not set(named) & set(str(rows.get(403, "")).split()), (route, row)


def expected(rows: dict, row: str, person: str) -> str:
    """What the table says: "yes", "403", "404" …, "sign-in"."""
    if person == "stranger":
        return str(rows.get("stranger", "sign-in"))
    if person in str(rows.get(403, "")).split():
        return "403"
    who = rows[row] if isinstance(rows[row], dict) else {"yes": rows[row]}
    return next((str(answer) for answer, names in who.items() if person in names.split()), "404")


def got(response: HttpResponse) -> str:
    if response.status_code == 302 and response["Location"].startswith("/people/sign-in/") and "next=" in response["Location"]:
        return "sign-in"
    if response.status_code == 503 and response.wsgi_request.path == "/healthz":
        return "yes"  # it says that no worker runs, which is so
    return "yes" if response.status_code in YES else str(response.status_code)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the house, to see whether anything changed."""
    return {model._meta.label: [*map(repr, model._default_manager.order_by("pk").values_list())] for model in models()}


@cache
def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("lingyan.")]


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements that write to a table of the house."""
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and any(table in sql.split("SELECT")[0] for table in tables):
            written.append(sql)
        return execute(sql, params, many, context)

    tables = {f'"{model._meta.db_table}"' for model in models()}
    with connection.execute_wrapper(note):
        yield written


def trials(method: str) -> Iterator[tuple[str, str, dict]]:
    for route, methods in TABLE.items():
        rows = methods.get(method)
        for row in rows or ():
            if row not in {403, "stranger"}:
                yield route, row, rows


@pytest.fixture
def clients(world):
    """Signed in as each person; `again` takes back whatever a request did to the rows and to the cookies."""
    made: dict[str, Client] = {}

    def client_of(person: str) -> Client:
        if person == "stranger":
            return Client()
        if person not in made:
            made[person] = signed_in(getattr(world, person))
        return made[person]

    return client_of


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("person", ["stranger", *EVERYBODY.split()])
def test_who_may_open_which_page(world, clients, person):
    client = clients(person)
    cookies = SimpleCookie(client.cookies)
    before = everything()
    faults = []
    for route, row, rows in trials("GET"):
        address = reverse(route, args=arguments(world, row)) + query(world, route, person)
        point = transaction.savepoint()
        with watched() as written:
            answer = got(client.get(address))
        if answer != expected(rows, row, person):
            faults.append(f"{route} [{row}] {address}: {answer}, expected {expected(rows, row, person)}")
        if (answer != "yes" or route not in READING_WRITES) and written and everything() != before:
            faults.append(f"{route} [{row}]: looking at it changed something")
        transaction.savepoint_rollback(point)
        client.cookies = SimpleCookie(cookies)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("person", ["stranger", *EVERYBODY.split()])
def test_who_may_send_what(world, clients, person):
    client = clients(person)
    cookies = SimpleCookie(client.cookies)
    before = everything()
    faults = []
    for route, row, rows in trials("POST"):
        address = reverse(route, args=arguments(world, row)) + query(world, route, person)
        point = transaction.savepoint()
        with watched() as written:
            answer = got(client.post(address, sent(world, route, row, person)))
        wanted, changed = expected(rows, row, person), bool(written) and everything() != before
        if answer != wanted:
            faults.append(f"{route} [{row}] {address}: {answer}, expected {wanted}")
        if wanted != "yes" and changed:
            faults.append(f"{route} [{row}]: refused, and yet something changed")
        if wanted == "yes" and route not in MAY_WRITE_NOTHING and person != "stranger" and changed == (route in WRITES_NOTHING):
            faults.append(f"{route} [{row}]: taken, and {'something' if changed else 'nothing'} changed")
        transaction.savepoint_rollback(point)
        client.cookies = SimpleCookie(cookies)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("route", [route for route, methods in TABLE.items() if "GET" not in methods])
def test_what_changes_something_is_never_done_by_following_a_link(world, clients, route):
    """A GET on an address that only takes a form is refused and changes nothing, even for somebody who may send the form."""
    rows = TABLE[route]["POST"]
    row, person = next((row, name) for row in rows if row not in {403, "stranger"} for name in EVERYBODY.split() if name not in str(rows.get(403, "")).split())
    client = clients(person)
    before = everything()

    response = client.get(reverse(route, args=arguments(world, row)))

    assert response.status_code == (302 if route == "set_language" else 405)
    assert everything() == before
