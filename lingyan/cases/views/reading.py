"""The list of cases, and one case."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingyan.cases import reads
from lingyan.cases.access import visible_cases
from lingyan.cases.forms import AnswerForm, ConfirmForm, DispatchForm, OnSiteForm, RatingForm, ReasonForm, RemarkForm, SupportForm
from lingyan.cases.models import Case, Channel, Nature
from lingyan.files.reads import file_drop
from lingyan.kernel.access import needs, one
from lingyan.kernel.clock import now
from lingyan.kernel.paging import page_of

PAGE_SIZE = 50
FILTERS = ("tab", "grid", "department", "nature", "channel", "enterprise", "q")


@needs("cases.view_case")
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    moment = now()
    chosen = {name: request.GET.get(name, "").strip()[:60] for name in FILTERS}
    jump = visible_cases(request.user).filter(number__iexact=chosen["q"]).first() if "-" in chosen["q"] else None
    if jump:
        return redirect("cases:detail", case_id=jump.pk)
    is_staff = any(request.user.scopes("cases.view_case").of(kind) for kind in ("district", "community", "department"))
    tab = chosen["tab"] or ("mine" if is_staff else "all")
    cases = visible_cases(request.user) if tab == "all" else reads.in_tab(visible_cases(request.user), tab, request.user, moment)
    order = ["-closed_at"] if tab == "closed" else [F("due_at").asc(nulls_last=True), "-opened_at"] if tab != "all" else ["-opened_at"]
    counts = reads.tab_counts(request.user, moment)
    is_narrowed = any(chosen[name] for name in FILTERS if name != "tab")
    rows = reads.with_lines(narrowed(cases, chosen)).order_by(*order, "-pk")
    page = page_of(rows, request.GET.get("page"), PAGE_SIZE, count=None if is_narrowed else counts.get(tab))
    context = {
        "lines": reads.lines_of(page.object_list, request.user, moment),
        "page": page,
        "title": list_title(request.user, is_staff),
        "tab": tab,
        "q": chosen["q"],
        "is_staff": is_staff,
        "filters": filters_of(request, chosen, tab, counts, is_staff),
        "may_register": request.user.may("cases.register_request"),
        "loosen": [{"label": _("去掉筛选"), "url": f"?tab={tab}"}],
        "is_narrowed": is_narrowed,
    }
    return render(request, "cases/case_list.html", context)


def list_title(person: Any, is_staff: bool) -> str:
    """What the list is to this person, as the menu calls it."""
    if person.may("cases.dispatch_case"):
        return _("收件与派单")
    if person.may("cases.answer_dispatch"):
        return _("派来的单")
    return _("诉求") if is_staff else _("我的诉求")


def narrowed(cases: Any, chosen: dict[str, str]) -> Any:
    """The cases that fit what was chosen; a value that is no number fits nothing by id and is left out."""
    ids = {name: int(chosen[name]) for name in ("grid", "department", "enterprise") if chosen[name].isdecimal() and len(chosen[name]) < 19}
    if "grid" in ids:
        cases = cases.filter(enterprise__grid_id=ids["grid"])
    if "department" in ids:
        cases = cases.filter(lead_department_id=ids["department"])
    if "enterprise" in ids:
        cases = cases.filter(enterprise_id=ids["enterprise"])
    if chosen["nature"] in Nature.values:
        cases = cases.filter(nature=chosen["nature"])
    if chosen["channel"] in Channel.values:
        cases = cases.filter(channel=chosen["channel"])
    if chosen["q"]:
        cases = cases.filter(
            Q(title__icontains=chosen["q"]) | Q(number__icontains=chosen["q"]) | Q(enterprise__short_name__icontains=chosen["q"], is_confidential=False)
        )
    return cases


def filters_of(request: HttpRequest, chosen: dict[str, str], tab: str, counts: dict[str, int], is_staff: bool) -> dict[str, Any]:
    """Chips and selects for ui/filters.html, each with its address."""
    kept = {name: value for name, value in chosen.items() if value and name != "tab"}
    names = list(reads.TABS) if is_staff else ["mine", "open", "closed"]
    chips = [{"label": reads.TABS[name], "url": "?" + urlencode({**kept, "tab": name}), "on": name == tab, "count": counts.get(name)} for name in names]
    chips.append({"label": _("全部"), "url": "?" + urlencode({**kept, "tab": "all"}), "on": tab == "all", "count": None})
    if not is_staff:
        return {"chips": chips, "selects": [], "keep": kept}

    def select(name: str, label: str, options: list[tuple[Any, Any]]) -> dict[str, Any]:
        return {
            "name": name,
            "label": label,
            "options": [{"value": "", "label": _("全部"), "selected": not chosen[name]}]
            + [{"value": value, "label": text, "selected": str(value) == chosen[name]} for value, text in options],
        }

    selects = [select("nature", _("性质"), Nature.choices), select("channel", _("来路"), Channel.choices)]
    if request.user.scopes("cases.view_case").of("community") or request.user.scopes("cases.view_case").of("district"):
        grids, departments = reads.grids_and_departments(request.user)
        selects = [select("grid", _("网格"), grids), select("department", _("部门"), departments), *selects]
    return {
        "chips": chips,
        "selects": selects,
        "keep": {"tab": tab, **({"q": chosen["q"]} if chosen["q"] else {}), **({"enterprise": chosen["enterprise"]} if chosen["enterprise"] else {})},
    }


@needs("cases.view_case")
@require_safe
def case_detail(request: HttpRequest, case_id: int) -> HttpResponse:
    case = one(reads.with_rights(request.user), case_id)
    return case_answer(request, case)


@needs("cases.view_case")
@require_safe
def case_preview(request: HttpRequest, case_id: int) -> HttpResponse:
    case = one(reads.with_rights(request.user), case_id)
    return render(request, "cases/case_preview.html", page_context(request, case))


FORMS = {
    "dispatch": DispatchForm,
    "support": SupportForm,
    "on_site": OnSiteForm,
    "answer": AnswerForm,
    "return": ReasonForm,
    "refuse": ReasonForm,
    "asker": ReasonForm,
    "confirm": ConfirmForm,
    "rate": RatingForm,
    "remark": RemarkForm,
}


def new_form(name: str, case: Case, *args: Any) -> Any:
    if name in {"dispatch", "support"}:
        return FORMS[name](*args, departments=reads.departments_of(case), prefix=name)
    return FORMS[name](*args, prefix=name)


def page_context(request: HttpRequest, case: Case, forms: dict[str, Any] | None = None, *, revealed: bool = False) -> dict[str, Any]:
    """The page of a case with a fresh form for each move, except those that were just refused and keep what was typed."""
    page = reads.case_page(request.user, case, revealed=revealed)
    may = page.may
    needed = {
        "dispatch": may["dispatch"],
        "support": may["add_support"],
        "on_site": may["resolve_on_site"],
        "answer": may["answer"],
        "return": may["acknowledge"],
        "refuse": may["confirm"] or may["refuse_on_site"],
        "asker": may["reveal"],
        "confirm": may["confirm"],
        "rate": may["rate"],
        "remark": may["remark"],
    }
    refused = forms or {}
    too_late = [form for name, form in refused.items() if not needed[name]]  # its place on the page is gone: somebody was faster
    shown = {name: new_form(name, case) for name, wanted in needed.items() if wanted and name not in refused} | refused
    return {"page": page, "case": case, "forms": shown, "may": may, "open_form": next(iter(refused), ""), "drop": file_drop(), "too_late": too_late}


def case_answer(request: HttpRequest, case: Case, forms: dict[str, Any] | None = None, *, revealed: bool = False, phone: str = "") -> HttpResponse:
    """The page of a case; with a refused form it says so by its status."""
    context = page_context(request, case, forms, revealed=revealed) | {"phone": phone}
    return render(request, "cases/case_detail.html", context, status=422 if forms else 200)
