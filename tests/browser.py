"""A real browser for the tests: one Chromium for the whole run, a window for each test.

Playwright's loop runs in the test's thread, and there can be but one: use the fixture `chromium`, never a second `sync_playwright()`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the page under test goes over the network.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run", "--disable-gpu"]


def chromium_path() -> str:
    """Where this machine keeps Chromium; `./test --all` installs it when it may."""
    found = os.environ.get("LINGYAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("there is no Chromium here: ./test --all installs it, or apt-get install chromium fonts-noto-cjk", pytrace=False)
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Django would take Playwright's loop in this thread for an asynchronous program and refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET)
        yield browser
        browser.close()
