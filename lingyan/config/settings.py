"""Django's settings. What an installation may choose is in `environment.py`; what production refuses is in `checks.py`."""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from lingyan.config.environment import BASE_DIR, SettingRefused, read_environment

environment = read_environment()

MODE: str = environment["LINGYAN_MODE"]
if MODE not in {"development", "demonstration", "production"}:
    raise SettingRefused(f"环境变量 LINGYAN_MODE 只能是 development、demonstration 或 production，现在是“{MODE}”。")
PRODUCTION = MODE == "production"
DEMONSTRATION = MODE == "demonstration"
DEBUG = False  # error pages are the same for everybody; details are in the log

DATA_DIR: Path = environment["LINGYAN_DATA"]
DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)


def secret_key_of(folder: Path) -> str:
    """The key of this installation, made once and readable by its owner alone."""
    path = folder / "secret_key"
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY: str = environment["LINGYAN_SECRET_KEY"] or secret_key_of(DATA_DIR)
ALLOWED_HOSTS: list[str] = environment["LINGYAN_HOSTS"]
ORIGIN: str = environment["LINGYAN_ORIGIN"].rstrip("/")
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []


def database_of(url: str) -> dict:
    """Django's database settings for PostgreSQL by address, or SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "lingyan.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;",
            },
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingRefused("环境变量 LINGYAN_DATABASE_URL 要以 postgresql:// 开头；不写就用 SQLite。")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or query.get("host", "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: value for key, value in query.items() if key != "host"} | ({"host": query["host"]} if "host" in query and not parts.hostname else {}),
    }


DATABASES = {"default": database_of(os.environ.get("LINGYAN_TEST_DATABASE_URL") or environment["LINGYAN_DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_vite",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "lingyan.kernel",
    "lingyan.ledger",
    "lingyan.calendar",
    "lingyan.files",
    "lingyan.people",
    "lingyan.registry",
    "lingyan.notices",
    "lingyan.cases",
    "lingyan.visits",
    "lingyan.overview",
    "lingyan.setup",
    "lingyan.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lingyan.kernel.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lingyan.people.middleware.IdleSignOutMiddleware",
    "lingyan.people.middleware.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lingyan.kernel.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lingyan.config.urls"
WSGI_APPLICATION = "lingyan.config.wsgi.application"
LINGYAN_WIRES = "lingyan.config.wires"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lingyan.overview.menu.menu",
            ],
            "builtins": ["lingyan.kernel.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static", "template_partials.templatetags.partials"],
        },
    }
]

# --- who signs in, and how (people) ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "lingyan.people.backends.NameOrMobileBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lingyan.people.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "lingyan.people.passwords.LikenessValidator", "OPTIONS": {"user_attributes": ("username", "mobile", "name")}},
    {"NAME": "lingyan.people.passwords.NotCommonValidator"},
    {"NAME": "lingyan.people.passwords.KindsOfCharactersValidator"},
    {"NAME": "lingyan.people.passwords.ReuseValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "people:sign_in"

# One counter for each person, in the database: `people/services/locks.py`.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "lingyan.people.services.locks.counted_under"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # the row of a person does not depend on address or browser, so rotating them opens nothing

# Of allauth only the second step, the recovery codes and the list of sessions are used, none of its pages.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "lingyan.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
IDLE_MINUTES: int = environment["LINGYAN_IDLE_MINUTES"]
CSRF_FAILURE_VIEW = "lingyan.kernel.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if environment["LINGYAN_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- words and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "lingyan" / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files --------------------------------------------------------------------------------------------------------------
FRONT_END = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [FRONT_END] if FRONT_END.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = MODE == "development"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": FRONT_END / "manifest.json"}}
MEDIA_ROOT = DATA_DIR / "attachments"
UPLOAD_LIMIT = environment["LINGYAN_UPLOAD_MB"] * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- jobs, messages, log ------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if environment["LINGYAN_EMAIL_URL"]:
    mail = urlsplit(environment["LINGYAN_EMAIL_URL"])
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = mail.hostname, mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = mail.scheme == "smtps", mail.scheme == "smtp"
    DEFAULT_FROM_EMAIL = environment["LINGYAN_EMAIL_FROM"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "WARNING"}},  # a refused form is not a fault
    "root": {"handlers": ["console"], "level": environment["LINGYAN_LOG_LEVEL"]},
}
