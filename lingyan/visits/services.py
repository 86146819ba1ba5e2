"""Writing a note, and the requests that arise from it, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lingyan.cases.models import Case, Channel, Nature, Request, Urgency
from lingyan.cases.services import dispatch_case, register_request, resolve_on_site
from lingyan.files.services import Checked, attach_all
from lingyan.kernel.access import one, require
from lingyan.kernel.clock import now
from lingyan.kernel.once import sent_once
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person
from lingyan.people.reads import persons_with
from lingyan.registry.access import enterprises_of
from lingyan.visits.models import NOTE_LIMIT, FieldNote


@dataclass
class Matter:
    """One request that arises from a note, and what happens to it at once: closed on the spot, dispatched, or left for later."""

    client_uuid: UUID
    text: str
    nature: str = Nature.HELP
    urgency: str = Urgency.ROUTINE
    title: str = ""
    in_name_of_enterprise: bool = True
    asker_id: int | None = None
    asker_name: str = ""
    asker_mobile: str = ""
    is_confidential: bool = False
    on_site_answer: str = ""
    on_site_outcome: str = Case.Outcome.SOLVED
    lead_department_id: int | None = None
    support_department_ids: Sequence[int] = field(default_factory=list)
    message: str = ""


@sent_once
def write_note(
    *,
    actor: Person,
    enterprise_id: int,
    client_uuid: UUID,
    seen: str = "",
    heard: str = "",
    thought: str = "",
    visited_at: datetime | None = None,
    companion_ids: Sequence[int] = (),
    matters: Sequence[Matter] = (),
    files: Sequence[Checked] = (),
) -> FieldNote:
    """Write a note and open a case for each matter; all of it or nothing. Sent twice it is written once.

    Raises Refused with `field` "matter-<index>-<field>" when a matter cannot be taken.
    """
    require(actor, "visits.write_note")
    if again := FieldNote.objects.filter(client_uuid=client_uuid, author=actor).first():
        return again
    enterprise = one(enterprises_of(actor, "visits.write_note"), enterprise_id)
    visited_at = visited_at or now()
    if visited_at > now():
        raise Refused("visited_at.future", _("走访时间在将来，请改一下。"), field="visited_at")
    texts = {"seen": seen, "heard": heard, "thought": thought}
    for name, text in texts.items():
        texts[name] = text.strip().replace("\x00", "")
        if len(texts[name]) > NOTE_LIMIT:
            raise Refused(
                f"{name}.long", _("最多写 %(limit)d 字，这里有 %(length)d 字，请分开写或删减。") % {"limit": NOTE_LIMIT, "length": len(texts[name])}, field=name
            )
    if not any(texts.values()) and not matters:
        raise Refused("note.empty", _("还什么都没写。写一句看到的、听到的或想到的就行。"), field="heard")
    note = FieldNote.objects.create(
        client_uuid=client_uuid, community_id=enterprise.community_id, enterprise=enterprise, author=actor, visited_at=visited_at, arrived_at=now(), **texts
    )
    note.companions.set(persons_with(companion_ids))
    for index, matter in enumerate(matters):
        try:
            note.requests.add(open_matter(actor, enterprise.community_id, enterprise_id, matter, visited_at))
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, field=f"matter-{index}-{refused.field or 'text'}", status=refused.status) from refused
    attach_all(actor=actor, target=note, uploads=files)
    record(actor=actor, verb="note.written", target=note, fields={"matters": len(matters)})
    return note


def open_matter(actor: Person, community_id: int, enterprise_id: int, matter: Matter, said_at: datetime) -> Request:
    request = register_request(
        actor=actor,
        community_id=community_id,
        enterprise_id=enterprise_id,
        channel=Channel.VISIT,
        text=matter.text,
        title=matter.title,
        nature=matter.nature,
        urgency=matter.urgency,
        client_uuid=matter.client_uuid,
        in_name_of_enterprise=matter.in_name_of_enterprise,
        asker_id=matter.asker_id,
        asker_name=matter.asker_name,
        asker_mobile=matter.asker_mobile,
        is_confidential=matter.is_confidential,
        said_at=said_at,
    )
    if matter.on_site_answer.strip():
        resolve_on_site(case_id=request.case_id, actor=actor, text=matter.on_site_answer, outcome=matter.on_site_outcome)
    elif matter.lead_department_id:
        dispatch_case(
            case_id=request.case_id,
            actor=actor,
            lead_department_id=matter.lead_department_id,
            support_department_ids=matter.support_department_ids,
            message=matter.message,
        )
    return request
