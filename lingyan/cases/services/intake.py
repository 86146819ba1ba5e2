"""A request comes in and gets its case and number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.cases.access import handled_cases, is_staff_for, visible_cases
from lingyan.cases.models import TITLE_LIMIT, Case, CaseCounter, Channel, Nature, Progress, Request, Urgency
from lingyan.cases.services.writing import called, checked_text, locked, refresh, tell_askers, tell_staff, write_line
from lingyan.files.services import Checked, attach_all
from lingyan.kernel.access import one, require
from lingyan.kernel.clock import now
from lingyan.kernel.once import sent_once
from lingyan.kernel.refusals import Refused
from lingyan.ledger.services import record
from lingyan.people.models import Person
from lingyan.people.reads import persons_with
from lingyan.people.services.persons import normalized_mobile
from lingyan.registry.access import communities_of, enterprises_of
from lingyan.registry.models import Enterprise, IndustrialCommunity
from lingyan.registry.reads import communities_around, employer_of, enterprises_with

SEPARATORS = "\n。！？；!?;"


def title_of(text: str) -> str:
    """A title from the words themselves: the first sentence, cut at TITLE_LIMIT characters."""
    first = text.strip()
    for separator in SEPARATORS:
        head = first.split(separator, 1)[0].strip()
        first = head or first
    first = " ".join(first.split())
    return first if len(first) <= TITLE_LIMIT else first[: TITLE_LIMIT - 1] + "…"


@sent_once
def raise_request(
    *,
    actor: Person,
    text: str,
    nature: str,
    client_uuid: UUID,
    community_id: int,
    enterprise_id: int | None = None,
    is_confidential: bool = False,
    urgency: str = Urgency.ROUTINE,
    files: Sequence[Checked] = (),
) -> Request:
    """Somebody asks for themselves, or as a contact in the name of their enterprise; sent twice it is written once.

    Without an enterprise the request is the person's own: an employer never sees it.
    """
    require(actor, "cases.raise_request")
    if again := Request.objects.filter(client_uuid=client_uuid, registered_by=actor).first():
        return again
    enterprise = None
    if enterprise_id:
        enterprise = one(enterprises_with(actor.scopes("cases.view_case").of("enterprise")), enterprise_id)
        community = enterprise.community
    else:
        community = one(communities_around(actor), community_id)
    return open_case(
        actor=actor,
        community=community,
        text=text,
        title="",
        nature=nature,
        urgency=urgency,
        channel=Channel.PORTAL,
        client_uuid=client_uuid,
        asker=actor,
        for_enterprise=enterprise,
        enterprise=enterprise or employer_of(actor, community),
        is_confidential=is_confidential and enterprise is None,
        said_at=now(),
        files=files,
    )


@sent_once
def register_request(
    *,
    actor: Person,
    community_id: int,
    text: str,
    nature: str,
    client_uuid: UUID,
    channel: str = Channel.VISIT,
    title: str = "",
    urgency: str = Urgency.ROUTINE,
    enterprise_id: int | None = None,
    in_name_of_enterprise: bool = True,
    asker_id: int | None = None,
    asker_name: str = "",
    asker_mobile: str = "",
    is_confidential: bool = False,
    said_at: datetime | None = None,
    files: Sequence[Checked] = (),
) -> Request:
    """Somebody of the community writes down what another asks; sent twice it is written once.

    `in_name_of_enterprise` False: a worker asks; the enterprise only says where, and its contacts never see it.
    """
    require(actor, "cases.register_request")
    if again := Request.objects.filter(client_uuid=client_uuid, registered_by=actor).first():
        return again
    community = one(communities_of(actor, "cases.register_request"), community_id)
    enterprise = one(enterprises_of(actor, "registry.view_enterprise").filter(community=community), enterprise_id) if enterprise_id else None
    asker = one(askers_known_at(enterprise), asker_id) if asker_id and enterprise else None
    said_at = said_at or now()
    if said_at > now():
        raise Refused("said_at.future", _("说的时间在将来，请改一下。"), field="said_at")
    return open_case(
        actor=actor,
        community=community,
        text=text,
        title=title,
        nature=nature,
        urgency=urgency,
        channel=channel,
        client_uuid=client_uuid,
        asker=asker,
        asker_name=asker_name,
        asker_mobile=mobile_of_asker(asker_mobile),
        for_enterprise=enterprise if in_name_of_enterprise else None,
        enterprise=enterprise,
        is_confidential=is_confidential and not (in_name_of_enterprise and enterprise),
        said_at=said_at,
        files=files,
    )


def open_case(
    *,
    actor: Person,
    community: IndustrialCommunity,
    text: str,
    title: str,
    nature: str,
    urgency: str,
    channel: str,
    client_uuid: UUID,
    asker: Person | None,
    for_enterprise: Enterprise | None,
    enterprise: Enterprise | None,
    is_confidential: bool,
    said_at: datetime,
    asker_name: str = "",
    asker_mobile: str = "",
    files: Sequence[Checked] = (),
) -> Request:
    """Make request and case in one, with the next number of the community's year."""
    text = checked_text(text, field="text", empty=_("请写下是什么事，一句话也行。"))
    title = " ".join(title.split())
    if len(title) > TITLE_LIMIT:
        raise Refused("title.long", _("题目最多 %(limit)d 字，详细的写在下面。") % {"limit": TITLE_LIMIT}, field="title")
    if len(asker_name.strip()) > 60:
        raise Refused("asker_name.long", _("称呼最多 60 字。"), field="asker_name")
    at = now()
    case = Case(
        community=community,
        number=next_number(community, timezone.localtime(at).year),
        title=title or title_of(text),
        nature=Nature(nature),
        urgency=Urgency(urgency),
        channel=Channel(channel),
        enterprise=enterprise,
        is_confidential=is_confidential,
        asker=asker,
        asker_name=asker_name.strip(),
        is_enterprise_matter=for_enterprise is not None,
        opened_by=actor,
        opened_at=at,
        waiting_since=at,
    )
    refresh(case, at=at)
    request = Request.objects.create(
        client_uuid=client_uuid,
        community=community,
        case=case,
        text=text,
        asker=asker,
        asker_name=asker_name.strip(),
        asker_mobile=asker_mobile,
        for_enterprise=for_enterprise,
        is_confidential=is_confidential,
        said_at=said_at,
        arrived_at=at,
        registered_by=actor,
    )
    line = write_line(case, Progress.Kind.REGISTERED, actor=actor, at=at, is_by_asker=asker is not None and asker.pk == actor.pk)
    # A confidential asker leaves no name in the ledger either: the entry says that it was asked, not by whom.
    recorded = None if is_confidential and asker is not None and asker.pk == actor.pk else actor
    record(actor=recorded, verb="request.registered", target=request, fields={"nature": nature})
    record(actor=recorded, verb="case.opened", target=case, fields={"number": case.number})
    attach_all(actor=actor, target=line, uploads=files, is_unnamed=recorded is None)
    tell_staff(case, _("新诉求：%(case)s") % {"case": called(case)}, actor=actor, key="opened")
    return request


