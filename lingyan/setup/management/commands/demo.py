"""`lingyan demo`: the fictional community with its personas and eight weeks of work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lingyan.kernel.refusals import Refused
from lingyan.setup.demonstration.deeds import PASSWORD
from lingyan.setup.demonstration.loading import load_demonstration
from lingyan.setup.reads import persona_names


class Command(BaseCommand):
    help = "载入虚构的演示社区（只用于空数据库；载入到一半可以接着来）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="不显示进度")

    def handle(self, *args: Any, **options: Any) -> None:
        def say(sentence: str) -> None:
            if not options["quiet"]:
                self.stdout.write(sentence)
                self.stdout.flush()

        try:
            loaded = load_demonstration(say)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        if not loaded:
            say("演示社区已经在这里了，什么都没有改动。")
        names = "、".join(name for name, _role in persona_names())
        say(f"演示人物：{names}。演示模式下点名字就能进入；别的模式用各自的用户名（见 lingyan/setup/README.md），密码 {PASSWORD}。")
