"""The world of the matrix, made once for each file; a test changes nothing that the next one sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="package")
def keep_rows(django_db_setup: None, django_db_blocker: Any) -> Callable[[Callable[[], Any]], Iterator[Any]]:
    """Rows that stay while a file is tested and are gone afterwards: each test runs on a savepoint over them."""

    def keep(build: Callable[[], Any]) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            with override_settings(PASSWORD_HASHERS=QUICK):
                built = build()
            with django_db_blocker.block():
                yield built
            transaction.set_rollback(True)

    return keep


@pytest.fixture(scope="module")
def world(keep_rows: Any) -> Iterator[SimpleNamespace]:
    from tests.matrix.world import build_world

    yield from keep_rows(build_world)
