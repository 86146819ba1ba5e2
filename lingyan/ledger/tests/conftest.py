"""For the tests of the ledger: entries about nothing in particular, and changing the tables behind the ledger's back."""

import pytest
from django.db import connection

from lingyan.ledger.models import Entry
from lingyan.ledger.services import heads_path, record, seal


@pytest.fixture(autouse=True)
def no_heads_of_other_tests():
    heads_path().unlink(missing_ok=True)
    yield
    heads_path().unlink(missing_ok=True)


@pytest.fixture
def write(cast):
    """Record so many entries by the secretary."""

    def entries(number=1, **changes):
        values = {"actor": cast.secretary, "verb": "community.changed", "target": cast.lingfeng, "community_id": cast.lingfeng.pk, "fields": {"name": "灵峰"}}
        return [record(**(values | changes)) for _place in range(number)]

    return entries


@pytest.fixture
def sealed(write, monkeypatch):
    """Everything so far in blocks of ten, at least three of them."""
    monkeypatch.setattr("lingyan.ledger.services.ENTRIES_PER_BLOCK", 10)
    write(30)
    seal()
    return list(Entry.objects.filter(verb="community.changed").order_by("pk"))


@pytest.fixture
def tamper(db):
    """Somebody with a password of the database, past all our code."""

    def run(sql, *values):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    return run
