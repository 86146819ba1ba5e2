"""The employer finds no trace of a worker's confidential complaint, and nor does anybody else whom it does not concern."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from lingyan.cases import services
from lingyan.kernel.clock import at, now, today
from tests.matrix.walk import addresses_of, walk
from tests.matrix.world import WORDS, build_world

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


OTHERS = ["other_contact", "officer", "other_officer", "volunteer", "micro_grid_member", "lawyer", "outsider", "nobody"]


@pytest.mark.parametrize("person", ["contact", *[pytest.param(name, marks=pytest.mark.slow) for name in OTHERS]])
def test_every_page_is_the_same_to_the_letter_whether_or_not_a_worker_complained(quiet_world, person):
    """Counts, chips, menus, homes, search and lists of somebody who may not know betray nothing, the employer least of all."""
    world, client = quiet_world, client_of(getattr(quiet_world, person))
    word, number = WORDS["secret"], next_number(world)
    searches = [f"{page}q={what}" for page in ("/search/?", "/cases/?tab=all&") for what in (word, word[:3], number, number[-4:], "小吴", "加班")]
    lists = [f"/cases/?tab=all&enterprise={world.cast.lanshi.pk}", "/cases/?nature=complaint&tab=all", "/cases/?tab=open"]
    seeds = ["/", *addresses_of(world, person), *searches, *lists]
    with at(now()):
        before = pages_of(client, seeds)
        after = pages_of(client, seeds, lambda: complain(world, word, number))

    different = [address for address in before.keys() | after.keys() if before.get(address) != after.get(address)]
    assert not different
    assert len(before) > 20


def pages_of(client: Client, seeds: list[str], first=lambda: None) -> dict[str, str]:
    """What the pages say after `first` has happened; then all is as it was, also what looking at them did (a message is seen)."""
    point = transaction.savepoint()
    first()
    pages, _closed = walk(client, seeds)
    transaction.savepoint_rollback(point)
    return pages


def next_number(world) -> str:
    here = [case for case in world.cases.values() if case.community_id == world.cast.lingfeng.pk]
    return f"灵峰-{today().year}-{len(here) + 1:04d}"


def complain(world, word: str, number: str) -> None:
    """A worker of 澜石 complains in confidence; it is dispatched, signed for by nobody of the cast, and one more is answered on the spot."""
    cast = world.cast
    words = {"actor": cast.worker, "nature": "complaint", "community_id": cast.lingfeng.pk, "is_confidential": True}
    first = services.raise_request(text=word, client_uuid=uuid4(), **words)
    assert first.case.number == number
    services.dispatch_case(case_id=first.case_id, actor=cast.secretary, lead_department_id=cast.departments["人社"].pk, message="请尽快")
    second = services.raise_request(text=word, client_uuid=uuid4(), **words)
    services.resolve_on_site(case_id=second.case_id, actor=cast.secretary, text="已经补发")
    services.raise_request(text=word, client_uuid=uuid4(), **words)


@pytest.fixture(scope="module")
def quiet_world(keep_rows):
    """The house in which no worker has complained."""
    yield from keep_rows(lambda: build_world(without=("secret", "secret_waiting", "secret_answered")))
