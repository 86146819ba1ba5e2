"""The settings an installation may choose, each an environment variable.

One table, read once at start. `docs/settings.md` is printed from it (`lingyan settings`), so the table and the document cannot differ.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parents[2]
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


class SettingRefused(SystemExit):
    """A setting that cannot be used; the sentence says which and why."""


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def yes_or_no(value: str) -> bool:
    if value.strip().lower() in TRUE_WORDS:
        return True
    if value.strip().lower() in FALSE_WORDS:
        return False
    raise ValueError("请写 1 或 0")


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, how it is read, what holds without it, and what it is for."""

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str

    def value(self) -> Any:
        text = os.environ.get(self.name, self.default)
        try:
            return self.read(text)
        except (ValueError, TypeError) as error:
            raise SettingRefused(f"环境变量 {self.name} 的值“{text}”不能用：{error}") from error


VARIABLES = [
    Variable(
        "LINGYAN_MODE",
        str,
        "development",
        "`development`, `demonstration` or `production`. Production refuses insecure settings; demonstration signs personas in with one tap.",
    ),
    Variable(
        "LINGYAN_DATA",
        lambda text: Path(text).expanduser().resolve(),
        str(BASE_DIR / "var"),
        "Folder of the SQLite database, attachments and the key. The log goes to standard output.",
    ),
    Variable("LINGYAN_DATABASE_URL", str, "", "`postgresql://user:password@host:5432/name`. Empty: SQLite inside `LINGYAN_DATA`."),
    Variable("LINGYAN_SECRET_KEY", str, "", "Key of signatures and sessions. Empty: read from (or made in) `secret_key` inside `LINGYAN_DATA`, mode 600."),
    Variable("LINGYAN_HOSTS", words, "127.0.0.1,localhost,[::1]", "Host names this installation answers to, separated by commas."),
    Variable("LINGYAN_ORIGIN", str, "", "Public address, as `https://lingyan.example.gov.cn`. Links in messages begin with it."),
    Variable("LINGYAN_PROXY", yes_or_no, "0", "1 when a proxy in front ends TLS and sets `X-Forwarded-Proto`."),
    Variable("LINGYAN_IDLE_MINUTES", int, "480", "Minutes without a page after which a person is signed out (working phones: a working day)."),
    Variable("LINGYAN_UPLOAD_MB", int, "20", "Largest attachment, in megabytes."),
    Variable("LINGYAN_EMAIL_URL", str, "", "`smtp://user:password@host:587` or `smtps://…:465`. Empty: no e-mail leaves."),
    Variable("LINGYAN_EMAIL_FROM", str, "", "Sender of e-mail, as `领雁 <lingyan@example.gov.cn>`."),
    Variable("LINGYAN_LOG_LEVEL", str, "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`."),
]


def read_environment() -> dict[str, Any]:
    """All variables by name, read and checked; raises `SettingRefused` with a sentence."""
    return {variable.name: variable.value() for variable in VARIABLES}
