"""The command `lingyan`: everything an operator or a developer does from the shell. Django is loaded only by what needs it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from lingyan import __version__
from lingyan.config.environment import VARIABLES, SettingRefused

DESCRIPTION = f"领雁 {__version__}：产业社区的工作系统。"
EPILOG = "每条命令的用法：lingyan 命令 --help。环境变量见 lingyan settings，部署见 docs/production.md。"


def load_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:  # a second time would only set up the log anew
        django.setup()


def manage(*words: str) -> None:
    """Run one of Django's own commands; a refusal ends with its sentence, not with a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lingyan manage", *words])


# --- running ------------------------------------------------------------------------------------------------------------


def serve(chosen: argparse.Namespace) -> int:
    """Keep web, worker and scheduler of this node running."""
    from lingyan.config.processes import Supervisor, answers, programs

    names: list[Any] = []
    ready = subprocess.run(
        [sys.executable, "-m", "lingyan.config.command", "prepare", *(["--change"] if chosen.prepare else [])], stdout=subprocess.PIPE, text=True
    )
    if ready.returncode:
        return ready.returncode
    if ready.stdout.strip():
        names = json.loads(ready.stdout.splitlines()[-1])
    host = "127.0.0.1" if chosen.host in {"0.0.0.0", "::"} else chosen.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{chosen.port}"

    def announce() -> bool:
        if not answers(f"{address}/healthz"):
            return False
        print(f"\n领雁已启动：{address}")
        if names:
            print("演示人物（在登录页点名字就能进入）：")
            for name, what in names:
                print(f"  {name}  {what}")
        print("按 Ctrl-C 停止。", flush=True)
        return True

    supervisor = Supervisor(
        programs(chosen.what or ["web", "worker", "scheduler"], host=chosen.host, port=chosen.port, workers=chosen.workers, threads=chosen.threads)
    )
    return supervisor.run(announce if not chosen.what or "web" in chosen.what else None)


