"""Questions others may ask about cases, and what the pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingyan.calendar.reads import DAY_ENDS, DAY_STARTS, is_working_day, worked_between
from lingyan.cases.access import (
    answerable_dispatches,
    confirmable_cases,
    handled_cases,
    staffed_cases,
    visible_cases,
    visible_progress,
    visible_requests,
)
from lingyan.cases.limits import WORKING_DAY_MINUTES
from lingyan.cases.models import Case, Dispatch, Progress, Request, Urgency
from lingyan.cases.stages import active_lead
from lingyan.files.reads import attachments_of_many
from lingyan.kernel.clock import now
from lingyan.kernel.figures import tally
from lingyan.kernel.templatetags.ui import duration, when, when_day
from lingyan.people.models import Person
from lingyan.registry import reads as registry
from lingyan.registry.access import visible_departments, visible_grids
from lingyan.registry.models import Department, Enterprise

# --- which are mine to do -----------------------------------------------------------------------------------------------


def to_do(actor: Person) -> QuerySet[Case]:
    """The visible cases that wait for this person's hand: to dispatch, to sign for, to answer, to confirm, to call back."""
    open_dispatches = answerable_dispatches(actor).filter(state__in=[Dispatch.State.SENT, Dispatch.State.ACKNOWLEDGED], case=OuterRef("pk"))
    condition = Q(Exists(open_dispatches)) & ~Q(stage=Case.Stage.CLOSED)
    condition |= Q(stage=Case.Stage.ANSWERED, pk__in=confirmable_cases(actor).values("pk"))
    condition |= Q(stage=Case.Stage.WAITING, pk__in=staffed_cases(actor, "cases.dispatch_case").values("pk"))
    return visible_cases(actor).filter(condition)


# --- who has it, and by when --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Holder:
    """Who has a case now, what they have to do, by when, and how that stands."""

    who: str
    doing: str
    kind: str  # kind of state for ui/state.html
    word: str
    due_at: datetime | None
    is_provisional: bool
    minutes_left: int | None  # working minutes, negative when passed
    next_step: str = ""  # what happens next, in one sentence

    @property
    def sentence(self) -> str:
        return f"{self.who}，{self.doing}"


def working_minutes_left(due_at: datetime, moment: datetime) -> int:
    """Working minutes from `moment` to `due_at`; negative: as many have passed since."""
    if due_at >= moment:
        return round(worked_between(moment, due_at) * WORKING_DAY_MINUTES)
    return -max(1, round(worked_between(due_at, moment) * WORKING_DAY_MINUTES))


