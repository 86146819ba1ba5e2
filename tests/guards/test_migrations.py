"""Migrations: complete, and named."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command

from tests.guards.house import PACKAGE

MIGRATIONS = sorted(path for path in PACKAGE.glob("*/migrations/[0-9]*.py"))


@pytest.mark.django_db
def test_no_model_has_changed_without_its_migration():
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(f"run `lingyan manage makemigrations --name what_changes`:\n{out.getvalue()}")


def test_every_migration_says_in_its_name_what_it_changes():
    unnamed = [str(path.relative_to(PACKAGE)) for path in MIGRATIONS if re.search(r"_auto_|_initial\b|_alter_\w+_and_more|_and_more$", path.stem)]

    assert not unnamed