def prepare(chosen: argparse.Namespace) -> int:
    """Before serving: is the database there, are the settings safe? With --change, also migrate and load the demonstration into an empty database.

    Speaks to the person on stderr; the last line on stdout is the list of personas.
    """
    from lingyan.config import messages

    messages.compile_all()
    load_django()
    from django.conf import settings
    from django.core.management import CommandError, call_command
    from django.db import connection
    from django.db.utils import OperationalError

    from lingyan.config.checks import refuse_insecure
    from lingyan.config.health import pending_migrations

    def tell(sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    try:
        connection.ensure_connection()
    except OperationalError as error:
        place = settings.DATABASES["default"]
        where = f"PostgreSQL（{place['HOST'] or '本机'}，数据库 {place['NAME']}）" if connection.vendor == "postgresql" else f"SQLite 文件 {place['NAME']}"
        tell(f"\n✗ 连不上数据库：{where}。请检查它是否在运行、地址和密码是否正确（LINGYAN_DATABASE_URL）。\n  {str(error).strip().splitlines()[0]}")
        return 1
    refuse_insecure()
    settings.STATIC_ROOT.mkdir(mode=0o750, exist_ok=True)  # whitenoise looks there, and warns when it is missing
    if pending := pending_migrations():
        if not chosen.change:
            tell(f"✗ 数据库还差 {len(pending)} 步才到这个版本。请先执行 lingyan migrate，或用 lingyan serve --prepare。")
            return 1
        tell(f"· 准备数据库（{len(pending)} 步）……")
        call_command("migrate", verbosity=0, interactive=False)
    if not settings.DEMONSTRATION:
        return 0
    from lingyan.registry.reads import has_district
    from lingyan.setup.reads import is_demonstration_unfinished, persona_names

    if chosen.change and (not has_district() or is_demonstration_unfinished()):
        tell("· 载入演示社区……")
        try:
            call_command("demo", stdout=sys.stderr)
        except CommandError as error:
            tell(f"✗ {error}")
            return 1
    print(json.dumps(persona_names(), ensure_ascii=False))
    return 0


def healthcheck(chosen: argparse.Namespace) -> int:
    """Ask a running installation how it is; 0 when it is whole."""
    import urllib.error
    import urllib.request

    request = urllib.request.Request(f"http://127.0.0.1:{chosen.port}/healthz", headers={"Host": chosen.host})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            print(answer.read().decode())
            return 0
    except urllib.error.HTTPError as error:
        print(error.read().decode())
    except OSError as error:
        print(f"端口 {chosen.port} 上没有应答：{error}", file=sys.stderr)
    return 1


# --- setting up ---------------------------------------------------------------------------------------------------------


def init(chosen: argparse.Namespace) -> int:
    """A real, empty installation: district, first administrator, one-time link."""
    from lingyan.config import messages

    messages.compile_all()
    load_django()
    from lingyan.config.founding import Answers, set_up

    return set_up(Answers(district=chosen.district, code=chosen.code, name=chosen.name, mobile=chosen.mobile))


def demo(chosen: argparse.Namespace) -> int:
    manage("demo", *chosen.rest)
    return 0


def migrate(chosen: argparse.Namespace) -> int:
    manage("migrate", *chosen.rest)
    return 0


# --- looking up ---------------------------------------------------------------------------------------------------------


def settings_table() -> str:
    """docs/settings.md, whole."""
    lines = [
        "# Settings",
        "",
        "All are environment variables. Printed by `lingyan settings`; do not edit by hand.",
        "",
        "|variable|without it|meaning|",
        "|---|---|---|",
    ]
    for variable in VARIABLES:
        default = "`var` in the checkout" if variable.name == "LINGYAN_DATA" else f"`{variable.default}`" if variable.default else "empty"
        meaning = variable.meaning.replace("|", "\\|")
        lines.append(f"|`{variable.name}`|{default}|{meaning}|")
    return "\n".join(lines)


def settings(chosen: argparse.Namespace) -> int:
    print(settings_table())
    return 0


def roles(chosen: argparse.Namespace) -> int:
    """The role table: each role, its permissions with their labels, and how far each reaches."""
    load_django()
    from lingyan.config.roles import APPOINTS, ROLES
    from lingyan.kernel.permissions import labels
    from lingyan.people.models import Role

    reaches = {"scope": "所辖范围", "own": "只限本人"}
    for role, held in ROLES.items():
        if chosen.role and role != chosen.role:
            continue
        print(f"\n{Role(role).label}（{role}）")
        for permission, reach in sorted(held.items()):
            print(f"  {permission:<32} {reaches.get(reach, reach)}  {labels().get(permission, '?')}")
        if APPOINTS.get(role):
            print(f"  可任命：{'、'.join(str(Role(other).label) for other in Role if other.value in APPOINTS[role])}")
    return 0


# --- checking -----------------------------------------------------------------------------------------------------------


def ledger_verify(chosen: argparse.Namespace) -> int:
    """Read the whole ledger and say whether it is as it was written."""
    load_django()
    from lingyan.ledger.reads import verify

    verdict = verify()
    print(f"读了 {verdict.blocks} 块、{verdict.entries} 条，另有 {verdict.unsealed} 条尚未封存。")
    for fault in verdict.faults:
        print(f"  ✗ {fault}")
    print("流水完整，没有被改动。" if verdict.is_whole else f"流水不完整：{len(verdict.faults)} 处。")
    return 0 if verdict.is_whole else 1


def messages(chosen: argparse.Namespace) -> int:
    """The sentences of the interface and their English."""
    from lingyan.config import messages as catalogue

    if chosen.what == "extract":
        for (context, msgid), (_sentence, places) in sorted(catalogue.found().items(), key=lambda pair: pair[0][1]):
            print(f"{f'[{context}] ' if context else ''}{msgid!r}  {', '.join(places)}")
        return 0
    if chosen.what == "compile":
        catalogue.compile_all()
        return 0
    count = 0
    for language in catalogue.LANGUAGES:
        if chosen.what == "update":
            added, dropped, empty = catalogue.update(language)
            print(f"{language}：新增 {added}，去掉 {dropped}，还缺译文 {empty}")
        else:
            lines = catalogue.faults(language)
            count += len(lines)
            print("\n".join(lines) if lines else f"{language}：译文齐全。")
    return 1 if count else 0


# --- the table of contents ----------------------------------------------------------------------------------------------


def add_policy(commands: Any) -> None:
    """`lingyan policy …` belongs to the rules, which know no Django."""
    if find_spec("lingyan.rules") and find_spec("lingyan.rules.command"):
        import_module("lingyan.rules.command").add_to(commands)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="lingyan", description=DESCRIPTION, epilog=EPILOG)
    top.add_argument("--version", action="version", version=f"lingyan {__version__}")
    commands = top.add_subparsers(title="命令", metavar="命令", required=True)

    def add(name: str, act: Any, words: str, **more: Any) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words, **more)
        added.set_defaults(act=act)
        return added

    one = add("serve", serve, "运行本机的网页、后台任务和定时器，出错自动重启")
    one.add_argument("what", nargs="*", choices=["web", "worker", "scheduler", []], metavar="web|worker|scheduler", help="只运行其中几个（默认全部）")
    one.add_argument("--host", default="127.0.0.1", help="监听的地址（默认 127.0.0.1）")
    one.add_argument("--port", type=int, default=8000, help="监听的端口（默认 8000）")
    one.add_argument("--workers", type=int, default=2, help="网页进程数（默认 2）")
    one.add_argument("--threads", type=int, default=4, help="每个网页进程的线程数（默认 4）")
    one.add_argument("--prepare", action="store_true", help="先升级数据库；演示模式下数据库为空时载入演示社区")

    one = add("init", init, "建立一个真实的、空的系统：区、第一位管理员和他的一次性链接")
    one.add_argument("--district", help="区的名称，例如 余杭区")
    one.add_argument("--code", help="区划代码，6 位数字")
    one.add_argument("--name", help="第一位区管理员的姓名")
    one.add_argument("--mobile", help="第一位区管理员的手机号")

    for name, act, words in (
        ("demo", demo, "载入虚构的演示社区（只用于空数据库）"),
        ("migrate", migrate, "把数据库升级到本版本"),
    ):
        one = add(name, act, words)
        one.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)

    one = add("healthcheck", healthcheck, "询问正在运行的系统是否正常（正常时返回 0）")
    one.add_argument("--port", type=int, default=8000)
    one.add_argument("--host", default="127.0.0.1", help="用哪个域名询问，要在 LINGYAN_HOSTS 里")

    add("settings", settings, "打印全部环境变量的说明（就是 docs/settings.md）")
    one = add("roles", roles, "打印角色权限表")
    one.add_argument("role", nargs="?", help="只看一个角色，例如 secretary")

    one = add("ledger", ledger_verify, "流水账：verify 检查有没有被改动或缺失")
    one.add_argument("what", choices=["verify"])
    one = add("messages", messages, "界面文字和英文译文：extract 列出，update 更新，check 检查，compile 编译")
    one.add_argument("what", choices=["extract", "update", "check", "compile"])
    add_policy(commands)
    one = add("manage", None, "Django 自带的管理命令，例如 lingyan manage shell")
    one.add_argument("rest", nargs=argparse.REMAINDER)

    one = commands.add_parser("prepare")  # not listed: `serve` calls it
    one.add_argument("--change", action="store_true")
    one.set_defaults(act=prepare)
    return top


def main(words: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if words is None else words)
    try:
        if words[:1] == ["manage"]:  # all that follows is Django's, options too
            manage(*words[1:])
            return 0
        if words[:1] in (["demo"], ["migrate"]) and words[1:] not in (["--help"], ["-h"]):
            manage(*words)
            return 0
        chosen = parser().parse_args(words)
        return int(chosen.act(chosen) or 0)
    except SettingRefused as refused:
        print(f"✗ {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
