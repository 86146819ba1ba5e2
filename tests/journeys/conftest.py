"""A house with people and rows in it, served to a real browser: made once, every journey walks through the same one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, override_settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests.matrix.world import build_world

PHONE, DESK, NARROW = {"width": 390, "height": 844}, {"width": 1440, "height": 900}, {"width": 320, "height": 700}
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# What Chromium and htmx write about an answer that is no 200: a refusal is no fault of the page, but what is not there is.
REFUSALS = ("status of 4", "Status Error Code 4")


@pytest.fixture
def _django_db_helper() -> None:
    """Journeys are marked `django_db`, so that there is a database; what they write stays for the next one, and nothing is rolled back."""


@pytest.fixture(scope="package")
def house(chromium: Any, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The world of the matrix in a database that the server's threads share, and its address."""
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK, ALLOWED_HOSTS=["*"]), database(tmp_path_factory.mktemp("journeys")):
        world = build_world()
        server = LiveServer("127.0.0.1")
        try:
            yield SimpleNamespace(world=world, cast=world.cast, url=server.url)
        finally:
            server.stop()


class database:
    """The tests' database; of SQLite, which is in memory there and has one connection only, a copy in a file with as many as there are threads."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "journeys.sqlite3"
        self.in_memory = connection.vendor == "sqlite"

    def __enter__(self) -> None:
        if not self.in_memory:
            call_command("flush", verbosity=0, interactive=False)
            return
        self.before = connections["default"]
        self.before.ensure_connection()
        with sqlite3.connect(self.file) as copy:
            self.before.connection.backup(copy)
        self.name = self.before.settings_dict["NAME"]
        self.before.settings_dict["NAME"] = str(self.file)
        connections["default"] = connections.create_connection("default")
        call_command("flush", verbosity=0, interactive=False)

    def __exit__(self, *_error: object) -> None:
        if not self.in_memory:
            call_command("flush", verbosity=0, interactive=False)
            return
        connections["default"].close()
        self.before.settings_dict["NAME"] = self.name
        connections["default"] = self.before


@pytest.fixture
def browse(house: SimpleNamespace, chromium: Any) -> Iterator[Callable[..., Page]]:
    """A window in which a person is signed in: browse("contact", PHONE). A fault that a page writes to the console fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(person: str | None = None, viewport: dict[str, int] = DESK, *, javascript: bool = True, theme: str = "", csp: bool = True) -> Page:
        context = chromium.new_context(
            viewport=viewport, base_url=house.url, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=javascript, bypass_csp=not csp
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if person:
            context.add_cookies([{"name": "sessionid", "value": session_of(getattr(house.world, person)), "url": house.url}])
        if theme:
            context.add_cookies([{"name": "theme", "value": theme, "url": house.url}])
        page = context.new_page()
        page.on("console", lambda message: note(message, page, faults))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def note(message: ConsoleMessage, page: Page, faults: list[str]) -> None:
    if message.type == "error" and ("404" in message.text or not any(refusal in message.text for refusal in REFUSALS)):
        faults.append(f"{page.url}: {message.text}")


def session_of(person: Any) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def is_wider_than_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
