"""The rows the matrix asks about: for every kind of row one inside somebody's reach and one outside, each with words that stand nowhere else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from lingyan.cases import services as cases
from lingyan.files.models import Attachment
from lingyan.files.services import attach
from lingyan.kernel.clock import now
from lingyan.ledger.models import Block
from lingyan.ledger.services import seal
from lingyan.notices.models import Notice
from lingyan.people.models import Membership, Person, Role, ScopeKind
from lingyan.people.services import create_person, grant_membership, invite
from lingyan.people.services.locks import key_of
from lingyan.people.services.persons import disable_person
from lingyan.registry.services import add_contact, create_grid
from lingyan.visits.services import write_note
from tests.cast import PASSWORD, Cast, build_cast

# Words that stand in one row only, so that a trace of it on a page is found.
WORDS = {
    "waiting": "门口货车排队玄武",
    "sent": "路灯不亮白虎",
    "in_hand": "雨水倒灌朱雀",
    "answered": "公交末班青龙",
    "closed": "消防通道勾陈",
    "on_site": "社保怎么转螣蛇",
    "mingyue": "压铸车间扬尘贪狼",
    "jiaotong": "限高杆挡车巨门",
    "ourselves": "服务大厅空调禄存",
    "personal": "食堂饭菜凉文曲",
    "secret": "加班费没发廉贞",
    "secret_waiting": "工伤不给报武曲",
    "secret_answered": "宿舍被扣押金破军",
    "far": "远处码头断电左辅",
    "far_sent": "远处围墙倒了右弼",
}
INNER_WORDS = "这话只在社区里说天梁"
NOTE_WORDS = {"note": "笔记里说订单翻倍天魁", "far_note": "远处笔记说要搬走天钺"}
FEEDBACK_WORDS = "办事窗口态度差天府"


def build_world(*, without: tuple[str, ...] = ()) -> SimpleNamespace:
    """The cast and all rows by name; `without` leaves some cases out."""
    cast = build_cast()
    for person in cast.everybody.values():
        person.forget_memberships()
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    world = SimpleNamespace(cast=cast, **cast.everybody)
    world.cases = {}
    for name in WORDS:
        if name not in without:
            world.cases[name] = make_case(cast, name)
    world.lead = {name: case.dispatches.filter(part="lead").first() for name, case in world.cases.items()}
    world.support = {name: case.dispatches.filter(part="support").first() for name, case in world.cases.items()}
    world.note = write_note(actor=cast.social_worker, enterprise_id=cast.lanshi.pk, client_uuid=uuid4(), heard=NOTE_WORDS["note"])
    world.far_note = write_note(actor=cast.outsider, enterprise_id=cast.elsewhere.pk, client_uuid=uuid4(), heard=NOTE_WORDS["far_note"])
    world.feedback = cases.send_feedback(actor=cast.contact, text=FEEDBACK_WORDS, client_uuid=uuid4())
    world.far_grid = create_grid(actor=cast.system, community_id=cast.dagang.pk, name="码头网格")
    world.far_contact_person = create_person(actor=cast.system, name="远联系", username="yuanlianxi")
    world.far_contact = add_contact(actor=cast.system, enterprise_id=cast.elsewhere.pk, person=world.far_contact_person, capacity="owner")
    world.lanshi_contact = cast.lanshi.contacts.get(person=cast.contact)
    world.notice_of = {name: Notice.objects.filter(person=person).first() for name, person in cast.everybody.items()}
    world.disabled = create_person(actor=cast.system, name="停用的人", username="tingyong")
    grant_membership(actor=cast.system, person=world.disabled, role=Role.VOLUNTEER, scope_kind=ScopeKind.COMMUNITY, scope_id=cast.lingfeng.pk)
    world.disabled.forget_memberships()
    disable_person(actor=cast.secretary, person_id=world.disabled.pk)
    AccessAttempt.objects.create(
        username=key_of(cast.volunteer), attempt_time=now(), failures_since_start=9, ip_address=None, user_agent="", path_info="", get_data="", post_data=""
    )
    world.membership_of = {name: Membership.objects.filter(person=person).first() for name, person in cast.everybody.items()}
    world.session_of = {name: session_of(cast.everybody[name]) for name in ("contact", "secretary")}
    world.secret_link = invite(actor=cast.secretary, person=cast.volunteer)
    world.file_of = {name: hang_file(cast.contact, world.cases[name].progress.first(), name) for name in ("sent", "secret", "far") if name in world.cases}
    inner = cases.remark_on_case(case_id=world.cases["sent"].pk, actor=cast.social_worker, text=INNER_WORDS)
    world.file_of["inner"] = hang_file(cast.social_worker, inner, "inner")
    world.file_of["note"] = hang_file(cast.social_worker, world.note, "note")
    seal()
    world.block = Block.objects.get()
    for person in cast.everybody.values():
        person.forget_memberships()
    return world


def hang_file(person: Person, row: Any, name: str) -> Attachment:
    """A small file on a row, its content in its place."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return attach(actor=person, target=row, upload=SimpleUploadedFile(f"{name}.txt", b"said and written"))


