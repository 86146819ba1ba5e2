"""Lists and homes ask the database ten questions at most, and as many with sixty rows as with six."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.cases import services
from lingyan.kernel.clock import now
from lingyan.people.models import Role, ScopeKind
from lingyan.people.services import create_person, grant_membership
from lingyan.registry.models import Enterprise
from lingyan.registry.services import create_grid
from lingyan.visits.services import Matter, write_note
from tests.matrix.table import TABLE
from tests.matrix.world import build_world

pytestmark = pytest.mark.django_db

CEILING = 10
LISTS = {
    "overview:home": "",
    "overview:search": "?q=灵峰",
    "cases:list": "?tab=all",
    "visits:list": "",
    "visits:write": "",
    "registry:enterprises": "",
    "registry:communities": "",
    "registry:departments": "",
    "people:list": "",
    "notices:inbox": "",
    "cases:feedback_mine": "",
    "cases:feedback_inbox": "",
    "ledger:list": "",
}
# Who sees much: the others' pages are the same pages with less on them.
PERSONS = ["administrator", "secretary", "social_worker", "officer", "posted_cadre", "contact", "worker", "auditor"]


def may(person: str, route: str) -> bool:
    return person in TABLE[route]["GET"]["-"].split()


def ask(world: SimpleNamespace) -> dict[tuple[str, str], list[str]]:
    """For each person and list: the questions put to the database."""
    asked = {}
    for person in PERSONS:
        client = Client()
        client.force_login(getattr(world, person))
        client.get("/people/me/")
        for route, query in LISTS.items():
            if may(person, route):
                asked[person, route] = questions(client, reverse(route) + query)
    return asked


def questions(client: Client, address: str) -> list[str]:
    """What a page asks the database; of a list of one, the page it leads on to."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code == 302:
        return questions(client, response["Location"])
    assert response.status_code == 200
    return [query["sql"] for query in captured]


def add_many(world: SimpleNamespace) -> None:
    """Sixty enterprises, sixty cases in all stages, forty notes, forty persons, forty opinions."""
    cast = world.cast
    for number in range(3):
        create_grid(actor=cast.system, community_id=cast.lingfeng.pk, name=f"{number + 3}号网格", leader=cast.second_worker)
    grids = list(cast.lingfeng.grids.all())
    Enterprise.objects.bulk_create(
        Enterprise(
            community=cast.lingfeng,
            grid=grids[number % len(grids)],
            name=f"宁波第{number}号有限公司",
            short_name=f"灵峰{number}号",
            credit_code=f"TEST{number:014d}",
            headcount=number,
            registered_at=now(),
        )
        for number in range(60)
    )
    enterprises = list(cast.lingfeng.enterprises.all())
    for number in range(40):
        matters = [Matter(client_uuid=uuid4(), text=f"灵峰第{number}件小事"), Matter(client_uuid=uuid4(), text=f"又{number}件", on_site_answer="说清了")][
            : 1 + number % 2
        ]
        companions = [cast.posted_cadre.pk, cast.second_worker.pk]
        write_note(actor=cast.social_worker, enterprise_id=enterprises[number].pk, client_uuid=uuid4(), heard="听到", companion_ids=companions, matters=matters)
    stages = ["waiting", "sent", "in_hand", "answered", "closed"]
    for number in range(20):
        bring(cast, cast.contact if number % 2 else cast.worker, stages[number % 5], number)
    for number in range(40):
        person = create_person(actor=cast.system, name=f"第{number}人", username=f"person{number}")
        grant_membership(actor=cast.system, person=person, role=Role.VOLUNTEER, scope_kind=ScopeKind.COMMUNITY, scope_id=cast.lingfeng.pk)
        services.send_feedback(actor=cast.contact if number % 3 else None, text=f"第{number}条意见", client_uuid=uuid4())


def bring(cast: Any, asker: Any, stage: str, number: int) -> None:
    enterprise_id = cast.lanshi.pk if asker == cast.contact else None
    words = {"text": f"灵峰第{number}件", "nature": "help", "client_uuid": uuid4(), "is_confidential": not enterprise_id}
    request = services.raise_request(actor=asker, community_id=cast.lingfeng.pk, enterprise_id=enterprise_id, **words)
    case_id = request.case_id
    if stage == "waiting":
        return
    lead_id, support_id = cast.departments["住建"].pk, cast.departments["交通"].pk
    services.dispatch_case(case_id=case_id, actor=cast.secretary, lead_department_id=lead_id, support_department_ids=[support_id])
    lead = request.case.dispatches.get(part="lead")
    if stage != "sent":
        services.acknowledge_dispatch(dispatch_id=lead.pk, actor=cast.officer)
    if stage in {"answered", "closed"}:
        services.answer_dispatch(dispatch_id=lead.pk, actor=cast.officer, text="办好了")
    if stage == "closed":
        services.confirm_answer(case_id=case_id, actor=asker, grade=4)


@pytest.fixture(scope="module")
def asked(keep_rows: Any) -> Iterator[Any]:
    """The questions of every list with few rows and with many."""

    def measure() -> tuple[dict, dict]:
        world = build_world()
        few = ask(world)
        add_many(world)
        return few, ask(world)

    yield from keep_rows(measure)


CASES = [(person, route) for person in PERSONS for route in LISTS if may(person, route)]


@pytest.mark.parametrize("person, route", CASES)
def test_as_many_questions_with_many_rows_as_with_few(asked, person, route):
    few, many = asked[0][person, route], asked[1][person, route]

    assert len(many) == len(few), "\n".join([f"{len(few)} with few rows, {len(many)} with many:", *many])


@pytest.mark.parametrize("person, route", CASES)
def test_ten_questions_at_most(asked, person, route):
    many = asked[1][person, route]

    assert len(many) <= CEILING, "\n".join([f"{len(many)} questions:", *many])
