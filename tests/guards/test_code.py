"""The code: lint, layout and types; locks that match what they lock; documents that are printed from the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lingyan.config.command import settings_table
from lingyan.config.install import LOCKS
from tests.guards.house import ROOT

PROGRAMS = Path(sys.executable).parent


def run(*command: str) -> None:
    done = subprocess.run([PROGRAMS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    run("ruff", "check", "--quiet", ".")


def test_everything_is_laid_out_by_ruff():
    run("ruff", "format", "--check", "--quiet", ".")


def test_kernel_and_rules_are_typed_strictly():
    run("mypy")


def requirements(path: Path) -> set[str]:
    """The names a .in file asks for, with those of the files it includes."""
    found = set()
    for line in path.read_text().splitlines():
        if included := re.match(r"-r\s+(\S+)", line):
            found |= requirements(ROOT / included[1])
        elif name := re.match(r"[A-Za-z0-9._-]+", line):
            found.add(re.sub(r"[-_.]+", "-", name[0]).lower())
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_each_lock_holds_what_it_locks(lock):
    text = (ROOT / f"{lock}.txt").read_text()
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}

    assert not requirements(ROOT / f"{lock}.in") - locked, "python3 -m lingyan.config.install lock"
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|file:", text), "a lock names no address"


def test_the_table_of_settings_is_the_one_the_code_prints():
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_table() + "\n", "lingyan settings > docs/settings.md"


def test_no_file_in_git_names_a_registry_or_a_machine():
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    telling = re.compile(r"(?:registry\.npmjs|pypi\.org|files\.pythonhosted|deb\.debian)\S*/|/root/|/home/\w+/")
    faults = []
    for name in filter(None, files):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".jpg", ".woff2", ".ico"} and path != Path(__file__):
            found = telling.search(path.read_text(encoding="utf-8", errors="replace"))
            if found:
                faults.append(f"{name}: {found.group()}")

    assert not faults
