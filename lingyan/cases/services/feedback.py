"""Complaints and suggestions about the service itself, to the district."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lingyan.cases.access import visible_feedback
from lingyan.cases.models import Feedback
from lingyan.cases.services.writing import checked_text
from lingyan.kernel.access import one, require
from lingyan.kernel.clock import now
from lingyan.kernel.once import sent_once
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.notices.services import notify
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.reads import persons_in
from lingyan.registry.reads import first_district


@sent_once
def send_feedback(*, actor: Person | None, text: str, client_uuid: UUID, page: str = "", way_back: str = "") -> Feedback:
    """Take a complaint or suggestion from anybody, signed in or not; sent twice it is written once."""
    if again := Feedback.objects.filter(client_uuid=client_uuid, person=actor).first():
        return again
    text = checked_text(text, field="text", empty=_("请写下您的意见，一句话也行。"))
    if len(way_back) > 60:
        raise Refused("way_back.long", _("联系方式最多 60 字。"), field="way_back")
    district = first_district()
    if district is None:
        raise Refused("district.none", _("系统还没有装好，请直接找社区。"))
    feedback = Feedback.objects.create(
        client_uuid=client_uuid, district=district, person=actor, way_back=way_back.strip(), page=page[:200], text=text, sent_at=now()
    )
    record(actor=actor, verb="feedback.sent", target=feedback)
    for person in persons_in(role=Role.DISTRICT_ADMINISTRATOR, scope_kind=ScopeKind.DISTRICT, scope_id=district.pk):
        notify(
            person=person, sentence=_("新的意见与投诉：%(text)s") % {"text": text[:40]}, url="/cases/feedback/inbox/", key=f"feedback:{feedback.pk}:{person.pk}"
        )
    return feedback


@transaction.atomic
def answer_feedback(*, feedback_id: int, actor: Person, text: str) -> Feedback:
    """The district answers; whoever was signed in when writing sees the answer."""
    require(actor, "cases.answer_feedback")
    rows = visible_feedback(actor).filter(district_id__in=actor.scopes("cases.answer_feedback").of("district"))
    feedback = one(rows.select_for_update(of=("self",)), feedback_id)
    text = checked_text(text, field="text", empty=_("请写答复。"))
    feedback.move("answer")
    feedback.answer, feedback.answered_by, feedback.answered_at = text, actor, now()
    feedback.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record(actor=actor, verb="feedback.answered", target=feedback)
    if feedback.person:
        notify(person=feedback.person, sentence=_("您提的意见有答复了"), url="/cases/feedback/mine/", key=f"feedback:{feedback.pk}:answered")
    return feedback
