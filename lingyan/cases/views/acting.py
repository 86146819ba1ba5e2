"""The moves on a case: each reads its form, calls one service, and goes back to the case; a refusal keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lingyan.cases import reads, services
from lingyan.cases.access import answerable_dispatches
from lingyan.cases.models import Case
from lingyan.cases.views.reading import case_answer, new_form
from lingyan.files.services import check_all
from lingyan.kernel.access import needs, one
from lingyan.kernel.refusals import refusals_on
from lingyan.notices.services import read_notices_about


def case_of(request: HttpRequest, case_id: int) -> Case:
    return one(reads.with_rights(request.user), case_id)


def do(request: HttpRequest, case: Case, name: str, act: Callable[[dict[str, Any]], Any], done: str) -> HttpResponse:
    """Validate form `name`, act, and return to the case with a word; or show the case with the refused form."""
    form = new_form(name, case, request.POST)
    if form.is_valid():
        with refusals_on(form):
            files = check_all(request.FILES.getlist(f"{name}-files"))
            act(form.cleaned_data | ({"files": files} if files else {}))
            return done_with(request, case.pk, done)
    return case_answer(request, case_of(request, case.pk), {name: form})


def done_with(request: HttpRequest, case_id: int, done: str) -> HttpResponse:
    """Back to the case with a word; whoever acted on a case has seen what the messages about it said."""
    read_notices_about(actor=request.user, url=reverse("cases:detail", args=[case_id]))
    messages.success(request, done)
    return redirect("cases:detail", case_id=case_id)


@needs("cases.dispatch_case")
@require_POST
def case_dispatch(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)

    def act(said: dict[str, Any]) -> None:
        services.dispatch_case(
            case_id=case_id,
            actor=request.user,
            lead_department_id=said["lead_department"],
            support_department_ids=said["support_departments"],
            message=said["message"],
        )

    return do(request, case, "dispatch", act, _("派出去了。"))


@needs("cases.dispatch_case")
@require_POST
def case_support(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)
    return do(
        request,
        case,
        "support",
        lambda said: services.add_support(case_id=case_id, actor=request.user, department_id=said["department"], message=said["message"]),
        _("已请协办。"),
    )


@needs("cases.resolve_on_site")
@require_POST
def case_on_site(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)
    return do(request, case, "on_site", lambda said: services.resolve_on_site(case_id=case_id, actor=request.user, **said), _("当场办结了。"))


@needs("cases.confirm_answer")
@require_POST
def case_confirm(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)

    def act(said: dict[str, Any]) -> None:
        services.confirm_answer(
            case_id=case_id, actor=request.user, outcome=said["outcome"] or Case.Outcome.SOLVED, grade=said["grade"], comment=said["comment"]
        )

    return do(request, case, "confirm", act, _("结案了，谢谢您回话。"))


@needs("cases.confirm_answer")
@require_POST
def case_refuse(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)
    return do(request, case, "refuse", lambda said: services.refuse_answer(case_id=case_id, actor=request.user, **said), _("记下了，退回重办。"))


@needs("cases.confirm_answer")
@require_POST
def case_rate(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)

    def act(said: dict[str, Any]) -> None:
        services.rate_case(case_id=case_id, actor=request.user, grade=said["grade"] or 0, comment=said["comment"])

    return do(request, case, "rate", act, _("评价收到了。"))


@needs("cases.view_case")
@require_POST
def case_remark(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)
    return do(request, case, "remark", lambda said: services.remark_on_case(case_id=case_id, actor=request.user, **said), _("补充好了。"))


@needs("cases.reveal_asker")
@require_POST
def case_asker(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_of(request, case_id)
    form = new_form("asker", case, request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.reveal_asker(case_id=case_id, actor=request.user, **form.cleaned_data)
            return case_answer(request, case_of(request, case_id), revealed=True)
    return case_answer(request, case, {"asker": form})


@needs("cases.view_case")
@require_POST
def dispatch_acknowledge(request: HttpRequest, dispatch_id: int) -> HttpResponse:
    dispatch = services.acknowledge_dispatch(dispatch_id=dispatch_id, actor=request.user)
    return done_with(request, dispatch.case_id, _("签收了，这件现在归您。"))


@needs("cases.view_case")
@require_POST
def dispatch_answer(request: HttpRequest, dispatch_id: int) -> HttpResponse:
    case = case_of(request, one(answerable_dispatches(request.user), dispatch_id).case_id)
    return do(request, case, "answer", lambda said: services.answer_dispatch(dispatch_id=dispatch_id, actor=request.user, **said), _("答复了，等提的人确认。"))


@needs("cases.view_case")
@require_POST
def dispatch_return(request: HttpRequest, dispatch_id: int) -> HttpResponse:
    case = case_of(request, one(answerable_dispatches(request.user), dispatch_id).case_id)
    return do(request, case, "return", lambda said: services.return_dispatch(dispatch_id=dispatch_id, actor=request.user, **said), _("退回社区了。"))


@needs("cases.remind_department")
@require_POST
def case_remind(request: HttpRequest, case_id: int) -> HttpResponse:
    services.remind_department(case_id=case_id, actor=request.user)
    return done_with(request, case_id, _("催了一下。"))


@needs("cases.call_asker")
@require_POST
def case_phone(request: HttpRequest, case_id: int) -> HttpResponse:
    number = services.show_phone(case_id=case_id, actor=request.user)
    return case_answer(request, case_of(request, case_id), phone=number or _("没留电话"))