def next_number(community: IndustrialCommunity, year: int) -> str:
    """灵峰-2026-0042: the next serial of the community's year, without gaps; concurrent takers wait for one another."""
    CaseCounter.objects.get_or_create(community=community, year=year)
    counter = CaseCounter.objects.select_for_update().get(community=community, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{community.short_name}-{year}-{counter.last:04d}"


@transaction.atomic
def remark_on_case(
    *, case_id: int, actor: Person, text: str, is_for_asker: bool = False, files: Sequence[Checked] = (), at: datetime | None = None
) -> Progress:
    """Add a line to a case: staff for themselves or for the asker, the asker to say more."""
    at = at or now()
    case = locked(visible_cases(actor), case_id)
    if case.stage == Case.Stage.CLOSED:
        raise Refused("case.closed", _("这件已经结案，不能再补充；还有事请另提一件。"))
    text = checked_text(text, field="text", empty=_("请写下要补充的话。"))
    is_by_asker = not is_staff_for(actor, case)
    line = write_line(case, Progress.Kind.REMARKED, actor=actor, at=at, text=text, is_for_asker=is_for_asker or is_by_asker, is_by_asker=is_by_asker)
    is_unnamed = case.is_confidential and is_by_asker
    attach_all(actor=actor, target=line, uploads=files, is_unnamed=is_unnamed)
    record(actor=None if is_unnamed else actor, verb="case.remarked", target=case)
    if is_by_asker:
        tell_staff(case, _("%(number)s 提的人补充了一句") % {"number": case.number}, actor=actor, key=f"remark:{line.pk}")
    return line


@transaction.atomic
def reveal_asker(*, case_id: int, actor: Person, reason: str) -> Request:
    """Show who asked a confidential request, for a written reason; the look is in the ledger and in the case's history."""
    require(actor, "cases.reveal_asker")
    case = locked(visible_cases(actor), case_id)
    if not is_staff_for(actor, case):
        require(actor, "cases.view_asker")
    if len(reason.strip()) < 4:
        raise Refused("reason.empty", _("请写一句为什么要看，会留下记录，提的人也能看到。"), field="reason")
    reason = checked_text(reason, field="reason", empty="")
    request = case.requests.select_related("asker").get()
    line = write_line(case, Progress.Kind.REVEALED, actor=actor, at=now(), text=_("理由：%(reason)s") % {"reason": reason})
    tell_askers(case, _("%(number)s 有人看了是谁提的，理由写在经过里") % {"number": case.number}, actor=actor, key=f"revealed:{line.pk}")
    record(actor=actor, verb="case.asker_revealed", target=case, fields={"reason": reason})
    return request


def mobile_of_asker(text: str) -> str:
    """The asker's number as it is kept, empty when none was given; a refusal names the asker's own field."""
    if not text.strip():
        return ""
    try:
        return normalized_mobile(text)
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, field="asker_mobile") from refused


def askers_known_at(enterprise: Enterprise) -> QuerySet[Person]:
    """The persons known as contacts of an enterprise."""
    return persons_with(enterprise.contacts.filter(ended_at=None).values("person_id"))


@transaction.atomic
def show_phone(*, case_id: int, actor: Person) -> str:
    """The asker's number, for whoever handles the case and may know who asked; each look is in the ledger. Empty when there is none."""
    require(actor, "cases.call_asker")
    case = one(handled_cases(actor).select_related("asker"), case_id)
    may_know = not case.is_confidential or actor.may("cases.view_asker")
    if not may_know:
        raise Refused("asker.confidential", _("这一件是保密的，请先写理由看是谁提的。"))
    request = case.requests.select_related("asker").order_by("pk").first()
    number = (request.asker_mobile or (request.asker.mobile if request.asker else "")) if request else ""
    record(actor=actor, verb="case.phone_shown", target=case)
    return number or ""
