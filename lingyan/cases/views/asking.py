"""Asking for oneself, and registering what another asks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingyan.cases import services
from lingyan.cases.forms import RaiseForm, RegisterForm
from lingyan.files.reads import file_drop
from lingyan.files.services import check_all
from lingyan.kernel.access import needs
from lingyan.kernel.refusals import refusals_on


@needs("cases.raise_request")
@require_http_methods(["GET", "POST"])
def request_raise(request: HttpRequest) -> HttpResponse:
    form = RaiseForm(request.POST or None, actor=request.user)
    if form.is_valid():
        with refusals_on(form):
            raised = services.raise_request(actor=request.user, files=check_all(request.FILES.getlist("files")), **form.asked)
            messages.success(request, _("收到了，编号 %(number)s。") % {"number": raised.case.number})
            return redirect("cases:detail", case_id=raised.case_id)
    return render(request, "cases/request_raise.html", {"form": form, "drop": file_drop()}, status=422 if form.is_bound else 200)


@needs("cases.register_request")
@require_http_methods(["GET", "POST"])
def request_register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None, actor=request.user, initial={"enterprise": request.GET.get("enterprise")})
    if form.is_valid():
        with refusals_on(form):
            registered = services.register_request(actor=request.user, files=check_all(request.FILES.getlist("files")), **form.registered)
            messages.success(request, _("登记好了，编号 %(number)s。") % {"number": registered.case.number})
            return redirect("cases:detail", case_id=registered.case_id)
    return render(request, "cases/request_register.html", {"form": form, "drop": file_drop()}, status=422 if form.is_bound else 200)
