"""What a person may not see is nowhere: on no page, in no count, no list, no search, no preview."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.matrix.table import CASES, EVERYBODY
from tests.matrix.walk import addresses_of, walk
from tests.matrix.world import FEEDBACK_WORDS, INNER_WORDS, NOTE_WORDS, WORDS

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def hidden_from(world, person: str) -> dict[str, str]:
    """Words and numbers this person must meet nowhere, with what they would betray."""
    hidden = {}
    for name, case in world.cases.items():
        if person not in CASES[name].split():
            hidden |= {WORDS[name]: f"the words of {name}", case.number: f"the number of {name}", f"/cases/{case.pk}/": f"the address of {name}"}
    if person != "auditor":  # who reads the ledger reads who did what, never what was said
        if person not in {"worker", "administrator", "secretary", "social_worker", "posted_cadre"}:
            hidden["小吴"] = "which worker asks"
        if person not in {"administrator", "outsider"}:
            hidden |= {"远处机械": "an enterprise of the other community", "码头网格": "a grid of the other community"}
    if person not in {"secretary", "social_worker", "posted_cadre"}:
        hidden[NOTE_WORDS["note"]] = "the notebook"
    if person != "outsider":
        hidden[NOTE_WORDS["far_note"]] = "the notebook of the other community"
    if person not in {"administrator", "contact"}:
        hidden[FEEDBACK_WORDS] = "what somebody told the district"
    if person not in CASES["sent"].split() or person == "contact":
        hidden[INNER_WORDS] = "what the staff said among themselves"
    return hidden


@pytest.mark.slow
@pytest.mark.parametrize("person", [name for name in EVERYBODY.split() if name != "second_worker"])
def test_nothing_hidden_stands_on_any_page_and_no_link_leads_to_a_closed_door(world, person):
    addresses = addresses_of(world, person)
    lists = [page for page in ("/cases/", "/visits/") if page in addresses]
    searches = ["/search/?q=灵峰", "/search/?q=宁波", *[f"{page}?{words}" for page in lists for words in ("tab=all", "q=灵峰&tab=all", "q=笔记")]]

    pages, closed = walk(client_of(getattr(world, person)), ["/", *addresses, *searches])

    traces = [f"{what} on {address}" for word, what in hidden_from(world, person).items() for address, text in pages.items() if word in text]
    assert not traces, "\n".join(traces)
    assert not closed
    assert len(pages) > 8