def session_of(person: Any) -> UserSession:
    """A browser somewhere else on which this person is signed in."""
    store = SessionStore()
    store.create()
    return UserSession.objects.create(user=person, session_key=store.session_key, ip="127.0.0.1", user_agent="", created_at=now(), last_seen_at=now())


def make_case(cast: Cast, name: str) -> Any:
    """The case of this name, as far as its name says."""
    asker, enterprise, community = cast.contact, cast.lanshi, cast.lingfeng
    if name in {"mingyue", "jiaotong"}:
        asker, enterprise = cast.other_contact, cast.mingyue
    if name in {"personal", "secret", "secret_waiting", "secret_answered"}:
        asker, enterprise = cast.worker, None
    if name in {"far", "far_sent"}:
        community = cast.dagang
        request = cases.register_request(
            actor=cast.outsider,
            community_id=community.pk,
            text=WORDS[name] + "。",
            nature="help",
            client_uuid=uuid4(),
            enterprise_id=cast.elsewhere.pk,
            channel="desk",
        )
    else:
        request = cases.raise_request(
            actor=asker,
            text=WORDS[name] + "。",
            nature="complaint" if name.startswith("secret") else "help",
            client_uuid=uuid4(),
            community_id=community.pk,
            enterprise_id=enterprise.pk if enterprise else None,
            is_confidential=name.startswith("secret"),
        )
    case = request.case
    if name == "on_site":
        cases.resolve_on_site(case_id=case.pk, actor=cast.posted_cadre, text="现场说清楚了。")
    elif name not in {"waiting", "mingyue", "personal", "secret_waiting", "far"}:
        send(cast, case, name)
    case.refresh_from_db()
    return case


def send(cast: Cast, case: Any, name: str) -> None:
    """Dispatch a case and bring it as far as its name says."""
    lead = {"jiaotong": "交通", "ourselves": "社区"}.get(name, "住建")
    support = [cast.departments["交通"].pk] if name in {"sent", "in_hand"} else []
    dispatcher = cast.outsider if name == "far_sent" else cast.social_worker
    lead_id = cast.departments[lead].pk if name != "far_sent" else cast.departments["司法"].pk
    cases.dispatch_case(case_id=case.pk, actor=dispatcher, lead_department_id=lead_id, support_department_ids=support)
    dispatch = case.dispatches.get(part="lead")
    if name in {"in_hand", "answered", "closed", "secret_answered"}:
        cases.acknowledge_dispatch(dispatch_id=dispatch.pk, actor=cast.officer)
    if name in {"answered", "closed", "secret_answered"}:
        cases.answer_dispatch(dispatch_id=dispatch.pk, actor=cast.officer, text="派人去看过，办好了。")
    if name == "closed":
        cases.confirm_answer(case_id=case.pk, actor=cast.contact)
