"""What production refuses. Each insecure setting is one sentence that names the setting and the remedy.

As Django checks they stop every command in production; `refuse_insecure` stops web, worker and scheduler, and looks into the database too.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.core.checks.messages import CheckMessage
from django.db import DatabaseError

from lingyan.config.environment import SettingRefused
from lingyan.people.reads import personas

ENCRYPTED = {"require", "verify-ca", "verify-full"}


def insecure_settings() -> Iterator[tuple[str, str]]:
    """Each setting that is not fit for real data: (the setting's name, the sentence)."""
    key = settings.DATA_DIR / "secret_key"
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 10:
        yield "LINGYAN_SECRET_KEY", "密钥太短或太简单，至少要 50 个随机字符。不设置这个变量，系统会自己生成。"
    if not os.environ.get("LINGYAN_SECRET_KEY") and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield "LINGYAN_SECRET_KEY", f"密钥文件 {key} 别人也能读。请执行：chmod 600 {key}"
    if settings.DATA_DIR.exists() and stat.S_IMODE(settings.DATA_DIR.stat().st_mode) & 0o007:
        yield "LINGYAN_DATA", f"数据文件夹 {settings.DATA_DIR} 这台机器上的任何人都能进。请执行：chmod o-rwx {settings.DATA_DIR}"
    if "*" in settings.ALLOWED_HOSTS or not settings.ALLOWED_HOSTS:
        yield "LINGYAN_HOSTS", "要写明系统的域名，不能是 * 或空。"
    origin = urlsplit(settings.ORIGIN)
    if origin.scheme != "https" or not origin.hostname:
        yield "LINGYAN_ORIGIN", "要写对外的地址，并以 https:// 开头，例如 https://lingyan.example.gov.cn。"
    elif "*" not in settings.ALLOWED_HOSTS and origin.hostname not in settings.ALLOWED_HOSTS:
        yield "LINGYAN_HOSTS", f"里面没有 LINGYAN_ORIGIN 的域名 {origin.hostname}，打开会是错误页。"
    if not settings.SECURE_PROXY_SSL_HEADER:
        yield "LINGYAN_PROXY", "前面要有做 TLS 的代理并设为 1；没有它，密码会明文传送，页面也会不停跳转。"
    if settings.DEBUG:
        yield "DEBUG", "调试模式会把内部信息显示给任何人，不能打开。"
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY and settings.SECURE_SSL_REDIRECT):
        yield "SESSION_COOKIE_SECURE", "登录凭证会不加密地传送；Cookie 和跳转的安全设置不能关。"
    if not 1 <= settings.IDLE_MINUTES <= 24 * 60:
        yield "LINGYAN_IDLE_MINUTES", "无操作自动退出的时间要在 1 分钟到 24 小时之间。"
    if settings.LOGGING["root"]["level"].upper() == "DEBUG":
        yield "LINGYAN_LOG_LEVEL", "DEBUG 会把个人信息写进日志，请用 INFO 或更高。"
    database = settings.DATABASES["default"]
    if "postgresql" in database["ENGINE"] and not is_local(database["HOST"]) and database.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED:
        yield "LINGYAN_DATABASE_URL", "数据库在另一台机器上，连接没有加密。请在地址后面加 ?sslmode=verify-full（或 require）。"


def is_local(host: str) -> bool:
    """Whether a database host is this machine: a socket, or the loopback address."""
    return not host or host in {"localhost", "::1"} or host.startswith(("/", "127."))


def insecure_data() -> Iterator[tuple[str, str]]:
    """What must not be in the database of a real installation. Nothing is said of a database that is away or empty."""
    try:
        if personas():
            yield "LINGYAN_MODE", "数据库里有演示人物，任何人点一下就能以他们的身份登录。正式使用请用新的数据库执行 lingyan init。"
    except DatabaseError:
        return


def refuse_insecure() -> None:
    """Stop this process in production mode when anything is insecure, and say all of it."""
    if not settings.PRODUCTION:
        return
    found = [*insecure_settings(), *insecure_data()]
    if found:
        raise SettingRefused("生产模式不能启动，有不安全的设置：\n" + "\n".join(f"  - {name}：{sentence}" for name, sentence in found))


@register()
def production_settings(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = [Error(f"{name}：{sentence}", id="lingyan.E001") for name, sentence in insecure_settings()]
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        found.append(Warning("生产模式用的是 SQLite：只适合一台机器、一个社区，没有热备。建议用 LINGYAN_DATABASE_URL 指向 PostgreSQL。", id="lingyan.W001"))
    return found
