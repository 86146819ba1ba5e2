"""What stands on each person's home: "what do I do now?" in one screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.cases.access import answerable_dispatches, communities_to_ask, confirmable_cases, staffed_cases, visible_cases, visible_feedback
from lingyan.cases.models import Case, Dispatch
from lingyan.cases.reads import in_tab, lines_of, tab_counts, to_do, with_lines
from lingyan.kernel.clock import now, today
from lingyan.kernel.wires import wire
from lingyan.ledger.models import Block, Entry
from lingyan.people.models import Membership, Person, Role, ScopeKind
from lingyan.people.reads import persons_in
from lingyan.registry.access import communities_of, visible_communities, visible_enterprises, visible_grids
from lingyan.registry.models import Enterprise
from lingyan.visits.access import visible_notes
from lingyan.visits.models import FieldNote
from lingyan.visits.reads import notes_of_today, row_of, with_rows

ROWS = 8
LONG_AGO = timedelta(days=30)


def first_role(person: Person) -> str | None:
    """The role that decides the home: the first of `config.wires.HOMES` that the person holds."""
    held = {membership.role for membership in person.active_memberships}
    return next((role for role in wire("HOMES") if role in held), None)


def rows_of(cases: QuerySet[Case], actor: Person, limit: int = ROWS) -> list[dict[str, Any]]:
    return [line.row for line in lines_of(with_lines(cases, actor)[:limit], actor)]


def by_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.order_by(F("due_at").asc(nulls_last=True), "waiting_since", "pk")


def long_unvisited(enterprises: QuerySet[Enterprise], moment: Any) -> QuerySet[Enterprise]:
    """Enterprises nobody of the community has visited for thirty days."""
    recent = FieldNote.objects.filter(enterprise=OuterRef("pk"), visited_at__gte=moment - LONG_AGO)
    return enterprises.exclude(Exists(recent))


def social_worker(actor: Person) -> dict[str, Any]:
    """Today: where I was, where nobody has been for long, and what waits for me."""
    mine = visible_enterprises(actor).filter(grid__leader=actor)
    base = mine if mine.exists() else visible_enterprises(actor)
    neglected = long_unvisited(base, now()).select_related("grid").annotate(last_visit=Max("notes__visited_at")).order_by("last_visit", "pk")
    waiting = to_do(actor)
    return {
        "notes": notes_of_today(actor),
        "neglected": list(neglected[:4]),
        "neglected_count": neglected.count(),
        "waiting": rows_of(by_due(waiting), actor),
        "waiting_count": waiting.count(),
        "answered": rows_of(visible_cases(actor).filter(stage=Case.Stage.ANSWERED).order_by("waiting_since"), actor, 4),
        "grid": visible_grids(actor).filter(leader=actor).annotate(enterprise_count=Count("enterprises")).first(),
    }


def secretary(actor: Person) -> dict[str, Any]:
    """The whole community: numbers that open their lists, what is stuck, the grids, who has how much."""
    moment = now()
    cases = visible_cases(actor)
    counts = tab_counts(actor, moment)
    enterprises = visible_enterprises(actor)
    neglected = long_unvisited(enterprises, moment).count()
    url = reverse("cases:list")
    month = timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    closed = cases.filter(closed_at__gte=month).aggregate(total=Count("pk"), on_site=Count("pk", filter=Q(is_on_site=True)), rated=Count("rating"))
    numbers = [
        {"label": _("在办诉求"), "number": counts["open"], "note": _("看名单"), "url": f"{url}?tab=open"},
        {"label": _("等派单"), "number": counts["waiting"], "note": _("派出去就有人管"), "url": f"{url}?tab=waiting"},
        {"label": _("超时限"), "number": counts["over"], "note": _("按等得最久排"), "url": f"{url}?tab=over", "kind": "over" if counts["over"] else ""},
        {"label": _("快到时限"), "number": counts["near"], "note": _("24 小时内"), "url": f"{url}?tab=near", "kind": "near" if counts["near"] else ""},
        {"label": _("等提的人确认"), "number": counts["answered"], "note": _("没回话不算满意"), "url": f"{url}?tab=answered"},
        {"label": _("过 30 天没去"), "number": neglected, "note": _("共 %(n)d 家企业") % {"n": enterprises.count()}, "url": f"{reverse('visits:write')}"},
    ]
    return {
        "numbers": numbers,
        "stuck": rows_of(by_due(in_tab(cases, "over", actor, moment)), actor, 7) or rows_of(by_due(in_tab(cases, "near", actor, moment)), actor, 7),
        "stuck_count": counts["over"],
        "grids": grid_plan(actor, moment),
        "load": load_of_people(actor),
        "closed": closed | {"unrated": closed["total"] - closed["rated"]},
        "latest": [row_of(note) for note in with_rows(visible_notes(actor)).order_by("-visited_at", "-pk")[:4]],
        "community": visible_communities(actor).first(),
    }


def grid_plan(actor: Person, moment: Any) -> list[dict[str, Any]]:
    """The grids with their enterprises: visited this month, not yet, over thirty days, and how many cases press. Three queries."""
    month = timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    open_cases = Q(cases__stage__in=[Case.Stage.WAITING, Case.Stage.SENT, Case.Stage.IN_HAND])
    enterprises = (
        visible_enterprises(actor)
        .annotate(
            over=Count("cases", filter=open_cases & Q(cases__due_at__lt=moment), distinct=True),
            near=Count("cases", filter=open_cases & Q(cases__due_at__gte=moment, cases__due_at__lt=moment + timedelta(hours=24)), distinct=True),
            last_visit=Max("notes__visited_at"),
        )
        .order_by("pk")
    )
    by_grid: dict[int | None, list[dict[str, Any]]] = {}
    for enterprise in enterprises:
        visited = "recent" if enterprise.last_visit and enterprise.last_visit >= month else "long" if not enterprise.last_visit or enterprise.last_visit < moment - LONG_AGO else "due"
        by_grid.setdefault(enterprise.grid_id, []).append({"enterprise": enterprise, "visited": visited, "over": enterprise.over, "near": 0 if enterprise.over else enterprise.near})
    return [
        {"grid": grid, "enterprises": by_grid.get(grid.pk, []), "workers": sum(each["enterprise"].headcount or 0 for each in by_grid.get(grid.pk, []))}
        for grid in visible_grids(actor).select_related("leader").order_by("community_id", "pk")
    ]


def load_of_people(actor: Person) -> list[dict[str, Any]]:
    """How much each of the staff has in hand, ordered by grid: to share it out, never to rank. Two queries."""
    communities = communities_of(actor, "overview.view_overview")
    staff = list(
        Membership.objects.filter(role__in=[Role.SECRETARY, Role.SOCIAL_WORKER], scope_kind=ScopeKind.COMMUNITY, scope_id__in=communities.values("pk"), ended_at=None)
        .select_related("person")
        .order_by("person__led_grids", "pk")
    )
    open_cases = dict(
        Case.objects.filter(community_id__in=communities.values("pk"), opened_by__in=[each.person_id for each in staff])
        .exclude(stage=Case.Stage.CLOSED)
        .values_list("opened_by")
        .annotate(n=Count("pk"))
    )
    most = max(open_cases.values(), default=1)
    seen: set[int] = set()
    rows = []
    for each in staff:
        if each.person_id in seen:
            continue
        seen.add(each.person_id)
        count = open_cases.get(each.person_id, 0)
        rows.append({"name": each.person.name, "title": each.title or each.get_role_display(), "count": count, "share": round(100 * count / most)})
    return rows


def officer(actor: Person) -> dict[str, Any]:
    """Only what is theirs: to sign for, to answer, and what waits for the asker."""
    mine = answerable_dispatches(actor)
    to_sign = visible_cases(actor).exclude(stage=Case.Stage.CLOSED).filter(Exists(mine.filter(case=OuterRef("pk"), state=Dispatch.State.SENT)))
    to_answer = visible_cases(actor).exclude(stage=Case.Stage.CLOSED).filter(Exists(mine.filter(case=OuterRef("pk"), state=Dispatch.State.ACKNOWLEDGED)))
    waiting = visible_cases(actor).filter(stage=Case.Stage.ANSWERED)
    return {
        "to_sign": rows_of(by_due(to_sign), actor),
        "to_sign_count": to_sign.count(),
        "to_answer": rows_of(by_due(to_answer), actor),
        "to_answer_count": to_answer.count(),
        "waiting": rows_of(waiting.order_by("waiting_since"), actor, 5),
        "waiting_count": waiting.count(),
    }


def posted_cadre(actor: Person) -> dict[str, Any]:
    """Walking along: what was noted today, what can be answered on the spot, what is under way."""
    waiting = staffed_cases(actor, "cases.resolve_on_site").filter(stage=Case.Stage.WAITING)
    return {
        "notes": notes_of_today(actor),
        "waiting": rows_of(by_due(waiting), actor),
        "waiting_count": waiting.count(),
        "latest": [row_of(note) for note in with_rows(visible_notes(actor)).order_by("-visited_at", "-pk")[:5]],
    }


def asker(actor: Person) -> dict[str, Any]:
    """Whoever asks: what waits for their word, who has the rest and by when."""
    cases = visible_cases(actor)
    to_confirm = confirmable_cases(actor).filter(stage=Case.Stage.ANSWERED)
    under_way = cases.exclude(stage__in=[Case.Stage.CLOSED, Case.Stage.ANSWERED])
    return {
        "to_confirm": rows_of(to_confirm.order_by("waiting_since"), actor),
        "to_confirm_count": to_confirm.count(),
        "under_way": rows_of(by_due(under_way), actor),
        "under_way_count": under_way.count(),
        "closed": rows_of(cases.filter(stage=Case.Stage.CLOSED).order_by("-closed_at"), actor, 4),
        "helpers": helpers_of(actor),
        "own_enterprises": list(visible_enterprises(actor).filter(pk__in=actor.scopes("registry.view_enterprise").of("enterprise"))),
    }


def helpers_of(actor: Person) -> list[dict[str, Any]]:
    """Whom to ring: the community of each place the person belongs to."""
    return [{"community": community, "people": persons_in(role=Role.SOCIAL_WORKER, scope_kind=ScopeKind.COMMUNITY, scope_id=community.pk)[:6]} for community in communities_to_ask(actor)[:2]]


def district(actor: Person) -> dict[str, Any]:
    """The district: its communities side by side, and what was said to it directly."""
    moment = now()
    still_open = ~Q(cases__stage=Case.Stage.CLOSED)
    communities = list(
        visible_communities(actor)
        .annotate(
            open_count=Count("cases", filter=still_open, distinct=True),
            over_count=Count("cases", filter=still_open & Q(cases__due_at__lt=moment), distinct=True),
            enterprise_count=Count("enterprises", distinct=True),
        )
        .order_by("pk")
    )
    feedback = visible_feedback(actor).filter(district_id__in=actor.scopes("cases.answer_feedback").of("district"), state="open")
    counts = tab_counts(actor, moment)
    url = reverse("cases:list")
    return {
        "communities": communities,
        "feedback_count": feedback.count(),
        "feedback": list(feedback.select_related("person").order_by("-sent_at")[:4]),
        "numbers": [
            {"label": _("社区"), "number": len(communities), "note": _("看名单"), "url": reverse("registry:communities")},
            {"label": _("企业"), "number": sum(community.enterprise_count for community in communities), "note": _("看名单"), "url": reverse("registry:enterprises")},
            {"label": _("在办诉求"), "number": counts["open"], "note": _("看名单"), "url": f"{url}?tab=open"},
            {"label": _("超时限"), "number": counts["over"], "note": _("看名单"), "url": f"{url}?tab=over", "kind": "over" if counts["over"] else ""},
        ],
    }


def auditor(actor: Person) -> dict[str, Any]:
    """The ledger: how much it holds, and the way to check it."""
    return {"entry_count": Entry.objects.count(), "unsealed": Entry.objects.filter(block=None).count(), "last_block": Block.objects.order_by("-pk").first(), "day": today()}