def holder_of(case: Case, moment: datetime, *, asks: bool = False) -> Holder:
    """Who has this case, what is to be done, by when, and what comes next, as told to the asker (`asks`) or to anybody else.

    Needs community, lead_department and lead_handler.
    """
    department, handler = case.lead_department, case.lead_handler
    minutes = None
    if case.due_at:
        by_the_clock = case.urgency == Urgency.URGENT and case.stage == Case.Stage.WAITING  # as limits.dispatch_limit has it
        minutes = int((case.due_at - moment).total_seconds() // 60) if by_the_clock else working_minutes_left(case.due_at, moment)
    kind, word = standing(case, minutes, moment)
    who, doing, step = case.community.name, "", ""
    if case.stage == Case.Stage.WAITING:
        doing, step = _("等派单"), _("社区派给哪个部门，这里马上看得到。")
    elif department and case.stage == Case.Stage.SENT:
        who, doing, step = department.short_name, _("等签收"), _("部门签收后，就知道是谁在办。")
    elif department and case.stage == Case.Stage.IN_HAND:
        who, doing, step = f"{department.short_name}·{handler}", _("在办"), _("办好了会答复，再请您确认。") if asks else _("办好了会答复，再请提的人确认。")
    elif department and case.stage == Case.Stage.ANSWERED:
        who, step = f"{department.short_name}·{handler}", _("没回话不算满意，社区会打电话问。") if asks else _("没回话不算满意，可以打电话回访。")
        doing = _("等您确认，确认前还归他管") if asks else _("等提的人确认，确认前还归他管")
    elif case.stage == Case.Stage.CLOSED:
        who = f"{department.short_name}·{handler}" if department else who
        doing = case.get_outcome_display()
    return Holder(who, doing, kind, word, case.due_at, case.due_is_provisional, minutes, step)


def standing(case: Case, minutes: int | None, moment: datetime) -> tuple[str, str]:
    """The state of a case as glyph kind and word: a length when the limit is near or passed."""
    if case.stage == Case.Stage.CLOSED:
        if case.outcome == Case.Outcome.EXPLAINED:
            return "told", _("已说明")
        return "done", _("现场解决") if case.is_on_site else _("已解决")
    if case.stage == Case.Stage.ANSWERED:
        days = (timezone.localtime(moment).date() - timezone.localtime(case.waiting_since).date()).days
        return "said", _("%(days)d 天没回") % {"days": days} if days >= 3 else _("待确认")
    if minutes is not None and case.due_at is not None:
        if case.due_at < moment:
            return "over", _("超 %(length)s") % {"length": duration(-minutes, WORKING_DAY_MINUTES)}
        if case.near_at is not None and case.near_at <= moment:
            if minutes < 1:
                return "near", _("快到了")
            return "near", _("剩 %(length)s") % {"length": duration(minutes, WORKING_DAY_MINUTES)}
    if case.stage == Case.Stage.IN_HAND:
        return "hand", _("在办")
    return "wait", case.get_stage_display()


def place_in_days(moment: datetime, first_day: Any) -> float:
    """Where a moment lies on a ruler whose cells are days from `first_day`, a cell being one working day (09:00–17:30)."""
    local = timezone.localtime(moment)
    opened, closed = minutes_of(DAY_STARTS), minutes_of(DAY_ENDS)
    inside = min(max((minutes_of(local.time()) - opened) / (closed - opened), 0.0), 1.0)
    return max(0.0, (local.date() - first_day).days + inside)


def minutes_of(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def clock_of(case: Case, lead: Dispatch | None, holder: Holder, moment: datetime) -> dict[str, Any] | None:
    """The finish clock for ui/clock.html: a ruler of days up to the limit, weekends and holidays narrow. When no limit runs any more: how long it took."""
    if holder.due_at is None:
        return length_taken(case, lead)
    start = lead.sent_at if lead and case.stage in {Case.Stage.SENT, Case.Stage.IN_HAND} else case.waiting_since
    first, last = timezone.localtime(start).date(), timezone.localtime(max(holder.due_at, moment)).date()
    if (last - first).days > 30:
        first = last - timedelta(days=30)
    days = [is_working_day(first + timedelta(days=step)) for step in range((last - first).days + 1)]
    return {
        "sentence": clock_sentence(holder),
        "kind": holder.kind if holder.kind in {"near", "over"} else "hand",
        "side": _("在 %(who)s") % {"who": holder.who},
        "days": days,
        "used_from": place_in_days(start, first),
        "used_to": place_in_days(moment, first),
        "now": place_in_days(moment, first),
        "due": place_in_days(holder.due_at, first),
        "ticks": [when_day(start), _("休息日不算") if not all(days) else "", _("%(time)s 到期") % {"time": when(holder.due_at)}],
    }


def length_taken(case: Case, lead: Dispatch | None) -> dict[str, Any] | None:
    """How long the lead department, or the answer on the spot, took in working time; None while nothing is answered."""
    if lead and lead.answered_at:
        start, end, limit = lead.sent_at, lead.answered_at, lead.due_at
    elif case.is_on_site and case.closed_at:
        start, end, limit = case.opened_at, case.closed_at, None
    else:
        return None
    minutes = max(1, round(worked_between(start, end) * WORKING_DAY_MINUTES))
    late = limit is not None and end > limit
    side = _("限 %(time)s 前，超了") if late else _("限 %(time)s 前")
    return {
        "sentence": _("用了 %(length)s") % {"length": duration(minutes, WORKING_DAY_MINUTES)},
        "kind": "over" if late else "done",
        "side": side % {"time": when(limit)} if limit else _("当场"),
        "days": [],
    }


def clock_sentence(holder: Holder) -> str:
    if holder.kind == "over" or not holder.minutes_left:
        return holder.word
    length = duration(holder.minutes_left or 0, WORKING_DAY_MINUTES)
    if (holder.minutes_left or 0) < WORKING_DAY_MINUTES:
        return _("还剩 %(length)s（上班时间）") % {"length": length}
    return _("还剩 %(length)s") % {"length": length}


# --- who asked, as far as the viewer may know -------------------------------------------------------------------------------


def asker_label(case: Case, *, shows_asker: bool) -> str:
    """Who asked, in a word: the enterprise, the person, or 职工，保密. Needs enterprise and asker."""
    if case.is_enterprise_matter and case.enterprise:
        return case.enterprise.short_name
    if case.is_confidential and not shows_asker:
        return _("职工，保密")
    return case.asker.name if case.asker else case.asker_name or _("没留名字")


def knows_askers(actor: Person) -> bool:
    """Whether the actor is shown who asks confidentially without giving a reason."""
    return bool(actor.scopes("cases.view_asker").ids)


# --- the list ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One row of the list: a case, who has it, who asked, and where it leads."""

    case: Case
    holder: Holder
    asker: str
    url: str
    is_mine: bool = False

    @property
    def short_number(self) -> str:
        """The serial alone, as it is said within the house: 0042."""
        return self.case.number.rpartition("-")[2]

    @property
    def row(self) -> dict[str, Any]:
        """The same in the shape of ui/row.html (phone, homes, panels)."""
        lines = [self.holder.sentence]
        if self.holder.due_at and self.holder.kind in {"hand", "wait", "near"}:
            lines = [_("%(sentence)s，%(time)s前") % {"sentence": self.holder.sentence, "time": when(self.holder.due_at)}]
        title = _("%(asker)s：%(title)s") % {"asker": self.asker, "title": self.case.title} if self.asker else self.case.title
        return {
            "kind": self.holder.kind,
            "title": title,
            "lines": lines,
            "url": self.url,
            "state": {"kind": self.holder.kind, "text": self.holder.word},
            "past": self.case.stage == Case.Stage.CLOSED,
            "tag": self.case.get_urgency_display() if self.case.urgency == "urgent" else "",
        }


def with_lines(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with all that a `Line` shows, in the same query."""
    return cases.select_related("community", "enterprise", "lead_department", "lead_handler", "asker")


def lines_of(cases: Iterable[Case], actor: Person, moment: datetime | None = None) -> list[Line]:
    """A `Line` for each case that `with_lines` has read. A list never names a confidential asker: who may know opens the case."""
    moment = moment or now()
    handles = bool(actor.scopes("cases.view_case").of("community") or actor.scopes("cases.view_case").of("department"))
    return [
        Line(
            case,
            holder_of(case, moment, asks=is_asker(actor, case)),
            "" if is_asker(actor, case) and not handles else asker_label(case, shows_asker=False),
            reverse("cases:detail", args=[case.pk]),
        )
        for case in cases
    ]


def is_asker(actor: Person, case: Case) -> bool:
    """Whether the first request of a case is the actor's, or their enterprise's."""
    return case.asker_id == actor.pk or (case.is_enterprise_matter and case.enterprise_id in actor.scopes("cases.confirm_answer").of("enterprise"))


TABS = {
    "mine": gettext_lazy("要我动手"),
    "waiting": gettext_lazy("等派单"),
    "over": gettext_lazy("超时限"),
    "near": gettext_lazy("快到"),
    "answered": gettext_lazy("待确认"),
    "open": gettext_lazy("全部在办"),
    "closed": gettext_lazy("已结案"),
}


def in_tab(cases: QuerySet[Case], tab: str, actor: Person, moment: datetime) -> QuerySet[Case]:
    """The cases of one tab of the list."""
    still_open = cases.exclude(stage=Case.Stage.CLOSED)
    return {
        "mine": lambda: cases.filter(pk__in=to_do(actor).values("pk")),
        "waiting": lambda: cases.filter(stage=Case.Stage.WAITING),
        "over": lambda: still_open.filter(due_at__lt=moment),
        "near": lambda: still_open.filter(due_at__gte=moment, near_at__lte=moment),
        "answered": lambda: cases.filter(stage=Case.Stage.ANSWERED),
        "closed": lambda: cases.filter(stage=Case.Stage.CLOSED),
    }.get(tab, lambda: still_open)()


def tab_counts(actor: Person, moment: datetime, *, closed_since: datetime | None = None) -> dict[str, int]:
    """How many cases each tab holds, in one query over what is still open; with `closed_since` also `closed`, `on_site` and `rated` since then."""
    still_open = ~Q(stage=Case.Stage.CLOSED)
    conditions = {
        "mine": still_open & Q(pk__in=to_do(actor).values("pk")),
        "waiting": Q(stage=Case.Stage.WAITING),
        "over": still_open & Q(due_at__lt=moment),
        "near": still_open & Q(due_at__gte=moment, near_at__lte=moment),
        "answered": Q(stage=Case.Stage.ANSWERED),
        "open": still_open,
    }
    counted = still_open
    if closed_since:
        counted |= Q(closed_at__gte=closed_since)
        conditions |= {"closed": Q(stage=Case.Stage.CLOSED), "on_site": Q(is_on_site=True), "rated": Q(rating__isnull=False)}
    return visible_cases(actor).filter(counted).aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})


# --- one case ------------------------------------------------------------------------------------------------------------


@dataclass
class CasePage:
    """All that the page of one case shows to one viewer."""

    case: Case
    holder: Holder
    clock: dict[str, Any] | None
    lead: Dispatch | None
    shares: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    requests: list[Request]
    asker: str
    is_staff: bool
    shows_asker: bool
    refusal: str = ""  # what the asker said when they sent the answer back, while it is done again
    opens_enterprise: bool = False  # whether the enterprise's own page is for this viewer
    may: dict[str, Any] = field(default_factory=dict)


def with_rights(actor: Person) -> QuerySet[Case]:
    """The visible cases with what the actor is to each: `is_handled`, `is_asked`, `may_dispatch`, `may_on_site`, `may_call_back`."""

    def among(rows: QuerySet[Case]) -> Exists:
        return Exists(rows.filter(pk=OuterRef("pk")))

    return (
        visible_cases(actor)
        .annotate(
            is_handled=among(handled_cases(actor)),
            is_asked=among(confirmable_cases(actor)),
            may_dispatch=among(staffed_cases(actor, "cases.dispatch_case")),
            may_on_site=among(staffed_cases(actor, "cases.resolve_on_site")),
            may_call_back=among(staffed_cases(actor, "cases.call_back")),
        )
        .select_related("community", "enterprise", "lead_department", "lead_handler", "asker", "rating")
    )


def case_page(actor: Person, case: Case, *, revealed: bool = False) -> CasePage:
    """Read one case of `with_rights` for one viewer: who has it, the clock, the shares, the history, and what may be done now."""
    moment = now()
    mine = Exists(answerable_dispatches(actor).filter(pk=OuterRef("pk")))
    dispatches = list(case.dispatches.annotate(is_mine=mine).select_related("department", "handler").order_by("pk"))
    lead = active_lead(dispatches)
    requests = list(visible_requests(actor).filter(case=case).select_related("asker", "for_enterprise", "registered_by").order_by("pk"))
    staff = case.is_handled  # type: ignore[attr-defined]
    shows = not case.is_confidential or case.asker_id == actor.pk or revealed or (staff and knows_askers(actor))
    holder = holder_of(case, moment, asks=case.is_asked)  # type: ignore[attr-defined]
    lines = list(visible_progress(actor).filter(case=case).select_related("actor", "dispatch__department").order_by("-at", "-pk"))
    files = attachments_of_many(lines)
    page = CasePage(
        case=case,
        holder=holder,
        clock=clock_of(case, lead, holder, moment),
        lead=lead,
        shares=[share_of(dispatch, staff) for dispatch in dispatches if dispatch.state != Dispatch.State.RETURNED],
        steps=[step_of(line, requests, shows) | {"files": files[line.pk]} for line in lines],
        requests=requests,
        asker=asker_label(case, shows_asker=shows),
        is_staff=staff,
        shows_asker=shows,
        opens_enterprise=case.enterprise_id is not None and sees_enterprise_of(actor, case),
    )
    if case.redo_count and case.stage == Case.Stage.IN_HAND:
        page.refusal = next((line.text for line in lines if line.kind == Progress.Kind.REFUSED), "")
    for request in requests:
        request.registrar = request.registered_by.name if shows or request.registered_by_id != request.asker_id else _("本人")  # type: ignore[attr-defined]
    page.may = what_may_be_done(actor, case, dispatches, shows_asker=shows)
    return page


def sees_enterprise_of(actor: Person, case: Case) -> bool:
    """Whether the page of the enterprise a case is about opens for this person: for a department's officer it does not."""
    scopes = actor.scopes("registry.view_enterprise")
    return case.enterprise_id in scopes.of("enterprise") or case.community_id in scopes.of("community") or case.community.district_id in scopes.of("district")


SHARE_KINDS = {
    Dispatch.State.SENT: "wait",
    Dispatch.State.ACKNOWLEDGED: "hand",
    Dispatch.State.ANSWERED: "said",
    Dispatch.State.DROPPED: "wait",
}


def share_of(dispatch: Dispatch, staff: bool) -> dict[str, Any]:
    """One department's share for 现在在谁手上: part, name, what it says, state, telephone."""
    who = dispatch.department.short_name + (f"·{dispatch.handler}" if dispatch.handler else "")
    if dispatch.state == Dispatch.State.ANSWERED:
        line = dispatch.answer if dispatch.part == Dispatch.Part.SUPPORT and staff else _("%(time)s 答复") % {"time": when(dispatch.answered_at)}
    elif dispatch.state == Dispatch.State.DROPPED:
        line = ""
    else:
        line = _("%(time)s 前答复") % {"time": when(dispatch.due_at)}
    return {
        "dispatch": dispatch,
        "part": dispatch.get_part_display(),
        "who": who,
        "line": line,
        "kind": SHARE_KINDS[Dispatch.State(dispatch.state)],
        "word": dispatch.get_state_display(),
    }


STEP_KINDS = {
    Progress.Kind.ANSWERED: "said",
    Progress.Kind.SUPPORTED: "said",
    Progress.Kind.ACKNOWLEDGED: "hand",
    Progress.Kind.DISPATCHED: "wait",
    Progress.Kind.RESOLVED_ON_SITE: "done",
    Progress.Kind.CONFIRMED: "done",
}


def step_of(line: Progress, requests: list[Request], shows_asker: bool) -> dict[str, Any]:
    """One line of the history for ui/timeline.html: who did what, then what was said."""
    named = line.actor.name if shows_asker or not line.is_by_asker else _("提的人")
    department = line.dispatch.department.short_name if line.dispatch and not line.is_by_asker and line.kind != Progress.Kind.DISPATCHED else ""
    who = f"{department}·{named}" if department and line.actor_id else named
    title = f"{who} {line.get_kind_display()}"
    if line.kind == Progress.Kind.DISPATCHED:
        title = _("%(who)s 派给%(departments)s") % {"who": named, "departments": "、".join(line.departments)}
    step: dict[str, Any] = {"at": line.at, "title": title, "text": line.text, "line": line, "icon": ""}
    if line.kind == Progress.Kind.REGISTERED and requests:
        words = requests[0]
        step["title"] = _("%(who)s 登记") % {"who": named} if not line.is_by_asker else _("%(who)s 提出") % {"who": named} if shows_asker else _("提出")
        step["say"] = words.text
    elif line.is_by_asker and line.text and line.kind != Progress.Kind.RATED:
        step["say"], step["text"] = line.text, ""
    return step


def what_may_be_done(actor: Person, case: Case, dispatches: list[Dispatch], *, shows_asker: bool) -> dict[str, Any]:
    """The moves open to this viewer now: exactly the buttons of the page."""
    asks, handles = case.is_asked, case.is_handled  # type: ignore[attr-defined]
    calls_back = case.may_call_back and not asks  # type: ignore[attr-defined]
    rated = hasattr(case, "rating")
    still_open = case.stage != Case.Stage.CLOSED
    for dispatch in dispatches:
        dispatch.return_id = f"return-{dispatch.pk}"  # type: ignore[attr-defined]
    mine = [dispatch for dispatch in dispatches if still_open and dispatch.is_mine]  # type: ignore[attr-defined]
    return {
        "dispatch": case.may_dispatch and case.stage == Case.Stage.WAITING,  # type: ignore[attr-defined]
        "add_support": case.may_dispatch and case.stage in {Case.Stage.SENT, Case.Stage.IN_HAND},  # type: ignore[attr-defined]
        "resolve_on_site": case.may_on_site and case.stage == Case.Stage.WAITING,  # type: ignore[attr-defined]
        "acknowledge": [dispatch for dispatch in mine if "acknowledge" in dispatch.possible_moves],
        "answer": [dispatch for dispatch in mine if "answer" in dispatch.possible_moves],
        "confirm": case.stage == Case.Stage.ANSWERED and (asks or calls_back),
        "refuse_on_site": case.is_on_site and not rated and (asks or calls_back),
        "rate": not still_open and not rated and (asks or calls_back),
        "by_call_back": calls_back,
        "remark": still_open and (handles or asks),
        "remind": case.stage in {Case.Stage.SENT, Case.Stage.IN_HAND} and case.may_dispatch and actor.may("cases.remind_department"),  # type: ignore[attr-defined]
        "call": handles and shows_asker and actor.may("cases.call_asker"),
        "reveal": case.is_confidential and not shows_asker and handles and actor.may("cases.reveal_asker"),
    }


# --- what others show -----------------------------------------------------------------------------------------------------


def enterprise_panel(actor: Person, enterprise: Enterprise) -> dict[str, Any] | None:
    """The cases asked in an enterprise's name that the viewer may see, for the enterprise's page: open ones first, at most eight.

    What its workers ask for themselves is not there: that page is shown to the enterprise and printed for it.
    """
    cases = visible_cases(actor).filter(enterprise=enterprise, is_enterprise_matter=True)
    found = list(with_lines(cases).order_by(F("closed_at").desc(nulls_first=True), "due_at", "-opened_at")[:60])
    still_open = sum(case.stage != Case.Stage.CLOSED for case in found)
    return {
        "title": _("诉求"),
        "count": _("企业提的，%(open)d 件在办") % {"open": still_open},
        "rows": [line.row | {"title": line.case.title} for line in lines_of(found[: max(8, min(still_open, 20))], actor)],
        "url": f"{reverse('cases:list')}?tab=all&enterprise={enterprise.pk}",
        "empty": _("还没有提过什么。"),
    }


def departments_of(case: Case) -> list[Department]:
    """The departments a case may go to, in the order of the alliance."""
    return list(registry.departments_of(case.community.district_id))


def grids_and_departments(actor: Person) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(id, name) of the grids and of the departments the viewer may choose from, in one query."""
    grids = visible_grids(actor).values_list(Value("grid"), "pk", "name", "community_id")
    departments = visible_departments(actor).order_by().values_list(Value("department"), "pk", "short_name", "position")
    found = sorted(grids.union(departments, all=True), key=lambda row: (row[3], row[1]))
    return [(pk, name) for kind, pk, name, _position in found if kind == "grid"], [(pk, name) for kind, pk, name, _position in found if kind == "department"]


def open_case_figure(key: str, condition: Q | None = None, *, outer: str = "pk") -> Any:
    """How many cases that are not closed hang on the outer row by `key` (and fit the condition), for annotation by other modules."""
    return tally(Case.objects.filter(condition or Q()).exclude(stage=Case.Stage.CLOSED), key, outer=outer)
