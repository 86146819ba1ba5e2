"""Production refuses what is insecure, and says which setting and what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.core.checks import Error, Warning

from lingyan.config import checks
from lingyan.config.environment import BASE_DIR, SettingRefused

SECURE = {
    "PRODUCTION": True,
    "SECRET_KEY": "r8Jq-Wm2zXv6tYp0sLk4bNc9dHf3gTe7uQa1iOj5xRy8wVn2mZl6kPb0",
    "ALLOWED_HOSTS": ["lingyan.example.gov.cn"],
    "ORIGIN": "https://lingyan.example.gov.cn",
    "DEBUG": False,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "IDLE_MINUTES": 480,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "LOGGING": {"root": {"level": "INFO"}},
}


@pytest.fixture
def production(settings, tmp_path):
    tmp_path.chmod(0o750)
    settings.DATA_DIR = tmp_path
    for name, value in SECURE.items():
        setattr(settings, name, value)
    return settings


def refused() -> dict[str, str]:
    return dict(checks.insecure_settings())


def test_a_secure_installation_is_not_refused(production):
    assert refused() == {}


@pytest.mark.parametrize(
    "name, value, variable",
    [
        ("SECRET_KEY", "short", "LINGYAN_SECRET_KEY"),
        ("SECRET_KEY", "a" * 64, "LINGYAN_SECRET_KEY"),
        ("ALLOWED_HOSTS", ["*"], "LINGYAN_HOSTS"),
        ("ALLOWED_HOSTS", [], "LINGYAN_HOSTS"),
        ("ALLOWED_HOSTS", ["other.example.cn"], "LINGYAN_HOSTS"),
        ("ORIGIN", "", "LINGYAN_ORIGIN"),
        ("ORIGIN", "http://lingyan.example.gov.cn", "LINGYAN_ORIGIN"),
        ("DEBUG", True, "DEBUG"),
        ("SESSION_COOKIE_SECURE", False, "SESSION_COOKIE_SECURE"),
        ("CSRF_COOKIE_SECURE", False, "SESSION_COOKIE_SECURE"),
        ("SECURE_SSL_REDIRECT", False, "SESSION_COOKIE_SECURE"),
        ("IDLE_MINUTES", 0, "LINGYAN_IDLE_MINUTES"),
        ("IDLE_MINUTES", 100_000, "LINGYAN_IDLE_MINUTES"),
        ("SECURE_PROXY_SSL_HEADER", None, "LINGYAN_PROXY"),
        ("LOGGING", {"root": {"level": "DEBUG"}}, "LINGYAN_LOG_LEVEL"),
    ],
)
def test_each_insecure_setting_is_refused_by_name(production, name, value, variable):
    setattr(production, name, value)

    assert set(refused()) == {variable}


def test_a_key_that_others_can_read_is_refused_with_the_remedy(production, tmp_path):
    (tmp_path / "secret_key").write_text("key")
    (tmp_path / "secret_key").chmod(0o644)

    assert "chmod 600" in refused()["LINGYAN_SECRET_KEY"]


def test_data_that_anybody_can_enter_is_refused_with_the_remedy(production, tmp_path):
    tmp_path.chmod(0o755)

    assert "chmod o-rwx" in refused()["LINGYAN_DATA"]


@pytest.mark.parametrize(
    "host, options, secure", [("db.example.cn", {}, False), ("db.example.cn", {"sslmode": "verify-full"}, True), ("127.0.0.1", {}, True), ("", {}, True)]
)
@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_a_database_elsewhere_needs_an_encrypted_connection(production, host, options, secure):
    production.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}}

    assert ("LINGYAN_DATABASE_URL" not in refused()) is secure


@pytest.mark.django_db
def test_all_reasons_are_said_at_once(production):
    production.ORIGIN, production.DEBUG = "", True

    with pytest.raises(SettingRefused, match=r"(?s)LINGYAN_ORIGIN.*DEBUG"):
        checks.refuse_insecure()


@pytest.mark.django_db
def test_demonstration_personas_are_refused(production, monkeypatch):
    monkeypatch.setattr(checks, "personas", lambda: ["somebody"])

    with pytest.raises(SettingRefused, match="演示人物"):
        checks.refuse_insecure()


def test_development_is_not_examined(settings):
    settings.PRODUCTION, settings.DEBUG = False, True

    checks.refuse_insecure()
    assert checks.production_settings(None) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_every_command_stops_on_an_insecure_setting_and_sqlite_is_a_warning(production):
    production.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "HOST": ""}}
    production.ORIGIN = ""

    found = checks.production_settings(None)

    assert [type(message) for message in found] == [Error, Warning]


def test_the_settings_of_production_satisfy_djangos_own_deployment_checks(tmp_path):
    (tmp_path / "data").mkdir(mode=0o750)
    env = os.environ | {
        "LINGYAN_MODE": "production",
        "LINGYAN_DATA": str(tmp_path / "data"),
        "LINGYAN_HOSTS": "lingyan.example.gov.cn",
        "LINGYAN_ORIGIN": "https://lingyan.example.gov.cn",
        "LINGYAN_PROXY": "1",
        "LINGYAN_LOG_LEVEL": "INFO",
    }
    command = [sys.executable, "-m", "lingyan.config.command", "manage", "check", "--deploy", "--tag", "security"]

    done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True)

    # Being in the browsers' preload list (W021) is for the owner of the domain to decide.
    assert set(re.findall(r"security\.\w+", done.stderr)) <= {"security.W021"}, done.stderr
    assert done.returncode == 0
