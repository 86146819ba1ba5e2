"""The command `lingyan`: a table of contents, quick where Django is not needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from lingyan.config import command
from lingyan.config.environment import BASE_DIR, VARIABLES


def lingyan(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "lingyan.config.command", *words], cwd=BASE_DIR, env=os.environ | env, capture_output=True, text=True)


def test_the_help_lists_every_command_with_a_sentence(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])

    text = capsys.readouterr().out
    for name in ("serve", "init", "demo", "migrate", "healthcheck", "settings", "roles", "ledger", "messages", "manage"):
        assert f"    {name} " in text or f"    {name}\n" in text
    assert "prepare" not in text


def test_what_needs_no_django_loads_none():
    code = "import sys; from lingyan.config import command; command.main(['settings']); sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, capture_output=True).returncode == 0


def test_the_settings_are_printed_with_their_meaning(capsys):
    assert command.main(["settings"]) == 0

    text = capsys.readouterr().out
    assert all(f"|`{variable.name}`|" in text and variable.meaning[:20] in text for variable in VARIABLES)


def test_a_setting_that_cannot_be_used_ends_with_a_sentence():
    done = lingyan("manage", "check", LINGYAN_IDLE_MINUTES="soon")

    assert done.returncode == 1
    assert "LINGYAN_IDLE_MINUTES" in done.stderr and "Traceback" not in done.stderr


def test_the_role_table_is_printed_with_labels(capsys):
    assert command.main(["roles", "auditor"]) == 0

    text = capsys.readouterr().out
    assert "审计员（auditor）" in text and "ledger.view_entry" in text and "?" not in text


@pytest.mark.django_db
def test_verifying_the_ledger_says_that_it_is_whole(capsys):
    assert command.main(["ledger", "verify"]) == 0

    assert "流水完整" in capsys.readouterr().out


def test_a_database_that_is_away_is_said_with_its_address_and_without_a_password():
    done = lingyan("prepare", "--change", LINGYAN_TEST_DATABASE_URL="", LINGYAN_DATABASE_URL="postgresql://user:hush@127.0.0.1:1/lingyan")

    assert done.returncode == 1
    assert "连不上数据库：PostgreSQL（127.0.0.1，数据库 lingyan）" in done.stderr
    assert "hush" not in done.stderr and "Traceback" not in done.stderr


def test_serving_on_an_older_database_is_refused_with_the_remedy(tmp_path):
    done = lingyan("prepare", LINGYAN_TEST_DATABASE_URL="", LINGYAN_DATA=str(tmp_path))

    assert done.returncode == 1
    assert "lingyan migrate" in done.stderr and "Traceback" not in done.stderr


def test_asking_where_nothing_runs_fails_with_a_sentence(capsys):
    assert command.main(["healthcheck", "--port", "1"]) == 1

    assert "没有应答" in capsys.readouterr().err
