"""Doing things at the same moment: real threads, each with its own connection."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lingyan.kernel.refusals import Refused


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """What one thread commits the others see."""


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment; what each gives back, or its refusal."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        together.wait(10)
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def browser_of() -> Callable[[Any], Client]:
    """A browser in which this person is signed in."""

    def made(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return made
