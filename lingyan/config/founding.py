"""`lingyan init`: a real, empty installation with its district and first administrator."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.urls import reverse

from lingyan.config.checks import refuse_insecure
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import via
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.services import builtin_person, create_person, grant_membership, invite
from lingyan.registry.reads import has_district
from lingyan.registry.services import create_district

QUESTIONS = {"district": "区的名称", "code": "区划代码（6 位）", "name": "第一位区管理员的姓名", "mobile": "他的手机号"}


@dataclass
class Answers:
    """What must be known to begin; what is None is asked for."""

    district: str | None
    code: str | None
    name: str | None
    mobile: str | None


def ask(answers: Answers) -> list[str]:
    """Ask the person at the terminal for what is missing; the names of what stays unknown."""
    unknown = []
    for name, question in QUESTIONS.items():
        if getattr(answers, name) is None and sys.stdin.isatty():
            setattr(answers, name, input(f"{question}：").strip())
        if not getattr(answers, name):
            unknown.append(name)
    return unknown


@transaction.atomic
def found(answers: Answers) -> str:
    """Make the district and its administrator; the secret of the administrator's one-time link."""
    system = builtin_person(Person.Builtin.SYSTEM)
    with via("command"):
        district = create_district(actor=system, name=answers.district or "", code=answers.code or "")
        person = create_person(actor=system, name=answers.name or "", mobile=answers.mobile)
        grant_membership(actor=system, person=person, role=Role.DISTRICT_ADMINISTRATOR, scope_kind=ScopeKind.DISTRICT, scope_id=district.pk)
        return invite(actor=system, person=person)


def set_up(answers: Answers) -> int:
    """Migrate, make what `found` makes, and print the link once. Refuses where a district is already."""
    os.chmod(settings.DATA_DIR, 0o750)
    refuse_insecure()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        print(f"✗ 连不上数据库，请检查 LINGYAN_DATABASE_URL。\n  {str(error).strip().splitlines()[0]}", file=sys.stderr)
        return 1
    if has_district():
        print("✗ 这里已经建立过了，不能再建一次；什么都没有改动。请区管理员登录后添加人员。", file=sys.stderr)
        return 1
    if unknown := ask(answers):
        print("✗ 还缺：" + "、".join(f"{QUESTIONS[name]}（--{name}）" for name in unknown), file=sys.stderr)
        return 2
    try:
        secret = found(answers)
    except Refused as refused:
        print(f"✗ {refused.sentence}", file=sys.stderr)
        return 1
    address = f"{settings.ORIGIN or 'http://127.0.0.1:8000'}{reverse('people:invitation', args=[secret])}"
    print(f"已建立“{answers.district}”。请把下面的一次性链接交给{answers.name}本人，3 天内有效，只显示这一次：\n\n  {address}\n")
    print("启动：lingyan serve。正式使用前请看 docs/production.md，并设置 LINGYAN_MODE=production。")
    return 0
