"""Two wrong passwords at the same moment count as two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import Client

from lingyan.people.models import Person
from lingyan.people.services import builtin_person, create_person
from lingyan.people.services.locks import key_of
from lingyan.people.tests.conftest import PASSWORD


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [0, 1])
def test_two_at_once_count_as_two(before):
    person = create_person(actor=builtin_person(Person.Builtin.SYSTEM), name="周婧", username="zhoujing", password=PASSWORD)
    for _time in range(before):
        Client().post("/people/sign-in/", {"username": "zhoujing", "password": "wrong"})
    together = Barrier(2)

    def wrong(_number):
        together.wait()
        try:
            return Client().post("/people/sign-in/", {"username": "zhoujing", "password": "wrong"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(wrong, range(2))) == [422, 422]

    assert AccessAttempt.objects.get(username=key_of(person)).failures_since_start == before + 2
