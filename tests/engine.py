"""The installation that the tests run in: a new data folder, development mode, and SQLite unless LINGYAN_TEST_DATABASE_URL names a PostgreSQL.

Loaded by pytest before the settings are read (`-p tests.engine` in pyproject.toml), so that no test touches anybody's real data.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest

KEPT = {"LINGYAN_TEST_DATABASE_URL", "LINGYAN_CHROMIUM"}
for name in [name for name in os.environ if name.startswith("LINGYAN_") and name not in KEPT]:
    del os.environ[name]
FOLDER = tempfile.mkdtemp(prefix="lingyan-test-")
os.environ["LINGYAN_DATA"] = FOLDER
os.environ["LINGYAN_MODE"] = "development"
os.environ["LINGYAN_HOSTS"] = "testserver,127.0.0.1,localhost"


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "errors_expected: this test makes the house write an error to its log, and means to")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of what only PostgreSQL does are left out on SQLite."""
    if os.environ.get("LINGYAN_TEST_DATABASE_URL"):
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: ./test --postgres"))


class Errors(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.sentences.append(f"{record.name}: {self.format(record)}")


@pytest.fixture(autouse=True)
def no_error_in_the_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """An error in the log fails the test, unless it is marked `errors_expected`."""
    errors = Errors()
    root = logging.getLogger()
    root.addHandler(errors)
    # Django's own server log does not pass its records on.
    server = logging.getLogger("django.server")
    server.addHandler(errors)
    try:
        yield
    finally:
        root.removeHandler(errors)
        server.removeHandler(errors)
    if errors.sentences and not request.node.get_closest_marker("errors_expected"):
        pytest.fail("an error was logged:\n" + "\n".join(errors.sentences), pytrace=False)


@pytest.fixture(autouse=True)
def no_heads_of_another_test(settings) -> None:
    """What an earlier test sealed is gone with its database; so must be the heads beside it."""
    (settings.DATA_DIR / "ledger_heads").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Passwords in tests need not be slow to guess."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
