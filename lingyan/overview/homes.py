"""What stands on each person's home: "what do I do now?" in one screen, in few queries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lingyan.cases.access import answerable_dispatches, staffed_cases, visible_cases, visible_feedback
from lingyan.cases.models import Case, Dispatch
from lingyan.cases.reads import lines_of, open_case_figure, tab_counts, to_do, with_lines
from lingyan.kernel.clock import now
from lingyan.kernel.wires import wire
from lingyan.ledger.reads import last_block, unsealed_count
from lingyan.people.models import Person, Role, ScopeKind
from lingyan.people.reads import members
from lingyan.registry.access import communities_of, visible_communities, visible_enterprises, visible_grids
from lingyan.registry.models import Enterprise
from lingyan.registry.reads import communities_around, enterprise_figure, enterprises_with
from lingyan.visits.access import visible_notes
from lingyan.visits.reads import last_visit_at_enterprise, notes_of_today, row_of, with_rows

ROWS = 8
LONG_AGO = timedelta(days=30)
UNDER_WAY = [Case.Stage.WAITING, Case.Stage.SENT, Case.Stage.IN_HAND]


def first_role(person: Person) -> str | None:
    """The role that decides the home: the first of `config.wires.HOMES` that the person holds."""
    held = {membership.role for membership in person.active_memberships}
    return next((role for role in wire("HOMES") if role in held), None)


def rows_of(cases: QuerySet[Case], actor: Person, limit: int = ROWS) -> list[dict[str, Any]]:
    return [line.row for line in lines_of(with_lines(cases)[:limit], actor)]


def by_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.order_by(F("due_at").asc(nulls_last=True), "waiting_since", "pk")


def start_of_month(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def social_worker(actor: Person) -> dict[str, Any]:
    """Today: where I was, where nobody has been for long, and what waits for me."""
    grid = visible_grids(actor).filter(leader=actor).annotate(enterprise_count=Count("enterprises")).order_by("pk").first()
    mine = visible_enterprises(actor).filter(grid__leader=actor) if grid else visible_enterprises(actor)
    neglected = mine.annotate(last_visit=last_visit_at_enterprise()).filter(Q(last_visit=None) | Q(last_visit__lt=now() - LONG_AGO))
    waiting = rows_of(by_due(to_do(actor)), actor)
    return {
        "grid": grid,
        "notes": notes_of_today(actor),
        "neglected": list(neglected.order_by(F("last_visit").asc(nulls_first=True), "pk")[:4]),
        "waiting": waiting,
        "answered": rows_of(visible_cases(actor).filter(stage=Case.Stage.ANSWERED).order_by("waiting_since"), actor, 4),
    }


def secretary(actor: Person) -> dict[str, Any]:
    """The whole community: numbers that open their lists, what is stuck, the grids, who has how much."""
    moment = now()
    cases = visible_cases(actor)
    counts = tab_counts(actor, moment, closed_since=start_of_month(moment))
    grids = grid_plan(actor, moment)
    every = [each for block in grids for each in block["enterprises"]]
    url = reverse("cases:list")
    numbers = [
        {"label": _("在办诉求"), "number": counts["open"], "note": _("看名单"), "url": f"{url}?tab=open"},
        {"label": _("等派单"), "number": counts["waiting"], "note": _("派出去就有人管"), "url": f"{url}?tab=waiting"},
        {"label": _("超时限"), "number": counts["over"], "note": _("按等得最久排"), "url": f"{url}?tab=over", "kind": "over" if counts["over"] else ""},
        {
            "label": _("快到时限"),
            "number": counts["near"],
            "note": _("最后一个工作日"),
            "url": f"{url}?tab=near",
            "kind": "near" if counts["near"] else "",
        },
        {"label": _("等提的人确认"), "number": counts["answered"], "note": _("没回话不算满意"), "url": f"{url}?tab=answered"},
        {
            "label": _("过 30 天没去"),
            "number": sum(each["visited"] == "long" for each in every),
            "note": _("共 %(n)d 家企业") % {"n": len(every)},
            "url": reverse("visits:write"),
        },
    ]
    return {
        "numbers": numbers,
        "stuck": rows_of(by_due(cases.filter(stage__in=UNDER_WAY, near_at__lte=moment)), actor, 7),
        "stuck_count": counts["over"],
        "grids": grids,
        "community": grids[0]["grid"].community if grids else visible_communities(actor).first(),
        "load": load_of_people(actor),
        "closed": {"total": counts["closed"], "on_site": counts["on_site"], "rated": counts["rated"], "unrated": counts["closed"] - counts["rated"]},
        "latest": [row_of(note) for note in with_rows(visible_notes(actor)).order_by("-visited_at", "-pk")[:4]],
    }


def grid_plan(actor: Person, moment: datetime) -> list[dict[str, Any]]:
    """The grids with their enterprises: visited this month, not yet, over thirty days, and how many cases press. Two queries."""
    month = start_of_month(moment)

    under_way = Q(stage__in=UNDER_WAY)
    enterprises = visible_enterprises(actor).annotate(
        last_visit=last_visit_at_enterprise(),
        over=open_case_figure("enterprise", under_way & Q(due_at__lt=moment)),
        near=open_case_figure("enterprise", under_way & Q(due_at__gte=moment, near_at__lte=moment)),
    )
    by_grid: dict[int | None, list[dict[str, Any]]] = {}
    for enterprise in enterprises.order_by("pk"):
        seen = enterprise.last_visit
        visited = "recent" if seen and seen >= month else "long" if not seen or seen < moment - LONG_AGO else "due"
        by_grid.setdefault(enterprise.grid_id, []).append(
            {"enterprise": enterprise, "visited": visited, "over": enterprise.over, "near": 0 if enterprise.over else enterprise.near}
        )
    blocks = [
        {"grid": grid, "name": grid.name, "enterprises": by_grid.pop(grid.pk, [])}
        for grid in visible_grids(actor).select_related("leader", "community").order_by("community_id", "pk")
    ]
    rest = [each for enterprises_of_grid in by_grid.values() for each in enterprises_of_grid]
    if rest and blocks:
        blocks.append({"grid": blocks[0]["grid"], "name": _("还没分网格"), "enterprises": rest, "is_rest": True})
    for block in blocks:
        block["workers"] = sum(each["enterprise"].headcount or 0 for each in block["enterprises"])
    return blocks


def load_of_people(actor: Person) -> list[dict[str, Any]]:
    """How much each of the staff has registered or in hand that is not closed, in the order of the grids: to share it out, never to rank. One query."""
    communities = communities_of(actor, "overview.view_overview")
    here = Q(community_id__in=communities.values("pk"))
    registered = open_case_figure("opened_by", here, outer="person") + open_case_figure("lead_handler", here & ~Q(opened_by=F("lead_handler")), outer="person")
    staff = members(roles=[Role.SECRETARY, Role.SOCIAL_WORKER], scope_kind=ScopeKind.COMMUNITY, scope_ids=communities.values("pk")).annotate(count=registered)
    once = {each.person_id: each for each in staff}
    most = max((each.count for each in once.values()), default=0) or 1
    return [
        {"name": each.person.name, "title": each.title or each.get_role_display(), "count": each.count, "share": round(100 * each.count / most)}
        for each in once.values()
    ]


def officer(actor: Person) -> dict[str, Any]:
    """Only what is theirs: to sign for, to answer, and what waits for the asker."""
    mine = answerable_dispatches(actor).filter(case=OuterRef("pk"))
    still_open = visible_cases(actor).exclude(stage=Case.Stage.CLOSED)
    to_sign, to_answer = Q(Exists(mine.filter(state=Dispatch.State.SENT))), Q(Exists(mine.filter(state=Dispatch.State.ACKNOWLEDGED)))
    counts = still_open.aggregate(
        to_sign=Count("pk", filter=to_sign), to_answer=Count("pk", filter=to_answer), waiting=Count("pk", filter=Q(stage=Case.Stage.ANSWERED))
    )
    return {
        "to_sign": rows_of(by_due(still_open.filter(to_sign)), actor),
        "to_sign_count": counts["to_sign"],
        "to_answer": rows_of(by_due(still_open.filter(to_answer)), actor),
        "to_answer_count": counts["to_answer"],
        "waiting": rows_of(still_open.filter(stage=Case.Stage.ANSWERED).order_by("waiting_since"), actor, 5),
        "waiting_count": counts["waiting"],
    }


def posted_cadre(actor: Person) -> dict[str, Any]:
    """Walking along: what can be answered on the spot, what was noted today, where the others were."""
    waiting = staffed_cases(actor, "cases.resolve_on_site").filter(stage=Case.Stage.WAITING)
    return {
        "notes": notes_of_today(actor),
        "waiting": rows_of(by_due(waiting), actor),
        "waiting_count": waiting.count(),
        "latest": [row_of(note) for note in with_rows(visible_notes(actor)).order_by("-visited_at", "-pk")[:5]],
    }


def asker(actor: Person) -> dict[str, Any]:
    """Whoever asks: what waits for their word, who has the rest and by when, and whom to ring."""
    cases = visible_cases(actor)
    counts = cases.exclude(stage=Case.Stage.CLOSED).aggregate(
        to_confirm=Count("pk", filter=Q(stage=Case.Stage.ANSWERED)), under_way=Count("pk", filter=Q(stage__in=UNDER_WAY))
    )
    return {
        "to_confirm": rows_of(cases.filter(stage=Case.Stage.ANSWERED).order_by("waiting_since"), actor),
        "to_confirm_count": counts["to_confirm"],
        "under_way": rows_of(by_due(cases.filter(stage__in=UNDER_WAY)), actor),
        "under_way_count": counts["under_way"],
        "closed": rows_of(cases.filter(stage=Case.Stage.CLOSED).order_by("-closed_at"), actor, 4),
        "communities": list(communities_around(actor)[:2]),
        "own_enterprises": own_enterprises(actor),
    }


def own_enterprises(actor: Person) -> list[Enterprise]:
    """The enterprises a contact speaks for."""
    ids = actor.scopes("registry.view_enterprise").of("enterprise")
    return list(enterprises_with(ids)) if ids else []


def district(actor: Person) -> dict[str, Any]:
    """The district: its communities side by side, and what was said to it directly."""
    moment = now()
    communities = list(
        visible_communities(actor)
        .annotate(
            open_count=open_case_figure("community"),
            over_count=open_case_figure("community", Q(due_at__lt=moment)),
            enterprise_count=enterprise_figure("community"),
        )
        .order_by("pk")
    )
    feedback = visible_feedback(actor).filter(district_id__in=actor.scopes("cases.answer_feedback").of("district"), state="open")
    url = reverse("cases:list")
    over = sum(community.over_count for community in communities)
    return {
        "communities": communities,
        "feedback_count": feedback.count(),
        "feedback": list(feedback.order_by("-sent_at")[:4]),
        "numbers": [
            {"label": _("社区"), "number": len(communities), "note": _("看名单"), "url": reverse("registry:communities")},
            {
                "label": _("企业"),
                "number": sum(community.enterprise_count for community in communities),
                "note": _("看名单"),
                "url": reverse("registry:enterprises"),
            },
            {"label": _("在办诉求"), "number": sum(community.open_count for community in communities), "note": _("看名单"), "url": f"{url}?tab=open"},
            {"label": _("超时限"), "number": over, "note": _("看名单"), "url": f"{url}?tab=over", "kind": "over" if over else ""},
        ],
    }


def auditor(_actor: Person) -> dict[str, Any]:
    """The ledger: whether it is sealed, and the way to check it."""
    return {"unsealed": unsealed_count(), "last_block": last_block()}
